package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/judge"
	"github.com/auralink/auralink/internal/doctor/sheet"
)

// watched are the kinds that are probed again and again, if --only does not say
// otherwise. TLS, sessions and regions are left out: an ingress is shared.
var watched = []doctor.Kind{doctor.KindMachine, doctor.KindPath, doctor.KindResolve, doctor.KindControl, doctor.KindTCP}

// watch probes every interval, and prints what changes, until the context ends. It
// ends as the last look did.
func (x *examination) watch(ctx context.Context, interval time.Duration, format output) error {
	if len(x.asked.Only) == 0 {
		x.asked.Only = watched
	}
	last := x.run(ctx)
	if err := writeDoctor(x.cmd, sheet.New(last), format); err != nil {
		return err
	}
	before := judge.Judge(last)
	failed := failedConnects(last)
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return watchEnding(before)
		case <-ticks.C:
		}
		record := x.run(ctx)
		if ctx.Err() != nil {
			return watchEnding(before) // a look that was interrupted says nothing
		}
		after := judge.Judge(record)
		failed += failedConnects(record)
		if changes := judge.Changes(before, after); len(changes) > 0 {
			if err := x.tellChanges(record.To, changes, failed, format); err != nil {
				return err
			}
			failed = 0
		}
		before = after
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

// failedConnects counts connections to the links that did not come about.
func failedConnects(r doctor.Record) int {
	failed := 0
	for _, e := range r.Evidence {
		if e.TCP != nil && e.TCP.Outcome != doctor.Connected {
			failed++
		}
	}
	return failed
}

// change is a change as JSON has it, one a line.
type change struct {
	At time.Time `json:"at"`
	judge.Change
	// Failed is how many connections failed since the last change.
	Failed int `json:"failed_connects"`
}

// tellChanges prints changes, each with its time, and how many connections have failed
// since the last ones.
func (x *examination) tellChanges(at time.Time, changes []judge.Change, failed int, format output) error {
	out := x.cmd.OutOrStdout()
	for _, c := range changes {
		if format == outputJSON {
			if err := json.NewEncoder(out).Encode(change{At: at, Change: c, Failed: failed}); err != nil {
				return err
			}
			continue
		}
		line := fmt.Sprintf("%s  %s", at.Format("15:04:05"), c.Text)
		if c.Severity == judge.Fine {
			line += fmt.Sprintf(", %d failed connects in between", failed)
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}
