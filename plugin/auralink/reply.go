package auralink

import (
	"net"
	"net/netip"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/zones"
)

// reply makes the message for an answer. CoreDNS adds the OPT record and
// truncates; the question is echoed with its letter case.
func reply(r *dns.Msg, answer authority.Answer, rotate uint16) *dns.Msg {
	m := new(dns.Msg)
	m.SetReply(r)
	m.Authoritative = true
	question := r.Question[0]
	zone := answer.Zone
	switch answer.Kind {
	case authority.Positive:
		m.Answer = positive(question, answer, rotate)
	case authority.Minimal:
		m.Answer = []dns.RR{minimalANY(question.Name, zone.TTL)}
	case authority.NXDomain:
		m.Rcode = dns.RcodeNameError
		m.Ns = []dns.RR{dns.Copy(zone.SOA)}
	case authority.NoData, authority.NotOurs:
		m.Ns = []dns.RR{dns.Copy(zone.SOA)}
	}
	return m
}

func positive(question dns.Question, answer authority.Answer, rotate uint16) []dns.RR {
	zone := answer.Zone
	switch question.Qtype {
	case dns.TypeSOA:
		soa := dns.Copy(zone.SOA)
		soa.Header().Name = question.Name
		return []dns.RR{soa}
	case dns.TypeNS:
		return []dns.RR{zones.NS(question.Name, zone.TTL)}
	}
	n := len(answer.Addrs)
	rrs := make([]dns.RR, n)
	for i := range rrs {
		addr := answer.Addrs[(i+int(rotate))%n]
		rrs[i] = zones.AddressRR(question.Name, zone.TTL, addr)
	}
	return rrs
}

// minimalANY is the answer to a question for ANY (RFC 8482, section 4.2).
func minimalANY(name string, ttl uint32) *dns.HINFO {
	return &dns.HINFO{
		Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeHINFO, Class: dns.ClassINET, Ttl: ttl},
		Cpu: "RFC8482",
	}
}

// rotation says by how many places to rotate the addresses of an answer, so that
// clients spread over the private endpoint's zones. It follows from the request
// alone, so that every way of answering gives the same bytes: the message ID is
// random over UDP; over DoH it is always 0 (RFC 8484, section 4.1), but the
// client's port is not.
func rotation(id uint16, client net.Addr) uint16 {
	from, ok := addrPort(client)
	if !ok {
		from = netip.AddrPort{}
	}
	return id ^ from.Port()
}
