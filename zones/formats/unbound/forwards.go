package unbound

import (
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// forward is a zone whose names are asked of others, or are in a file.
type forward struct {
	name string
	kind forwardKind
	miss holdings.Action
	to   holdings.Referral
	file string
	// transferred says of an auth-zone with a file that others give it as well.
	transferred bool
	// down and up say of an auth-zone whether clients are answered from it, and whether it
	// is asked in the place of other servers.
	down, up bool
	// verified says what is done with the digest of an auth-zone.
	verified zonefile.Verification
	place    holdings.Place
}

// forwardKind is a kind of clause.
type forwardKind uint8

const (
	sentForward forwardKind = iota
	sentStub
	ownZone
)

func (c *config) forward(clause clauses.Clause) {
	name, err := holdings.CanonicalName(clause.First("name"))
	if err != nil {
		c.b.Unread(clause.Place, "%s is not read: %s is not a domain name", clause.Kind, lines.Shown(clause.First("name")))
		return
	}
	f := forward{name: name, place: clause.Place}
	if clause.Kind == "stub-zone" {
		f.kind = sentStub
	}
	for _, value := range clause.All("forward-addr", "stub-addr") {
		value, _, _ = strings.Cut(value, "#")
		if _, port, some := strings.Cut(value, "@"); some && (leading(port) < 1 || leading(port) > 65535) {
			c.b.UnreadBelow(name, clause.Place, "%s: %s has no port that a server can be asked at", clause.Kind, lines.Shown(value))
		}
	}
	f.miss, f.to = asked(clause, name == ".")
	c.forwards = append(c.forwards, f)
}

// off reports whether a clause says no to something.
func off(clause clauses.Clause, key string) bool {
	o, _ := clause.Last(key)
	return o.Value() == "no"
}

func (c *config) authZone(clause clauses.Clause) {
	name, err := holdings.CanonicalName(clause.First("name"))
	if err != nil {
		c.b.Unread(clause.Place, "auth-zone is not read: %s is not a domain name", lines.Shown(clause.First("name")))
		return
	}
	f := forward{name: name, kind: ownZone, miss: holdings.Refer, down: !off(clause, "for-downstream"), up: !off(clause, "for-upstream"), place: clause.Place}
	file, _ := clause.Last("zonefile")
	f.file = file.Value()
	f.to.File = f.file
	if c.hasAuthZone(name) {
		c.b.Note(clause.Place, "auth-zone %s stands twice, and the first one counts", dnsname.TrimDot(name))
		c.leave(f)
		return
	}
	from := strings.Join(clause.All("primary", "master", "url"), ", ")
	if f.file == "" {
		f.to.Servers = from
	} else if f.transferred = from != ""; f.transferred {
		c.b.UnreadBelow(name, clause.Place, "zone %s is transferred from %s: its zonefile may not have all yet", dnsname.TrimDot(name), from)
	}
	switch check := switchedOn(clause, "zonemd-check") && !c.permissive; {
	case check && switchedOn(clause, "zonemd-reject-absence"):
		f.verified = zonefile.Demanded
	case check:
		f.verified = zonefile.Verified
	}
	c.forwards = append(c.forwards, f)
}

// hasAuthZone reports whether an auth-zone of a name was read.
func (c *config) hasAuthZone(name string) bool {
	return slices.ContainsFunc(c.forwards, func(f forward) bool { return f.kind == ownZone && f.name == name })
}

// switchedOn reports whether a clause says yes to an option.
func switchedOn(clause clauses.Clause, key string) bool {
	o, _ := clause.Last(key)
	return o.Value() == "yes"
}

// under returns the clause at or above a name that has the longest name, of those that are
// wanted. Of two servers for one name the last one is asked.
func (c *config) under(name string, wanted func(f forward) bool) (closest forward, found bool) {
	labels := -1
	for _, f := range c.forwards {
		n := dns.CountLabel(f.name)
		if closer := n > labels || n == labels && f.kind != ownZone; closer && within(name, f.name) && wanted(f) {
			closest, labels, found = f, n, true
		}
	}
	return closest, found
}

// asked returns the clause by which a name is answered that the local zones leave to others.
// The closest auth-zone answers, if it is for clients. Else others are asked: by a forward-zone,
// whatever auth-zone is below it, or by a stub-zone, unless the closest auth-zone is below it and
// for-upstream. Both give way to such an auth-zone of their own name.
func (c *config) asked(name string) (by forward, found bool) {
	own, there := c.under(name, func(f forward) bool { return f.kind == ownZone })
	if there && own.down {
		return own, true
	}
	return c.resolved(name)
}

// resolved is asked for the resolver itself: for the target of a CNAME it looks into no auth-zone
// that is for clients alone.
func (c *config) resolved(name string) (by forward, found bool) {
	own, there := c.under(name, func(f forward) bool { return f.kind == ownZone })
	sent, found := c.sent(name)
	forwarded := found && sent.kind == sentForward
	if there && own.up && !forwarded && (!found || len(own.name) >= len(sent.name)) {
		return own, true
	}
	if same, there := c.under(name, func(f forward) bool { return f.kind == ownZone && f.up && f.name == sent.name }); found && there {
		return same, true
	}
	return sent, found
}

// sent returns the forward-zone or stub-zone at or above a name: of both, the one with the
// longer name.
func (c *config) sent(name string) (by forward, found bool) {
	forwards, found := c.under(name, func(f forward) bool { return f.kind == sentForward })
	stubs, there := c.under(name, func(f forward) bool { return f.kind == sentStub })
	if there && (!found || len(stubs.name) > len(forwards.name)) {
		return stubs, true
	}
	return forwards, found
}

// addForwards adds what becomes of the names that others are asked for, or that are in files.
func (c *config) addForwards() {
	added := make(map[holdings.Place]bool)
	for _, f := range c.forwards {
		by, found := c.asked(f.name)
		switch _, zone := c.effective(f.name, 0); {
		case zone.name != "" && !passing[zone.kind]:
			added[f.place] = true // what is local goes before it
			c.leave(f)
		case found && by.place == f.place:
			added[f.place] = true
			c.addForward(f)
		case found && by.file == "":
			c.b.Claim(holdings.Claim{Origin: f.name, Miss: by.miss, Referral: by.to, Place: by.place})
		}
	}
	for _, f := range c.forwards {
		if f.kind == ownZone && !added[f.place] {
			c.silent(f)
		}
	}
}

// leave has the file of an auth-zone not read by itself.
func (c *config) leave(f forward) {
	if f.file != "" {
		c.in.Leave(c.mention("auth-zone", f.file, f.place))
	}
}

// silent notes an auth-zone from which nobody is answered.
func (c *config) silent(f forward) {
	name := dnsname.TrimDot(f.name)
	c.leave(f)
	by, found := c.asked(f.name)
	switch {
	case !f.down && !f.up, !found:
		c.b.Note(f.place, "auth-zone %s answers no client: it is neither for-downstream nor for-upstream", name)
	default:
		whose := "the servers of " + dnsname.Shown(by.name)
		if by.kind == ownZone {
			whose = "auth-zone " + dnsname.Shown(by.name)
		}
		c.b.UnreadBelow(f.name, f.place, "auth-zone %s is not read: it is not for-downstream, and Unbound before 1.23 has its names from %s: write for-downstream: yes, by which every version answers from the zone",
			name, whose)
	}
}

// addForward adds a clause by which its own name is answered.
func (c *config) addForward(f forward) {
	if f.kind == ownZone && f.file == "" {
		c.b.UnreadBelow(f.name, f.place, "auth-zone %s is not read: it is transferred from %s", dnsname.TrimDot(f.name), f.to.Servers)
	}
	if f.file == "" || !c.addFile(f) {
		c.b.Claim(holdings.Claim{Origin: f.name, Miss: f.miss, Referral: f.to, Place: f.place})
	}
}

// needed is what comes of a file that is not there.
const needed = ", and Unbound does not start without it"

// addFile adds the zone in a file, as far as nothing that is asked before has its names,
// and reports whether the file could be read.
func (c *config) addFile(f forward) bool {
	file := c.mention("auth-zone "+dnsname.TrimDot(f.name)+": its zonefile", f.file, f.place)
	if !f.transferred {
		file.Vital, file.Consequence = true, needed
	}
	return zonefile.Named{
		Origin: f.name, Server: zonefile.Unbound, File: file, After: formats.OriginAndOwner, Lax: true, Verified: f.verified,
		Skip: func(owner string) bool {
			by, found := c.asked(strings.TrimPrefix(owner, "*."))
			return found && by.place != f.place || c.decides(owner) || c.rules.Decides(owner)
		},
		Elsewhere: func(target string) (holdings.Data, bool) { return c.leads(f, target) },
	}.Read(c.b, c.in)
}
