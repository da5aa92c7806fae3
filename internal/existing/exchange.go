package existing

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// The errors of replies that cannot be believed.
var (
	errOtherQuestion = errors.New("it answers another question than the one that was asked: is it a DNS server?")
	errOtherName     = errors.New("it answers with the addresses of another name")
	errManyAddresses = errors.New("it answers with more addresses than any private link has")
	errTwoMeanings   = errors.New("it answers with a CNAME beside other records of one name, of which clients take the one or the other")
	errNotGood       = errors.New("it answers with addresses, and says that this is no answer")
)

const (
	// maxAddrs bounds the addresses of one answer.
	maxAddrs = 64
	// maxChain bounds the CNAMEs that are followed in one answer.
	maxChain = 16
)

// exchange asks one question, over UDP and, if the answer does not fit, TCP.
func (s Server) exchange(ctx context.Context, name string, qtype uint16, tries int) (*dns.Msg, *Problem) {
	m := new(dns.Msg).SetQuestion(name, qtype)
	m.SetEdns0(udpSize, false)
	problem := &Problem{Server: s.Address, Question: question(name, qtype)}
	for range tries {
		reply, err := s.once(ctx, "udp", m)
		if err == nil && reply.Truncated {
			reply, err = s.once(ctx, "tcp", m)
		}
		if err == nil {
			return problem.judge(reply)
		}
		problem.Err = err
		if ctx.Err() != nil {
			break
		}
	}
	return nil, problem
}

// judge returns a reply that says something about the name, or the problem with it.
func (p *Problem) judge(reply *dns.Msg) (*dns.Msg, *Problem) {
	p.Err = nil
	switch reply.Rcode {
	case dns.RcodeSuccess, dns.RcodeNameError, dns.RcodeRefused:
		return reply, nil
	default:
		p.Rcode = reply.Rcode
		return nil, p
	}
}

// once sends a message once, and returns the reply to it.
func (s Server) once(ctx context.Context, network string, m *dns.Msg) (*dns.Msg, error) {
	conn, err := s.dialer(network).DialContext(ctx, network, s.Address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer closeWith(ctx, conn)()
	ear := hear(conn)
	reply, _, err := s.client(network).ExchangeWithConnContext(ctx, m, &dns.Conn{Conn: ear, UDPSize: udpSize})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil && !reply.Truncated && !isWhole(ear.message(), reply):
		return nil, errCutShort
	case err == nil && !isReplyTo(m, reply):
		return nil, errOtherQuestion
	default:
		return reply, err
	}
}

// closeWith closes a connection when the context ends, until what it returns is
// called: whoever reads waits no longer.
func closeWith(ctx context.Context, conn net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { _ = conn.Close() })
}

// isReplyTo reports whether a reply has the question of a message. One that says that
// it was not understood may have none (RFC 9619 allows for no other).
func isReplyTo(m, reply *dns.Msg) bool {
	if len(reply.Question) == 0 {
		return reply.Rcode != dns.RcodeSuccess && reply.Rcode != dns.RcodeNameError
	}
	asked, got := m.Question[0], reply.Question[0]
	return reply.Response && len(reply.Question) == 1 &&
		dnsname.Lower(got.Name) == dnsname.Lower(asked.Name) && got.Qtype == asked.Qtype && got.Qclass == asked.Qclass
}

// gather adds what a reply says. A TTL counts only where it comes from the zone, and
// not from a cache.
func (s Server) gather(d *holdings.Data, reply *dns.Msg) *Problem {
	addrs, ttl, err := addresses(reply)
	if err == nil && len(addrs) > 0 && reply.Rcode != dns.RcodeSuccess {
		err = fmt.Errorf("%w: %s", errNotGood, dns.RcodeToString[reply.Rcode])
	}
	if err != nil {
		return &Problem{Server: s.Address, Question: question(reply.Question[0].Name, reply.Question[0].Qtype), Err: err}
	}
	d.Addrs = append(d.Addrs, addrs...)
	if reply.Authoritative {
		d.TTL = min(d.TTL, ttl)
	}
	switch {
	case len(addrs) > 0:
	case reply.Rcode == dns.RcodeRefused:
		d.Action = holdings.Drop
	case reply.Rcode == dns.RcodeNameError:
		d.Action = holdings.NXDomain
	case d.Action == "":
		d.Action = holdings.NoData
	}
	return nil
}

// addresses returns the addresses that a reply has for the name of its question, or
// for the one to which its CNAMEs lead from there, and their shortest TTL in seconds.
func addresses(reply *dns.Msg) (addrs []netip.Addr, ttl uint32, err error) {
	ttl = holdings.NoTTL
	if len(reply.Question) == 0 {
		return nil, ttl, nil
	}
	name := dnsname.Lower(reply.Question[0].Name)
	for range maxChain {
		own := ofName(reply.Answer, name)
		switch {
		case len(own.targets) > 1, len(own.targets) == 1 && len(own.addrs) > 0:
			return nil, ttl, errTwoMeanings
		case len(own.addrs) > maxAddrs:
			return nil, ttl, errManyAddresses
		case len(own.addrs) == 0 && len(own.targets) == 0 && own.others:
			return nil, ttl, errOtherName
		case len(own.targets) == 0:
			return own.addrs, own.ttl, nil
		}
		name = own.targets[0]
	}
	return nil, ttl, errOtherName
}

// ownRecords is what one name has in an answer: addresses with their shortest TTL in
// seconds, and the targets of its CNAMEs; others says that another name has addresses.
type ownRecords struct {
	addrs   []netip.Addr
	ttl     uint32
	targets []string
	others  bool
}

// ofName returns what a lower-case name has in an answer.
func ofName(answer []dns.RR, name string) ownRecords {
	own := ownRecords{ttl: holdings.NoTTL}
	for _, rr := range answer {
		addr, target := addressOf(rr)
		switch its := dnsname.Lower(rr.Header().Name) == name; {
		case its && addr.IsValid():
			own.addrs, own.ttl = append(own.addrs, addr), min(own.ttl, rr.Header().Ttl)
		case its && target != "" && !slices.Contains(own.targets, target):
			own.targets = append(own.targets, target)
		case addr.IsValid():
			own.others = true
		}
	}
	return own
}

// addressOf returns the address that a record has, or the lower-case name to which it
// leads. Records of other classes than that of the Internet have neither.
func addressOf(rr dns.RR) (addr netip.Addr, target string) {
	if rr.Header().Class != dns.ClassINET {
		return addr, ""
	}
	switch rr := rr.(type) {
	case *dns.A:
		addr, _ = netip.AddrFromSlice(rr.A.To4())
	case *dns.AAAA:
		addr, _ = netip.AddrFromSlice(rr.AAAA)
	case *dns.CNAME:
		target = strings.ToLower(rr.Target)
	}
	return addr, target
}
