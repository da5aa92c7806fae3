package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/report"
)

const planLong = `Print what the clients of each VPC will be answered, and why, and then what was
found in the topology.

Each VPC has its custom endpoints in one of three modes: by one wildcard where
all of them lead to the same private endpoint, by individual records where a
wildcard would send some of them to the wrong region, or not at all.`

func newPlan() *cobra.Command {
	var format string
	var names int
	cmd := &cobra.Command{
		Use:     "plan TOPOLOGY",
		Short:   "Print what each VPC's clients will be answered, and why",
		Long:    planLong,
		Example: "  auralink plan topology.yaml\n  auralink plan topology.yaml -o json | jq '.vpcs[] | {name, mode, reason}'",
		Args:    exactArgs(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPlan(cmd, args[0], output(format), names)
		},
	}
	outputFlag(cmd, &format, outputText, outputJSON, outputMarkdown)
	cmd.Flags().IntVar(&names, "names", 20, "how many names to list for each VPC; -1 lists all")
	return cmd
}

func runPlan(cmd *cobra.Command, path string, format output, names int) error {
	r, err := readRevision(cmd, path)
	if err != nil && r.findings == nil {
		return err
	}
	doc := report.NewPlan(r.plan, r.findings, names)
	out := cmd.OutOrStdout()
	switch format {
	case outputJSON:
		err = report.WriteJSON(out, doc)
	case outputMarkdown:
		err = doc.WriteMarkdown(out)
	case outputText:
		err = doc.WriteText(out)
	}
	if err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	if len(r.findings.Beyond()) > 0 {
		return errFindings
	}
	return nil
}
