//go:build linux

package main

import (
	"context"
	"time"
)

// halfLoad is what was seen at half of the load that a server can take.
type halfLoad struct {
	outcome
	probes, unanswered int
	p50, p99           time.Duration
}

// settling is how long dnsperf needs to begin; the prober begins after it and
// ends, with the time that the last answers have, before dnsperf does.
const settling = 100 * time.Millisecond

// atHalf has dnsperf ask at half of a rate, and the prober beside it.
func (c *contest) atHalf(ctx context.Context, e *entrant, rate float64, duration time.Duration) (halfLoad, error) {
	p, err := newProber(e.server.Addr, e.names, e.edns)
	if err != nil {
		return halfLoad{}, err
	}
	defer p.close()
	// The prober is what runs beside: dnsperf would be killed when the thread that
	// started it ends.
	probed := make(chan halfLoad, 1)
	go func() {
		time.Sleep(settling)
		latencies, lost := p.probe(ctx, duration-2*settling)
		seen := halfLoad{probes: len(latencies), unanswered: lost}
		if len(latencies) > 0 {
			seen.p50, seen.p99 = percentile(latencies, 50), percentile(latencies, 99)
		}
		probed <- seen
	}()
	out, err := e.load(duration, max(1, int(rate/2))).run(ctx, c.options)
	seen := <-probed
	seen.outcome = out
	return seen, err
}
