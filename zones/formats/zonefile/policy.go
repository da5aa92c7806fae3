package zonefile

import (
	"io"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// refusesPolicy says with what servers do not load a response policy zone, or not all of it.
// It was asked of BIND 9.18, Unbound 1.17, PowerDNS Recursor 4.8 and Knot Resolver 5.6.
var refusesPolicy = map[refusal][]Server{
	noSOA:     {BIND, Recursor},
	otherSOA:  {BIND},
	noNS:      {BIND},
	unaddress: {BIND},
	beside:    {BIND, Recursor},
	outside:   {Unbound},
	unread:    {BIND, Unbound, Recursor, KnotResolver},
	badHost:   {BIND},
	longTTL:   {BIND},

	noTTL:       {BIND},
	behind:      {BIND, Recursor, KnotResolver},
	brokenSOA:   {BIND, Recursor, KnotResolver},
	quotedData:  {BIND, Unbound, Recursor, KnotResolver},
	longText:    {BIND, Unbound},
	outOfRange:  {BIND, Recursor, KnotResolver},
	shortDigest: {BIND},
	generated:   {KnotResolver},
	picky:       {BIND},
	inPart:      {BIND},
	badTarget:   {BIND},
}

// Policy is a response policy zone that a server's configuration names.
type Policy struct {
	// Name is what messages call it.
	Name string
	// Server is the one that loads it, and At is where its configuration says so.
	Server Server
	At     holdings.Place
	// MaxTTL and AnyHost are as in a [Named].
	MaxTTL  uint32
	AnyHost bool
}

// policy is what is seen of a response policy zone.
type policy struct {
	name string
	// known says that the origin is the zone's, and not what stands for it.
	known     bool
	addressed map[string]bool // names that have addresses
	kinds     map[string]beforehand
}

// beforehand is what a name has had so far.
type beforehand struct{ alias, other bool }

// EachOf is [Each] for a response policy zone. What keeps its server from loading it is noted.
func EachOf(b *holdings.Builder, r io.Reader, in formats.Input, p Policy, do func(Record) error) (Master, error) {
	known := in.Origin != "" && in.Origin != "." && in.Origin != UnknownOrigin
	l := &loading{b: b, server: p.Server, origin: in.Origin, at: p.At, maxTTL: p.MaxTTL, anyHost: p.AnyHost, policy: &policy{
		name: p.Name, known: known, addressed: make(map[string]bool), kinds: make(map[string]beforehand),
	}}
	first, err := each(b, r, in, l, func(rec Record) error {
		l.seeRule(rec)
		return do(rec)
	})
	l.endPolicy()
	return first, err
}

// seeRule looks at a record of a response policy zone.
func (l *loading) seeRule(rec Record) {
	if soa, is := rec.RR.(*dns.SOA); is && (!l.policy.known || rec.Owner == l.origin) {
		l.origin, l.policy.known = rec.Owner, true
		l.seeSOA(soa, rec)
		return
	}
	if l.policy.known && !dnsname.AtOrBelow(rec.Owner, l.origin) {
		l.refuse(outside, rec.Place, "%s is not in it", dnsname.TrimDot(rec.Owner))
		return
	}
	l.seeSettings(rec)
	switch rr := rec.RR.(type) {
	case *dns.NS:
		if rec.Owner == l.origin {
			l.ns, l.nsAt = append(l.ns, rr), rec.Place
		}
	case *dns.A, *dns.AAAA:
		l.policy.addressed[rec.Owner] = true
	}
	l.seeAlone(rec)
}

// seeAlone looks whether a CNAME is alone.
func (l *loading) seeAlone(rec Record) {
	if !l.is(beside) || signing[rec.Type] {
		return
	}
	before := l.policy.kinds[rec.Owner]
	alias := rec.Type == "CNAME"
	if before.alias || alias && before.other {
		l.refuse(beside, rec.Place, "%s has a CNAME, and other records", dnsname.TrimDot(rec.Owner))
	}
	l.policy.kinds[rec.Owner] = beforehand{before.alias || alias, before.other || !alias}
}

// endPolicy says what keeps a response policy zone from being loaded.
func (l *loading) endPolicy() {
	if l.soa == nil {
		l.refuse(noSOA, l.at, "it has no SOA")
	} else if len(l.ns) == 0 {
		l.refuse(noNS, l.at, "it has no NS record at its apex")
	}
	for _, ns := range l.ns {
		if name := holdings.Target(ns.Ns); dnsname.AtOrBelow(name, l.origin) && !l.policy.addressed[name] {
			l.refuse(unaddress, l.nsAt, "its server %s is in the zone, and has no address there", dnsname.TrimDot(name))
		}
	}
	for _, say := range l.messages {
		say()
	}
}
