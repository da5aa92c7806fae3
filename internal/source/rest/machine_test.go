package rest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/source/rest"
)

var waits = rest.Waits{
	Rest:   500 * time.Millisecond,
	Young:  2 * time.Second,
	Look:   time.Second,
	Sanity: time.Minute,
	Unrest: 5 * time.Second,
}

var start = time.Unix(1_800_000_000, 0)

// file returns a look at a file with an inode and a state of its content.
func file(ino uint64, state int64) rest.Look {
	return rest.Look{
		At:      "/etc/topology.yaml",
		Through: []rest.Component{{Path: "/etc", Dev: 1, Ino: 2, Ctime: 1}},
		File:    rest.Stat{Dev: 1, Ino: ino, Size: 100, Mtime: state, Ctime: state},
	}
}

// moved returns a look at a file in a directory that was changed last at a time.
func moved(ino uint64, state, at int64) rest.Look {
	l := file(ino, state)
	l.Through[0].Ino, l.Through[0].Ctime = ino+200, at
	return l
}

// linked returns a look at a file through a symbolic link.
func linked(target string, ino uint64, state, linkedAt int64) rest.Look {
	l := file(ino, state)
	l.Through = append(l.Through, rest.Component{Path: "/etc/topology.yaml", Target: target, Dev: 1, Ino: ino + 100, Ctime: linkedAt})
	l.At = "/etc/" + target
	return l
}

func missing() rest.Look { return rest.Look{Err: "no such file"} }

// observation is what is seen at a time, and what is to be done about it.
type observation struct {
	after  time.Duration // since the one before
	events []rest.Event
	look   rest.Look
	writer rest.Writer
	blind  bool // events do not reach us
	there  bool // at the start: the path led there before
	want   string
}

// describe says what a step is, with times from now.
func describe(m *rest.Machine, s rest.Step, now time.Time) string {
	switch s.Do {
	case rest.Read:
		return "read, " + m.Written().String()
	case rest.Complain:
		return "complain: " + s.Unrest.Why
	default:
		return "wait " + s.Until.Sub(now).String()
	}
}

// TestMachine is the table of what is done about what is seen, one observation after
// the other. What is to be read is read, and seen to be unchanged.
func TestMachine(t *testing.T) {
	const (
		inPlace = "read, written in place"
		whole   = "read, replaced whole"
		idle    = "wait 1m0s"
		ms      = time.Millisecond
	)
	type events = []rest.Event
	tests := []struct {
		name string
		then []observation // the first is what is there at the start, so old
	}{
		{"an old file", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{after: time.Minute, look: file(1, 1), want: idle},
		}},
		{"a young file", []observation{
			{after: 500 * ms, look: file(1, 1), want: "wait 1.5s"},
			{after: 1500 * ms, look: file(1, 1), want: inPlace},
		}},
		{"a young file that changes", []observation{
			{after: 500 * ms, look: file(1, 1), want: "wait 1.5s"},
			{after: 1400 * ms, look: file(1, 2), events: events{rest.Modified}, want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 2), want: "wait 500ms"}, // not closed
			{after: 100 * ms, look: file(1, 2), events: events{rest.Closed}, want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 2), want: inPlace},
		}},
		{"a young file behind an older symbolic link", []observation{
			{after: 500 * ms, look: linked("one", 1, 10, 5), want: "wait 1.5s"},
		}},
		{"a young file behind a younger symbolic link", []observation{
			{after: 500 * ms, look: linked("one", 1, 10, 11), want: whole},
		}},
		{"a young file behind a younger symbolic link that led there before", []observation{
			{after: 500 * ms, look: linked("one", 1, 10, 11), there: true, want: "wait 1.5s"},
			{after: 1500 * ms, look: linked("one", 1, 10, 11), want: inPlace},
		}},
		{"a file from the future", []observation{
			{after: -time.Hour, look: file(1, 1), want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 1), want: "wait 1.5s"},
		}},
		{"a young file that nobody writes", []observation{
			{after: 100 * ms, look: file(1, 1), writer: rest.NoWriter, want: "wait 400ms"},
			{after: 400 * ms, look: file(1, 1), writer: rest.NoWriter, want: inPlace},
		}},
		{"a young file that somebody writes", []observation{
			{after: 500 * ms, look: file(1, 1), writer: rest.SomeWriter, want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 1), writer: rest.NoWriter, want: inPlace},
		}},
		{"an old file that somebody writes", []observation{
			{after: time.Hour, look: file(1, 1), writer: rest.SomeWriter, want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 1), writer: rest.NoWriter, want: inPlace},
		}},
		{"written in place", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(1, 2), events: events{rest.Modified, rest.Closed}, want: "wait 500ms"},
			{after: 400 * ms, look: file(1, 3), events: events{rest.Modified, rest.Closed}, want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 3), want: inPlace},
			{after: time.Second, look: file(1, 3), want: idle},
		}},
		{"written in place by one who pauses, seen by a lease alone", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(1, 2), want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 2), writer: rest.SomeWriter, want: "wait 500ms"},
			{after: time.Minute, look: file(1, 2), writer: rest.SomeWriter, want: "complain: a program has it open for writing"},
			{look: file(1, 2), writer: rest.SomeWriter, want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 2), writer: rest.NoWriter, want: inPlace},
		}},
		{"written by one who closed unseen, as a lease says", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(1, 2), events: events{rest.Modified}, want: "wait 500ms"},
			{after: 500 * ms, look: file(1, 2), writer: rest.NoWriter, want: inPlace},
		}},
		{"changed without a pause", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(1, 2), events: events{rest.Modified, rest.Closed}, want: "wait 500ms"},
			{after: 4900 * ms, look: file(1, 3), events: events{rest.Modified, rest.Closed}, want: "wait 100ms"},
			{after: 100 * ms, look: file(1, 4), events: events{rest.Modified, rest.Closed}, want: "complain: it keeps changing"},
			{look: file(1, 4), want: "wait 500ms"},
		}},
		{"renamed over", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(3, 2), events: events{rest.Moved, rest.Touched}, want: whole},
		}},
		{"renamed over while somebody writes", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(3, 2), events: events{rest.Moved}, writer: rest.SomeWriter, want: "wait 500ms"},
			{after: 500 * ms, look: file(3, 2), writer: rest.NoWriter, want: whole},
		}},
		{"renamed over, then written to", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(3, 2), events: events{rest.Moved}, want: whole},
			{after: ms, look: file(3, 3), events: events{rest.Modified, rest.Closed}, want: "wait 500ms"},
			{after: 500 * ms, look: file(3, 3), want: inPlace},
		}},
		{"renamed over, then removed and made anew", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(4, 3), events: events{rest.Moved, rest.Touched, rest.Created, rest.Modified, rest.Closed}, want: "wait 500ms"},
			{after: 500 * ms, look: file(4, 3), want: inPlace},
		}},
		{"another file, with nothing told", []observation{
			{after: time.Hour, look: file(1, 1), blind: true, want: inPlace},
			{after: time.Second, look: file(3, 1), blind: true, want: "wait 500ms"},
			{after: 500 * ms, look: file(3, 1), blind: true, want: inPlace},
			{after: 500 * ms, look: file(3, 1), blind: true, want: "wait 1s"},
		}},
		{"events were lost", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(3, 2), events: events{rest.Moved, rest.Lost}, want: "wait 500ms"},
			{after: 500 * ms, look: file(3, 2), want: inPlace},
		}},
		{"a symbolic link swapped", []observation{
			{after: time.Hour, look: linked("one", 1, 10, 5), want: inPlace},
			{look: linked("two", 2, 12, 13), events: events{rest.Rerouted}, want: whole},
			{after: ms, look: linked("two", 2, 14, 13), events: events{rest.Modified, rest.Closed}, want: "wait 500ms"},
			{after: 500 * ms, look: linked("two", 2, 14, 13), want: inPlace},
		}},
		{"a symbolic link swapped while the old file is written", []observation{
			{after: time.Hour, look: linked("one", 1, 10, 5), want: inPlace},
			{look: linked("two", 2, 12, 13), events: events{rest.Modified, rest.Rerouted}, want: whole},
		}},
		{"a symbolic link swapped, and then the new file written", []observation{
			{after: time.Hour, look: linked("one", 1, 10, 5), want: inPlace},
			{look: linked("two", 2, 12, 13), events: events{rest.Rerouted, rest.Modified}, want: "wait 500ms"},
		}},
		{"a symbolic link swapped, and then the new file written, which nobody saw", []observation{
			{after: time.Hour, look: linked("one", 1, 10, 5), want: inPlace},
			{look: linked("two", 2, 14, 13), events: events{rest.Rerouted}, want: "wait 500ms"},
			{after: 500 * ms, look: linked("two", 2, 14, 13), want: inPlace},
		}},
		{"a symbolic link made anew to the same file", []observation{
			{after: time.Hour, look: linked("one", 1, 10, 5), want: inPlace},
			{look: func() rest.Look {
				l := linked("one", 1, 10, 20)
				l.Through[1].Ino++
				return l
			}(), events: events{rest.Rerouted}, want: "wait 500ms"},
			{after: 500 * ms, look: func() rest.Look {
				l := linked("one", 1, 10, 20)
				l.Through[1].Ino++
				return l
			}(), want: inPlace},
		}},
		{"a symbolic link made anew to another file of the same name", []observation{
			{after: time.Hour, look: linked("one", 1, 10, 5), want: inPlace},
			{look: linked("./one", 2, 12, 20), events: events{rest.Touched, rest.Rerouted}, want: "wait 500ms"},
			{after: 500 * ms, look: linked("./one", 2, 12, 20), want: inPlace},
		}},
		{"its directory replaced by a finished one", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: moved(3, 10, 11), events: events{rest.Rerouted, rest.DirMoved}, want: whole},
		}},
		{"its directory made anew, and changed after the file", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: moved(3, 10, 11), events: events{rest.Rerouted}, want: "wait 500ms"},
			{after: 500 * ms, look: moved(3, 10, 11), want: inPlace},
		}},
		{"a directory moved to its name, and the file in it written", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: moved(3, 12, 11), events: events{rest.Rerouted, rest.DirMoved}, want: "wait 500ms"},
			{after: 500 * ms, look: moved(3, 12, 11), want: inPlace},
		}},
		{"its directory made anew, and the file in it", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: moved(3, 10, 9), events: events{rest.Rerouted}, want: "wait 500ms"},
			{after: 500 * ms, look: moved(3, 10, 9), want: inPlace},
		}},
		{"gone for a moment, back by a rename", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: missing(), events: events{rest.Touched}, want: "wait 500ms"},
			{after: 100 * ms, look: file(3, 2), events: events{rest.Moved}, want: whole},
		}},
		{"gone for a moment, back by a symbolic link", []observation{
			{after: time.Hour, look: linked("one", 1, 10, 5), want: inPlace},
			{look: missing(), events: events{rest.Touched}, want: "wait 500ms"},
			{after: 100 * ms, look: linked("two", 2, 12, 13), events: events{rest.Rerouted}, want: whole},
		}},
		{"gone", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: missing(), events: events{rest.Touched}, blind: true, want: "wait 500ms"},
			{after: 500 * ms, look: missing(), blind: true, want: inPlace},
			{look: missing(), blind: true, want: "wait 1s"},
		}},
		{"something beside it, while it is written", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(1, 1), events: events{rest.Beside}, want: inPlace},
			{look: file(1, 2), events: events{rest.Modified}, want: "wait 500ms"},
			{after: 400 * ms, look: file(1, 2), events: events{rest.Beside}, want: "wait 100ms"},
		}},
		{"its mode changed after a rename", []observation{
			{after: time.Hour, look: file(1, 1), want: inPlace},
			{look: file(3, 2), events: events{rest.Moved}, want: whole},
			{look: file(3, 2), events: events{rest.Touched}, want: whole},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := start
			var m *rest.Machine
			for i, o := range tt.then {
				if i == 0 {
					m = rest.New(waits, o.look, now, o.after, !o.there)
				} else {
					now = now.Add(o.after)
					m.Observe(now, o.look, o.events)
				}
				step := m.Step(now, !o.blind, func() rest.Writer { return o.writer })
				if diff := cmp.Diff(o.want, describe(m, step, now)); diff != "" {
					t.Fatalf("observation %d (-want +got):\n%s", i, diff)
				}
				if step.Do == rest.Read {
					m.Done()
				}
			}
		})
	}
}

// TestFailed: what could not be read is tried again after a while, told or not.
func TestFailed(t *testing.T) {
	m := rest.New(waits, file(1, 1), start, time.Hour, true)
	m.Failed(start)
	nobody := func() rest.Writer { return rest.NoWriter }
	if got := describe(m, m.Step(start, true, nobody), start); got != "wait 1s" {
		t.Error(got)
	}
	m.Observe(start.Add(time.Second), file(1, 1), nil)
	if step := m.Step(start.Add(time.Second), true, nobody); step.Do != rest.Read {
		t.Error(describe(m, step, start))
	}
}

// model is what a file is in truth, for the test of all sequences.
type model struct {
	look    rest.Look
	state   int64
	torn    bool // written to since it was put there whole
	writers bool // somebody writes
	touched time.Time
	unseen  int // what happened since the last observation
}

// acts are what can happen to a file, each with what is told of it.
var acts = map[string]func(m *model) []rest.Event{
	"nothing": func(*model) []rest.Event { return nil },
	"write": func(m *model) []rest.Event {
		m.change(m.look.File.Ino)
		m.torn, m.writers = true, true
		return []rest.Event{rest.Modified}
	},
	"close": func(m *model) []rest.Event {
		if !m.writers {
			return nil
		}
		m.writers = false
		return []rest.Event{rest.Closed}
	},
	"rename": func(m *model) []rest.Event {
		m.change(m.look.File.Ino + 1)
		m.torn, m.writers = false, false
		return []rest.Event{rest.Moved}
	},
	"create": func(m *model) []rest.Event {
		m.change(m.look.File.Ino + 1)
		m.torn, m.writers = true, false
		return []rest.Event{rest.Created}
	},
	"swap": func(m *model) []rest.Event {
		m.change(m.look.File.Ino + 1)
		m.look = linked(fmt.Sprint("v", m.state), m.look.File.Ino, m.state, m.state+1)
		m.torn, m.writers = false, false
		return []rest.Event{rest.Rerouted}
	},
}

func (m *model) change(ino uint64) {
	m.state += 10
	through := m.look.Through
	m.look = file(ino, m.state)
	m.look.Through = through
}

// TestAllSequences: whatever happens to a file, in whatever order, with and without
// a pause, and whether it is observed each time or not: it is never read while
// somebody writes it, nor taken for whole when it was written to; it is taken for
// whole where it is and nothing was missed, and it is read in the end.
func TestAllSequences(t *testing.T) {
	var names []string
	for name := range acts {
		names = append(names, name)
	}
	const length = 5
	pauses := []time.Duration{time.Millisecond, 600 * time.Millisecond}
	steps := len(names) * len(pauses) * 2
	total := 1
	for range length {
		total *= steps
	}
	stride := 37 // of all of them, for they are 8 million
	if testing.Short() {
		stride = 1009
	}
	for n := 0; n < total; n += stride {
		var told []string
		sequence(t, n, func(i int) (string, time.Duration, bool) {
			step := n
			for range i {
				step /= steps
			}
			step %= steps
			name, pause := names[step%len(names)], pauses[step/len(names)%2]
			told = append(told, fmt.Sprint(name, " after ", pause))
			return name, pause, step/len(names)/2 == 0
		}, length, &told)
	}
}

func sequence(t *testing.T, n int, choose func(i int) (string, time.Duration, bool), length int, told *[]string) {
	now := start
	truth := &model{look: file(1, 1), touched: now.Add(-time.Hour)}
	m := rest.New(waits, truth.look, now, time.Hour, true)
	m.Done()
	var events []rest.Event
	read := truth.state
	missed := false // things happened in an order that nobody can know
	observe := func() rest.Step {
		m.Observe(now, truth.look, events)
		events, truth.unseen = nil, 0
		return m.Step(now, true, func() rest.Writer { return rest.UnknownWriter })
	}
	check := func(step rest.Step) {
		if step.Do != rest.Read {
			return
		}
		m.Done()
		read = truth.state
		switch {
		case truth.torn && m.Written() == source.Whole:
			t.Fatalf("sequence %d: taken for whole after %s", n, strings.Join(*told, ", "))
		case truth.torn && truth.writers:
			t.Fatalf("sequence %d: read while it is written, after %s", n, strings.Join(*told, ", "))
		case truth.torn && now.Sub(truth.touched) < waits.Rest:
			t.Fatalf("sequence %d: read without rest, after %s", n, strings.Join(*told, ", "))
		case !truth.torn && truth.state > 0 && m.Written() != source.Whole && !missed:
			t.Fatalf("sequence %d: taken for written in place after %s", n, strings.Join(*told, ", "))
		}
	}
	for i := range length {
		name, pause, observed := choose(i)
		now = now.Add(pause)
		if more := acts[name](truth); more != nil {
			events = append(events, more...)
			truth.touched = now
			truth.unseen++
			missed = missed || truth.unseen > 1
		}
		if observed {
			check(observe())
		}
	}
	if truth.writers {
		events = append(events, acts["close"](truth)...)
		truth.touched = now
	}
	for range 4 {
		if read == truth.state {
			return
		}
		step := observe()
		check(step)
		if step.Do == rest.Wait {
			now = step.Until
		}
	}
	t.Fatalf("sequence %d: never read, after %s", n, strings.Join(*told, ", "))
}
