//go:build linux

// Command benchserver measures the processor time that DNS servers need for a
// query, side by side: the plugin auralink with CoreDNS's own file, template and
// hosts, all in bin/coredns, and with -field peers also with other people's
// servers and with the floor, a C program that only echoes.
//
// It starts all of them on loopback, with the same names, which auralink itself
// has exported, and has dnsperf ask them in turn, round after round: what else the
// machine does then falls on all alike. Each server is tied to one processor and
// dnsperf to another, where there are two. Processor time is the kernel's account
// of all processes of the server, divided by the answers that dnsperf got; how
// long answers take is measured at half of the load that the server can take.
// Before it is measured a server must have given the right answers.
//
// With -alone each then runs by itself in a network of its own, over a veth pair:
// asked by 200 client addresses, a thousand times a second, and not at all.
//
// Run it with: make bench-server, make bench-peers
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	field      string
	coredns    string
	only       string
	rounds     int
	seconds    float64
	warmUp     float64
	endpoints  int
	vpcs       int
	edns       bool
	clients    int
	queries    int
	prometheus bool
	chart      string
	reload     float64
	alone      bool
	idle       float64
}

func main() {
	var o options
	flag.StringVar(&o.field, "field", "plugins", "what to compare: "+fieldNames())
	flag.StringVar(&o.coredns, "coredns", "bin/coredns", "the server that has our plugin")
	flag.StringVar(&o.only, "only", "", "compare only the servers whose names match this regular expression")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each server is measured")
	flag.Float64Var(&o.seconds, "seconds", 5, "how long each time, in seconds, at full load and again at half")
	flag.Float64Var(&o.warmUp, "warm-up", 1, "how long each server is asked before anything counts, in seconds")
	flag.IntVar(&o.endpoints, "endpoints", 1000, "custom endpoints, of which each has five names")
	flag.IntVar(&o.vpcs, "vpcs", 1, "VPCs; the queries come from the first")
	flag.BoolVar(&o.edns, "edns", false, "ask with EDNS")
	flag.IntVar(&o.clients, "clients", 4, "sockets that dnsperf asks from")
	flag.IntVar(&o.queries, "outstanding", 100, "queries that dnsperf has under way at a time")
	flag.BoolVar(&o.prometheus, "prometheus", false, "put the prometheus plugin into each CoreDNS, too")
	flag.StringVar(&o.chart, "chart", "", "write a chart to this file, an SVG")
	flag.Float64Var(&o.reload, "reload", 0, "instead of comparing, have ours at half load for so many seconds and change its topology every second")
	flag.BoolVar(&o.alone, "alone", false, "then measure each server alone, over a veth pair (needs root): asked by 200 addresses, seldom and not at all")
	flag.Float64Var(&o.idle, "idle", 60, "with -alone, how long the idle servers are watched, in seconds: they wake a few times in each, and in a short time single wakes decide the figure")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, o)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "benchserver: error: %v\n", err)
		os.Exit(2)
	}
}

func fieldNames() string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		names = append(names, fmt.Sprintf("%s (%s)", name, fields[name].summary))
	}
	return strings.Join(names, ", ")
}

// run measures and prints. However it ends, it leaves no server and no file. A
// server that was disqualified is an error once the others are measured.
func run(ctx context.Context, w io.Writer, o options) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	// The servers are killed when the thread that started them ends, and threads
	// of the prober do end.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if o.coredns, err = filepath.Abs(o.coredns); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "benchserver")
	if err != nil {
		return fmt.Errorf("making a directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c, list, err := newContest(ctx, dir, fields[o.field], o)
	if err != nil {
		return err
	}
	defer c.stop()
	if err := c.start(list); err != nil {
		return err
	}
	wrong := c.disqualify(ctx)
	if len(c.entrants) == 0 {
		return errors.Join(wrong, errors.New("there is no server to measure"))
	}
	if o.reload > 0 {
		return errors.Join(wrong, c.reload(ctx, w, seconds(o.reload)))
	}
	if err := errors.Join(wrong, c.compare(ctx, w)); err != nil || !o.alone {
		return err
	}
	there := c.takingPart(list)
	c.stop()
	return c.measureAlone(ctx, w, there)
}

// compare measures round after round and tells.
func (c *contest) compare(ctx context.Context, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, c.longest())
	defer cancel()
	before, err := c.usage()
	if err != nil {
		return err
	}
	for round := range c.rounds {
		if err := c.measure(ctx, round); err != nil {
			return err
		}
	}
	after, err := c.usage()
	if err != nil {
		return err
	}
	on := thisMachine()
	if err := c.print(w, fields[c.field], on, after.disturbanceSince(before)); err != nil {
		return err
	}
	if c.chart == "" {
		return nil
	}
	var chart strings.Builder
	if err := c.draw(&chart, on); err != nil {
		return err
	}
	if err := os.WriteFile(c.chart, []byte(chart.String()), 0o644); err != nil {
		return fmt.Errorf("writing the chart: %w", err)
	}
	fmt.Fprintf(c.log, "the chart is in %s\n", c.chart)
	return nil
}

// startTime is how long the servers may take to start: a million endpoints are
// loaded several times, on one processor.
const startTime = 5 * time.Minute

// check finds what is missing before anything is started.
func (o options) check() error {
	if o.rounds < 1 || o.endpoints < 1 || o.vpcs < 1 || o.clients < 1 || o.queries < 1 {
		return errors.New("every number must be at least 1")
	}
	if least := (3 * settling).Seconds(); o.seconds < least || o.warmUp < 0 || o.reload < 0 || o.alone && o.idle <= 0 {
		return fmt.Errorf("a time is too short: -seconds must be at least %g, and -idle above 0", least)
	}
	if _, ok := fields[o.field]; !ok {
		return fmt.Errorf("unknown field %q, want one of: %s", o.field, fieldNames())
	}
	if _, err := regexp.Compile(o.only); err != nil {
		return fmt.Errorf("reading -only: %w", err)
	}
	if _, err := os.Stat(o.coredns); err != nil {
		return fmt.Errorf("looking for the server (make build makes it): %w", err)
	}
	if _, err := exec.LookPath("dnsperf"); err != nil {
		return fmt.Errorf("looking for dnsperf (install the Debian package dnsperf): %w", err)
	}
	return nil
}

// wants reports whether a server is to take part.
func (o options) wants(name string) bool {
	if o.reload > 0 && !strings.HasPrefix(name, oursFast) && o.field != "sizes" {
		return false
	}
	return regexp.MustCompile(o.only).MatchString(name)
}

func seconds(of float64) time.Duration { return time.Duration(of * float64(time.Second)) }

// longest bounds the measuring: each run may take as long again as it should, and
// more where dnsperf waits for the last answers.
func (c *contest) longest() time.Duration {
	one := 2*(seconds(c.seconds)+seconds(c.warmUp)) + 10*time.Second
	return 2 * time.Duration(c.rounds*len(c.entrants)) * one
}
