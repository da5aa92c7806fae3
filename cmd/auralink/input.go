package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// revision is a topology file, as it was read.
type revision struct {
	topology *topology.Topology
	plan     *plan.Plan
	findings topology.Findings
	digest   acceptance.Digest
}

// readRevision reads the topology file at path, and plans it. The path "-" is standard
// input. If the topology is invalid, the revision returned with the error has the
// findings.
func readRevision(cmd *cobra.Command, path string) (revision, error) {
	text, err := readText(cmd, path)
	if err != nil {
		return revision{}, fmt.Errorf("reading topology: %w", err)
	}
	t, p, findings, err := plan.ReadTopology(bytes.NewReader(text))
	r := revision{topology: t, plan: p, findings: findings.In(path), digest: acceptance.Of(text)}
	var invalid *topology.InvalidError
	if errors.As(err, &invalid) {
		err = &topology.InvalidError{Findings: r.findings}
	}
	if err != nil {
		return r, fmt.Errorf("topology %q: %w", path, err)
	}
	return r, nil
}

// readText reads a file, or standard input. It reads at most one octet more than a
// topology may have, which tells that a text is too large.
func readText(cmd *cobra.Command, path string) ([]byte, error) {
	input := cmd.InOrStdin()
	if path != stdin {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		input = file
	}
	return io.ReadAll(io.LimitReader(input, topology.MaxOctets+1))
}

// readUsable is readRevision for commands that need a plan. It prints warnings to
// standard error.
func readUsable(cmd *cobra.Command, path string) (revision, error) {
	r, err := readRevision(cmd, path)
	if err != nil {
		return r, err
	}
	fmt.Fprint(cmd.ErrOrStderr(), r.findings.Report())
	return r, nil
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
	return nil, hint.Add(err, "--vpc, one of: "+topology.Abridge(names, len(names)))
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
		return hint.Add(fmt.Errorf("unknown output %q", *into), "-o, one of: "+choice)
	}
}
