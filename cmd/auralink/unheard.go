package main

import (
	"errors"
	"io"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// evenUnheard has a command do its work to the end where nobody reads any more what it
// prints, as behind "| head". It is for commands that change something, and print while
// they do.
func evenUnheard(cmd *cobra.Command) {
	signal.Ignore(syscall.SIGPIPE)
	if out := cmd.OutOrStdout(); !isTerminal(uncoloured(out)) {
		cmd.SetOut(unheard{out})
	}
	if out := cmd.ErrOrStderr(); !isTerminal(uncoloured(out)) {
		cmd.SetErr(unheard{out})
	}
}

// unheard is a writer that goes on where nobody reads.
type unheard struct{ io.Writer }

func (w unheard) Write(text []byte) (int, error) {
	n, err := w.Writer.Write(text)
	if errors.Is(err, syscall.EPIPE) {
		return len(text), nil
	}
	return n, err
}
