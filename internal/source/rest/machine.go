package rest

import (
	"slices"
	"time"

	"github.com/auralink/auralink/internal/source"
)

// Event is something that the system told of the file.
type Event uint8

// The events.
const (
	Moved    Event = iota // a file was moved to its name
	Created               // it was made there, empty or as a link
	Modified              // it was written to, or cut
	Closed                // a program that could write closed it
	Rerouted              // a symbolic link or a directory on the path was replaced, or is gone
	DirMoved              // a directory was moved to its name on the path
	Touched               // something else: its mode, or it is gone
	Lost                  // some events were lost
	Beside                // something happened to the file beside it
)

// Writer is whether a program has the file open for writing.
type Writer uint8

// Where the system does not tell, it is unknown.
const (
	UnknownWriter Writer = iota
	NoWriter
	SomeWriter
)

// Waits are how long is waited, and for what.
type Waits struct {
	// Rest is how long nothing may happen to a text that is written in place,
	// before it is read.
	Rest time.Duration
	// Young is the same for a file that is there when the program starts, where the
	// system does not tell whether it is open for writing: nobody has seen what
	// happened to it.
	Young time.Duration
	// Look is the time between two looks where no events reach us, and while
	// there is no file.
	Look time.Duration
	// Sanity is the time between two looks where events do.
	Sanity time.Duration
	// Unrest is after which time a file that does not come to rest is told of.
	Unrest time.Duration
}

// Machine follows one file. The zero Machine is of no use.
type Machine struct {
	waits Waits
	seen  Look // at the last observation
	good  Look // the last one with a file

	failed  bool          // the last attempt to read it ended in an error
	retry   time.Time     // when to try again
	pending bool          // there may be another text than was last read
	since   time.Time     // pending
	changed time.Time     // when something was last seen to happen
	needed  time.Duration // how long nothing may happen
	told    bool          // that it does not rest
	written source.Written
	open    bool // it was written to, and not closed since
}

// New returns a machine for a program that starts now, and has seen nothing of the
// file but what is there. Its age is the time since its last change, by the same
// clock that gave it that time; negative ages are those of clocks that were set
// back. Elsewhere says that the path may not have led there when a text was last taken:
// then a symbolic link that is younger than the file was swapped.
func New(waits Waits, look Look, now time.Time, age time.Duration, elsewhere bool) *Machine {
	m := &Machine{
		waits: waits, seen: look, good: look,
		pending: true, since: now, changed: now.Add(-max(age, 0)), needed: waits.Young,
	}
	if elsewhere && look.linkedLater() {
		m.written = source.Whole
	}
	return m
}

// Observe takes note of what the system told since the last observation, and of
// what the file looks like now.
func (m *Machine) Observe(now time.Time, look Look, events []Event) {
	different := !look.Same(m.seen)
	if m.classify(look, events, different) || different {
		m.Again(now)
		m.changed, m.needed = now, m.waits.Rest
	}
	if look.Beside != m.seen.Beside || slices.Contains(events, Beside) || m.failed && !now.Before(m.retry) {
		m.Again(now)
	}
	m.seen = look
	if look.Err == "" {
		m.good = look
	}
}

// classify decides how the text was written, and reports whether any event was about
// it. After several swaps it cannot be told between which of them the other events
// came: they count as if they came after the first.
func (m *Machine) classify(look Look, events []Event, different bool) (told bool) {
	swapped, explained, rerouted := look.swappedSince(m.good, slices.Contains(events, DirMoved)), false, false
	for _, e := range events {
		switch {
		case e == Beside:
			continue
		case e != Rerouted && e != DirMoved:
			explained = m.note(e) || explained
		case swapped && !rerouted:
			explained, rerouted = m.note(Moved), true
		case swapped:
			m.open = false // what was told of is another file
		}
		told = true
	}
	switch {
	case explained || !different:
	case swapped:
		m.note(Moved)
	default:
		m.written = source.InPlace
	}
	return told
}

// note takes note of an event, and reports whether it says how the text was
// written.
func (m *Machine) note(e Event) bool {
	switch e {
	case Moved:
		m.written, m.open = source.Whole, false
	case Created:
		m.written, m.open = source.InPlace, false
	case Modified:
		m.written, m.open = source.InPlace, true
	case Lost:
		m.written, m.open = source.InPlace, false
	case Closed:
		m.open = false
		return false
	default:
		return false
	}
	return true
}

// Again has the text read once more, when it is at rest.
func (m *Machine) Again(now time.Time) {
	if !m.pending {
		m.pending, m.since, m.told = true, now, false
	}
}

// Done takes note that the text was read, and looked before and after as it was
// last observed.
func (m *Machine) Done() { m.pending, m.failed = false, false }

// Failed takes note that the text could not be read. It is tried again: what is in
// the way may go without a trace in the file.
func (m *Machine) Failed(now time.Time) {
	m.pending, m.failed, m.retry = false, true, now.Add(m.waits.Look)
}

// Seen is what was observed last.
func (m *Machine) Seen() Look { return m.seen }

// Written is how the text that was last observed was written.
func (m *Machine) Written() source.Written { return m.written }

// Step is what to do next.
type Step struct {
	// Do is what.
	Do Task
	// Until is when to observe again, for Wait, if nothing is told before.
	Until time.Time
	// Unrest is what to complain of.
	Unrest source.UnrestError
}

// Task is what to do.
type Task uint8

// The actions.
const (
	Wait     Task = iota
	Read          // read it, and call Done if nothing has happened meanwhile
	Complain      // tell that it does not rest
)

// Step decides what to do. Whether events reach us depends on where the file is now.
// A writer is asked for only if all else is well, for that costs something.
func (m *Machine) Step(now time.Time, events bool, writer func() Writer) Step {
	if !m.pending {
		return Step{Until: m.nextLook(now, events)}
	}
	why, until := m.unrest(now, writer)
	switch complain := m.since.Add(m.waits.Unrest); {
	case why == "":
		return Step{Do: Read}
	case m.told:
		return Step{Until: until}
	case now.Before(complain):
		return Step{Until: earlier(until, complain)}
	default:
		m.told = true
		return Step{Do: Complain, Unrest: source.UnrestError{Since: now.Sub(m.since), Why: why}}
	}
}

// nextLook is when to look next, where nothing happens.
func (m *Machine) nextLook(now time.Time, events bool) time.Time {
	switch {
	case m.failed:
		return m.retry
	case events:
		return now.Add(m.waits.Sanity)
	default:
		return now.Add(m.waits.Look)
	}
}

// unrest says why the file may not be read yet, and when to ask again. A file that
// is not there is waited for as one that is written: it may be about to be made.
func (m *Machine) unrest(now time.Time, writer func() Writer) (why string, until time.Time) {
	missing, found := m.seen.Err != "", UnknownWriter
	restless := missing || m.written == source.InPlace
	if quiet := m.changed.Add(m.waits.Rest); restless && now.Before(quiet) {
		return "it keeps changing", quiet
	}
	if !missing {
		found = writer()
	}
	if rested := m.changed.Add(m.needed); restless && found == UnknownWriter && now.Before(rested) {
		return "it keeps changing", rested
	}
	if missing {
		return "", now
	}
	if found == SomeWriter || found == UnknownWriter && m.open {
		return "a program has it open for writing", now.Add(m.waits.Rest)
	}
	return "", now
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
