package main

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"
)

// exampleTopology is what init writes where it is given nothing to read.
//
//go:embed example.yaml
var exampleTopology []byte

func writeExample(cmd *cobra.Command, path string, force bool) error {
	if err := create(cmd, path, exampleTopology, force); err != nil {
		return err
	}
	if path != stdin {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s is written: an example, with comments on what to put there. Next: auralink plan %s\n", path, path)
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "note: init fills it in by itself from what there is: auralink init --help")
	return nil
}
