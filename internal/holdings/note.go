package holdings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// Source is what a file was taken for.
type Source struct {
	File string `json:"file"`
	// Kind is what such files are called, as --as takes it.
	Kind string `json:"kind"`
	// Origins are the first few zones that a zone file is for, without final dots.
	Origins []string `json:"origins,omitempty"`
	// ByName says that nothing but the file's name says the origin.
	ByName bool `json:"origin_by_name,omitempty"`
	// NamedIn is where another file names this one, which was not given by itself.
	NamedIn *Place `json:"named_in,omitempty"`
}

// String returns the source in a line.
func (s Source) String() string {
	text := s.File + " is read as " + s.Kind
	if len(s.Origins) > 0 {
		text += ", " + strings.Join(s.Origins, ", ")
	}
	if s.ByName {
		text += " (by the file's name)"
	}
	if s.NamedIn != nil {
		text += ", as " + s.NamedIn.String() + " has it"
	}
	return text
}

// Note is something that a reader has left out.
type Note struct {
	Place Place `json:"place"`
	// Message says what, and why, in one line.
	Message string `json:"message"`
}

// String returns the note in a line.
func (n Note) String() string {
	if at := n.Place.String(); at != "" {
		return at + ": " + n.Message
	}
	return n.Message
}

// maxNotes bounds how many notes of one kind a file has: what more there are is
// counted.
const maxNotes = 10

// noteKind is what is bounded: notes of one wording about one file. A note that is no fault
// has the zero fault.
type noteKind struct {
	file, format string
	fault        FaultKind
	origin       string
}

// Note keeps what a reader has left out: it changes no answer, or the set has an unknown
// answer in its place. Like what is added, it has a place. Of one wording only the
// first few are kept for each file.
func (b *Builder) Note(at Place, format string, args ...any) { b.note("", "", at, format, args...) }

func (b *Builder) note(fault FaultKind, origin string, at Place, format string, args ...any) {
	if b.idle {
		return
	}
	kind := noteKind{at.File, format, fault, origin}
	if b.noted[kind]++; b.noted[kind] <= maxNotes {
		b.notes = append(b.notes, noteOf{kind, Note{Place: at, Message: fmt.Sprintf(format, args...)}})
	}
}

// noteOf is a note and its kind.
type noteOf struct {
	kind noteKind
	Note
}

// notesOf returns the notes and the faults: those of each kind with how many more there
// are.
func (b *Builder) notesOf() (notes []Note, faults []fault) {
	kept := make(map[noteKind]int)
	keep := func(kind noteKind, n Note) {
		if kind.fault == "" {
			notes = append(notes, n)
		} else {
			faults = append(faults, fault{Fault: Fault{Kind: kind.fault, Note: n}, origin: kind.origin})
		}
	}
	for _, n := range b.notes {
		keep(n.kind, n.Note)
		if kept[n.kind]++; kept[n.kind] == maxNotes && b.noted[n.kind] > maxNotes {
			more := fmt.Sprintf("and %d more like the last one", b.noted[n.kind]-maxNotes)
			keep(n.kind, Note{Place: Place{File: n.kind.file}, Message: more})
		}
	}
	return notes, append(faults, b.faults...)
}

// ReadAs notes what a file is taken for.
func (b *Builder) ReadAs(s Source) {
	if !b.idle {
		b.sources = append(b.sources, s)
	}
}

// Told takes over what another builder has noted of files, and what it has left out.
func (b *Builder) Told(other *Builder) {
	if b.idle {
		return
	}
	b.sources = append(b.sources, other.sources...)
	b.notes = append(b.notes, other.notes...)
	b.faults = append(b.faults, other.faults...)
	b.listens = append(b.listens, other.listens...)
	for kind, count := range other.noted {
		b.noted[kind] += count
	}
}

// OfZone notes the zone of a file that [Builder.ReadAs] has noted, an absolute name, and
// whether nothing but the file's name says so. A file may have several zones. What it has in a zone of
// another file below it counts no more.
func (b *Builder) OfZone(file, origin string, byName bool) {
	if !b.idle {
		b.hasZone(b.part(file, ""), origin)
	}
	at := slices.IndexFunc(b.sources, func(s Source) bool { return s.File == file })
	if at < 0 {
		return
	}
	s := &b.sources[at]
	s.ByName = s.ByName || byName
	if origin = dnsname.Shown(origin); !slices.Contains(s.Origins, origin) && len(s.Origins) < maxOrigins {
		s.Origins = append(s.Origins, origin)
	}
}

// maxOrigins is how many zones of a file are named.
const maxOrigins = 5

// Notes returns what the readers have left out that changes no answer. It must not be
// changed.
func (s *Set) Notes() []Note { return s.notes }

// Sources returns what the files are taken for, in the order in which they were
// read. It must not be changed.
func (s *Set) Sources() []Source { return s.sources }
