package zonefile

import (
	"io"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// Named is a zone whose file a server's configuration names.
type Named struct {
	// Origin is the zone, as an absolute name; File is where it is.
	Origin string
	File   formats.Mention
	// Server is the one that loads it.
	Server Server
	// After is as in a [formats.Input], and Lax as in a [holdings.Claim].
	After formats.After
	Lax   bool
	// Loose says that the longest wildcard covers whatever the zone has no record for, be
	// it that a name exists only because of others.
	Loose bool
	Unused
	// MaxTTL is the longest TTL with which BIND loads it, in seconds; 0 for any. AnyHost says
	// that names with an address need not be those of hosts.
	MaxTTL  uint32
	AnyHost bool
	Most    Most
	// Verified says what the server does with a digest of the zone, and MaxSize how many octets its
	// records may have; 0 for any.
	Verified Verification
	MaxSize  uint64
	// Plugins says why gdnsd does not take the plugin and the resource that a DYNA or DYNC record
	// has, or ""; nil where that is not known.
	Plugins func(kind, data string) (why string)
	// Skip reports whether something that the server asks before decides about a name; nil
	// where there is nothing.
	Skip func(owner string) bool
	// Elsewhere says of the target of a CNAME or a DNAME whether the server does not answer with what
	// is read of it, and what it answers; nil where it always does.
	Elsewhere func(target string) (holdings.Data, bool)
}

// Read adds the zone, and reports whether its file could be read.
func (n Named) Read(b *holdings.Builder, in formats.Input) bool {
	n.File.Origin = n.Origin
	return in.Follow(b, n.File, n.Content)
}

// confined are the servers that answer with the CNAME alone where it leads out of a zone.
var confined = map[Server]bool{Knot: true, GDNSD: true}

// Content is a [formats.Reader] for the file of the zone.
func (n Named) Content(b *holdings.Builder, r io.Reader, in formats.Input) error {
	in.Origin, in.After = n.Origin, n.After
	b.ReadAs(holdings.Source{File: in.Name, Kind: Format.Syntax(), NamedIn: &n.File.Place})
	b.OfZone(in.Name, n.Origin, false)
	b.Claim(holdings.Claim{Origin: n.Origin, Zone: !n.Loose, Lax: n.Lax, Confined: confined[n.Server], Miss: holdings.NXDomain, Place: n.File.Place})
	l := &loading{b: b, server: n.Server, origin: n.Origin, at: n.File.Place, maxTTL: n.MaxTTL, anyHost: n.AnyHost, most: n.Most, verified: n.Verified, maxSize: n.MaxSize, plugins: n.Plugins}
	_, err := each(b, r, in, l, func(rec Record) error {
		if l.see(rec) && (n.Skip == nil || !n.Skip(rec.Owner)) {
			if rec, used := n.use(b, rec, n.Origin); used {
				n.add(b, rec)
			}
		}
		return nil
	})
	l.end(in.Name)
	return err
}

// add adds a record, as its target has it if it leads to another name.
func (n Named) add(b *holdings.Builder, rec Record) {
	if n.Elsewhere == nil {
		Add(b, rec, n.Origin)
		return
	}
	switch rr := rec.RR.(type) {
	case *dns.CNAME:
		if d, is := n.Elsewhere(holdings.Target(rr.Target)); is {
			b.AddIn(n.Origin, rec.Owner, d, rec.Place)
			return
		}
	case *dns.DNAME:
		if d, is := n.Elsewhere(holdings.Target(rr.Target)); is {
			b.UnreadBelow(rec.Owner, rec.Place, "the DNAME of %s is not read: its target is not looked for where clients have it that ask for it (%s)", dnsname.TrimDot(rec.Owner), d)
		}
	}
	Add(b, rec, n.Origin)
}
