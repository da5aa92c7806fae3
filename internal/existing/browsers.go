package existing

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
)

// The errors of answers that contradict the addresses of their name.
var (
	errNoSuchName = errors.New("it says that there is no such name, of one that has addresses: resolvers then have none of either family")
	errElsewhere  = errors.New("it sends browsers elsewhere")
)

// contradiction returns what is wrong with one of the replies for a name of which another one has
// addresses, or nil: one that denies the name, or refuses it, denies its addresses as well
// (RFC 8020).
func (s Server) contradiction(replies []*dns.Msg) *Problem {
	for _, reply := range replies {
		if reply.Rcode == dns.RcodeSuccess || len(reply.Question) == 0 {
			continue
		}
		q := reply.Question[0]
		problem := &Problem{Server: s.Address, Question: question(q.Name, q.Qtype), Rcode: reply.Rcode}
		if reply.Rcode == dns.RcodeNameError {
			problem.Err = errNoSuchName
		}
		return problem
	}
	return nil
}

// askAsBrowsers asks for the HTTPS record of a name that has addresses (RFC 9460), as browsers do
// for each name. It returns what is wrong with the answer, or nil.
func (s Server) askAsBrowsers(ctx context.Context, name string, addrs []netip.Addr, tries int) *Problem {
	reply, problem := s.exchange(ctx, name, dns.TypeHTTPS, tries)
	if problem != nil {
		return problem
	}
	if problem = s.contradiction([]*dns.Msg{reply}); problem != nil {
		return problem
	}
	for _, rr := range reply.Answer {
		record, is := rr.(*dns.HTTPS)
		if !is {
			continue
		}
		if where := elsewhere(&record.SVCB, addrs); where != "" {
			return &Problem{Server: s.Address, Question: question(name, dns.TypeHTTPS), Err: fmt.Errorf("%w: to %.80s", errElsewhere, where)}
		}
	}
	return nil
}

// elsewhere returns the other name to which a record sends those who take it, or an address that is
// none of the name's own; "" if there is neither.
func elsewhere(rr *dns.SVCB, addrs []netip.Addr) string {
	if target := dnsname.Lower(rr.Target); target != "." && target != dnsname.Lower(rr.Hdr.Name) {
		return dnsname.TrimDot(target)
	}
	for _, value := range rr.Value {
		for _, addr := range hinted(value) {
			if !slices.Contains(addrs, addr) {
				return addr.String()
			}
		}
	}
	return ""
}

// hinted returns the addresses of a hint.
func hinted(value dns.SVCBKeyValue) []netip.Addr {
	var hint []net.IP
	switch value := value.(type) {
	case *dns.SVCBIPv4Hint:
		hint = value.Hint
	case *dns.SVCBIPv6Hint:
		hint = value.Hint
	}
	addrs := make([]netip.Addr, 0, len(hint))
	for _, ip := range hint {
		if addr, ok := netip.AddrFromSlice(ip); ok {
			addrs = append(addrs, addr.Unmap())
		}
	}
	return addrs
}
