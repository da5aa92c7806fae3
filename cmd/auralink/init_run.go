package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inventory"
)

// tool is a cloud's command line, and what it is asked for.
type tool struct {
	name, program string
	// scope is the option with which it is told a region, a project or a subscription.
	scope string
	// needs are the least permissions that its commands take.
	needs    string
	commands [][]string
}

var tools = []tool{
	{
		name: "aws", program: "aws", scope: "--region",
		needs: "ec2:DescribeVpcEndpoints, ec2:DescribeNetworkInterfaces, ec2:DescribeVpcs, ec2:DescribeSubnets",
		commands: [][]string{
			{"sts", "get-caller-identity", "--output", "json"},
			{"ec2", "describe-vpc-endpoints", "--output", "json"},
			{"ec2", "describe-network-interfaces", "--filters", "Name=interface-type,Values=vpc_endpoint", "--output", "json"},
			{"ec2", "describe-vpcs", "--output", "json"},
			{"ec2", "describe-subnets", "--output", "json"},
		},
	},
	{
		name: "gcp", program: "gcloud", scope: "--project",
		needs: "compute.forwardingRules.list, compute.subnetworks.list",
		commands: [][]string{
			{"compute", "forwarding-rules", "list", "--format=json"},
			{"compute", "networks", "subnets", "list", "--format=json"},
		},
	},
	{
		name: "azure", program: "az", scope: "--subscription",
		needs: "Microsoft.Network/privateEndpoints/read, Microsoft.Network/networkInterfaces/read, Microsoft.Network/virtualNetworks/read",
		commands: [][]string{
			{"account", "show", "-o", "json"},
			{"network", "private-endpoint", "list", "-o", "json"},
			{"network", "nic", "list", "-o", "json"},
			{"network", "vnet", "list", "-o", "json"},
		},
	},
}

// toolTime is how long one command of a tool may take.
const toolTime = 3 * time.Minute

// runTools runs the tools that are named, as CLOUD or CLOUD@SCOPE, and reads what they
// print.
func runTools(cmd *cobra.Command, named []string, b *inventory.Builder) error {
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	for _, text := range named {
		name, scope, _ := strings.Cut(text, "@")
		t, err := toolNamed(name)
		if err != nil {
			return err
		}
		if _, err := exec.LookPath(t.program); err != nil {
			return hint.Add(fmt.Errorf("%s is not here: %w", t.program, err),
				fmt.Sprintf("run this where it is, and give what it prints with --from: %s", strings.Join(t.lines(scope), "; ")))
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s takes these permissions, and no others: %s\n", t.program, t.needs)
		for _, args := range t.commands {
			if err := t.run(ctx, cmd, t.scoped(args, scope), b); err != nil {
				return err
			}
		}
	}
	return nil
}

func toolNamed(name string) (tool, error) {
	var names []string
	for _, t := range tools {
		if t.name == name || t.program == name {
			return t, nil
		}
		names = append(names, t.name)
	}
	return tool{}, hint.Add(fmt.Errorf("unknown cloud %q", name), among("--run", name, names))
}

func (t tool) scoped(args []string, scope string) []string {
	if scope == "" {
		return args
	}
	return append(append([]string{}, args...), t.scope, scope)
}

// lines returns the commands as they are typed.
func (t tool) lines(scope string) []string {
	var all []string
	for _, args := range t.commands {
		all = append(all, t.program+" "+strings.Join(t.scoped(args, scope), " "))
	}
	return all
}

// run runs one command and reads what it prints.
func (t tool) run(ctx context.Context, cmd *cobra.Command, args []string, b *inventory.Builder) error {
	ctx, stop := context.WithTimeout(ctx, toolTime)
	defer stop()
	line := t.program + " " + strings.Join(args, " ")
	fmt.Fprintf(cmd.ErrOrStderr(), "note: running %s\n", line)
	var stderr bytes.Buffer
	run := exec.CommandContext(ctx, t.program, args...)
	run.Env = append(os.Environ(), "AWS_PAGER=", "AWS_CLI_AUTO_PROMPT=off", "CLOUDSDK_CORE_DISABLE_PROMPTS=1", "AZURE_CORE_NO_COLOR=1")
	run.Stderr = &stderr
	run.WaitDelay = time.Second
	stdout, err := run.StdoutPipe()
	if err != nil {
		return err
	}
	if err := run.Start(); err != nil {
		return fmt.Errorf("running %s: %w", line, err)
	}
	readErr := b.Read(stdout, line)
	switch {
	case errors.Is(readErr, inventory.ErrNone): // the program may say why there is nothing
		_, _ = io.Copy(io.Discard, stdout)
	case readErr != nil:
		stop() // what is left of the output is not wanted
	}
	err = run.Wait()
	switch {
	case readErr != nil && !errors.Is(readErr, inventory.ErrNone):
		return readErr
	case err != nil:
		return hint.Add(fmt.Errorf("%s: %w: %s", line, err, lastLine(stderr.String())), fmt.Sprintf("is it signed in, and may it do this? It takes %s", t.needs))
	default:
		return readErr
	}
}

// lastLine returns the last line of what a program says is wrong.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	last := []rune(strings.TrimSpace(lines[len(lines)-1]))
	return fmt.Sprintf("%q", string(last[:min(len(last), 300)]))
}
