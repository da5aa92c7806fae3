package auralink

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/serve"
)

// onBehalf returns a packet in which a client subnet is given, such as "10.0.0.0/24".
func onBehalf(tb fataler, name string, qtype, size uint16, subnet string) []byte {
	m := new(dns.Msg).SetQuestion(name, qtype).SetEdns0(size, false)
	opt := m.IsEdns0()
	opt.Option = append(opt.Option, subnetOption(netip.MustParsePrefix(subnet)))
	packet, err := m.Pack()
	if err != nil {
		tb.Fatal(err)
	}
	return packet
}

func subnetOption(subnet netip.Prefix) *dns.EDNS0_SUBNET {
	option := &dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: uint8(subnet.Bits()), Address: net.IP(subnet.Addr().AsSlice())}
	if subnet.Addr().Is6() {
		option.Family = 2
	}
	return option
}

// subnetIn returns the client subnet in a message, or "".
func subnetIn(m *dns.Msg) string {
	if opt := m.IsEdns0(); opt != nil {
		for _, option := range opt.Option {
			if option, ok := option.(*dns.EDNS0_SUBNET); ok {
				return option.String()
			}
		}
	}
	return ""
}

var trustedForwarder, otherForwarder = netip.MustParseAddrPort("192.0.2.7:5353"), netip.MustParseAddrPort("192.0.2.8:5353")

// TestSubnets: a trusted forwarder gets the answer of the subnet that it asks for, and is
// told for whom that holds, with the same octets by both ways. A denial is not to be
// kept: that would be for all. Of anybody else a subnet means nothing.
func TestSubnets(t *testing.T) {
	a, pipe := serving(t, fixedTopology(t))
	a.options.Trusted = []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("10.1.0.7/32")}
	a.strangers.printf = func(string, ...any) {}
	a.options.Strangers = serve.RefuseStrangers
	a.refusesAloud = true
	const orch, foo, nobody = "x.production-orch-0000.neo4j.io.", "foo.endpoints.neo4j.io.", "nobody.endpoints.neo4j.io."
	tests := []struct {
		from         netip.AddrPort
		subnet, name string
		qtype        uint16
		want         string // response code, first address or TTL of the SOA, subnet with scope
		fast         bool
	}{
		{trustedForwarder, "10.0.0.0/24", foo, dns.TypeA, "NOERROR 10.0.0.1 10.0.0.0/24/16", true},
		{trustedForwarder, "10.0.7.7/32", foo, dns.TypeAAAA, "NOERROR fd00::1 10.0.7.7/32/16", true},
		{trustedForwarder, "10.1.0.0/16", foo, dns.TypeA, "NOERROR 10.0.0.9 10.1.0.0/16/16", true},
		{trustedForwarder, "fd00:1:2::/48", foo, dns.TypeA, "NOERROR 10.0.0.9 [fd00:1:2::]/48/32", true},
		{trustedForwarder, "10.0.0.0/24", nobody, dns.TypeA, "NXDOMAIN 0 10.0.0.0/24/16", true},
		{trustedForwarder, "10.1.0.0/24", nobody, dns.TypeA, "NOERROR 10.0.0.9 10.1.0.0/24/16", true},
		{trustedForwarder, "10.0.0.0/24", orch, dns.TypeTXT, "NOERROR 0 10.0.0.0/24/16", true},
		{trustedForwarder, "10.0.0.0/15", foo, dns.TypeA, "REFUSED 10.0.0.0/15/16", false},
		{trustedForwarder, "0.0.0.0/0", foo, dns.TypeA, "REFUSED 0.0.0.0/0/5", false},
		{trustedForwarder, "172.16.0.0/16", foo, dns.TypeA, "REFUSED 172.16.0.0/16/1", false},
		{trustedForwarder, "127.0.0.1/32", foo, dns.TypeA, "REFUSED 127.0.0.1/32/2", false},
		// A forwarder that is in a VPC itself asks for others all the same.
		{netip.MustParseAddrPort("10.1.0.7:53"), "10.0.0.0/24", nobody, dns.TypeA, "NXDOMAIN 0 10.0.0.0/24/16", true},
		// Forged: who asks is who has asked.
		{otherForwarder, "10.0.0.0/24", foo, dns.TypeA, "REFUSED", false},
		{netip.MustParseAddrPort("10.1.0.8:53"), "10.0.0.0/24", nobody, dns.TypeA, "NOERROR 10.0.0.9", true},
		{netip.MustParseAddrPort("10.0.0.8:53"), "10.1.0.0/24", nobody, dns.TypeA, "NXDOMAIN 30", true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s for %s: %s %s", tt.from.Addr(), tt.subnet, tt.name, dns.TypeToString[tt.qtype]), func(t *testing.T) {
			for _, stale := range []error{nil, fmt.Errorf("x")} {
				a.Doubt(stale)
				for _, size := range []uint16{512, 1232} {
					packet := onBehalf(t, tt.name, tt.qtype, size, tt.subnet)
					if got := sameOctets(t, a, pipe, packet, tt.from); got != tt.fast {
						t.Errorf("the fast path answers: %t", got)
					}
					reply := new(dns.Msg)
					if err := reply.Unpack(pipe.ask(t, packet, tt.from)); err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(tt.want, brief(reply)); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				}
			}
		})
	}
}

// brief returns a message's response code, the lowest address or the TTL of the SOA, and
// the client subnet.
func brief(m *dns.Msg) string {
	parts := []string{dns.RcodeToString[m.Rcode]}
	lowest := ""
	for _, rr := range m.Answer {
		fields := strings.Fields(rr.String())
		if addr := fields[len(fields)-1]; lowest == "" || addr < lowest {
			lowest = addr
		}
	}
	if lowest != "" {
		parts = append(parts, lowest)
	}
	for _, rr := range m.Ns {
		parts = append(parts, fmt.Sprint(rr.Header().Ttl))
	}
	if subnet := subnetIn(m); subnet != "" {
		parts = append(parts, subnet)
	}
	return strings.Join(parts, " ")
}

// TestSubnetsMalformed: of a trusted forwarder, what is no subnet is a FORMERR (RFC 7871,
// section 7.1.2); of others it is nobody's business.
func TestSubnetsMalformed(t *testing.T) {
	a, pipe := serving(t, fixedTopology(t))
	a.options.Trusted = []netip.Prefix{netip.MustParsePrefix("10.1.0.7/32")}
	good := subnetOption(netip.MustParsePrefix("10.0.0.0/24"))
	local := func(data string) dns.EDNS0 { return &dns.EDNS0_LOCAL{Code: dns.EDNS0SUBNET, Data: []byte(data)} }
	for name, options := range map[string][]dns.EDNS0{
		"two":                    {good, good},
		"a scope":                {local("\x00\x01\x18\x18\x0a\x00\x00")},
		"bits behind the prefix": {local("\x00\x01\x14\x00\x0a\x00\x0f")},
	} {
		for from, want := range map[string]int{"10.1.0.7:53": dns.RcodeFormatError, "10.1.0.8:53": dns.RcodeSuccess} {
			m := new(dns.Msg).SetQuestion("foo.endpoints.neo4j.io.", dns.TypeA).SetEdns0(1232, false)
			m.IsEdns0().Option = options
			packet, err := m.Pack()
			if err != nil {
				t.Fatal(err)
			}
			client := netip.MustParseAddrPort(from)
			sameOctets(t, a, pipe, packet, client)
			reply := new(dns.Msg)
			if err := reply.Unpack(pipe.ask(t, packet, client)); err != nil {
				t.Fatal(err)
			}
			if reply.Rcode != want {
				t.Errorf("%s of %s: %s", name, from, dns.RcodeToString[reply.Rcode])
			}
		}
	}
}

// TestSubnetsProperty: whatever octets a forwarder sends as a subnet, both ways answer
// with the same octets, or the fast path does not.
func TestSubnetsProperty(t *testing.T) {
	a, pipe := serving(t, fixedTopology(t))
	a.options.Trusted = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("fd00:1::/64")}
	answered := 0
	rapid.Check(t, func(t *rapid.T) {
		m := new(dns.Msg).SetQuestion(rapid.SampledFrom([]string{"foo.endpoints.neo4j.io.", "nobody.endpoints.neo4j.io.", "x.production-orch-0000.neo4j.io."}).Draw(t, "name"), drawType(t))
		m.SetEdns0(rapid.SampledFrom([]uint16{0, 512, 1232, 4096}).Draw(t, "size"), rapid.Bool().Draw(t, "DO"))
		data := append([]byte{0, byte(rapid.IntRange(0, 3).Draw(t, "family")), byte(rapid.IntRange(0, 40).Draw(t, "source")), byte(rapid.SampledFrom([]int{0, 0, 0, 8}).Draw(t, "scope"))},
			rapid.SampledFrom([]string{"", "\x0a", "\x0a\x00", "\x0a\x01\x00", "\x0a\x00\x07\x00", "\x0a\x02\x07\x09", "\xfd\x00\x00\x01", "\xfd\x00"}).Draw(t, "address")...)
		m.IsEdns0().Option = append(drawOptions(t), &dns.EDNS0_LOCAL{Code: dns.EDNS0SUBNET, Data: data})
		packet, err := m.Pack()
		if err != nil {
			t.Fatal(err)
		}
		client := rapid.SampledFrom([]string{"192.0.2.7:53", "[fd00:1::7]:53", "10.1.0.7:53"}).Draw(t, "client")
		if sameOctets(t, a, pipe, packet, netip.MustParseAddrPort(client)) {
			answered++
		}
	})
	if answered == 0 {
		t.Error("nothing was answered")
	}
}

// TestSubnetsAllocate: a forwarder's questions are answered without allocating.
func TestSubnetsAllocate(t *testing.T) {
	a := planned(t, fixedTopology(t))
	a.options.Trusted = []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32")}
	r := fastResponder(a)
	packet, buf := onBehalf(t, "nobody.endpoints.neo4j.io.", dns.TypeA, 1232, "10.0.0.0/24"), make([]byte, fastpath.MaxReply)
	disposition := fastpath.Missed
	respond := func() {
		r.Begin()
		_, disposition = r.Respond(buf, packet, trustedForwarder)
		r.End()
	}
	respond()
	if got := testing.AllocsPerRun(1000, respond); got != 0 || disposition != fastpath.Answered {
		t.Errorf("%v allocations, disposition %d", got, disposition)
	}
}
