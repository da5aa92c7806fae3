package zones

import (
	"net/netip"

	"github.com/miekg/dns"
)

// AddressRR returns the record of owner for addr: A or AAAA, by the family of addr.
// The ttl is in seconds.
func AddressRR(owner string, ttl uint32, addr netip.Addr) dns.RR {
	header := dns.RR_Header{Name: owner, Class: dns.ClassINET, Ttl: ttl}
	if addr.Is4() {
		header.Rrtype = dns.TypeA
		return &dns.A{Hdr: header, A: addr.AsSlice()}
	}
	header.Rrtype = dns.TypeAAAA
	return &dns.AAAA{Hdr: header, AAAA: addr.AsSlice()}
}
