package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// readPlan reads the topology file at path, "-" being standard input, and plans
// it.
func readPlan(cmd *cobra.Command, path string) (*topology.Topology, *plan.Plan, topology.Findings, error) {
	input, closeInput, err := openInput(cmd, path)
	if err != nil {
		return nil, nil, nil, err
	}
	defer closeInput()
	t, p, findings, err := plan.ReadTopology(input)
	findings = findings.In(path)
	var invalid *topology.InvalidError
	if errors.As(err, &invalid) {
		err = &topology.InvalidError{Findings: findings}
	}
	if err != nil {
		return nil, nil, findings, fmt.Errorf("topology %q: %w", path, err)
	}
	return t, p, findings, nil
}

func openInput(cmd *cobra.Command, path string) (io.Reader, func(), error) {
	if path == stdin {
		return cmd.InOrStdin(), func() {}, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("reading topology: %w", err)
	}
	return file, func() { _ = file.Close() }, nil
}

// readUsable is readTopology for commands that need the plan alone.
func readUsable(cmd *cobra.Command, path string) (*plan.Plan, error) {
	_, p, err := readTopology(cmd, path)
	return p, err
}

// readTopology is readPlan for commands that need a plan: warnings go to standard
// error and do not stand in the way.
func readTopology(cmd *cobra.Command, path string) (*topology.Topology, *plan.Plan, error) {
	t, p, findings, err := readPlan(cmd, path)
	if err != nil {
		return nil, nil, err
	}
	fmt.Fprint(cmd.ErrOrStderr(), findings.Report())
	return t, p, nil
}

// pickVPC returns the VPC with that name; it need not be named if there is only
// one.
func pickVPC(p *plan.Plan, name string) (*plan.VPC, error) {
	if name == "" && len(p.VPCs) == 1 {
		return &p.VPCs[0], nil
	}
	if vpc, ok := p.VPC(name); ok {
		return vpc, nil
	}
	names := p.Names()
	err := fmt.Errorf("the topology has no VPC %q", name)
	if name == "" {
		err = fmt.Errorf("the topology has %d VPCs: which one", len(names))
	}
	return nil, hintedError{err: err, hint: "--vpc, one of: " + topology.Abridge(names, len(names))}
}

// output is the value of an --output flag.
type output string

const (
	outputText     output = "text"
	outputJSON     output = "json"
	outputMarkdown output = "markdown"
)

// outputFlag adds --output to a command.
func outputFlag(cmd *cobra.Command, into *string, allowed ...output) {
	names := make([]string, len(allowed))
	for i, o := range allowed {
		names[i] = string(o)
	}
	choice := topology.Abridge(names, len(names))
	cmd.Flags().StringVarP(into, "output", "o", string(outputText), "how to print it: "+choice)
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	cmd.PreRunE = func(*cobra.Command, []string) error {
		for _, name := range names {
			if *into == name {
				return nil
			}
		}
		return hintedError{err: fmt.Errorf("unknown output %q", *into), hint: "-o, one of: " + choice}
	}
}
