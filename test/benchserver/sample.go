//go:build linux

package main

import (
	"slices"
	"time"
)

// sample is what was measured of a server in one round: processor time at full
// load, in microseconds a query, and what dnsperf and the prober saw.
type sample struct {
	user, system float64
	full         outcome
	half         halfLoad
}

func (s sample) total() float64 { return s.user + s.system }

// busy returns how much of its processor the server used at full load, in
// percent. With less than 100 it was dnsperf that could no more.
func (s sample) busy() float64 { return s.total() * s.full.rate / 1e4 }

// perQuery returns microseconds a query.
func perQuery(used time.Duration, queries int) float64 {
	return float64(used.Nanoseconds()) / 1000 / float64(queries)
}

// metric is a figure of a sample.
type metric struct {
	name string
	of   func(sample) float64
}

var (
	cpu  = metric{"processor time a query", sample.total}
	user = metric{"user time a query in µs", func(s sample) float64 { return s.user }}
	p99  = metric{"p99 latency at half load", func(s sample) float64 { return microseconds(s.half.p99) }}
)

func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// median returns the metric's median over the rounds.
func (m metric) median(samples []sample) float64 { return middle(each(samples, m.of)) }

// ratio returns the median, over the rounds, of one server's figure divided by
// another's in the same round.
func (m metric) ratio(samples, others []sample) float64 {
	ratios := make([]float64, len(samples))
	for round := range samples {
		ratios[round] = m.of(samples[round]) / m.of(others[round])
	}
	return middle(ratios)
}

// best returns the one of the reference's servers that has the lowest median of
// the metric, nil if none of them took part.
func (r reference) best(m metric, entrants []*entrant) *entrant {
	var best *entrant
	for _, e := range entrants {
		if slices.Contains(r.of, e.name()) && (best == nil || m.median(e.samples) < m.median(best.samples)) {
			best = e
		}
	}
	return best
}

// loss returns how much of what was sent was not answered, in percent.
func loss(samples []sample, of func(sample) outcome) float64 {
	var sent, lost int
	for _, s := range samples {
		sent += of(s).sent
		lost += of(s).lost
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

// middle returns the median of at least one value.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
