//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"time"
)

// load is what dnsperf is to do.
type load struct {
	to       netip.AddrPort
	queries  string // its input file
	edns     bool
	duration time.Duration
	limit    int // queries in a second; 0 for as many as are answered
}

// outcome is what dnsperf says of a run.
type outcome struct {
	sent, completed, lost int
	rate                  float64 // answers in a second
}

// run runs dnsperf.
func (l load) run(ctx context.Context, o options) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*l.duration+10*time.Second)
	defer cancel()
	out, err := command(ctx, clientCPU, "dnsperf", l.args(o)...).CombinedOutput()
	if ctx.Err() != nil {
		return outcome{}, ctx.Err()
	}
	if err != nil {
		return outcome{}, fmt.Errorf("running dnsperf: %w\n%s", err, out)
	}
	return parseDnsperf(string(out))
}

func (l load) args(o options) []string {
	args := []string{
		"-s", l.to.Addr().String(), "-p", strconv.Itoa(int(l.to.Port())), "-d", l.queries,
		"-l", fmt.Sprint(l.duration.Seconds()), "-t", "2",
		"-c", strconv.Itoa(o.clients), "-q", strconv.Itoa(o.queries),
	}
	if l.limit > 0 {
		args = append(args, "-Q", strconv.Itoa(l.limit))
	}
	if l.edns {
		args = append(args, "-e")
	}
	return args
}

var (
	sentLine      = regexp.MustCompile(`(?m)^\s*Queries sent:\s+(\d+)`)
	completedLine = regexp.MustCompile(`(?m)^\s*Queries completed:\s+(\d+)`)
	lostLine      = regexp.MustCompile(`(?m)^\s*Queries lost:\s+(\d+)`)
	rateLine      = regexp.MustCompile(`(?m)^\s*Queries per second:\s+(\d+(?:\.\d+)?)`)
	codesLine     = regexp.MustCompile(`(?m)^\s*Response codes:\s+(.*)$`)
	onlySuccess   = regexp.MustCompile(`^NOERROR \d+ \(100\.00%\)\s*$`)
)

// parseDnsperf reads dnsperf's summary. A response code other than NOERROR is an
// error: such a server did not do the same work.
func parseDnsperf(out string) (outcome, error) {
	var o outcome
	var errs [4]error
	o.sent, errs[0] = strconv.Atoi(group(sentLine, out))
	o.completed, errs[1] = strconv.Atoi(group(completedLine, out))
	o.lost, errs[2] = strconv.Atoi(group(lostLine, out))
	o.rate, errs[3] = strconv.ParseFloat(group(rateLine, out), 64)
	if err := errors.Join(errs[:]...); err != nil {
		return outcome{}, fmt.Errorf("reading dnsperf's summary: %w\n%s", err, out)
	}
	if o.completed == 0 {
		return outcome{}, fmt.Errorf("no query was answered:\n%s", out)
	}
	if codes := group(codesLine, out); !onlySuccess.MatchString(codes) {
		return outcome{}, fmt.Errorf("response codes %q, want NOERROR alone", codes)
	}
	return o, nil
}

// group returns what the expression's group matched, "" for nothing.
func group(expression *regexp.Regexp, text string) string {
	match := expression.FindStringSubmatch(text)
	if match == nil {
		return ""
	}
	return match[1]
}
