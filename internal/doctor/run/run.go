// Package run runs the probes of package doctor: side by side, within bounds, and to an
// end in time whatever the network does.
//
// It knows no probe and judges nothing.
package run

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/doctor"
)

// Options say how probes are run.
type Options struct {
	// AtOnce is how many probes run at the same time. Most of them wait for a gate.
	AtOnce int
	// Timeout bounds the whole run. ProbeTimeout is how long one attempt of a probe
	// may take: one that was ended by the run's end before that says nothing.
	Timeout, ProbeTimeout time.Duration
	// Now is the clock.
	Now func() time.Time
	// Wants says which probes are run; nil: all.
	Wants func(doctor.Probe) bool
	// Progress is told after each probe, by one goroutine at a time; it may be nil.
	Progress func(Progress)
}

// Progress is how far a run is.
type Progress struct {
	// Done and Total count probes; Total grows with the stages.
	Done, Total int
	// Last is the probe that has just ended.
	Last doctor.Evidence
}

// grace is how long probes have to end when the time is over.
const grace = 2 * time.Second

// Run runs the probes of all stages, one stage after another, and returns the evidence
// in the order in which the stages listed the probes. It ends within the time-out and
// a moment: probes that had no time, or do not end, are evidence of that.
func Run(ctx context.Context, stages []doctor.Stage, o Options) []doctor.Evidence {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	r := &runner{Options: o}
	for _, stage := range stages {
		r.stage(ctx, stage)
	}
	return r.evidence
}

// runner is one run.
type runner struct {
	Options
	evidence []doctor.Evidence

	mu          sync.Mutex
	done, total int
}

// stage runs the probes of one stage, and adds what they bring.
func (r *runner) stage(ctx context.Context, stage doctor.Stage) {
	var probes []doctor.Probe
	for _, p := range stage(r.evidence) {
		if r.Wants == nil || r.Wants(p) {
			probes = append(probes, p)
		}
	}
	r.total += len(probes)
	results := make([]doctor.Evidence, len(probes))
	indexes := make(chan int)
	var group sync.WaitGroup
	for range min(r.AtOnce, len(probes)) {
		group.Go(func() {
			for i := range indexes {
				e := r.probe(ctx, probes[i])
				results[i] = e
				r.tell(e)
			}
		})
	}
	for i := range probes {
		indexes <- i // those that come after the end return at once
	}
	close(indexes)
	group.Wait()
	r.evidence = append(r.evidence, results...)
}

// probe runs one probe. One that does not end some time after ctx is left to itself.
func (r *runner) probe(ctx context.Context, p doctor.Probe) doctor.Evidence {
	began := r.Now()
	if ctx.Err() != nil {
		return r.stamp(p, began, doctor.Evidence{NotProbed: doctor.WhyOver(ctx)})
	}
	brought := make(chan doctor.Evidence, 1)
	go func() { brought <- p.Probe(ctx) }()
	select {
	case e := <-brought:
		return r.stamp(p, began, r.cut(ctx, e, r.Now().Sub(began)))
	case <-ctx.Done():
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case e := <-brought:
		return r.stamp(p, began, r.cut(ctx, e, r.Now().Sub(began)))
	case <-timer.C:
		return r.stamp(p, began, doctor.Evidence{NotProbed: doctor.WhyOver(ctx)})
	}
}

// cut takes evidence for none that says only that the run's time was over.
func (r *runner) cut(ctx context.Context, e doctor.Evidence, took time.Duration) doctor.Evidence {
	if !over(ctx) || took >= r.ProbeTimeout || e.NotProbed != "" || reached(e) {
		return e
	}
	return doctor.Evidence{NotProbed: doctor.WhyOver(ctx)}
}

// justBefore is how long before the end of a run a connection may be given up that has
// the same deadline: who waits for it sees that before the context ends.
const justBefore = 100 * time.Millisecond

// over reports whether a run has ended, or is about to.
func over(ctx context.Context) bool {
	end, has := ctx.Deadline()
	return ctx.Err() != nil || has && time.Until(end) < justBefore
}

// reached reports whether all of it came about that evidence is of.
func reached(e doctor.Evidence) bool {
	return !slices.ContainsFunc(outcomes(e), func(o doctor.Outcome) bool { return o != "" && o != doctor.Connected })
}

// outcomes returns what became of all that evidence is of; "" is for what was not tried.
func outcomes(e doctor.Evidence) []doctor.Outcome {
	switch {
	case e.Path != nil:
		return []doctor.Outcome{e.Path.UDP, e.Path.TCP, e.Path.Large}
	case e.Resolve != nil:
		return ofAll(e.Resolve.Answers, func(a doctor.Answer) doctor.Outcome { return a.Outcome })
	case e.TCP != nil:
		return []doctor.Outcome{e.TCP.Outcome}
	case e.Handshake != nil:
		return []doctor.Outcome{e.Handshake.Outcome}
	case e.Suites != nil:
		return []doctor.Outcome{e.Suites.Outcome}
	case e.HTTPS != nil:
		return []doctor.Outcome{e.HTTPS.Outcome}
	case e.Bolt != nil:
		return []doctor.Outcome{e.Bolt.Outcome}
	case e.Session != nil:
		return []doctor.Outcome{e.Session.Outcome}
	case e.Region != nil:
		return []doctor.Outcome{e.Region.Outcome}
	case e.Idle != nil:
		return []doctor.Outcome{e.Idle.Outcome}
	case e.Browser != nil:
		return ofAll(e.Browser.Canaries, func(c doctor.Canary) doctor.Outcome { return c.Answer.Outcome })
	default:
		return nil // e.Machine asks nobody
	}
}

// ofAll returns what became of each of some things.
func ofAll[T any](all []T, of func(T) doctor.Outcome) []doctor.Outcome {
	found := make([]doctor.Outcome, 0, len(all))
	for _, one := range all {
		found = append(found, of(one))
	}
	return found
}

// stamp fills in what the runner knows of evidence.
func (r *runner) stamp(p doctor.Probe, began time.Time, e doctor.Evidence) doctor.Evidence {
	e.Probe, e.Kind, e.Proves = p.Name(), p.Kind(), p.Proves()
	e.At, e.Took = began, float64(r.Now().Sub(began).Microseconds())/1000
	return e
}

// tell counts a probe that has ended.
func (r *runner) tell(e doctor.Evidence) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	if r.Progress != nil {
		r.Progress(Progress{Done: r.done, Total: r.total, Last: e})
	}
}
