package holdings

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
)

// AddRecord adds a record of the zone with that origin, which may be transferred
// from a server. The zone's SOA makes its claim.
func (b *Builder) AddRecord(rr dns.RR, origin string, at Place) error {
	owner, err := CanonicalName(rr.Header().Name)
	if err != nil {
		return at.Errorf("%w", err)
	}
	if _, ok := rr.(*dns.SOA); ok && owner == origin {
		b.Claim(Claim{Origin: owner, Zone: true, Miss: NXDomain, Place: at})
	}
	b.AddRR(owner, rr, origin, at)
	return nil
}

// AddRR adds a record of a zone, or of what is written like one. The SOA and NS
// records of a zone's apex are not what clients ask for; a delegation leaves all
// that is at or below it to others.
func (b *Builder) AddRR(name string, rr dns.RR, origin string, at Place) {
	ttl := rr.Header().Ttl
	if d, ok := AddressData(rr); ok {
		b.AddIn(origin, name, d, at)
		return
	}
	switch rr := rr.(type) {
	case *dns.CNAME:
		b.AddIn(origin, name, Data{Target: Target(rr.Target), TTL: ttl}, at)
	case *dns.DNAME:
		b.AddIn(origin, "*."+name, Data{Target: Target(rr.Target), TTL: ttl, Subtree: true}, at)
	case *dns.SOA: // many have the apex for a server without meaning it
		if server := Target(rr.Ns); name == origin && dnsname.Below(server, origin) {
			b.serves(server)
		}
	case *dns.NS:
		if server := Target(rr.Ns); dnsname.AtOrBelow(server, origin) {
			b.serves(server)
		}
		switch parent, wildcard := strings.CutPrefix(name, "*."); {
		case wildcard: // of which servers make different things (RFC 4592, section 4.2)
			b.UnreadBelow(parent, at, "%s has NS records, which mean nothing of a wildcard", dnsname.TrimDot(name))
		case name != origin:
			b.Claim(Claim{Origin: name, Miss: Refer, Cut: true, Referral: Referral{Servers: dnsname.TrimDot(Target(rr.Ns))}, Place: at})
		}
	default:
		b.AddIn(origin, name, Data{TTL: ttl}, at) // the name exists
	}
}

// serves notes the name of a zone's server.
func (b *Builder) serves(server string) {
	if b.servers == nil {
		b.servers = make(map[string]bool)
	}
	b.servers[server] = true
}

// AddressData returns the data of an address record.
func AddressData(rr dns.RR) (Data, bool) {
	switch rr := rr.(type) {
	case *dns.A:
		addr, ok := netip.AddrFromSlice(rr.A)
		return Data{Addrs: []netip.Addr{addr.Unmap()}, TTL: rr.Hdr.Ttl}, ok
	case *dns.AAAA:
		addr, ok := netip.AddrFromSlice(rr.AAAA)
		return Data{Addrs: []netip.Addr{addr}, TTL: rr.Hdr.Ttl}, ok
	default:
		return Data{}, false
	}
}

// Target returns the name to which a record leads, or the name as it stands if
// it is none.
func Target(name string) string {
	if canonical, err := CanonicalName(name); err == nil {
		return canonical
	}
	return name
}
