package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/judge"
	"github.com/auralink/auralink/internal/doctor/probe"
	"github.com/auralink/auralink/internal/doctor/sheet"
)

// watched are the kinds that are probed again and again, if --only does not say
// otherwise. TLS, sessions and regions are left out: an ingress is shared.
var watched = []doctor.Kind{doctor.KindMachine, doctor.KindPath, doctor.KindResolve, doctor.KindControl, doctor.KindTCP}

// watchedPublic are probes of public addresses, which are probed where they are to let
// nobody in.
var watchedPublic = []doctor.Single{
	{Kind: doctor.KindHTTPS, Name: "https public *"},
	{Kind: doctor.KindBolt, Name: "bolt public *"},
	{Kind: doctor.KindBolt, Name: "session by public *"},
}

// beatEvery is how often each region is connected to between two looks.
const beatEvery = time.Second

// errWatchFormat is the error of a format that is one document, while watching goes on.
var errWatchFormat = errors.New("--watch goes on, and prints text or JSON, one line for each change")

// watch looks at the network every interval, and prints what changes, until the context
// ends. In between it connects to each region as an application does. It ends as the
// last look did.
func (x *examination) watch(ctx context.Context, interval time.Duration, format output) error {
	if !x.asked.Chosen() {
		x.asked.Only = watched
		if x.asked.ExpectPrivate {
			x.asked.Single = watchedPublic
		}
	}
	first := x.run(ctx)
	if err := writeDoctor(x.cmd, sheet.New(first), format); err != nil {
		return err
	}
	course := judge.NewCourse(first)
	beats := newTally(x)
	var beating sync.WaitGroup
	beating.Go(func() { beats.beat(ctx) })
	defer beating.Wait()
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return watchEnding(course.Last())
		case <-ticks.C:
		}
		record := x.run(ctx)
		if ctx.Err() != nil {
			return watchEnding(course.Last()) // a look that was interrupted says nothing
		}
		for _, c := range course.Next(record) {
			if err := x.tellChange(record.To, c, beats.take(c.Regions), format); err != nil {
				return err
			}
		}
	}
}

// watchEnding is the error with which watching ends: what was not asked for is no
// finding of its.
func watchEnding(r judge.Report) error {
	for _, f := range r.Findings {
		if f.Severity.Worse(judge.Note) && f.Code != judge.CodeNotAsked {
			return errFindings
		}
	}
	return nil
}

// tally counts the connections to each region since its last change.
type tally struct {
	heart   *probe.Beat
	regions []string

	mu     sync.Mutex
	counts map[string]connects
}

// connects are connections that were tried, and how many of them failed.
type connects struct {
	Tried  int `json:"connects"`
	Failed int `json:"failed_connects"`
}

func newTally(x *examination) *tally {
	t := &tally{heart: probe.NewBeat(&x.subject, &x.asked, x.tools), counts: make(map[string]connects)}
	for _, link := range x.subject.Links {
		t.regions = append(t.regions, link.Region)
	}
	return t
}

// beat connects to all regions until the context ends.
func (t *tally) beat(ctx context.Context) {
	ticks := time.NewTicker(beatEvery)
	defer ticks.Stop()
	for ctx.Err() == nil {
		var all sync.WaitGroup
		for _, region := range t.regions {
			all.Go(func() { t.count(ctx, region) })
		}
		all.Wait()
		select {
		case <-ctx.Done():
		case <-ticks.C:
		}
	}
}

// count tries one connection.
func (t *tally) count(ctx context.Context, region string) {
	connected, tried := t.heart.Connect(ctx, region)
	if !tried {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.counts[region]
	c.Tried++
	if !connected {
		c.Failed++
	}
	t.counts[region] = c
}

// take returns the sum of some regions, none being all, and begins anew with them.
func (t *tally) take(regions []string) connects {
	if len(regions) == 0 {
		regions = t.regions
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var sum connects
	for _, region := range regions {
		sum.Tried += t.counts[region].Tried
		sum.Failed += t.counts[region].Failed
		delete(t.counts, region)
	}
	return sum
}

// change is a change as JSON has it, one a line.
type change struct {
	At time.Time `json:"at"`
	judge.Change
	// connects are those since the last change of the regions.
	connects
}

// tellChange prints a change with its time, and, where something is well, how many
// connections have failed since the last change of its regions.
func (x *examination) tellChange(at time.Time, c judge.Change, since connects, format output) error {
	out := x.cmd.OutOrStdout()
	if format == outputJSON {
		return json.NewEncoder(out).Encode(change{At: at, Change: c, connects: since})
	}
	line := fmt.Sprintf("%s %s at %s", sheet.Sign(c.Severity), c.Text, at.Format("15:04:05"))
	if c.Severity == judge.Fine {
		line += fmt.Sprintf(", %d failed connects in between", since.Failed)
	}
	_, err := fmt.Fprintln(out, line)
	return err
}
