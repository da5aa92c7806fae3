package alias

import (
	"slices"

	"github.com/miekg/dns"
)

// TypePlaceholder is the type of the records that stand where an answer for a name of
// ours belongs, while a message is on its way to a client: one of those for private
// use (RFC 6895, section 3.1). No client ever sees one.
const TypePlaceholder uint16 = 0xff00 + 'a'

// Placeholder is the answer to a question for a name of ours that somebody asks who
// makes an answer for a name of his own of it. It holds nothing of any client, so that
// it may be kept for others, and Lead knows it from everything else whatever has become
// of our names since. CoreDNS's cache does not keep an alias that leads to it, for it
// has no record of the type that was asked for.
func Placeholder(r *dns.Msg) *dns.Msg {
	m := new(dns.Msg).SetReply(r)
	m.Answer = []dns.RR{placeholder(r.Question[0].Name)}
	return m
}

// placeholder is a record of the longest time to live (RFC 2181, section 8): CoreDNS's
// cache lowers that of a whole message to the lowest in it.
func placeholder(name string) dns.RR {
	const longest = 1<<31 - 1
	return &dns.RFC3597{Hdr: dns.RR_Header{Name: name, Rrtype: TypePlaceholder, Class: dns.ClassINET, Ttl: longest}}
}

// hasPlaceholder reports whether there is a placeholder for a name.
func hasPlaceholder(records []dns.RR, name string) bool {
	return slices.ContainsFunc(records, func(rr dns.RR) bool {
		return rr.Header().Rrtype == TypePlaceholder && same(rr.Header().Name, name)
	})
}
