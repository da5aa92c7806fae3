package canary

import (
	"net"
	"net/netip"

	"github.com/miekg/dns"
)

// Protocol is an encrypted way to ask a resolver, as ALPN calls it (RFC 9461,
// section 4.1).
type Protocol string

// The protocols that there are.
const (
	DoT  Protocol = "dot" // RFC 7858
	DoH  Protocol = "h2"  // RFC 8484
	DoH3 Protocol = "h3"
	DoQ  Protocol = "doq" // RFC 9250
)

// defaultPorts are the ports that go without saying.
var defaultPorts = map[Protocol]uint16{DoT: 853, DoH: 443, DoH3: 443, DoQ: 853}

// path is the template of what is asked for over HTTP (RFC 9461, section 5).
const path = "/dns-query{?dns}"

// Resolver is a resolver that is designated.
type Resolver struct {
	// Name is an absolute host name that its certificate vouches for.
	Name     string
	Protocol Protocol
	Port     uint16
	// Addrs are its addresses, where they are known.
	Addrs []netip.Addr
}

// record returns the record that designates it (RFC 9462, section 4).
func (r Resolver) record(priority uint16) *dns.SVCB {
	rr := &dns.SVCB{
		Hdr:      dns.RR_Header{Name: discovery, Rrtype: dns.TypeSVCB, Class: dns.ClassINET, Ttl: ttl},
		Priority: priority,
		Target:   r.Name,
		Value:    []dns.SVCBKeyValue{&dns.SVCBAlpn{Alpn: []string{string(r.Protocol)}}},
	}
	if r.Port != defaultPorts[r.Protocol] {
		rr.Value = append(rr.Value, &dns.SVCBPort{Port: r.Port})
	}
	v4, v6 := r.hints()
	if len(v4) > 0 {
		rr.Value = append(rr.Value, &dns.SVCBIPv4Hint{Hint: v4})
	}
	if len(v6) > 0 {
		rr.Value = append(rr.Value, &dns.SVCBIPv6Hint{Hint: v6})
	}
	if r.Protocol == DoH || r.Protocol == DoH3 {
		rr.Value = append(rr.Value, &dns.SVCBDoHPath{Template: path})
	}
	return rr
}

// hints returns the addresses by family.
func (r Resolver) hints() (v4, v6 []net.IP) {
	for _, addr := range r.Addrs {
		if addr = addr.Unmap(); addr.Is4() {
			v4 = append(v4, addr.AsSlice())
		} else {
			v6 = append(v6, addr.AsSlice())
		}
	}
	return v4, v6
}
