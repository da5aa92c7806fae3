package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/exportdir"
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
Dangerous changes come first: clients that are in another VPC, families that
change between a wildcard and individual records, and names that lead to another
region.

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
	cmd.Flags().IntVar(&flags.names, "names", 100, "how many names to list of each kind; -1 lists all")
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
	return judgeDiff(documents, forced)
}

// shownAgainst is what is compared with, without the key in a URL.
func (f diffFlags) shownAgainst() string {
	return existing.Shown(f.against)
}

// writeDiff writes what was compared with the topology at path.
func writeDiff(w io.Writer, path string, documents []report.Diff, format output) error {
	switch format {
	case outputJSON:
		return report.WriteJSON(w, documents)
	case outputGitHub, outputGitLab:
		var all []report.Annotation
		for _, d := range documents {
			all = append(all, d.Annotations(path)...)
		}
		return writeAnnotations(w, format, all, path)
	default: // outputText and outputMarkdown; the others are of other verbs
	}
	for i, d := range documents {
		if i > 0 {
			fmt.Fprintln(w)
		}
		write := d.WriteText
		if format == outputMarkdown {
			write = d.WriteMarkdown
		}
		if err := write(w); err != nil {
			return err
		}
	}
	return nil
}

// judgeDiff returns the error with which a comparison ends, if any.
func judgeDiff(documents []report.Diff, forced []guard.Code) error {
	differs := false
	held := make(map[guard.Code]bool)
	for _, d := range documents {
		differs = differs || d.Differs()
		for _, v := range guard.Unforced(d.Violations, forced) {
			held[v.Code] = true
		}
	}
	if slices.ContainsFunc(documents, func(d report.Diff) bool { return d.Partial != "" }) {
		return errPartial // which guards there are is not known
	}
	var refused []string
	for _, g := range guard.Guards() {
		if held[g.Code] {
			refused = append(refused, string(g.Code))
		}
	}
	switch {
	case len(refused) > 0:
		return exportdir.HeldBack(" "+strings.Join(refused, ", "), refused)
	case differs:
		return errDifferences
	default:
		return nil
	}
}
