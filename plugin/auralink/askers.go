package auralink

import (
	"errors"
	"net/netip"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/serve"
)

// askers are those for whom a request asks: the client that it comes from or, where that
// is a forwarder that is trusted, the clients of the subnet that the forwarder names.
type askers struct {
	// client is the client's address, or the first one of the subnet.
	client netip.Addr
	view   authority.ViewID
	known  bool // the view is; else it is a stranger
	// subnet is what the reply says of whom it is for; nil without a forwarder.
	subnet *dns.EDNS0_SUBNET
	// divided says that the clients of the subnet are not all of one view, or of none.
	divided bool
}

// askers finds out for whom a request asks, and false where that is not to be read.
func (a *Auralink) askers(s *serve.Snapshot, w dns.ResponseWriter, r *dns.Msg) (askers, bool) {
	from := addrPort(w.RemoteAddr()).Addr()
	who := askers{client: from.Unmap().WithZone("")}
	if len(a.options.Trusted) > 0 && a.options.Trusts(from) {
		subnet, prefix, err := askedFor(r)
		if err != nil {
			return who, false
		}
		if subnet != nil {
			who.behalf(s.Table, subnet, prefix)
			return who, true
		}
	}
	who.view, who.known = a.options.View(s.Table, from)
	return who, true
}

// behalf has the clients of a subnet ask.
func (who *askers) behalf(table *authority.Table, subnet *dns.EDNS0_SUBNET, prefix netip.Prefix) {
	view, scope, known := table.ViewForSubnet(prefix)
	who.view, who.known = view, known
	if prefix.IsValid() {
		who.client, who.divided = prefix.Addr().Unmap(), scope > prefix.Bits()
	} else {
		who.client, who.divided = netip.IPv4Unspecified(), !known
	}
	reply := *subnet
	reply.SourceScope = uint8(scope)
	who.subnet = &reply
}

// errSubnet is for a client subnet that is none (RFC 7871, section 7.1.2).
var errSubnet = errors.New("malformed client subnet")

// askedFor returns the client subnet of a request, nil if it has none. Of no family the
// prefix is the invalid one.
//
// The library has read it: octets that are missing are 0, and those behind are gone.
func askedFor(r *dns.Msg) (*dns.EDNS0_SUBNET, netip.Prefix, error) {
	opt := r.IsEdns0()
	if opt == nil {
		return nil, netip.Prefix{}, nil
	}
	var subnet *dns.EDNS0_SUBNET
	for _, option := range opt.Option {
		if found, ok := option.(*dns.EDNS0_SUBNET); ok {
			if subnet != nil {
				return nil, netip.Prefix{}, errSubnet
			}
			subnet = found
		}
	}
	switch {
	case subnet == nil:
		return nil, netip.Prefix{}, nil
	case subnet.SourceScope != 0:
		return nil, netip.Prefix{}, errSubnet
	case subnet.Family == 0:
		return subnet, netip.Prefix{}, nil
	}
	addr, _ := netip.AddrFromSlice(subnet.Address)
	if subnet.Family == 1 {
		addr = addr.Unmap()
	}
	prefix := netip.PrefixFrom(addr, int(subnet.SourceNetmask))
	if prefix != prefix.Masked() {
		return nil, netip.Prefix{}, errSubnet
	}
	return subnet, prefix, nil
}

// tailored reports whether a reply is for some clients and not for all.
func (who *askers) tailored() bool {
	return who.subnet != nil && (who.subnet.SourceScope > 0 || who.divided)
}

// parseTrustECS reads which forwarders are trusted.
func (a *Auralink) parseTrustECS(args []string) (err error) {
	a.options.Trusted, err = serve.ParseTrusted(args)
	return err
}

// unkept takes care that a denial is not kept that is for some clients alone: others
// than records of the answer section are kept for all (RFC 7871, sections 7.3.1 and 7.4).
// The records are the message's own.
func unkept(m *dns.Msg) {
	if len(m.Answer) > 0 {
		return
	}
	for _, rr := range m.Ns {
		rr.Header().Ttl = 0
	}
}
