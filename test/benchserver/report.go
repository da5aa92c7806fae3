//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// print writes the table, in Markdown, and what ours is to reach.
func (c *contest) print(w io.Writer, f field, on machine, by disturbance) error {
	fmt.Fprintf(w, "%s\n\n", c.heading(on, by))
	rows := [][]string{f.columns()}
	for _, e := range c.entrants {
		rows = append(rows, c.row(e, f.references))
	}
	fmt.Fprintln(w, markdown(rows))
	for _, line := range c.skipped {
		fmt.Fprintln(w, line)
	}
	for _, g := range f.goals {
		for _, line := range c.verdicts(g) {
			fmt.Fprintln(w, line)
		}
	}
	if c.after != nil {
		fmt.Fprintln(w, c.after())
	}
	return nil
}

// heading says what was measured, where and when.
func (c *contest) heading(on machine, by disturbance) string {
	kind := "A over UDP"
	if c.edns {
		kind += " with EDNS"
	}
	return fmt.Sprintf("Processor time a query: %s; medians of %d rounds of %g s at full load and %g s at half;\n%s. %s",
		kind, c.rounds, c.seconds, c.seconds, on, by)
}

// columns returns the head of the table.
func (f field) columns() []string {
	columns := []string{
		"server", "user µs", "system µs", "total µs", "lowest–highest", "queries/s", "busy", "lost",
		"p50 µs", "p99 µs", "lost at half",
	}
	for _, r := range f.references {
		columns = append(columns, "/ "+r.name)
	}
	return columns
}

// row returns a server's line of the table.
func (c *contest) row(e *entrant, references []reference) []string {
	of := func(format string, get func(sample) float64) string {
		return fmt.Sprintf(format, middle(each(e.samples, get)))
	}
	totals := each(e.samples, sample.total)
	row := []string{
		e.name(),
		of("%.2f", user.of),
		of("%.2f", func(s sample) float64 { return s.system }),
		of("%.2f", sample.total),
		fmt.Sprintf("%.2f–%.2f", slices.Min(totals), slices.Max(totals)),
		of("%.0f", func(s sample) float64 { return s.full.rate }),
		of("%.0f %%", sample.busy),
		fmt.Sprintf("%.3f %%", loss(e.samples, func(s sample) outcome { return s.full })),
		of("%.0f", func(s sample) float64 { return microseconds(s.half.p50) }),
		of("%.0f", p99.of),
		fmt.Sprintf("%.3f %%", loss(e.samples, func(s sample) outcome { return s.half.outcome })),
	}
	for _, r := range references {
		cell := ""
		if best := r.best(cpu, c.entrants); best != nil {
			cell = fmt.Sprintf("%.2f", cpu.ratio(e.samples, best.samples))
		}
		row = append(row, cell)
	}
	return row
}

// markdown returns rows, of which the first is the head, as a table that can be
// read as it is. All columns but the first are numbers.
func markdown(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var b strings.Builder
	for i, row := range rows {
		for column, cell := range row {
			pad := strings.Repeat(" ", widths[column]-utf8.RuneCountInString(cell))
			if column == 0 {
				fmt.Fprintf(&b, "| %s%s |", cell, pad)
			} else {
				fmt.Fprintf(&b, " %s%s |", pad, cell)
			}
		}
		b.WriteByte('\n')
		if i == 0 {
			b.WriteString(rule(widths))
		}
	}
	return b.String()
}

// rule returns the line below the head.
func rule(widths []int) string {
	var b strings.Builder
	for column, width := range widths {
		if column == 0 {
			b.WriteString("|" + strings.Repeat("-", width+2) + "|")
		} else {
			b.WriteString(strings.Repeat("-", width+1) + ":|")
		}
	}
	return b.String() + "\n"
}

// goal is what a figure of ours is to be at most: a multiple of a reference's, or
// by itself where there is no reference.
type goal struct {
	metric metric
	than   reference
	atMost float64
	all    bool // all servers are ours, not the first alone
}

// verdicts says of ours whether they reach a goal; nothing if what they are to be
// compared with did not take part.
func (c *contest) verdicts(g goal) []string {
	var lines []string
	for i, e := range c.entrants {
		if i > 0 && !g.all {
			break
		}
		what, value := g.metric.name, g.metric.median(e.samples)
		if g.than.name != "" {
			best := g.than.best(g.metric, c.entrants)
			if best == nil || best == e {
				continue
			}
			what += " / " + g.than.name
			if len(g.than.of) > 1 {
				what += " (" + best.name() + ")"
			}
			value = g.metric.ratio(e.samples, best.samples)
		}
		verdict := "met"
		if value > g.atMost {
			verdict = "NOT met"
		}
		lines = append(lines, fmt.Sprintf("%s: %s: %.2f, to be at most %.2f: %s", e.name(), what, value, g.atMost, verdict))
	}
	return lines
}
