package main

import (
	"errors"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/inputfile"
)

// openInput opens a file that is given to be read, or a pipe into which somebody writes; "-"
// and /dev/stdin are standard input.
func openInput(cmd *cobra.Command, path string) (io.ReadCloser, error) {
	if path == stdin || path == "/dev/stdin" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	return openFile(path)
}

// openFile is openInput for what is never standard input.
func openFile(path string) (io.ReadCloser, error) {
	file, err := inputfile.Open(path)
	var missing *fs.PathError
	if errors.As(err, &missing) {
		missing.Op = "open" // whichever call it was that told
	}
	return file, err
}

// readWhole reads what openFile opens.
func readWhole(path string) ([]byte, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
