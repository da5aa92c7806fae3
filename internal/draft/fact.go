package draft

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// role is what a name is for.
type role int

const (
	orchestraName role = iota // an orchestra's own, or one below it
	endpointName              // that of a custom endpoint, or one of its further names
	allEndpoints              // *.endpoints.neo4j.io
	extraName                 // any other that takes a link
	catchAll                  // a wildcard above all of Aura's names
)

// fact is a name that some DNS has, and where it leads.
type fact struct {
	role   role
	name   string // absolute; a wildcard has its "*."
	about  string // the orchestra's host name, or the endpoint's label
	addrs  []netip.Addr
	target string // where it leads, if nobody here has that name's addresses
	public bool   // it is left to public DNS on purpose
	ttl    uint32
	place  holdings.Place
	source int // index into Sources
}

func (f fact) wildcard() bool { return strings.HasPrefix(f.name, "*.") }

// shown returns the name as people write it.
func (f fact) shown() string { return dnsname.TrimDot(f.name) }

// at returns where the fact was read, for a comment.
func (f fact) at() string {
	if f.place.File == "" {
		return ""
	}
	return f.place.String()
}

// gather reads what all sources have.
func (d *drafter) gather() {
	for i, s := range d.Sources {
		for e := range s.Set.All() {
			f, ok := factOf(s, e)
			if !ok {
				continue
			}
			f.source = i
			if f, ok = d.classified(f); ok {
				d.facts = append(d.facts, f)
			}
		}
	}
}

// factOf returns what an entry says, if it says anything.
func factOf(s Source, e holdings.Entry) (fact, bool) {
	data := e.Data()
	f := fact{name: e.Name(), ttl: data.TTL, place: e.Place()}
	if data.Subtree || strings.Contains(f.name, `\`) {
		return f, false
	}
	if data.Action.Outcome() == zones.NotOurs && data.Action != "" {
		f.public = true
		return f, true
	}
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
		answer := s.Set.Resolve(f.name, qtype)
		if e.Wildcard() {
			answer = s.Set.ResolveBelow(f.name[len("*."):], qtype)
		}
		if answer.Outcome == zones.Positive {
			f.addrs = append(f.addrs, answer.Addrs...)
		}
		if answer.Outcome == zones.Redirects {
			f.target = dnsname.Lower(answer.Target)
		}
	}
	f.addrs = holdings.SortedAddrs(f.addrs)
	return f, len(f.addrs) > 0 || f.target != ""
}

// classified says what a name is for. False leaves it out.
func (d *drafter) classified(f fact) (fact, bool) {
	name, wildcard := strings.CutPrefix(f.name, "*.")
	label, custom := strings.CutSuffix(name, "."+topology.EndpointsOrigin)
	host, orchestra := orchestraOf(name)
	switch {
	case wildcard && dnsname.Below(topology.EndpointsOrigin, name):
		f.role = catchAll
	case wildcard && name == topology.EndpointsOrigin:
		f.role = allEndpoints
	case name == topology.EndpointsOrigin, !wildcard && slices.Contains(topology.PublicNames(), name):
		return f, false
	case custom && !wildcard && !strings.Contains(label, "."):
		f.role, f.about = endpointName, label
	case custom:
		d.notef("%s: %s is no name of a custom endpoint, and left out: does a name lack its final dot?", f.at(), f.shown())
		return f, false
	case orchestra:
		f.role, f.about = orchestraName, host
	default:
		f.role = extraName
	}
	return f, true
}

// orchestraOf returns the host name of the orchestra to which a name belongs, by the
// look of it.
func orchestraOf(name string) (string, bool) {
	above, ok := strings.CutSuffix(name, "."+auraname.Origin)
	host := above[strings.LastIndexByte(above, '.')+1:]
	return host + "." + auraname.Origin, ok && strings.Contains(host, "-orch-")
}

func (d *drafter) notef(format string, args ...any) {
	d.draft.Notes = append(d.draft.Notes, fmt.Sprintf(format, args...))
}

// texts returns addresses in a line.
func texts(addrs []netip.Addr) string {
	all := make([]string, len(addrs))
	for i, addr := range addrs {
		all[i] = addr.String()
	}
	return strings.Join(all, ", ")
}

// inOrder sorts facts: the larger sets of addresses first, for the smaller ones may be
// parts of them; wildcards before other names, for they have all of them.
func inOrder(a, b fact) int {
	order := func(f fact) int {
		if f.wildcard() {
			return 0
		}
		return 1
	}
	return cmp.Or(-cmp.Compare(len(a.addrs), len(b.addrs)), cmp.Compare(order(a), order(b)),
		cmp.Compare(texts(a.addrs), texts(b.addrs)), dnsname.Compare(a.name, b.name))
}
