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
	args = helpBehind(root, args)
	if err := checkVerb(root, args); err != nil {
		return conclude(err, log)
	}
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
		Use:           "auralink COMMAND",
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
			if err := refuseEmpty(cmd, args); err != nil {
				return err
			}
			return refuseNobody(cmd)
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(printUsage)
	root.SetHelpCommand(newHelp())
	root.AddCommand(newInit(), newPlan(), newGraph(), newExport(), newDiff(), newAudit(), newDoctor(), newFormats(), newLookup(), newPush(), newRollback(), newPromote(), newAbort(), newHistory(), newShow(), newPull(), newFleet(), newSchema(), newVersion(), newMan())
	root.AddCommand(newCompletion())
	completeAll(root)
	describeStatuses(root)
	return root
}

// conclude prints an error, if it is not printed yet, and returns the exit status.
func conclude(err error, stderr io.Writer) int {
	var invalid *topology.InvalidError
	status := statusOf(err)
	switch {
	case status != statusTrouble: // and all is printed
	case errors.As(err, &invalid):
		fmt.Fprint(stderr, invalid.Findings.Beyond().Report()) // what a text was taken for is for plan to say
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
		if len(args) < least {
			return hint.Add(errors.New("too few arguments"), "usage: "+cmd.UseLine())
		}
		err := fmt.Errorf("unexpected argument %q", args[most])
		if flag := flagMeant(cmd, args[0], args[most]); flag != "" {
			return hint.Add(err, fmt.Sprintf("did you mean \"--%s %s\"? usage: %s", flag, args[most], cmd.UseLine()))
		}
		return hint.Add(err, "usage: "+cmd.UseLine())
	}
}
