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
	"regexp"
	"slices"
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
	// scope returns the options with which it is told a region, a profile, a project or a
	// subscription.
	scope func(text string) []string
	// needs are the least permissions that its commands take.
	needs    string
	commands [][]string
}

var tools = []tool{
	{
		name: "aws", program: "aws", scope: awsScope,
		needs: "ec2:DescribeVpcEndpoints, ec2:DescribeNetworkInterfaces, ec2:DescribeVpcs, ec2:DescribeSubnets",
		commands: [][]string{
			{"sts", "get-caller-identity", "--output", "json"},
			{"ec2", "describe-vpc-endpoints", "--output", "json"},
			{"ec2", "describe-network-interfaces", "--filters", ofEndpoints, "--output", "json"},
			{"ec2", "describe-vpcs", "--output", "json"},
			{"ec2", "describe-subnets", "--output", "json"},
		},
	},
	{
		name: "gcp", program: "gcloud", scope: func(text string) []string { return []string{"--project", text} },
		needs: "compute.forwardingRules.list, compute.subnetworks.list",
		commands: [][]string{
			{"compute", "forwarding-rules", "list", "--format=json"},
			{"compute", "networks", "subnets", "list", "--format=json"},
		},
	},
	{
		name: "azure", program: "az", scope: func(text string) []string { return []string{"--subscription", text} },
		needs: "Microsoft.Network/privateEndpoints/read, Microsoft.Network/networkInterfaces/read, Microsoft.Network/virtualNetworks/read",
		commands: [][]string{
			{"account", "show", "-o", "json"},
			{"network", "private-endpoint", "list", "-o", "json"},
			{"network", "nic", "list", "-o", "json"},
			{"network", "vnet", "list", "-o", "json"},
		},
	},
}

// ofEndpoints has AWS list the network interfaces of private endpoints alone.
const ofEndpoints = "Name=interface-type,Values=vpc_endpoint"

// mostInFilter is how many values AWS takes in a filter.
const mostInFilter = 200

// awsRegion matches the name of a region of AWS; any other word is a profile.
var awsRegion = regexp.MustCompile(`^[a-z]{2,3}(-[a-z]+)+-[0-9]+$`)

// awsScope returns the options for a region, a profile, or PROFILE/REGION.
func awsScope(text string) []string {
	profile, region, both := strings.Cut(text, "/")
	switch {
	case both:
		return []string{"--profile", profile, "--region", region}
	case awsRegion.MatchString(text):
		return []string{"--region", text}
	default:
		return []string{"--profile", text}
	}
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
			for _, args := range narrowed(args, b) {
				if err := t.run(ctx, cmd, t.scoped(args, scope), b); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// narrowed returns the commands that are run for one that is typed: of network interfaces
// those are listed that belong to the private endpoints that were read, for an account may
// have thousands of others.
func narrowed(args []string, b *inventory.Builder) [][]string {
	at := slices.Index(args, ofEndpoints)
	if at < 0 {
		return [][]string{args}
	}
	var all [][]string
	for ids := range slices.Chunk(b.AWSInterfaces(), mostInFilter) {
		its := slices.Clone(args)
		its[at] = "Name=network-interface-id,Values=" + strings.Join(ids, ",")
		all = append(all, its)
	}
	return all
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
	return slices.Concat(args, t.scope(scope))
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
	if err == nil && readErr == nil {
		return t.heard(cmd, line, stderr.String())
	}
	switch {
	case readErr != nil && !errors.Is(readErr, inventory.ErrNone):
		return readErr
	case err != nil:
		return hint.Add(fmt.Errorf("%s: %w: %s", line, err, lastLine(stderr.String())), fmt.Sprintf("is it signed in, and may it do this? It takes %s", t.needs))
	default:
		return readErr
	}
}

// notAll matches what a tool says that ends well, and has not listed all: gcloud does where
// a region or a zone does not answer.
var notAll = regexp.MustCompile(`(?i)did not succeed|unreachable|incomplete|partial|could not be completed`)

// heard passes on what a tool says beside its output. It is an error if that is not whole: an
// endpoint that is missing could bring a wildcard back.
func (t tool) heard(cmd *cobra.Command, line, said string) error {
	if notAll.MatchString(said) {
		return hint.Add(fmt.Errorf("%s has not listed all: %q", line, strings.Join(strings.Fields(said), " ")), "run it again when all regions answer")
	}
	for text := range strings.Lines(said) {
		if text = strings.TrimSpace(text); text != "" {
			fmt.Fprintf(cmd.ErrOrStderr(), "note: %s says %s\n", t.program, lastLine(text))
		}
	}
	return nil
}

// lastLine returns the last line of what a program says is wrong.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	last := []rune(strings.TrimSpace(lines[len(lines)-1]))
	return fmt.Sprintf("%q", string(last[:min(len(last), 300)]))
}
