package zones

import "github.com/miekg/dns"

const (
	// nameServer and mailbox stand in NS and SOA records, where a zone must
	// have them. Nobody asks them: the zones are private and delegated from
	// nowhere. Names under "invalid" never resolve (RFC 6761, section 6.4), so
	// that no resolver can follow them somewhere else.
	nameServer = "ns.auralink.invalid."
	mailbox    = "hostmaster.auralink.invalid."

	// A secondary that cannot transfer any more has at most a day of what may be
	// another region's addresses by then.
	refresh = 900   // seconds between a secondary's questions for the serial
	retry   = 300   // seconds between them when there was no answer
	expire  = 86400 // seconds after which a secondary gives up
)

// SOA returns the start of authority of a zone. Its TTL and its MINIMUM field
// are both ttl, in seconds: for so long a negative answer may be cached (RFC
// 2308, section 4).
func SOA(origin string, ttl, serial uint32) *dns.SOA {
	return &dns.SOA{
		Hdr:     dns.RR_Header{Name: origin, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: ttl},
		Ns:      nameServer,
		Mbox:    mailbox,
		Serial:  serial,
		Refresh: refresh,
		Retry:   retry,
		Expire:  expire,
		Minttl:  ttl,
	}
}

// SerialAhead reports whether a secondary that has one serial takes a zone with
// another: whether serial is greater than before in the arithmetic of RFC 1982. Of
// two that are half of all numbers apart neither is.
func SerialAhead(serial, before uint32) bool {
	return int32(serial-before) > 0
}

// NextSerial returns the serial of a zone that had before and has changed: wanted, if
// that is ahead, else the next one after before. It is never 0, which stands for no
// serial.
func NextSerial(before, wanted uint32) uint32 {
	switch {
	case SerialAhead(wanted, before) && wanted != 0:
		return wanted
	case before+1 == 0:
		return 1
	default:
		return before + 1
	}
}

// NS returns the one name server record of a zone.
func NS(origin string, ttl uint32) *dns.NS {
	return &dns.NS{
		Hdr: dns.RR_Header{Name: origin, Rrtype: dns.TypeNS, Class: dns.ClassINET, Ttl: ttl},
		Ns:  nameServer,
	}
}
