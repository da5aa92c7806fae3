package authority

import (
	"github.com/miekg/dns"

	"github.com/auralink/auralink/zones"
)

// Reply makes the message that answers r, which has one question, with a. An
// OPT record and truncation are the carrier's. The question is echoed with its
// letter case. It must not be called for an answer that is NotOurs.
//
// The addresses begin rotate places further than in the view; all of them are
// always there.
func (a *Answer) Reply(r *dns.Msg, rotate uint16) *dns.Msg {
	m := new(dns.Msg)
	m.SetReply(r)
	m.Authoritative = true
	question := r.Question[0]
	switch a.Outcome {
	case zones.Positive:
		m.Answer = a.records(question, rotate)
	case zones.Minimal:
		m.Answer = []dns.RR{minimalANY(question.Name, a.Zone.TTL)}
	case zones.NXDomain:
		m.Rcode = dns.RcodeNameError
		m.Ns = []dns.RR{dns.Copy(a.Zone.SOA)}
	case zones.NoData:
		m.Ns = []dns.RR{dns.Copy(a.Zone.SOA)}
	case zones.NotOurs, zones.Redirects, zones.Dropped, zones.Referred:
		panic("authority: reply to a question that is not ours")
	}
	return m
}

// records returns the answer section of a positive answer. The owner is spelled
// as in the question.
func (a *Answer) records(question dns.Question, rotate uint16) []dns.RR {
	if question.Qtype == dns.TypeSOA {
		soa := dns.Copy(a.Zone.SOA)
		soa.Header().Name = question.Name
		return []dns.RR{soa}
	}
	if a.Zone.Local {
		return copied(a.Zone.Records, question.Name)
	}
	n := len(a.Addrs)
	rrs := make([]dns.RR, n)
	for i := range rrs {
		rrs[i] = zones.AddressRR(question.Name, a.Zone.TTL, a.Addrs[(i+int(rotate))%n])
	}
	return rrs
}

// copied returns copies of records, with an owner.
func copied(records []dns.RR, owner string) []dns.RR {
	rrs := make([]dns.RR, len(records))
	for i, rr := range records {
		rrs[i] = dns.Copy(rr)
		rrs[i].Header().Name = owner
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
