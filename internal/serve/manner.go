package serve

import (
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
)

// DefaultUDPSize is the most octets that a reply over UDP has unless told otherwise:
// what fits into a packet that is not fragmented on any common path
// (https://www.dnsflagday.net/2020/). Longer ones get lost where fragments do, and
// multiply what whoever forges an address sends to it.
const DefaultUDPSize = 1232

// Manner is how a server block replies, whatever it is asked. Its zero value is that
// of a server that does not recurse.
type Manner struct {
	// Flags are those of all replies.
	Flags wire.Flags
	// MaxUDP is the most octets that a reply over UDP may have, or 0 for
	// [DefaultUDPSize].
	MaxUDP uint16
}

// UDPSize returns the length, in octets, that a reply over UDP may have to a client
// whose OPT record says that it takes so many.
func (m *Manner) UDPSize(takes uint16) uint16 {
	if m.MaxUDP == 0 {
		return min(takes, DefaultUDPSize)
	}
	return min(takes, m.MaxUDP)
}

// Frame prepares a request for its reply, whose OPT record CoreDNS makes of that of
// the request, and whose length it bounds by that: the payload size is lowered, if
// the request came over UDP, and reserved flags are cleared (RFC 6891, section
// 6.1.4).
func (m *Manner) Frame(request *dns.Msg, udp bool) {
	opt := request.IsEdns0()
	if opt == nil {
		return
	}
	if udp {
		opt.SetUDPSize(m.UDPSize(opt.UDPSize()))
	}
	do := opt.Do()
	opt.Hdr.Ttl &^= 0xffff
	opt.SetDo(do)
}

// Mark gives a reply the flags that all have.
func (m *Manner) Mark(reply *dns.Msg) {
	flags := m.Flags.Apply(bit(reply.Authoritative, wire.FlagAA) |
		bit(reply.RecursionDesired, wire.FlagRD) | bit(reply.RecursionAvailable, wire.FlagRA))
	reply.Authoritative = flags&wire.FlagAA != 0
	reply.RecursionDesired = flags&wire.FlagRD != 0
	reply.RecursionAvailable = flags&wire.FlagRA != 0
}

func bit(set bool, flag uint16) uint16 {
	if set {
		return flag
	}
	return 0
}

// WellFormed reports whether a request has at most one OPT record, in the additional
// section and owned by the root (RFC 6891, sections 6.1.1 and 6.1.2). Anything else
// is a FORMERR.
func WellFormed(request *dns.Msg) bool {
	seen := 0
	for _, rr := range request.Extra {
		if opt, ok := rr.(*dns.OPT); ok {
			if seen++; seen > 1 || opt.Hdr.Name != "." {
				return false
			}
		}
	}
	for _, rr := range append(request.Answer[:len(request.Answer):len(request.Answer)], request.Ns...) {
		if rr.Header().Rrtype == dns.TypeOPT {
			return false
		}
	}
	return true
}
