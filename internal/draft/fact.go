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
	// network is that of the private endpoint to which the target belongs, or ""; addrs are then those
	// that the endpoint is listed with.
	network string
	public  bool // it is left to public DNS on purpose
	apex    bool // it is a zone's own name
	ttl     uint32
	place   holdings.Place
	source  int // index into Sources
}

func (f fact) wildcard() bool { return strings.HasPrefix(f.name, "*.") }

// exposed reports whether the name leads to an address that no private endpoint has.
func (f fact) exposed() bool {
	_, others := byKind(f.addrs)
	return len(others) > 0
}

// shown returns the name as people write it.
func (f fact) shown() string { return dnsname.TrimDot(f.name) }

// at returns where the fact was read, for a comment.
func (f fact) at() string {
	if f.place.File == "" {
		return ""
	}
	return f.place.String()
}

// gather reads what all sources have. What is left out of that is said.
func (d *drafter) gather() {
	for i, s := range d.Sources {
		for e := range s.Set.All() {
			f, why := factOf(s, e)
			f.source = i
			if why == "" {
				f, why = classified(d.resolved(f))
			}
			switch {
			case why == "":
				d.facts = append(d.facts, f)
			case why != nothing:
				d.leftOut(f, why)
			}
		}
	}
}

// leftOut says why a name is not in the topology.
func (d *drafter) leftOut(f fact, why string) {
	at := f.at()
	if at != "" {
		at += ": "
	}
	d.notef("%s%s %s, and is left out", at, f.shown(), why)
}

// nothing is the reason for a name that needs no note when it is left out.
const nothing = "says nothing"

// factOf returns what an entry says, and why it is left out, if it is.
func factOf(s Source, e holdings.Entry) (f fact, why string) {
	data := e.Data()
	f = fact{name: e.Name(), ttl: data.TTL, place: e.Place(), apex: e.Name() == e.Zone()}
	switch {
	case data.Subtree:
		return f, "leads to all that is below another name (DNAME)"
	case strings.Contains(f.name, `\`):
		return f, "is not the name of a host"
	case data.Action == holdings.Passthru:
		f.public = true
		return f, ""
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
	switch {
	case len(f.addrs) > 0 || f.target != "":
		return f, ""
	case !dnsname.Below(f.name, auraname.Origin) || f.name == e.Zone():
		return f, nothing
	default:
		return f, withoutAddresses(data)
	}
}

// withoutAddresses says what a name has that leads nowhere.
func withoutAddresses(data holdings.Data) string {
	switch data.Action {
	case holdings.NXDomain:
		return "is said not to exist"
	case holdings.Drop:
		return "is not answered on purpose"
	case holdings.Unanswered:
		return "was not answered"
	case holdings.Refer:
		return "is " + data.Referral.String()
	case holdings.NoData, holdings.Passthru:
	}
	return "has no addresses"
}

// classified says what a name is for, and why it is left out, if it is.
func classified(f fact) (fact, string) {
	name, wildcard := strings.CutPrefix(f.name, "*.")
	label, custom := strings.CutSuffix(name, "."+topology.EndpointsOrigin)
	host, orchestra := orchestraOf(name)
	switch {
	case dnsname.Below(name, auraname.Origin+auraname.Origin):
		return f, "has the name of its zone twice (does it lack its final dot?)"
	case wildcard && dnsname.Below(topology.EndpointsOrigin, name):
		f.role = catchAll
	case wildcard && name == topology.EndpointsOrigin:
		f.role = allEndpoints
	case name == topology.EndpointsOrigin:
		return f, "is the name of no custom endpoint, but of all of them together"
	case !wildcard && slices.Contains(topology.PublicNames(), name):
		return f, "is always public"
	case custom && !wildcard && !strings.Contains(label, "."):
		f.role, f.about = endpointName, label
	case custom:
		return f, "is the name of no custom endpoint (does it lack its final dot?)"
	case orchestra:
		f.role, f.about = orchestraName, host
	default:
		f.role = extraName
	}
	return f, f.passed(name)
}

// passed says why a name is left out that is left to public DNS: those of custom endpoints
// are not.
func (f fact) passed(name string) string {
	switch {
	case !f.public || f.role == endpointName:
		return ""
	case dnsname.AtOrBelow(name, auraname.Origin):
		return "is left to public DNS on purpose"
	default:
		return nothing
	}
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
