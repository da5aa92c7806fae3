package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/drift"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/wholefile"
)

// errDrift ends a check whose findings have been printed.
var errDrift = fmt.Errorf("the clouds have changed: %w", errFindings)

// runCheck compares a topology with what the clouds list.
func runCheck(cmd *cobra.Command, path string, flags initFlags) error {
	if len(flags.from) == 0 && len(flags.run) == 0 {
		return hint.Add(errors.New("check against what?"), "--from FILE, with what the clouds' tools list; auralink init --help names them")
	}
	if flags.update && path == stdin {
		return hint.Add(errors.New("standard input cannot be updated"), "the name of the topology's file")
	}
	r, err := readUsable(cmd, path)
	if err != nil {
		return err
	}
	in, err := flags.input(cmd)
	switch {
	case err != nil:
		return err
	case len(in.Sources) > 0:
		return hint.Add(fmt.Errorf("%s is no list of a cloud: init --check compares private endpoints, and no DNS", in.Sources[0].Name),
			fmt.Sprintf("auralink audit %s --against %s", in.Sources[0].Name, path))
	}
	for _, note := range in.Inventory.Notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", note)
	}
	result := drift.Compare(drift.Subject{Topology: r.topology, Inventory: in.Inventory, Services: flags.services})
	left := len(result.Findings)
	var failed error
	if flags.update {
		if failed = update(cmd, path, result.Edits); failed == nil {
			result, left = result.Written()
		}
	}
	if err := writeDrift(cmd, report.NewDrift(result), output(flags.output)); err != nil {
		return err
	}
	switch {
	case failed != nil:
		return failed
	case left > 0:
		return errDrift
	}
	return nil
}

func writeDrift(cmd *cobra.Command, d report.Drift, format output) error {
	w := cmd.OutOrStdout()
	switch format {
	case outputJSON:
		return report.WriteJSON(w, d)
	case outputMarkdown:
		return d.WriteMarkdown(w)
	default: // outputText; the others are of other commands
	}
	return d.WriteText(w)
}

// update writes the addresses of links into the topology.
func update(cmd *cobra.Command, path string, edits []drift.Edit) error {
	if len(edits) == 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s is as it was: no link has other addresses\n", path)
		return nil
	}
	text, err := readText(cmd, path)
	if err != nil {
		return err
	}
	updated, err := drift.Update(text, edits)
	if err != nil {
		return fmt.Errorf("%s is as it was: %w", path, err)
	}
	if bytes.Equal(text, updated) {
		return nil
	}
	if err := wholefile.Replace(path, updated); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s has the new addresses of %s\n", path, spell.Count(len(edits), "link"))
	return nil
}
