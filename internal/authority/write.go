package authority

import (
	"net/netip"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// Above these lengths, in octets, CoreDNS compresses a reply over UDP, so that it
// stays in one fragment; below, names are written whole.
const (
	wholeV4 = 1480
	wholeV6 = 1220
)

// minimalANYData is the data of the record that answers ANY.
var minimalANYData = packData(minimalANY(".", 0))

// packData returns the data of a record, in wire format without compression. The
// record's owner is the root.
func packData(rr dns.RR) []byte {
	buf := make([]byte, dns.Len(rr))
	end, err := dns.PackRR(rr, buf, 0, nil, false)
	if err != nil {
		panic("authority: " + rr.String() + ": " + err.Error())
	}
	return buf[wire.RecordLen(1, 0):end]
}

// WriteReply writes the reply to a client's query into buf and returns its
// length, in octets: the same octets as CoreDNS's server writes over UDP for the
// message that Reply makes. It returns 0 where that is left to the slow path: the
// reply is longer than buf or than the client takes, would have to be compressed in
// more than the owners of addresses, or is of a local zone's records. It allocates nothing. Buf may
// begin where the query's packet does, which is then overwritten.
//
// It must not be called for an answer that is NotOurs.
func (a *Answer) WriteReply(buf []byte, q *wire.Query, client netip.AddrPort) int {
	if a.Outcome == zones.NoData || a.Outcome == zones.NXDomain {
		return a.writeNegative(buf, q, client)
	}
	if a.Zone.Local {
		return 0
	}
	record := wire.Record{Owner: q.Owner(), Type: q.Type, TTL: a.Zone.TTL}
	switch {
	case a.Outcome == zones.Minimal:
		record.Type = dns.TypeHINFO
		return writeOne(buf, q, client, &record, minimalANYData)
	case q.Type == dns.TypeSOA:
		return writeOne(buf, q, client, &record, a.Zone.soa)
	default:
		return a.writeAddrs(buf, q, client, &record)
	}
}

// writeNegative writes a reply with the SOA in the authority section (RFC 2308,
// section 3).
func (a *Answer) writeNegative(buf []byte, q *wire.Query, client netip.AddrPort) int {
	z := a.Zone
	if q.FrameLen()+wire.RecordLen(len(z.origin), len(z.soa)) > min(len(buf), wholeLimit(q, client)) {
		return 0
	}
	head := wire.Head{Authorities: 1}
	if a.Outcome == zones.NXDomain {
		head.Rcode = dns.RcodeNameError
	}
	n := q.Begin(buf, head)
	soa := wire.Record{Owner: z.origin, Type: dns.TypeSOA, TTL: z.TTL}
	if q.Tailored() {
		soa.TTL = 0 // it would be kept for all clients (RFC 7871, section 7.4)
	}
	n += soa.Put(buf[n:], z.soa)
	return n + q.End(buf[n:])
}

// writeOne writes a reply with one record in the answer section.
func writeOne(buf []byte, q *wire.Query, client netip.AddrPort, r *wire.Record, data []byte) int {
	if q.FrameLen()+wire.RecordLen(len(r.Owner), len(data)) > min(len(buf), wholeLimit(q, client)) {
		return 0
	}
	n := q.Begin(buf, wire.Head{Answers: 1})
	n += r.Put(buf[n:], data)
	return n + q.End(buf[n:])
}

// writeAddrs writes a reply with addresses, rotated as Reply does.
func (a *Answer) writeAddrs(buf []byte, q *wire.Query, client netip.AddrPort, r *wire.Record) int {
	limit, count, length := wholeLimit(q, client), len(a.Addrs), a.WholeLen(q)
	if length > limit {
		r.Owner, limit = wire.Pointer, q.Limit()
		length = q.FrameLen() + count*wire.RecordLen(len(r.Owner), addrLen(q.Type))
	}
	if length > min(len(buf), limit) {
		return 0
	}
	n := q.Begin(buf, wire.Head{Answers: uint16(count)}) // as many as fit into 64 KiB
	next := 0
	if count > 1 {
		next = int(Rotation(q.ID, client)) % count
	}
	for range count {
		n += putAddr(buf[n:], r, a.Addrs[next])
		if next++; next == count {
			next = 0
		}
	}
	return n + q.End(buf[n:])
}

// Explain gives the reply to a client's query an explanation, if the reply with it fits
// and needs no compression. It must be called before [Answer.WriteReply], and not for
// an answer that is NotOurs.
func (a *Answer) Explain(explanation []byte, q *wire.Query, client netip.AddrPort) {
	q.Explanation = nil
	q.Explain(explanation, a.replyLen(q), wholeLimit(q, client))
}

// replyLen returns the length of the reply, in octets, if all names in it were written
// whole.
func (a *Answer) replyLen(q *wire.Query) int {
	switch {
	case a.Outcome == zones.NoData || a.Outcome == zones.NXDomain:
		return q.FrameLen() + wire.RecordLen(len(a.Zone.origin), len(a.Zone.soa))
	case a.Outcome == zones.Minimal:
		return q.FrameLen() + wire.RecordLen(len(q.Owner()), len(minimalANYData))
	case q.Type == dns.TypeSOA:
		return q.FrameLen() + wire.RecordLen(len(q.Owner()), len(a.Zone.soa))
	default:
		return a.WholeLen(q)
	}
}

// WholeLen returns the length of the reply with the answer's addresses, in octets, if
// all names in it were written whole: what CoreDNS's metrics count.
func (a *Answer) WholeLen(q *wire.Query) int {
	return q.FrameLen() + len(a.Addrs)*wire.RecordLen(len(q.Owner()), addrLen(q.Type))
}

// addrLen returns the length of an address in a record of a type, in octets.
func addrLen(qtype uint16) int {
	if qtype == dns.TypeAAAA {
		return 16
	}
	return 4
}

func putAddr(buf []byte, r *wire.Record, addr netip.Addr) int {
	if addr.Is4() {
		data := addr.As4()
		return r.Put(buf, data[:])
	}
	data := addr.As16()
	return r.Put(buf, data[:])
}

// wholeLimit is WholeLimit for the client of a query.
func wholeLimit(q *wire.Query, client netip.AddrPort) int {
	return WholeLimit(q.Limit(), client.Addr())
}

// WholeLimit returns the length, in octets, up to which the names in a reply over UDP
// are written whole, to a client that takes so many.
func WholeLimit(takes int, client netip.Addr) int {
	if client.Is4() || client.Is4In6() {
		return min(wholeV4, takes)
	}
	return min(wholeV6, takes)
}
