package holdings

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// FaultKind is a kind of fault.
type FaultKind string

// The kinds of faults: by each of them what clients get may not be what the set has.
const (
	NotRead   FaultKind = "not-read"   // it was not read, and can change answers
	NotLoaded FaultKind = "not-loaded" // the server refuses a zone as it is written
	Refused   FaultKind = "refused"    // the server refuses questions of the clients
)

// Fault is why clients may get other answers than those of a set.
type Fault struct {
	Kind FaultKind `json:"kind"`
	Note
}

// fault is a fault and where it counts: for origin, an absolute, lower-case name, and for
// what is below it.
type fault struct {
	Fault
	origin string
	// whom says whom it concerns: nil for everybody.
	whom func(clients []netip.Prefix) bool
}

// Unread is [Builder.Note] for what a reader has left out although it can change any
// answer.
func (b *Builder) Unread(at Place, format string, args ...any) {
	b.note(NotRead, ".", at, format, args...)
}

// UnreadBelow is Unread for what can change answers at or below an absolute, lower-case
// name alone.
func (b *Builder) UnreadBelow(origin string, at Place, format string, args ...any) {
	b.note(NotRead, origin, at, format, args...)
}

// Hosted is a zone that a server is to load.
type Hosted struct {
	// Server is what the server is called.
	Server string
	// Origin is the zone, an absolute, lower-case name.
	Origin string
	// Guessed says that nothing has the zone on that server, and that others do load it.
	Guessed bool
}

// NotLoaded notes why a server does not load a zone. Of one whose server is guessed that is
// no fault.
func (b *Builder) NotLoaded(h Hosted, at Place, format string, args ...any) {
	zone := h.Origin
	if zone != "." {
		zone = dnsname.TrimDot(zone)
	}
	format, args = "%s does not load zone %s: "+format, append([]any{h.Server, zone}, args...)
	if h.Guessed {
		b.Note(at, format+"; other servers and clouds do", args...)
		return
	}
	b.note(NotLoaded, h.Origin, at, format, args...)
}

// NotStarted notes with what of a configuration a server does not start.
func (b *Builder) NotStarted(server string, at Place, format string, args ...any) {
	b.note(NotLoaded, ".", at, server+" does not start: "+format, args...)
}

// UnreadOf is Unread for what some clients have.
func (b *Builder) UnreadOf(c Clients, at Place, format string, args ...any) {
	b.faultOf(NotRead, ".", func(ranges []netip.Prefix) bool { return c.concerns(ranges, false) }, at, format, args...)
}

// Admits notes that a server refuses questions for an absolute, lower-case name, and for
// those below it, to all but some clients.
func (b *Builder) Admits(c Clients, origin string, at Place, format string, args ...any) {
	b.faultOf(Refused, origin, func(ranges []netip.Prefix) bool { return c.concerns(ranges, true) }, at, format, args...)
}

// Refuses notes that a server answers no question of some clients.
func (b *Builder) Refuses(c Clients, at Place, format string, args ...any) {
	b.faultOf(Refused, ".", func(ranges []netip.Prefix) bool { return c.concerns(ranges, false) }, at, format, args...)
}

func (b *Builder) faultOf(kind FaultKind, origin string, whom func([]netip.Prefix) bool, at Place, format string, args ...any) {
	if !b.idle {
		f := Fault{kind, Note{Place: at, Message: fmt.Sprintf(format, args...)}}
		b.faults = append(b.faults, fault{f, origin, whom})
	}
}

// Faults returns why clients may get other answers than those of the set for any of the
// names, or for one below them; for a nil names, for any name at all. The clients are those
// in the ranges; where there are none it is not known who they are.
func (s *Set) Faults(names []string, clients []netip.Prefix) []Fault {
	var found []Fault
	for _, f := range s.faults {
		if (names == nil || f.touches(names)) && (f.whom == nil || f.whom(clients)) {
			found = append(found, f.Fault)
		}
	}
	return found
}

func (f fault) touches(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return f.origin == "." || dnsname.AtOrBelow(name, f.origin) || dnsname.AtOrBelow(f.origin, name)
	})
}

// touching returns the faults that count for any of the names.
func touching(all []fault, names []string) []fault {
	return slices.DeleteFunc(slices.Clone(all), func(f fault) bool { return !f.touches(names) })
}
