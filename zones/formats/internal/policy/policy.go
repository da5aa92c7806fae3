// Package policy reads the response policy zones that a server's configuration names, as
// that server takes them: before its own zones, and one after the other.
package policy

import (
	"io"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/rpz"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Zone is a response policy zone of a configuration.
type Zone struct {
	// Name is the zone's, absolute.
	Name string
	// Override is what all rules do instead of what they say; "" for what they say, and
	// "disabled" for nothing.
	Override string
	// KeepsData says that rules with records of their own are left as they are.
	KeepsData bool
	// Untargeted says that the server leaves out rules that lead to a name of one's own.
	Untargeted bool
	// After is as in a [formats.Input].
	After formats.After
	// File has where the zone is.
	File formats.Mention
	// Server is the one that loads it; MaxTTL and AnyHost are as in a [zonefile.Named].
	Server  zonefile.Server
	MaxTTL  uint32
	AnyHost bool
}

// loaded returns the zone as the server loads it.
func (z Zone) loaded() zonefile.Policy {
	name := dnsname.TrimDot(z.Name)
	if z.Name == "." || z.Name == zonefile.UnknownOrigin {
		name = strconv.Quote(z.File.Path)
	}
	return zonefile.Policy{Name: name, Server: z.Server, At: z.File.Place, MaxTTL: z.MaxTTL, AnyHost: z.AnyHost}
}

// Rules are those of all policy zones that were read.
type Rules struct {
	b     *holdings.Builder
	rules *holdings.Builder
	set   *holdings.Set // of rules; nil if there are more since
	some  bool
	// aliases lead to other names: what these have is not known before all is read.
	aliases []alias
}

// alias is a rule that leads to another name.
type alias struct {
	trigger string
	data    holdings.Data
	at      holdings.Place
}

// New returns the rules of no zone yet. What is read goes to a builder as well.
func New(b *holdings.Builder) *Rules { return &Rules{b: b, rules: holdings.NewBuilder()} }

// overrides are what rules can do instead of what they say.
var overrides = map[string]holdings.Action{
	"nxdomain": holdings.NXDomain, "nodata": holdings.NoData, "passthru": holdings.Passthru, "drop": holdings.Drop,
}

// Read reads a zone behind those that were read before, but for rules about names of
// which decided says that something else decides before them. Names of which local says
// that the server has them itself are not left to others by a rule that exempts them. Both
// may be nil.
func (p *Rules) Read(in formats.Input, z Zone, decided, local func(name string) bool) {
	if !z.counts(p.b) {
		return
	}
	before := p.Set()
	in.After = z.After
	in.Follow(p.b, z.File, func(b *holdings.Builder, r io.Reader, in formats.Input) error {
		in.Origin = z.Name
		b.ReadAs(holdings.Source{File: in.Name, Kind: "rpz", NamedIn: &z.File.Place})
		return rpz.Each(b, r, in, z.loaded(), func(trigger string, d holdings.Data, at holdings.Place) {
			if decided != nil && decided(trigger) || rules(before, trigger).Entry.There() { // one that exempts a name ends the search, too
				return
			}
			if z.Untargeted && d.Target != "" {
				b.Note(at, "the rule is not read: Knot Resolver leaves out a CNAME that leads to a name of one's own")
				return
			}
			d = z.overridden(d)
			p.some = true
			p.rules.Add(trigger, d, at)
			if d.Target != "" {
				p.aliases = append(p.aliases, alias{trigger, d, at})
				return
			}
			if d.Action != holdings.Passthru || local == nil || !local(trigger) {
				p.b.Add(trigger, d, at)
			}
		})
	})
	p.set = nil
}

// Cover adds what a wildcard above a zone has for the zone's own name and all below it, for a
// server that looks at rules before its zones. It adds nothing where a rule exempts a name of the
// zone. It goes before AddAliases.
func (p *Rules) Cover(zone string) {
	if !p.some {
		return
	}
	for e := range p.Set().All() {
		if e.Data().Action == holdings.Passthru && dnsname.AtOrBelow(e.Name(), zone) {
			return
		}
	}
	for _, name := range []string{zone, "*." + zone} {
		e := rules(p.Set(), name).Entry
		switch {
		case !e.There() || e.Name() == name || e.Data().Action == holdings.Passthru:
		case e.Data().Target != "":
			p.aliases = append(p.aliases, alias{name, e.Data(), e.Place()})
		default:
			p.b.Add(name, e.Data(), e.Place())
		}
	}
}

// AddAliases adds the rules that lead to other names, once all zones are read. No rule is looked at
// for these: they have what the server's own zones say, of which local tells, or public DNS.
func (p *Rules) AddAliases(local func(name string) bool) {
	p.AddAliasesBut(func(target string) (holdings.Referral, bool) {
		if local(target) {
			return holdings.Referral{Record: "CNAME to a name with a rule in a zone of its own"}, p.Decides(target)
		}
		return holdings.Referral{Name: dnsname.TrimDot(target)}, p.Decides(target)
	})
}

// AddAliasesBut is AddAliases for a server that looks for some targets elsewhere than it does for
// those who ask for them: elsewhere says of one whether that is so, and who has it.
func (p *Rules) AddAliasesBut(elsewhere func(target string) (holdings.Referral, bool)) {
	for _, a := range p.aliases {
		if referral, is := elsewhere(a.data.Target); is {
			a.data.Action, a.data.Target, a.data.Referral = holdings.Refer, "", referral
		}
		p.b.Add(a.trigger, a.data, a.at)
	}
}

// counts reports whether the rules of a zone do anything. It notes what overrides them if
// that is not known.
func (z Zone) counts(b *holdings.Builder) bool {
	if _, known := overrides[z.Override]; known || z.Override == "" {
		return true
	}
	if z.Override != "disabled" {
		b.Unread(z.File.Place, "policy zone %s is not read: its rules are overridden by %s, which is not known here", dnsname.TrimDot(z.Name), z.Override)
	}
	return false
}

// overridden returns what a rule does, in the place of what it says.
func (z Zone) overridden(says holdings.Data) holdings.Data {
	action, is := overrides[z.Override]
	if !is || z.KeepsData && (says.Action == "" || says.Action == holdings.Refer) {
		return says
	}
	return holdings.Data{Action: action, TTL: holdings.NoTTL, Narrow: says.Narrow}
}

// Set returns the rules so far.
func (p *Rules) Set() *holdings.Set {
	if p.set == nil {
		rules := p.rules
		p.set, p.rules = rules.Set(), holdings.NewBuilder()
		for e := range p.set.All() {
			p.rules.Add(e.Name(), e.Data(), e.Place())
		}
	}
	return p.set
}

// SoFar returns the rules so far by themselves: those that are read later are not among them.
func (p *Rules) SoFar() *Rules { return &Rules{set: p.Set(), some: p.some} }

// Has reports whether there is a rule for a name, or for what a wildcard covers, be it one that
// exempts it.
func (p *Rules) Has(name string) bool {
	_, has := p.Data(name)
	return has
}

// Data returns what the rule for a name has, if there is one, or that for what a wildcard covers.
func (p *Rules) Data(name string) (d holdings.Data, has bool) {
	if !p.some {
		return d, false
	}
	e := rules(p.Set(), name).Entry
	if !e.There() {
		return d, false
	}
	return e.Data(), true
}

// Decides reports whether a rule says what becomes of a name, or of what a wildcard
// covers: then whatever a zone has for it is not asked.
func (p *Rules) Decides(name string) bool { return p != nil && p.some && decides(p.Set(), name) }

func decides(s *holdings.Set, name string) bool {
	answer := rules(s, name)
	return answer.Entry.There() && answer.Outcome != zones.NotOurs
}

// rules returns what rules say of a name, or of what a wildcard covers.
func rules(s *holdings.Set, name string) holdings.Answer {
	if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
		return s.ResolveBelow(parent, dns.TypeA)
	}
	return s.Resolve(name, dns.TypeA)
}
