package peers

import (
	"encoding/base64"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// PublicV4 and PublicV6 are the addresses that [Public] has for every name.
var (
	PublicV4 = netip.MustParseAddr("198.51.100.1")
	PublicV6 = netip.MustParseAddr("2001:db8::1")
)

// publicTTL is that of all records of [Public], in seconds: no other server's.
const publicTTL = 299

// Public starts a server that stands for public DNS, to which resolvers send what
// they do not answer themselves: there every name has an A, an AAAA, an HTTPS and an
// MX record, with a signature for those who ask for it (RFC 3225), which is not good.
// It returns its address, UDP and TCP, and stops with the test.
func Public(tb testing.TB) netip.AddrPort {
	tb.Helper()
	at := FreePort(tb, Loopback())
	listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at))
	if err != nil {
		tb.Fatal(err)
	}
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		tb.Fatal(err)
	}
	for _, server := range []*dns.Server{{Listener: listener}, {PacketConn: conn}} {
		started := make(chan struct{})
		server.Handler, server.NotifyStartedFunc = dns.HandlerFunc(answerPublicly), func() { close(started) }
		go func() { _ = server.ActivateAndServe() }() // it ends with Shutdown
		<-started
		tb.Cleanup(func() { _ = server.Shutdown() })
	}
	return at
}

func answerPublicly(w dns.ResponseWriter, r *dns.Msg) {
	m := new(dns.Msg).SetReply(r)
	m.RecursionAvailable = true
	question := r.Question[0]
	for _, rr := range publicRecords(question.Name) {
		if question.Qtype == rr.Header().Rrtype || question.Qtype == dns.TypeANY {
			m.Answer = append(m.Answer, rr)
		}
	}
	if opt := r.IsEdns0(); opt != nil {
		m.SetEdns0(dns.DefaultMsgSize, opt.Do())
		if opt.Do() && len(m.Answer) > 0 {
			m.Answer = append(m.Answer, signature(*m.Answer[0].Header()))
		}
	}
	_ = w.WriteMsg(m) // whoever asked asks again
}

// publicRecords are those of every name.
func publicRecords(name string) []dns.RR {
	header := func(rrtype uint16) dns.RR_Header {
		return dns.RR_Header{Name: name, Rrtype: rrtype, Class: dns.ClassINET, Ttl: publicTTL}
	}
	hint := &dns.SVCBIPv4Hint{Hint: []net.IP{PublicV4.AsSlice()}}
	return []dns.RR{
		&dns.A{Hdr: header(dns.TypeA), A: PublicV4.AsSlice()},
		&dns.AAAA{Hdr: header(dns.TypeAAAA), AAAA: PublicV6.AsSlice()},
		&dns.HTTPS{SVCB: dns.SVCB{Hdr: header(dns.TypeHTTPS), Priority: 1, Target: ".", Value: []dns.SVCBKeyValue{hint}}},
		&dns.MX{Hdr: header(dns.TypeMX), Preference: 10, Mx: "mail.invalid."},
	}
}

// signature returns an RRSIG that looks as if its zone signed the RRset.
func signature(covered dns.RR_Header) *dns.RRSIG {
	header := covered
	header.Rrtype = dns.TypeRRSIG
	_, zone, _ := strings.Cut(covered.Name, ".")
	const year = 365 * 24 * 3600 // seconds
	now := uint32(time.Now().Unix())
	return &dns.RRSIG{
		Hdr: header, TypeCovered: covered.Rrtype, Algorithm: dns.ECDSAP256SHA256, Labels: uint8(dns.CountLabel(covered.Name)),
		OrigTtl: publicTTL, Inception: now - year, Expiration: now + year, KeyTag: 1, SignerName: dns.Fqdn(zone),
		Signature: base64.StdEncoding.EncodeToString(make([]byte, 64)),
	}
}
