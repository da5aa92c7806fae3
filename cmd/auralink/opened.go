package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/inputfile"
)

// openInput opens a file that is given to be read, or a pipe into which somebody writes; "-"
// and /dev/stdin are standard input.
func openInput(cmd *cobra.Command, path string) (io.ReadCloser, error) {
	if path == stdin || path == "/dev/stdin" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	return inputfile.Open(path)
}
