package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/live"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

const diffLong = `Compare what is there with what the topology wants. What is there is one of

  a directory that auralink export has written, or one of such files
  a zone file, response policy zone, hosts file, Route 53 JSON, or a
    configuration of Unbound or dnsmasq
  another revision of the topology: all VPCs are compared
  dns://HOST[:PORT]   a server, asked for each name of the VPC
  axfr://HOST[:PORT][?tsig=KEY]   a server whose zones are transferred; KEY is
    ALGORITHM:NAME:SECRET, or @FILE with a key in BIND's syntax

Names are compared, in whatever zones they are. Dangerous changes come first:
families that change between a wildcard and individual records, and names that
lead to another region.

Guards refuse what is more likely a mistake than meant, unless --force names
them: bulk, to remove or change more than 30 % of ten or more names; empty, to
leave none; region, to lead a name with a record of its own to another region.

Exit status: 0 the same, 1 there are differences, 2 trouble, or a guard.`

const diffExample = `  auralink diff topology.yaml --against zones/
  auralink diff topology.yaml --against main.yaml -o markdown
  auralink diff topology.yaml --vpc apps --against dns://10.0.0.2 --source 10.0.0.5
  auralink diff topology.yaml --vpc apps --against 'axfr://10.0.0.2?tsig=@transfer.key'`

type diffFlags struct {
	against, vpc, output string
	force                []string
	names                int
	source               sourceFlags
}

func newDiff() *cobra.Command {
	var flags diffFlags
	cmd := &cobra.Command{
		Use:     "diff TOPOLOGY --against X",
		Short:   "Compare what is there with what the topology wants",
		Long:    diffLong,
		Example: diffExample,
		Args:    exactArgs(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDiff(cmd, args[0], flags)
		},
	}
	outputFlag(cmd, &flags.output, outputText, outputJSON, outputMarkdown)
	cmd.Flags().StringVar(&flags.against, "against", "", "what is there: a directory, a file, a topology, dns://... or axfr://...")
	cmd.Flags().StringVar(&flags.vpc, "vpc", "", "the VPC; may be left out where there is only one, or a directory says it")
	cmd.Flags().StringSliceVar(&flags.force, "force", nil, "guards that do not stand in the way: bulk, empty, region")
	cmd.Flags().IntVar(&flags.names, "names", 100, "how many names to list of each kind; -1 lists all")
	flags.source.add(cmd)
	return cmd
}

// errDifferences ends a command whose differences have been printed.
var errDifferences = errors.New("there are differences")

// pair is what is compared for one VPC.
type pair struct {
	vpc           string
	before, after diff.Side
}

func runDiff(cmd *cobra.Command, path string, flags diffFlags) error {
	if flags.against == "" {
		return hintedError{err: errors.New("compare with what?"), hint: "--against, a directory, a file, a topology, dns://HOST or axfr://HOST"}
	}
	forced, err := parseForce(flags.force)
	if err != nil {
		return err
	}
	p, err := readUsable(cmd, path)
	if err != nil {
		return trouble(cmd, err)
	}
	pairs, err := flags.pairs(cmd, p)
	if err != nil {
		return trouble(cmd, err)
	}
	var documents []diff.Document
	for _, c := range pairs {
		report := diff.Compare(c.before, c.after)
		documents = append(documents, report.Document(c.vpc, flags.shownAgainst(), flags.names, forced))
	}
	if err := writeDiff(cmd.OutOrStdout(), documents, output(flags.output)); err != nil {
		return fmt.Errorf("writing the differences: %w", err)
	}
	return judgeDiff(documents, forced)
}

// trouble prints the findings of a topology that cannot be used, and returns an
// error that does not end with the status for differences.
func trouble(cmd *cobra.Command, err error) error {
	var invalid *topology.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	fmt.Fprint(cmd.ErrOrStderr(), invalid.Findings.Report())
	return errors.New("the topology cannot be used")
}

// shownAgainst is what is compared with, without the key in a URL.
func (f diffFlags) shownAgainst() string {
	if live.IsURL(f.against) {
		shown, _, _ := strings.Cut(f.against, "?")
		return shown
	}
	return f.against
}

// pairs reads what is there.
func (f diffFlags) pairs(cmd *cobra.Command, p *plan.Plan) ([]pair, error) {
	if !live.IsURL(f.against) {
		isTopology, err := f.source.isTopology(f.against)
		if err != nil {
			return nil, err
		}
		if isTopology {
			return f.revisions(cmd, p)
		}
	}
	name, err := vpcOfDirectory(f.against, f.vpc)
	if err != nil {
		return nil, err
	}
	vpc, err := pickVPC(p, name)
	if err != nil {
		return nil, err
	}
	set, err := f.source.read(cmd, f.against, vpc)
	if err != nil {
		return nil, err
	}
	regions := diff.RegionsOf(vpc.Links)
	return []pair{{vpc.Name, diff.Side{Set: set, Regions: regions}, diff.Side{Set: holdings.FromView(vpc.View), Regions: regions}}}, nil
}

// revisions compares with another topology, VPC by VPC.
func (f diffFlags) revisions(cmd *cobra.Command, p *plan.Plan) ([]pair, error) {
	if err := f.source.notForFiles(); err != nil {
		return nil, err
	}
	before, err := readUsable(cmd, f.against)
	if err != nil {
		return nil, err
	}
	names := slices.Concat(before.Names(), p.Names())
	slices.Sort(names)
	names = slices.Compact(names)
	if f.vpc != "" {
		if !slices.Contains(names, f.vpc) {
			_, err := pickVPC(p, f.vpc)
			return nil, err
		}
		names = []string{f.vpc}
	}
	var pairs []pair
	for _, name := range names {
		pairs = append(pairs, pair{name, sideOf(before, name), sideOf(p, name)})
	}
	return pairs, nil
}

// sideOf returns what a plan has for a VPC; nothing, if it has no such VPC.
func sideOf(p *plan.Plan, name string) diff.Side {
	vpc, there := p.VPC(name)
	if !there {
		return diff.Side{Set: holdings.NewBuilder().Set()}
	}
	return diff.Side{Set: holdings.FromView(vpc.View), Regions: diff.RegionsOf(vpc.Links)}
}

func writeDiff(w io.Writer, documents []diff.Document, format output) error {
	if format == outputJSON {
		return diff.WriteJSON(w, documents)
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
func judgeDiff(documents []diff.Document, forced []diff.Code) error {
	differs := false
	var refused []string
	for _, d := range documents {
		differs = differs || d.Counts.Total() > 0
		for _, v := range diff.Unforced(d.Violations, forced) {
			refused = append(refused, string(v.Code))
		}
	}
	slices.Sort(refused)
	refused = slices.Compact(refused)
	switch {
	case len(refused) > 0:
		return heldBack(" "+strings.Join(refused, ", "), refused)
	case differs:
		return errDifferences
	default:
		return nil
	}
}

// vpcOfDirectory returns the VPC that is asked for, or that a directory of an
// export is for.
func vpcOfDirectory(path, name string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return name, nil // a URL, or a file; whether that can be read is said later
	}
	m, err := readManifest(path)
	if err != nil || m.VPC == "" {
		return name, err
	}
	if name != "" && name != m.VPC {
		return "", fmt.Errorf("%s has the %s export of VPC %q, not of %q", path, m.Format, m.VPC, name)
	}
	return m.VPC, nil
}
