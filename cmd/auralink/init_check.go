package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/drift"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inventory"
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
	text, err := readText(cmd, path)
	if err != nil {
		return hintPath(cmd, path, fmt.Errorf("reading topology: %w", err))
	}
	r, err := parseRevision(path, text)
	if err != nil {
		return err
	}
	fmt.Fprint(cmd.ErrOrStderr(), r.findings.Report())
	listed, err := flags.listed(cmd, path)
	if err != nil {
		return err
	}
	if err := listed.Called(flags.services); err != nil {
		return err
	}
	result := drift.Compare(drift.Subject{Topology: r.topology, Inventory: listed, Services: flags.services, Named: drift.Named(text)})
	left := len(result.Findings)
	var failed error
	if flags.update {
		var unwritten []drift.Unwritten
		unwritten, failed = update(cmd, path, result.Edits)
		result, left = result.Written(unwritten)
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

// listed reads what the clouds list, to compare the topology at path with it. The DNS in a directory is
// left out where there are lists beside it.
func (f initFlags) listed(cmd *cobra.Command, path string) (*inventory.Inventory, error) {
	in, err := f.input(cmd)
	if err != nil {
		return nil, err
	}
	for _, s := range in.Sources {
		audit := fmt.Sprintf("auralink audit %s --against %s", s.Name, path)
		switch {
		case !isDirectory(s.Name):
			return nil, hint.Add(fmt.Errorf("%s is no list of a cloud: init --check compares private endpoints, and no DNS", s.Name),
				audit+" compares it; leave it out here")
		case in.Inventory.Unlisted():
			return nil, hint.Add(fmt.Errorf("%s has DNS, and no list of a cloud: init --check compares private endpoints", readFrom(s.Name)),
				audit+" compares the DNS; what the clouds' tools list is named by auralink init --help")
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "note: the DNS in %s is left out: init --check compares private endpoints; %s compares it\n", readFrom(s.Name), audit)
	}
	for _, note := range in.Inventory.Notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", note)
	}
	return in.Inventory, nil
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
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

// update writes the addresses of links into the topology. It returns the edits that are left; an error is
// that of a file that could not be written.
func update(cmd *cobra.Command, path string, edits []drift.Edit) ([]drift.Unwritten, error) {
	w := cmd.ErrOrStderr()
	if len(edits) == 0 {
		fmt.Fprintf(w, "%s is as it was: no link has other addresses\n", path)
		return nil, nil
	}
	text, err := readText(cmd, path)
	if err != nil {
		return unwritten(edits, err), err
	}
	updated, left := drift.Update(text, edits)
	made := len(edits) - len(left)
	if made == 0 {
		fmt.Fprintf(w, "%s is as it was: the new addresses of %s could not be written\n", path, spell.Count(len(left), "link"))
		return left, nil
	}
	if err := wholefile.Replace(path, updated); err != nil {
		err = fmt.Errorf("writing %s: %w", path, err)
		return unwritten(edits, err), err
	}
	fmt.Fprintf(w, "%s has the new addresses of %s\n", path, spell.Count(made, "link"))
	if len(left) > 0 {
		fmt.Fprintf(w, "%s has not those of %s, which could not be written\n", path, spell.Count(len(left), "link"))
	}
	return left, nil
}

// unwritten returns all edits, with one reason.
func unwritten(edits []drift.Edit, err error) []drift.Unwritten {
	var all []drift.Unwritten
	for _, edit := range edits {
		all = append(all, drift.Unwritten{Edit: edit, Err: err})
	}
	return all
}
