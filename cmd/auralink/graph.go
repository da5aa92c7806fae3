package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/page"
)

const graphLong = `Draw what each VPC gets, in layers: clients, the VPC that they are in, its links, the
regions to which these lead, and the names that live there; which names one wildcard
stands for, and why.

With --against another revision of the topology it draws what changes from that one:
what is added has a plus, what is removed a minus, what leads to another region or is
in another VPC two arrows, and what changes otherwise a tilde.

VPCs that are alike are drawn as one where there are many. The forms are svg, html, a
page with the same in words, and mermaid, for Markdown. The first two go into a file or
a pipe, and not to a terminal.`

func newGraph() *cobra.Command {
	var against, format string
	cmd := &cobra.Command{
		Use:   "graph [TOPOLOGY]",
		Short: "Draw what each VPC gets, or what changes",
		Long:  graphLong,
		Example: "  auralink graph topology.yaml > topology.svg\n" +
			"  git show main:topology.yaml | auralink graph topology.yaml --against - -o html > change.html",
		Args: exactArgs(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runGraph(cmd, topologyIn(args), against, output(format))
		},
	}
	outputFlag(cmd, &format, outputSVG, outputHTML, outputMermaid)
	cmd.Flags().StringVar(&against, "against", "", "draw what changes from another `TOPOLOGY`")
	return cmd
}

func runGraph(cmd *cobra.Command, path, against string, format output) error {
	if err := onceFromStdin([]string{path, against}); err != nil {
		return err
	}
	wanted, err := readBriefly(cmd, path)
	if err != nil {
		return err
	}
	if out := uncoloured(cmd.OutOrStdout()); format != outputMermaid && isTerminal(out) {
		return hint.Add(fmt.Errorf("%s is not for a terminal", format), "write it into a file: "+cmd.CommandPath()+" -o html > FILE.html")
	}
	picture := graph.New(wanted.plan)
	if against != "" {
		before, err := readBriefly(cmd, against)
		if err != nil {
			return err
		}
		picture = graph.Compare(before.plan, wanted.plan, graph.Scope{})
	}
	switch format {
	case outputHTML:
		err = page.WriteGraph(cmd.OutOrStdout(), picture)
	case outputMermaid:
		err = picture.WriteMermaid(cmd.OutOrStdout())
	default:
		err = picture.WriteSVG(cmd.OutOrStdout())
	}
	if err != nil {
		return fmt.Errorf("writing the picture: %w", err)
	}
	return nil
}
