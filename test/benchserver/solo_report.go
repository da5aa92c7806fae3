//go:build linux

package main

import (
	"fmt"
	"io"
)

// soloFigure is a figure of a server that runs alone.
type soloFigure struct {
	name, format string
	of           func(soloSample) float64
}

var (
	crowdTime   = soloFigure{"µs a query, 200 clients", "%.2f", func(s soloSample) float64 { return s.crowd }}
	fewTime     = soloFigure{"µs a query at 1,000/s", "%.1f", func(s soloSample) float64 { return s.few }}
	fewSwitches = soloFigure{"switches a query at 1,000/s", "%.2f", func(s soloSample) float64 { return s.fewSwitches }}
	idle        = soloFigure{"switches/s idle", "%.1f", func(s soloSample) float64 { return s.idle }}
	startUp     = soloFigure{"ms to the first answer", "%.0f", soloSample.start}
	memory      = soloFigure{"MiB", "%.1f", func(s soloSample) float64 { return s.memory }}
)

// start returns the median of a round's starts, in milliseconds.
func (s soloSample) start() float64 {
	values := make([]float64, len(s.starts))
	for i, took := range s.starts {
		values[i] = microseconds(took) / 1000
	}
	return middle(values)
}

// soloFigures are the columns of the table.
var soloFigures = []soloFigure{crowdTime, fewTime, fewSwitches, idle, startUp, memory}

// median returns the figure's median over the rounds.
func (f soloFigure) median(samples []soloSample) float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = f.of(s)
	}
	return middle(values)
}

// printAlone writes the table, in Markdown, and what ours is to reach.
func (c *contest) printAlone(w io.Writer, runs []*solo) error {
	fmt.Fprintf(w, "Each server alone, over a veth pair, asked by %d addresses that have one query each under way;\n"+
		"context switches of all its threads; medians of %d rounds of %g s. Queries are answered by one processor;\n"+
		"its starts, %d a round, and %s in which no server is asked, are on all of them.\n\n", clientCount, c.rounds, c.seconds, startsEach, seconds(c.idle))
	rows := [][]string{{"server"}}
	for _, f := range soloFigures {
		rows[0] = append(rows[0], f.name)
	}
	rows[0] = append(rows[0], "unanswered")
	for _, one := range runs {
		if len(one.samples) > 0 {
			rows = append(rows, one.row())
		}
	}
	fmt.Fprintln(w, markdown(rows))
	for _, line := range soloVerdicts(runs) {
		fmt.Fprintln(w, line)
	}
	return nil
}

// row returns a server's line of the table.
func (a *solo) row() []string {
	row := []string{a.peer.Name}
	for _, f := range soloFigures {
		row = append(row, fmt.Sprintf(f.format, f.median(a.samples)))
	}
	unanswered := 0
	for _, s := range a.samples {
		unanswered += s.unanswered
	}
	return append(row, fmt.Sprint(unanswered))
}

// What ours is to reach at most: a start in milliseconds, context switches a query
// at a low rate, and those of an idle server beyond CoreDNS's own.
const (
	startGoal    = 20
	switchesGoal = 1.25
	idleGoal     = 0.5
)

// soloVerdicts says whether ours reaches its goals; nothing of those for which
// somebody did not take part.
func soloVerdicts(runs []*solo) (lines []string) {
	ours, plain := samplesOf(runs, oursFast), samplesOf(runs, file)
	if len(ours) == 0 {
		return nil
	}
	lines = append(lines, verdict(startUp, ours, startGoal), verdict(fewSwitches, ours, switchesGoal))
	if len(plain) > 0 {
		lines = append(lines, verdict(idle, ours, idle.median(plain)+idleGoal))
	}
	return lines
}

// samplesOf returns what was measured of a server.
func samplesOf(runs []*solo, name string) []soloSample {
	for _, one := range runs {
		if one.peer.Name == name {
			return one.samples
		}
	}
	return nil
}

func verdict(f soloFigure, ours []soloSample, atMost float64) string {
	value, word := f.median(ours), "met"
	if value > atMost {
		word = "NOT met"
	}
	return fmt.Sprintf("%s: %s: %.2f, to be at most %.2f: %s", oursFast, f.name, value, atMost, word)
}
