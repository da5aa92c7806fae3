package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe"
	"github.com/auralink/auralink/internal/doctor/probe/dnsprobe"
	"github.com/auralink/auralink/internal/doctor/script"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inputfile"
)

// doctorFlags are the flags of doctor.
type doctorFlags struct {
	vpc, output, user, passwordFile, ca, name, script string
	servers, databases, only, expect, from, public    []string
	ports                                             []uint
	atOnce                                            int
	timeout, attempt, watch, idle                     time.Duration
	private, schema, list                             bool

	timeoutGiven bool // by the user
}

// settle fills in what depends on which flags were given: silence takes its time.
func (f *doctorFlags) settle(cmd *cobra.Command) {
	f.timeoutGiven = cmd.Flags().Changed("timeout")
	if !f.timeoutGiven && f.idle > 0 {
		f.timeout += f.idle
	}
}

// add adds the flags to the command.
func (f *doctorFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	outputFlag(cmd, &f.output, outputText, outputJSON, outputJUnit, outputMarkdown)
	vpcFlag(cmd, &f.vpc, "the `VPC`; may be left out where there is only one")
	flags.StringArrayVar(&f.servers, "server", nil, "a name `SERVER` to ask beside the machine's: HOST[:PORT], tls://..., https://..., or system for the machine's way alone")
	flags.StringSliceVar(&f.databases, "database", nil, "the `DBID` of a database, or its URI, to be tried by name")
	flags.StringVar(&f.user, "user", "neo4j", "the `USER` for sessions")
	flags.StringVar(&f.passwordFile, "password-file", "", "the `FILE` with the user's password, - for standard input; without it no session is tried")
	flags.UintSliceVar(&f.ports, "ports", []uint{doctor.PortHTTPS, doctor.PortBolt, doctor.PortHTTP}, "the `PORTS` of the links; 8491 is AuraDS's")
	flags.StringSliceVar(&f.only, "only", nil, "probe no other `GROUP` or probe than this: "+kindList()+", or a name that --list prints (* stands for anything)")
	flags.BoolVar(&f.list, "list", false, "print the probes, and what each proves, and run none")
	flags.StringVar(&f.ca, "ca", "", "a PEM `FILE` of authorities to trust instead of the system's")
	flags.DurationVar(&f.timeout, "timeout", 2*time.Minute, "`TIME`, such as 90s, after which all ends, with a verdict on what there is; that of --idle comes on top")
	flags.DurationVar(&f.attempt, "attempt-timeout", 5*time.Second, "`TIME`, such as 5s, that one attempt may take")
	flags.IntVar(&f.atOnce, "at-once", 8, "`N` connections at once to one address")
	flags.DurationVar(&f.watch, "watch", 0, "go on, probing every `INTERVAL`, such as 10s, and print what changes")
	flags.DurationVar(&f.idle, "idle", 0, "see how long silent connections live, up to `TIME`, such as 10m")
	flags.BoolVar(&f.private, "expect-private", false, "public traffic is off: see that public addresses let nobody in")
	flags.StringSliceVar(&f.public, "public-server", []string{"1.1.1.1", "8.8.8.8"}, "a `SERVER` that has the public addresses, for --expect-private")
	flags.StringVar(&f.name, "name", "", "probe this `HOST` or URI alone, without a topology")
	flags.StringSliceVar(&f.expect, "expect", nil, "the `IP` addresses to which --name must lead")
	flags.StringArrayVar(&f.from, "from", nil, "judge a `FILE` again that doctor -o json has written; more may follow")
	flags.StringVar(&f.script, "script", "", "write the checks for a `SHELL` where no binary may be copied: sh, powershell")
	flags.BoolVar(&f.schema, "schema", false, "print the JSON Schema of -o json")
	flags.Lookup("watch").NoOptDefVal = "10s"
	flags.Lookup("idle").NoOptDefVal = "1h"
	// The flags were just defined, so that completions can be registered for them.
	_ = cmd.RegisterFlagCompletionFunc("only", cobra.FixedCompletions(kindNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("script", cobra.FixedCompletions(script.Names(), cobra.ShellCompDirectiveNoFileComp))
}

// withTimes joins flags whose time may be left out with the time that follows them:
// pflag takes "--watch 5s" for a flag without one, and an argument.
func withTimes(args []string) []string {
	if len(args) == 0 || args[0] != "doctor" {
		return args
	}
	var joined []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if (arg == "--watch" || arg == "--idle") && i+1 < len(args) {
			_, notTime := time.ParseDuration(args[i+1])
			_, notNumber := strconv.Atoi(args[i+1]) // of which pflag says what it lacks
			if notTime == nil || notNumber == nil {
				i++
				arg += "=" + args[i]
			}
		}
		joined = append(joined, arg)
	}
	return joined
}

func kindNames() []string {
	var names []string
	for _, kind := range doctor.Kinds() {
		names = append(names, string(kind))
	}
	return names
}

func kindList() string { return strings.Join(kindNames(), ", ") }

// asked returns what the flags ask for.
func (f *doctorFlags) asked() (doctor.Asked, error) {
	a := doctor.Asked{
		Credentials: f.passwordFile != "", Idle: f.idle > 0, IdleSeconds: int(f.idle.Seconds()),
		ExpectPrivate: f.private, PerHost: f.atOnce,
		TimeoutSeconds: f.timeout.Seconds(), ProbeSeconds: f.attempt.Seconds(),
	}
	for _, port := range f.ports {
		if port == 0 || port > 65535 {
			return a, hint.Add(fmt.Errorf("--ports %d is no port", port), "a port from 1 to 65535, such as 7687")
		}
		a.Ports = append(a.Ports, uint16(port))
	}
	if f.script != "" && !slices.Contains(script.Names(), f.script) {
		return a, hint.Add(fmt.Errorf("unknown shell %q", f.script), among("--script", f.script, script.Names()))
	}
	if err := f.checkBounds(); err != nil {
		return a, err
	}
	var err error
	if a.Databases, err = f.databaseHosts(); err != nil {
		return a, err
	}
	if a.Servers, err = serverAddresses("--server", f.servers); err != nil {
		return a, err
	}
	if f.private {
		a.PublicServers, err = serverAddresses("--public-server", f.public)
	}
	return a, err
}

// checkBounds refuses times and numbers with which nothing can be probed.
func (f *doctorFlags) checkBounds() error {
	switch {
	case f.atOnce < 1 || f.timeout <= 0 || f.attempt <= 0 || f.watch < 0 || f.idle < 0:
		return errors.New("--at-once, --timeout, --attempt-timeout, --watch and --idle take what is above 0")
	case f.idle > 0 && f.timeoutGiven && f.timeout <= f.idle:
		return hint.Add(fmt.Errorf("--timeout %s ends before connections were silent for --idle %s", f.timeout, f.idle), "leave --timeout out, or give more than "+f.idle.String())
	default:
		return nil
	}
}

// serverAddresses completes name servers with their ports.
func serverAddresses(flag string, texts []string) ([]string, error) {
	var servers []string
	for _, text := range texts {
		if text == "system" {
			servers = append(servers, text)
			continue
		}
		server, err := dnsprobe.ParseServer(text)
		if err != nil {
			return nil, hint.Add(fmt.Errorf("%s: %w", flag, err), hint.Of(err)+"; or system, for the machine's way alone")
		}
		servers = append(servers, server.String())
	}
	return servers, nil
}

// tools returns what only probes may know: authorities and credentials.
func (f *doctorFlags) tools(cmd *cobra.Command) (probe.Tools, error) {
	tools := probe.Tools{User: f.user}
	if f.ca != "" {
		pem, err := inputfile.Read(f.ca, inputfile.MaxAuthorities)
		if err != nil {
			return tools, fmt.Errorf("reading --ca: %w", err)
		}
		tools.Roots = x509.NewCertPool()
		if !tools.Roots.AppendCertsFromPEM(pem) {
			return tools, fmt.Errorf("--ca %q has no certificate in PEM", f.ca)
		}
	}
	if f.passwordFile == "" {
		return tools, nil
	}
	withoutCores()
	var err error
	tools.Password, err = passwordOf(cmd, f.passwordFile)
	return tools, err
}

// maxPassword bounds what is read of a file that is named by mistake, in octets.
const maxPassword = 4096

// passwordOf returns what reads the password. A file is read each time, so that the
// password is not kept; standard input and a pipe can be read but once.
func passwordOf(cmd *cobra.Command, path string) (func() (string, error), error) {
	read := func() (string, error) {
		file, err := inputfile.Open(path)
		if err != nil {
			return "", err
		}
		defer file.Close()
		text, err := readPassword(file)
		return string(text), err
	}
	if path == stdin {
		read = func() (string, error) {
			text, err := readPassword(cmd.InOrStdin())
			return string(text), err
		}
	}
	password, err := read()
	if err != nil {
		return nil, fmt.Errorf("reading the password: %w", err)
	}
	if info, err := os.Stat(path); path != stdin && err == nil && info.Mode().IsRegular() {
		return read, nil
	}
	return func() (string, error) { return password, nil }, nil
}

// readPassword reads the first line.
func readPassword(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxPassword))
	if err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return nil, errors.New("it is empty")
	}
	return []byte(line), nil
}
