package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe"
	runner "github.com/auralink/auralink/internal/doctor/run"
	"github.com/auralink/auralink/internal/doctor/script"
	"github.com/auralink/auralink/internal/doctor/sheet"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/version"
)

const doctorLong = `Say whether this network is ready to go private: whether every name of the topology
leads over the link of its own region, from where this runs, and whether what is there
speaks TLS, HTTPS and Bolt as Aura does. It says what is wrong, one finding for each
cause, what it means and what to do; docs/doctor.md has an entry for each.

It changes nothing. With credentials it has the official driver read, and begin one
transaction that writes nothing and is rolled back.

What was found can be saved by -o json, and judged again with --from: several files,
one from each network, make one verdict. Without a topology, --name HOST --expect IP
probes one name. Where no binary may be copied, --script writes the same checks for a
shell.`

const doctorExample = `  auralink doctor topology.yaml --vpc apps --database abcd1234
  auralink doctor topology.yaml --user neo4j --password-file - <password.txt
  auralink doctor --name neo4j+s://abcd1234.production-orch-0000.neo4j.io --expect 10.10.10.10
  auralink doctor topology.yaml -o json >apps.json; auralink doctor --from apps.json batch.json
  auralink doctor topology.yaml --watch
  auralink doctor topology.yaml --script sh >check.sh`

func newDoctor() *cobra.Command {
	var flags doctorFlags
	cmd := &cobra.Command{
		Use:     "doctor [TOPOLOGY]",
		Short:   "Say whether this network is ready to go private",
		Long:    doctorLong,
		Example: doctorExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.settle(cmd)
			return runDoctor(cmd, args, flags)
		},
	}
	flags.add(cmd)
	return cmd
}

func runDoctor(cmd *cobra.Command, args []string, flags doctorFlags) error {
	switch {
	case flags.schema:
		_, err := cmd.OutOrStdout().Write(sheet.Schema())
		return err
	case flags.watch > 0 && output(flags.output) != outputText && output(flags.output) != outputJSON:
		return errWatchFormat
	case len(flags.from) > 0 && (flags.name != "" || flags.watch > 0 || flags.script != ""):
		return errTwoPurposes
	case len(flags.from) > 0:
		return judgeAgain(cmd, append(flags.from, args...), output(flags.output))
	}
	x, err := flags.examination(cmd, args)
	switch {
	case err != nil:
		return err
	case flags.script != "":
		return script.Write(cmd.OutOrStdout(), script.Shell(flags.script), &x.subject, &x.asked)
	case flags.list:
		return x.list()
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if flags.watch > 0 {
		return x.watch(ctx, flags.watch, output(flags.output))
	}
	return conclusion(cmd, sheet.New(x.run(ctx)), output(flags.output))
}

// examination returns what is to be probed, and how.
func (f *doctorFlags) examination(cmd *cobra.Command, args []string) (*examination, error) {
	x := &examination{cmd: cmd, timeout: f.timeout, attempt: f.attempt}
	var err error
	if x.subject, err = f.subject(cmd, args); err != nil {
		return nil, err
	}
	if x.asked, err = f.asked(); err != nil {
		return nil, err
	}
	if f.script != "" {
		return x, nil // which asks nobody
	}
	if x.tools, err = f.tools(cmd); err != nil {
		return nil, err
	}
	x.tools.Gate = runner.NewGate(x.asked.PerHost, connectionsInAll)
	return x, x.choose(f.only)
}

// judgeAgain judges what was saved: one network or several.
func judgeAgain(cmd *cobra.Command, paths []string, format output) error {
	var records []doctor.Record
	for _, path := range paths {
		text, err := readText(cmd, path)
		if err != nil {
			return fmt.Errorf("reading what was found: %w", err)
		}
		read, err := sheet.Read(bytes.NewReader(text))
		if err != nil {
			return hint.Add(fmt.Errorf("reading %q: %w", path, err), "auralink doctor TOPOLOGY -o json >"+path)
		}
		for i := range read {
			read[i].Network = networkName(read[i], path)
		}
		records = append(records, read...)
	}
	return conclusion(cmd, sheet.New(records...), format)
}

// networkName is what a network is called where several are judged: its VPC, and the
// file, for several machines may be in one.
func networkName(r doctor.Record, path string) string {
	if r.Subject.VPC == "" {
		return path
	}
	return fmt.Sprintf("VPC %s (%s)", r.Subject.VPC, path)
}

// conclusion prints a document, and returns the error with which the command ends.
func conclusion(cmd *cobra.Command, d sheet.Document, format output) error {
	if err := writeDoctor(cmd, d, format); err != nil {
		return fmt.Errorf("writing what was found: %w", err)
	}
	if d.Worst().Worse("note") {
		return errFindings
	}
	return nil
}

func writeDoctor(cmd *cobra.Command, d sheet.Document, format output) error {
	out := cmd.OutOrStdout()
	switch format {
	case outputJSON:
		return d.WriteJSON(out)
	case outputMarkdown:
		return d.WriteMarkdown(out)
	case outputJUnit:
		return d.WriteJUnit(out)
	default:
		t, isTerminal := out.(terminal)
		return d.WriteText(uncoloured(out), isTerminal && t.painter != nil)
	}
}

// examination is a network and how it is probed.
type examination struct {
	cmd              *cobra.Command
	subject          doctor.Subject
	asked            doctor.Asked
	tools            probe.Tools
	timeout, attempt time.Duration
}

// Bounds of what goes on at once, beside those for a host.
const (
	connectionsInAll = 64
	probesAtOnce     = 256 // most of them wait for a gate
)

// run probes all that was asked for.
func (x *examination) run(ctx context.Context) doctor.Record {
	r := doctor.Record{
		Version: doctor.Version, Auralink: version.String(), From: time.Now(),
		Subject: x.subject, Asked: x.asked,
	}
	shown := newDoctorProgress(x.cmd.ErrOrStderr())
	r.Evidence = runner.Run(ctx, probe.Stages(&x.subject, &x.asked, x.tools), runner.Options{
		AtOnce: probesAtOnce, Timeout: x.timeout, ProbeTimeout: x.attempt, Now: time.Now,
		Wants: x.asked.WantsProbe, Progress: shown.tell,
	})
	shown.done()
	r.To = time.Now()
	return r
}

// errTwoPurposes is the error of flags that exclude each other.
var errTwoPurposes = errors.New("--from judges what was saved, --name probes one name, and a topology says what is probed: they exclude each other")
