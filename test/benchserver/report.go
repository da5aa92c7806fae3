//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// sample is one run's figures: processor time in microseconds a query, and
// answers in a second.
type sample struct {
	user, system, rate float64
	sent, lost         int
}

func (s sample) total() float64 { return s.user + s.system }

// perQuery returns microseconds a query.
func perQuery(used time.Duration, queries int) float64 {
	return float64(used.Nanoseconds()) / 1000 / float64(queries)
}

// print writes the table and whether ours needs the least.
func (c *contest) print(w io.Writer) error {
	fmt.Fprintf(w, "\nProcessor time a query, %d names of custom endpoints, A over UDP: medians of %d rounds of %d s\n\n",
		len(c.names.owners), c.rounds, c.seconds)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "plugin\tuser µs\tsystem µs\ttotal µs\tlowest\thighest\tqueries/s\tlost\tauralink/this\t")
	for i, s := range c.servers {
		samples := c.samples[i]
		fmt.Fprintf(table, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%.3f%%\t%.2f\t\n", s.plugin,
			median(samples, func(s sample) float64 { return s.user }),
			median(samples, func(s sample) float64 { return s.system }),
			median(samples, sample.total),
			slices.Min(each(samples, sample.total)), slices.Max(each(samples, sample.total)),
			median(samples, func(s sample) float64 { return s.rate }),
			loss(samples), c.ratio(i))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for i, s := range c.servers[1:] {
		verdict := "not above"
		if c.ratio(i+1) > 1 {
			verdict = "ABOVE"
		}
		fmt.Fprintf(w, "auralink is %s %s\n", verdict, s.plugin)
	}
	return nil
}

// ratio returns the median, over the rounds, of our processor time divided by
// the server's in the same round.
func (c *contest) ratio(server int) float64 {
	ratios := make([]float64, len(c.samples[server]))
	for round, s := range c.samples[server] {
		ratios[round] = c.samples[0][round].total() / s.total()
	}
	return middle(ratios)
}

// loss returns how much of what was sent was not answered, in percent.
func loss(samples []sample) float64 {
	var sent, lost int
	for _, s := range samples {
		sent += s.sent
		lost += s.lost
	}
	return 100 * float64(lost) / float64(sent)
}

func each(samples []sample, of func(sample) float64) []float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return values
}

func median(samples []sample, of func(sample) float64) float64 { return middle(each(samples, of)) }

// middle returns the median of at least one value.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
