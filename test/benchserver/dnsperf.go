//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// load is what dnsperf says of a run.
type load struct {
	sent, completed, lost int
	rate                  float64 // answers in a second
}

// runDnsperf asks the server for so many seconds, as fast as it answers.
func runDnsperf(ctx context.Context, s *server, queries string, seconds int, o options) (load, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(2*seconds+10)*time.Second)
	defer cancel()
	cmd := command(ctx, dnsperfCPU, "dnsperf",
		"-s", "127.0.0.1", "-p", strconv.Itoa(s.port), "-d", queries,
		"-l", strconv.Itoa(seconds), "-t", "2",
		"-c", strconv.Itoa(o.clients), "-q", strconv.Itoa(o.queries))
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return load{}, ctx.Err()
	}
	if err != nil {
		return load{}, fmt.Errorf("running dnsperf: %w\n%s", err, out)
	}
	return parseDnsperf(string(out))
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
func parseDnsperf(out string) (load, error) {
	var l load
	var errs [4]error
	l.sent, errs[0] = strconv.Atoi(group(sentLine, out))
	l.completed, errs[1] = strconv.Atoi(group(completedLine, out))
	l.lost, errs[2] = strconv.Atoi(group(lostLine, out))
	l.rate, errs[3] = strconv.ParseFloat(group(rateLine, out), 64)
	if err := errors.Join(errs[:]...); err != nil {
		return load{}, fmt.Errorf("reading dnsperf's summary: %w\n%s", err, out)
	}
	if l.completed == 0 {
		return load{}, fmt.Errorf("no query was answered:\n%s", out)
	}
	if codes := group(codesLine, out); !onlySuccess.MatchString(codes) {
		return load{}, fmt.Errorf("response codes %q, want NOERROR alone", codes)
	}
	return l, nil
}

// group returns what the expression's group matched, "" for nothing.
func group(expression *regexp.Regexp, text string) string {
	match := expression.FindStringSubmatch(text)
	if match == nil {
		return ""
	}
	return match[1]
}
