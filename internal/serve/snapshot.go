package serve

import (
	"bytes"
	"cmp"
	"sync/atomic"
	"time"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/publicpath"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// Snapshot is all that one state of a topology leads to. It is immutable, but for
// what is counted.
type Snapshot struct {
	Plan     *plan.Plan
	Table    *authority.Table
	Findings topology.Findings
	// Digest is that of the topology's text.
	Digest acceptance.Digest
	// Newline is whether the text ended in a new line, and Sections are those of
	// [topology.Sections] that begin a line in it: what a text lacks that was cut off.
	Newline  bool
	Sections []string
	// Loaded is when the text was read.
	Loaded   time.Time
	Counters *Counters
	// PublicNames are those by which Aura is reached, where the plan does not own them.
	PublicNames *publicpath.Names
}

// Cell holds the snapshot that is served. All who serve a topology read the same cell: a
// new snapshot is served by all of them at once.
type Cell = atomic.Pointer[Snapshot]

// Read makes a snapshot of a topology's text. The snapshot before it, which may be
// nil, is returned if it is of the same text. An invalid topology is a
// [topology.InvalidError].
func Read(text []byte, before *Snapshot, now time.Time) (*Snapshot, error) {
	if before != nil && before.Digest == acceptance.Of(text) {
		return before, nil
	}
	p, findings, err := plan.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return Compile(p, findings, text, before, now)
}

// Restore makes a snapshot of a text that was served before, with the serial that its
// zones had. An invalid topology is a [topology.InvalidError].
func Restore(text []byte, serial uint32, taken time.Time) (*Snapshot, error) {
	p, findings, err := plan.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return compile(p, findings, text, serial, taken)
}

// Compile makes a snapshot of a plan and of the text that it was read from. The
// serial of the zones is the topology's or, where it has none, the time in seconds
// since 1970. Where that is not ahead of the serial of the snapshot before, which may
// be nil, it is the next one after that; see [Snapshot.Raised].
func Compile(p *plan.Plan, findings topology.Findings, text []byte, before *Snapshot, now time.Time) (*Snapshot, error) {
	return compile(p, findings, text, serialOf(p, before, now), now)
}

// serialOf returns the serial of a plan's zones.
func serialOf(p *plan.Plan, before *Snapshot, now time.Time) uint32 {
	wanted := cmp.Or(p.Serial, uint32(now.Unix())) // serials wrap (RFC 1982)
	switch {
	case before == nil:
		return wanted
	case p.Serial != 0 && p.Serial == before.Plan.Serial && guard.SameRecords(before.Plan, p):
		return before.Table.Serial()
	default:
		return zones.NextSerial(before.Table.Serial(), wanted)
	}
}

// Raised reports whether the zones have another serial than the topology says, for its
// own was not ahead of what was served before. Another server may have another one then.
func (s *Snapshot) Raised() bool {
	return s.Plan.Serial != 0 && s.Plan.Serial != s.Table.Serial()
}

func compile(p *plan.Plan, findings topology.Findings, text []byte, serial uint32, now time.Time) (*Snapshot, error) {
	s, err := New(p, serial)
	if err != nil {
		return nil, err
	}
	s.Findings, s.Loaded = findings, now
	s.Digest, s.Newline, s.Sections = acceptance.Of(text), bytes.HasSuffix(text, []byte("\n")), sections(text)
	return s, nil
}

// sections returns the sections of a topology that begin a line of its text.
func sections(text []byte) []string {
	var found []string
	for _, key := range topology.Sections() {
		if line := []byte(key + ":"); bytes.HasPrefix(text, line) || bytes.Contains(text, append([]byte{'\n'}, line...)) {
			found = append(found, key)
		}
	}
	return found
}

// New makes a snapshot of a plan that was read from nowhere.
func New(p *plan.Plan, serial uint32) (*Snapshot, error) {
	table, err := authority.Compile(p.Views(), serial)
	if err != nil {
		return nil, err
	}
	return &Snapshot{Plan: p, Table: table, Counters: newCounters(p, table), PublicNames: publicpath.NamesOf(p)}, nil
}
