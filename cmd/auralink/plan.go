package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/page"
	"github.com/auralink/auralink/internal/report"
)

const planLong = `Print what the clients of each VPC will be answered, and why, and then what was
found in the topology.

With several VPCs a table comes first: how many addresses each has for each region,
and "-" where it has no link. The findings are those of the whole topology, whichever
VPC is asked for.

Each VPC has its custom endpoints in one of three modes: by one wildcard where
all of them lead to the same private endpoint, by individual records where a
wildcard would send some of them to the wrong region, or not at all.

Comments with TODO that still stand in the file, as init writes them, are counted in a
note, with their lines.

With -o html it is one page to open in a browser: a picture, findings with their
lines, which VPC has a link to which region, and each VPC's decisions and records.`

func newPlan() *cobra.Command {
	var flags planFlags
	cmd := &cobra.Command{
		Use:     "plan [TOPOLOGY]",
		Short:   "Print what each VPC's clients will be answered, and why",
		Long:    planLong,
		Example: "  auralink plan topology.yaml\n  auralink plan topology.yaml --client 10.0.0.5\n  auralink plan topology.yaml -o json | jq '.vpcs[] | {name, mode, reason}'",
		Args:    exactArgs(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPlan(cmd, topologyIn(args), flags)
		},
	}
	outputFlag(cmd, &flags.output, outputText, outputJSON, outputMarkdown, outputGitHub, outputGitLab, outputHTML)
	namesFlag(cmd, &flags.names, 20, "list at most `N` names for each VPC; -1 lists all")
	whoFlags(cmd, &flags.who, "print this `VPC` alone", "print the VPC of a client's `ADDRESS` alone")
	return cmd
}

// planFlags are the flags of plan.
type planFlags struct {
	output string
	names  int
	who    who
}

func runPlan(cmd *cobra.Command, path string, flags planFlags) error {
	if err := flags.who.check(); err != nil {
		return err
	}
	r, err := readRevision(cmd, path)
	if err != nil && r.findings == nil {
		return err
	}
	r.tellTodos(cmd.ErrOrStderr(), path)
	r.addUnsaid()
	only := ""
	if flags.who.asked() && r.plan != nil {
		vpc, err := flags.who.in(r.plan)
		if err != nil {
			return err
		}
		only = vpc.Name
	}
	if err := flags.write(cmd.OutOrStdout(), r, only); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	if len(r.findings.Beyond()) > 0 {
		return errFindings
	}
	return nil
}

// write writes the plan of all VPCs, or of one only.
func (f planFlags) write(out io.Writer, r revision, only string) error {
	if output(f.output) == outputHTML {
		return page.WritePlan(out, r.plan, r.findings, page.PlanOptions{Names: f.names, VPC: only})
	}
	doc := report.NewPlan(r.plan, r.findings, f.names)
	if only != "" {
		doc.Only(only)
	}
	switch output(f.output) {
	case outputJSON:
		return report.WriteJSON(out, doc)
	case outputMarkdown:
		return doc.WriteMarkdown(out)
	case outputGitHub, outputGitLab:
		return writeAnnotations(out, output(f.output), doc.Annotations(), "")
	default: // outputText; the others are of other verbs
		return doc.WriteText(out)
	}
}
