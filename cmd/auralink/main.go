// Command auralink plans, checks and writes the DNS of Neo4j Aura's private
// links from a topology file.
//
// With which status each of its commands ends stands in status.go.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/version"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out, log := newTerminal(stdout), newTerminal(stderr)
	defer out.flush()
	defer log.flush()
	if err := checkArguments(args); err != nil {
		return conclude(err, log)
	}
	root := newRoot()
	root.SetArgs(withTimes(args))
	root.SetIn(stdin)
	root.SetOut(out)
	root.SetErr(log)
	return conclude(root.ExecuteContext(context.Background()), log)
}

const rootLong = `auralink plans, checks and writes the DNS of Neo4j Aura's private links.

It reads a topology file: which Aura regions there are, which of your networks
reach which of them by which addresses, and in which region each custom endpoint
lives.`

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
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return unknownVerb(cmd, args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			if strings.HasPrefix(cmd.Name(), "__") { // a shell asks what can stand there
				return nil
			}
			colour(cmd)
			return refuseEmpty(cmd, args)
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	root.AddCommand(newInit(), newPlan(), newGraph(), newExport(), newDiff(), newAudit(), newDoctor(), newFormats(), newLookup(), newPush(), newRollback(), newPromote(), newAbort(), newHistory(), newShow(), newPull(), newFleet(), newSchema(), newVersion(), newMan())
	root.InitDefaultCompletionCmd()
	strictCompletion(root)
	describeStatuses(root)
	return root
}

// strictCompletion has the command for completion refuse shells that it does not
// know: cobra's prints its help, and all is well.
func strictCompletion(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		cmd.Args = cobra.ArbitraryArgs
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				shells := []string{"bash", "fish", "powershell", "zsh"}
				return hint.Add(fmt.Errorf("unknown shell %q", args[0]), among("SHELL", args[0], shells))
			}
			return cmd.Help()
		}
	}
}

// conclude prints an error, if it is not printed yet, and returns the exit status.
func conclude(err error, stderr io.Writer) int {
	var invalid *topology.InvalidError
	status := statusOf(err)
	switch {
	case status != statusTrouble: // and all is printed
	case errors.As(err, &invalid):
		fmt.Fprint(stderr, invalid.Findings.Report())
		fmt.Fprintln(stderr, "auralink: error: the topology cannot be used")
	default:
		fmt.Fprintf(stderr, "auralink: error: %v\n", err)
		if advice := cmp.Or(hint.Of(err), nearPath(err)); advice != "" {
			fmt.Fprintf(stderr, "auralink: hint: %s\n", advice)
		}
	}
	return status
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
		return hint.Add(errors.New(what), "usage: "+cmd.UseLine())
	}
}
