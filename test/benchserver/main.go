//go:build linux

// Command benchserver measures the processor time that bin/coredns needs for a
// query, side by side for four ways of serving the same names: the plugin
// auralink, and CoreDNS's own file, template and hosts.
//
// It starts all four on loopback, each with the same plugins otherwise, and has
// dnsperf ask them in turn, round after round: what else the machine does then
// falls on all alike. The servers are tied to one processor and dnsperf to
// another, where there are two. Processor time is the kernel's account of the
// server's process, divided by the answers that dnsperf got.
//
// Run it with: make bench-server
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	coredns    string
	rounds     int
	seconds    int
	endpoints  int
	clients    int
	queries    int
	prometheus bool
}

func main() {
	// The servers get a signal when the thread that started them ends, which
	// must therefore be the main one.
	runtime.LockOSThread()
	var o options
	flag.StringVar(&o.coredns, "coredns", "bin/coredns", "the server to measure")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each way is measured")
	flag.IntVar(&o.seconds, "seconds", 5, "how long each time, in seconds")
	flag.IntVar(&o.endpoints, "endpoints", 1000, "custom endpoints, of which each has five names")
	flag.IntVar(&o.clients, "clients", 4, "sockets that dnsperf asks from")
	flag.IntVar(&o.queries, "outstanding", 100, "queries that dnsperf has under way at a time")
	flag.BoolVar(&o.prometheus, "prometheus", false, "put the prometheus plugin into each server, too")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "benchserver: error: %v\n", err)
		os.Exit(2)
	}
}

// run measures and prints. However it ends, it leaves no server and no file.
func run(ctx context.Context, o options) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, o.longest())
	defer cancel()
	dir, err := os.MkdirTemp("", "benchserver")
	if err != nil {
		return fmt.Errorf("making a directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c, err := newContest(dir, o)
	if err != nil {
		return err
	}
	defer c.stop()
	if err := c.start(ctx); err != nil {
		return err
	}
	if err := c.compare(ctx); err != nil {
		return err
	}
	for round := range o.rounds {
		if err := c.measure(ctx, round); err != nil {
			return err
		}
	}
	return c.print(os.Stdout)
}

// check finds what is missing before anything is started.
func (o options) check() error {
	if o.rounds < 1 || o.seconds < 1 || o.endpoints < 1 || o.clients < 1 || o.queries < 1 {
		return errors.New("every number must be at least 1")
	}
	if _, err := os.Stat(o.coredns); err != nil {
		return fmt.Errorf("looking for the server (make build makes it): %w", err)
	}
	if _, err := exec.LookPath("dnsperf"); err != nil {
		return fmt.Errorf("looking for dnsperf (install the Debian package dnsperf): %w", err)
	}
	return nil
}

// longest bounds the whole run: each measurement may take as long again as it
// should, and starting and comparing a minute.
func (o options) longest() time.Duration {
	return time.Minute + time.Duration(2*(o.rounds*o.seconds+warmUp)*len(ways))*time.Second
}
