package auralink

import (
	"testing"

	"github.com/coredns/coredns/plugin/pkg/edns"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/corefast"
)

// TestEchoedOptions: once any plugin says that an option is known, CoreDNS copies
// it into replies, and queries with options are left to it. There is no way back
// in this process: each run takes another code for private use (RFC 6891, section 9).
func TestEchoedOptions(t *testing.T) {
	localOption := uint16(dns.EDNS0LOCALSTART)
	for edns.SupportedOption(localOption) {
		localOption++
	}
	echoed = false
	a, pipe := serving(t, fixedTopology(t))
	m := new(dns.Msg).SetQuestion("foo.endpoints.neo4j.io.", dns.TypeA)
	plain, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	opt := m.SetEdns0(1232, false).IsEdns0()
	opt.Option = append(opt.Option, &dns.EDNS0_LOCAL{Code: localOption, Data: []byte("x")})
	packet, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	client := packetClients[0]
	if !sameOctets(t, a, pipe, packet, client) {
		t.Error("an option that nobody knows was not left out")
	}
	edns.SetSupportedOption(localOption)
	if echoed = corefast.EchoesOptions(); !echoed {
		t.Error("it is not found out that CoreDNS copies options")
	}
	reply := new(dns.Msg)
	if err := reply.Unpack(pipe.ask(t, packet, client)); err != nil {
		t.Fatal(err)
	}
	if got := reply.IsEdns0(); got == nil || len(got.Option) != 1 {
		t.Fatalf("CoreDNS does not copy the option: %v", got)
	}
	if sameOctets(t, a, pipe, packet, client) {
		t.Error("a query with the option was answered by the fast path")
	}
	if !sameOctets(t, a, pipe, plain, client) {
		t.Error("a query without options was not")
	}
}
