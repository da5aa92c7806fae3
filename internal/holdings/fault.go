package holdings

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/spell"
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
	// Others says that it concerns only names that are left to public DNS.
	Others bool `json:"-"`
}

// fault is a fault and where it counts: for origin, an absolute, lower-case name, and for
// what is below it.
type fault struct {
	Fault
	origin string
	// spared are names at and below which it does not count.
	spared []string
	// whom says which of some clients it concerns, and whether it concerns any; nil for
	// everybody. Without clients it is not known who they are.
	whom func(clients []netip.Prefix) (its []netip.Prefix, some bool)
	// admitted are those whom the server does not refuse what the fault is about; nil where it refuses nobody by a list.
	admitted *Clients
	// crossing says that it concerns only names that lead from one zone into another.
	crossing bool
	// divides says of clients who are not known that some of them may have something else.
	divides bool
}

// SomeOrAll stands in a message for those clients whom the server refuses questions.
const SomeOrAll = "some or all of the clients"

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

// Fails notes that somebody answers questions for types of a name that has addresses, or below it, as
// if something was wrong: programs ask for several types at once, and resolvers take a name that does
// not exist for one to exist for no type (RFC 8020).
func (b *Builder) Fails(name string, at Place, who, types string) {
	b.faultOf(fault{Fault: Fault{Kind: NotRead}, origin: name}, at, "%s"+fails, who, types)
}

// FailsFor is Fails for some clients.
func (b *Builder) FailsFor(c Clients, name string, at Place, who, types string) {
	its := func(of []netip.Prefix) ([]netip.Prefix, bool) {
		if len(of) == 0 {
			of = ranges(AllClients)
		}
		s := c.Split(of)
		concerned := slices.Concat(s.Clients, s.Doubtful)
		return concerned, len(concerned) > 0
	}
	b.faultOf(fault{Fault: Fault{Kind: NotRead}, origin: name, whom: its}, at, "%s"+fails, who, types)
}

// fails is what is said of questions that are answered as if something was wrong.
const fails = " answers questions for %s with an error or not at all, and clients that ask for both families may fail, wait or ask another server"

// Hosted is a zone that a server is to load.
type Hosted struct {
	// Server is what the server is called.
	Server string
	// Origin is the zone, an absolute, lower-case name.
	Origin string
	// Guessed says that no configuration gives the zone to this server. Other servers load it.
	Guessed bool
	// Vital says that the server does not start where it does not load this one of its zones.
	Vital bool
	// Policy is what a response policy zone is called, which counts for all names; else "".
	Policy string
}

// NotLoaded notes why a server does not load a zone. Of one whose server is guessed that is
// no fault.
func (b *Builder) NotLoaded(h Hosted, at Place, format string, args ...any) {
	zone := h.Origin
	if zone != "." {
		zone = dnsname.TrimDot(zone)
	}
	scope := h.Origin
	switch {
	case h.Policy != "":
		zone, scope = "policy zone "+h.Policy, "."
	case h.Vital:
		zone, scope = "zone "+zone+", and does not start without it", "."
	default:
		zone = "zone " + zone
	}
	format, args = "%s does not load %s: "+format, append([]any{h.Server, zone}, args...)
	if h.Guessed {
		b.Note(at, format+"; other servers and clouds do", args...)
		return
	}
	b.note(NotLoaded, scope, at, format, args...)
}

// NotMade notes why a cloud or a tool makes nothing of what it is given, for names at or below an absolute,
// lower-case one.
func (b *Builder) NotMade(origin string, at Place, format string, args ...any) {
	b.note(NotLoaded, origin, at, format, args...)
}

// NotStarted notes the place in a configuration with which a server does not start.
func (b *Builder) NotStarted(server string, at Place, format string, args ...any) {
	b.note(NotLoaded, ".", at, server+" does not start: "+format, args...)
}

// UnreadOf is Unread for what some clients have, or may have.
func (b *Builder) UnreadOf(c Clients, at Place, format string, args ...any) {
	b.faultOf(fault{Fault: Fault{Kind: NotRead}, origin: ".", divides: true, whom: func(ranges []netip.Prefix) ([]netip.Prefix, bool) {
		if len(ranges) == 0 {
			return nil, c.Everybody()
		}
		s := c.Split(ranges)
		its := slices.Concat(s.Clients, s.Doubtful)
		return its, len(its) > 0
	}}, at, format, args...)
}

// Admits notes that a server refuses questions for an absolute, lower-case name, and for
// those below it, to all but some clients.
func (b *Builder) Admits(c Clients, origin string, at Place, format string, args ...any) {
	b.admits(c, fault{origin: origin}, at, fmt.Sprintf(format, args...))
}

// Crosses notes that a server goes on from one zone to another, where a CNAME leads, for some clients
// alone.
func (b *Builder) Crosses(c Clients, at Place, format string, args ...any) {
	b.admits(c, fault{origin: ".", crossing: true}, at, fmt.Sprintf(format, args...))
}

func (b *Builder) admits(c Clients, f fault, at Place, text string) {
	refused, doubtful := f, f
	refused.admitted = &c
	refused.Kind, refused.whom = Refused, func(of []netip.Prefix) ([]netip.Prefix, bool) {
		if len(of) == 0 {
			return nil, c.Nobody()
		}
		its := c.Split(of).Others
		return its, len(its) > 0
	}
	doubtful.Kind, doubtful.whom = NotRead, c.doubted
	b.faultOf(refused, at, "%s", text)
	b.faultOf(doubtful, at, "%s, unless %s", text, doubt)
}

// Recurses notes that a server finds out for some clients alone what it does not have itself, and
// refuses that to others. One that does so for nobody may stand behind a resolver that asks it.
func (b *Builder) Recurses(c Clients, at Place, what string) {
	if all := c.Split(ranges(AllClients)); len(all.Clients)+len(all.Doubtful) == 0 {
		b.Note(at, "%s refuses names that are left to public DNS to everybody: that is right where a resolver asks this server for its zones alone", what)
		return
	}
	refuses := func(of []netip.Prefix) ([]netip.Prefix, bool) {
		its := c.Split(of).Others
		return its, len(its) > 0
	}
	b.faultOf(fault{Fault: Fault{Kind: Refused, Others: true}, origin: ".", admitted: &c, whom: refuses}, at, "%s refuses names that are left to public DNS, such as console.neo4j.io, to "+SomeOrAll, what)
}

// Refuses notes that a server answers no question of some clients.
func (b *Builder) Refuses(c Clients, at Place, format string, args ...any) {
	others := append(Clients{c.Item(true)}, AllClients...)
	refuses := func(ranges []netip.Prefix) ([]netip.Prefix, bool) {
		if len(ranges) == 0 {
			return nil, others.Nobody()
		}
		its := c.Split(ranges).Clients
		return its, len(its) > 0
	}
	b.faultOf(fault{Fault: Fault{Kind: Refused}, origin: ".", admitted: &others, whom: refuses}, at, format, args...)
	b.doubtful(c, ".", at, ", if "+doubt, format, args...)
}

// Unasked notes that some clients cannot ask the server: it listens at no address of their family.
// Others can, and where there are some of these among the clients nothing is known of the first, who
// may have addresses of both.
func (b *Builder) Unasked(c Clients, at Place, format string, args ...any) {
	refuses := func(ranges []netip.Prefix) ([]netip.Prefix, bool) {
		if len(ranges) == 0 {
			return nil, c.Everybody()
		}
		return ranges, len(c.Split(ranges).Others) == 0
	}
	b.faultOf(fault{Fault: Fault{Kind: Refused}, origin: ".", whom: refuses}, at, format, args...)
}

// doubt is what is not known of clients who may be in a list.
const doubt = "they are in the networks of the server itself, or in a place that the list names, which is not known here"

// doubtful notes the clients of whom it is not known whether a server refuses their questions.
func (b *Builder) doubtful(c Clients, origin string, at Place, reason, format string, args ...any) {
	b.faultOf(fault{Fault: Fault{Kind: NotRead}, origin: origin, whom: c.doubted}, at, format+reason, args...)
}

// doubted returns those of whom it is not known whether they are in a list.
func (c Clients) doubted(ranges []netip.Prefix) (its []netip.Prefix, some bool) {
	its = c.Split(ranges).Doubtful
	return its, len(its) > 0
}

// Sparing has what is noted meanwhile not count at and below some names.
func (b *Builder) Sparing(names []string, note func()) {
	b.spared = names
	note()
	b.spared = nil
}

func (b *Builder) faultOf(f fault, at Place, format string, args ...any) {
	if !b.idle {
		f.spared = b.spared
		f.Note = Note{Place: at, Message: fmt.Sprintf(format, args...)}
		b.faults = append(b.faults, f)
	}
}

// Faults returns why clients may get other answers than those of the set for any of the
// names, or for one below them; for a nil names, for any name at all. The clients are those
// in the ranges; where there are none it is not known who they are. What concerns some of them
// alone says whom.
func (s *Set) Faults(names []string, clients []netip.Prefix) []Fault {
	var found []Fault
	led, crosses := s.led(names)
	for _, f := range s.faults {
		if !f.touches(led) || f.crossing && !crosses || len(clients) == 0 && s.ownHost(f) {
			continue
		}
		if told, concerns := f.to(clients); concerns {
			found = append(found, told)
		}
	}
	its := reachOf(names)
	return once(slices.Concat(found, unseen(s.seen, its), apart(s.seen, s.stated, its)))
}

// NotLoaded returns the first fault by which a server does not load what the set was read of, and whether
// there is one.
func (s *Set) NotLoaded() (Fault, bool) {
	for _, f := range s.Faults(nil, nil) {
		if f.Kind == NotLoaded {
			return f, true
		}
	}
	return Fault{}, false
}

// once returns faults without those that are told already: what counts for several names is noted
// for each of them.
func once(all []Fault) []Fault {
	told := make(map[Fault]bool)
	return slices.DeleteFunc(all, func(f Fault) bool {
		again := told[f]
		told[f] = true
		return again
	})
}

// Divided returns why some of the clients of whom it is not known who they are may get other
// answers than those of the set. They are in the ranges, and maybe not all that are in them.
func (s *Set) Divided(names []string, ranges []netip.Prefix) []Fault {
	var found []Fault
	led, crosses := s.led(names)
	for _, f := range s.faults {
		if _, told := f.to(nil); told || !f.divides || !f.touches(led) || f.crossing && !crosses {
			continue
		}
		if told, concerns := f.to(ranges); concerns {
			found = append(found, told)
		}
	}
	return once(found)
}

// to returns the fault as it is told to some clients, and whether it concerns any of them.
func (f fault) to(clients []netip.Prefix) (Fault, bool) {
	if f.whom == nil {
		return f.Fault, true
	}
	its, concerns := f.whom(clients)
	told := f.Fault
	if concerns && (len(clients) > 0 || f.admitted != nil) {
		whom := "all of the clients"
		if len(address.Without(clients, its)) > 0 {
			whom = "the clients " + spell.Ranges(its)
		}
		told.Message = strings.Replace(told.Message, SomeOrAll, whom, 1)
	}
	return told, concerns
}

// touches reports whether the fault counts for any of some names.
func (f fault) touches(its reach) bool {
	switch {
	case its.names == nil:
		return true
	case f.origin != "." && !its.touches(f.origin):
		return false
	case len(f.spared) == 0:
		return len(its.names) > 0
	}
	return slices.ContainsFunc(its.names, func(name string) bool {
		if slices.ContainsFunc(f.spared, func(spared string) bool { return dnsname.AtOrBelow(name, spared) }) {
			return false
		}
		return f.origin == "." || dnsname.AtOrBelow(name, f.origin) || dnsname.AtOrBelow(f.origin, name)
	})
}

// touching returns the faults that count for any of the names.
func touching(all []fault, its reach) []fault {
	return slices.DeleteFunc(slices.Clone(all), func(f fault) bool { return !f.touches(its) })
}
