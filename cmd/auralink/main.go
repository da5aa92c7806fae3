// Command auralink plans, checks and writes the DNS of Neo4j Aura's private
// links from a topology file.
//
// Its exit status is 0 when all is well, 1 when the topology has findings, and
// 2 when the command could not do its work.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/version"
)

const (
	exitFine     = 0
	exitFindings = 1
	exitTrouble  = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return conclude(root.Execute(), stderr)
}

const rootLong = `auralink plans, checks and writes the DNS of Neo4j Aura's private links.

It reads a topology file: which Aura regions there are, which of your networks
reach which of them by which addresses, and in which region each custom endpoint
lives. Exit status: 0 fine, 1 the topology has findings, 2 trouble.`

const rootExample = `  auralink plan topology.yaml
  auralink lookup topology.yaml --client 10.0.0.5 a-my-endpoint-abcdef-123456.endpoints.neo4j.io
  auralink export topology.yaml --format bind --vpc apps --out zones/`

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "auralink",
		Short:         "DNS for Neo4j Aura's private links",
		Long:          rootLong,
		Version:       version.String(),
		Example:       rootExample,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hintedError{err: err, hint: cmd.CommandPath() + " --help"}
	})
	root.AddCommand(newPlan(), newExport(), newDiff(), newAudit(), newFormats(), newLookup(), newSchema(), newVersion())
	return root
}

// errFindings ends a command whose findings have been printed.
var errFindings = errors.New("the topology has findings")

// hintedError is an error together with what to type next.
type hintedError struct {
	err  error
	hint string
}

func (e hintedError) Error() string { return e.err.Error() }
func (e hintedError) Unwrap() error { return e.err }

// conclude prints an error, if it is not printed yet, and returns the exit status.
func conclude(err error, stderr io.Writer) int {
	var invalid *topology.InvalidError
	var hinted hintedError
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errFindings), errors.Is(err, errDifferences):
		return exitFindings
	case errors.As(err, &invalid):
		fmt.Fprint(stderr, invalid.Findings.Report())
		fmt.Fprintln(stderr, "auralink: error: the topology cannot be used")
		return exitFindings
	case errors.As(err, &hinted):
		fmt.Fprintf(stderr, "auralink: error: %v\nauralink: hint: %s\n", err, hinted.hint)
	case strings.HasPrefix(err.Error(), "unknown command"): // cobra has no type for it
		fmt.Fprintf(stderr, "auralink: error: %v\nauralink: hint: auralink --help\n", err)
	default:
		fmt.Fprintf(stderr, "auralink: error: %v\n", err)
	}
	return exitTrouble
}

// exactArgs is cobra.ExactArgs with a usage line for those who got it wrong.
func exactArgs(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && len(args) <= most {
			return nil
		}
		what := "too few arguments"
		if len(args) > most {
			what = fmt.Sprintf("unexpected argument %q", args[most])
		}
		return hintedError{err: errors.New(what), hint: "usage: " + cmd.UseLine()}
	}
}
