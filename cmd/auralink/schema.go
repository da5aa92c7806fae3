package main

import (
	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/topology"
)

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the topology file, for editors",
		Long: "Print the JSON Schema of the topology file. An editor with a YAML language server\n" +
			"checks and completes a file whose first line is:\n\n" +
			"  # yaml-language-server: $schema=topology.schema.json",
		Example: "  auralink schema > topology.schema.json",
		Args:    exactArgs(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(topology.Schema())
			return err
		},
	}
}
