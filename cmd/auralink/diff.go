package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/report"
)

const diffLong = `Compare what is there with what the topology wants. What is there is one of

  a directory that auralink export has written, or one of such files
  a zone file, response policy zone, hosts file, what a cloud's command line
    lists, or a configuration of BIND, NSD, Knot, Unbound, dnsmasq or CoreDNS with
    the files that it names
  another revision of the topology: all VPCs are compared
  dns://HOST[:PORT]   a server, asked for each name of the VPC
  axfr://HOST[:PORT][?tsig=KEY]   a server whose zones are transferred; KEY is
    ALGORITHM:NAME:SECRET, or @FILE with a key in BIND's syntax

"-" is standard input, which is one of the files.

Names are compared, in whatever zones they are, and client ranges where X has
them: another revision of the topology, or an export in the format json.
Dangerous changes come first: clients that are in another VPC, families that a
wildcard is to answer instead of individual records, and names with a record of their
own that lead to another region. What individual records mend stands behind them.

Guards refuse what is more likely a mistake than meant, unless --force names
them: clients, to move clients to another VPC or to none; wildcard, to let a
wildcard answer where individual records did; region, to lead a name with a record
of its own to another region; empty, to leave a VPC without names; bulk, to remove
more than 30 % of ten or more names; serial, to change records without a greater
serial, where the topology has one.`

const diffExample = `  auralink diff topology.yaml --against zones/
  git show main:topology.yaml | auralink diff topology.yaml --against - -o markdown
  auralink diff topology.yaml --vpc apps --against dns://10.0.0.2 --source 10.0.0.5
  auralink diff topology.yaml --vpc apps --against 'axfr://10.0.0.2?tsig=@transfer.key'`

type diffFlags struct {
	against, vpc, output string
	force                []string
	names                int
	source               existingFlags
}

func newDiff() *cobra.Command {
	var flags diffFlags
	cmd := &cobra.Command{
		Use:     "diff [TOPOLOGY] --against X",
		Short:   "Compare what is there with what the topology wants",
		Long:    diffLong,
		Example: diffExample,
		Args:    exactArgs(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDiff(cmd, topologyIn(args), flags)
		},
	}
	outputFlag(cmd, &flags.output, outputText, outputJSON, outputMarkdown, outputGitHub, outputGitLab)
	cmd.Flags().StringVar(&flags.against, "against", "", "what is there, `X`: a directory, a file, a topology, dns://... or axfr://...")
	vpcFlag(cmd, &flags.vpc, "the `VPC`; may be left out where there is only one, or a directory says it")
	forceFlag(cmd, &flags.force)
	namesFlag(cmd, &flags.names, 100, "list at most `N` names of each kind; -1 lists all")
	flags.source.add(cmd)
	return cmd
}

func runDiff(cmd *cobra.Command, path string, flags diffFlags) error {
	if flags.against == "" {
		return hint.Add(errors.New("compare with what?"), "--against, a directory, a file, a topology, dns://HOST or axfr://HOST")
	}
	if err := onceFromStdin([]string{path, flags.against}); err != nil {
		return err
	}
	forced, err := parseForce(flags.force)
	if err != nil {
		return err
	}
	wanted, err := readBriefly(cmd, path)
	if err != nil {
		return err
	}
	comparisons, picture, err := flags.comparisons(cmd, wanted)
	if err != nil {
		return err
	}
	var documents []report.Diff
	for _, c := range comparisons {
		documents = append(documents, report.NewDiff(c.report, c.subject, flags.names, forced))
	}
	err = writeDiff(cmd.OutOrStdout(), path, documents, output(flags.output))
	if err == nil && output(flags.output) == outputMarkdown {
		err = report.WritePicture(cmd.OutOrStdout(), picture)
	}
	if err != nil {
		return fmt.Errorf("writing the differences: %w", err)
	}
	return judgeDiff(documents, forced, wouldBeHeld)
}

// shownAgainst is what is compared with, without the key in a URL.
func (f diffFlags) shownAgainst() string {
	return existing.Shown(f.against)
}

// writeDiff writes what was compared with the topology at path.
func writeDiff(w io.Writer, path string, documents []report.Diff, format output) error {
	annotations := func(d report.Diff) []report.Annotation { return d.Annotations(path) }
	return writeReports(w, documents, format, path, annotations)
}

// judgeDiff returns the error with which a comparison ends, if any; held makes that of guards which
// are tripped.
func judgeDiff(documents []report.Diff, forced []guard.Code, held func(guards []string) error) error {
	differs := false
	tripped := make(map[guard.Code]bool)
	for _, d := range documents {
		differs = differs || d.Differs()
		for _, v := range guard.Unforced(d.Violations, forced) {
			tripped[v.Code] = true
		}
	}
	if slices.ContainsFunc(documents, func(d report.Diff) bool { return d.Partial != "" }) {
		return errPartial // which guards there are is not known
	}
	var refused []string
	for _, g := range guard.Guards() {
		if tripped[g.Code] {
			refused = append(refused, string(g.Code))
		}
	}
	switch {
	case len(refused) > 0:
		return held(refused)
	case differs:
		return errDifferences
	default:
		return nil
	}
}

// wouldBeHeld returns the error with which a comparison ends where guards are tripped: nothing was to be
// changed, and nothing is held back yet.
func wouldBeHeld(guards []string) error {
	return hint.Add(errors.New("the change would be held back by its guards: "+strings.Join(guards, ", ")),
		"export, push and a server hold it until it is accepted; --force "+strings.Join(guards, ",")+" here counts it as a difference, if all of it is meant")
}
