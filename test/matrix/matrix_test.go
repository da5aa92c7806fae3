//go:build linux

package matrix_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers/coredns"
)

// opener opens a line from an address to a server, behind a header.
type opener func(from netip.Addr, to netip.AddrPort, h header) (line, error)

// way is how a client asks, or somebody for it.
type way struct {
	name string
	open func(client netip.Addr) (line, error)
	// subnet says that the client is named in each question.
	subnet bool
	// as is whose answer is right; invalid for the client's own.
	as netip.Addr
}

// waysOf returns all ways to a server.
func waysOf(s serving) (ways []way) {
	transports := []struct {
		name string
		open opener
		port func(ports) netip.AddrPort
		pp   []byte // the versions of the PROXY protocol
	}{
		{"UDP", overUDP, func(p ports) netip.AddrPort { return p.plain }, []byte{2}},
		{"TCP", overTCP, func(p ports) netip.AddrPort { return p.plain }, []byte{1, 2}},
		{"DoT", overTLS, func(p ports) netip.AddrPort { return p.tls }, []byte{1, 2}},
		{"DoH", overHTTPS, func(p ports) netip.AddrPort { return p.https }, []byte{2}},
		{"DoQ", overQUIC, func(p ports) netip.AddrPort { return p.quic }, []byte{2}},
	}
	from := func(open opener, who netip.Addr, to netip.AddrPort) func(netip.Addr) (line, error) {
		return func(client netip.Addr) (line, error) {
			if who.IsValid() {
				client = who
			}
			return open(client, to, header{})
		}
	}
	behind := func(open opener, who netip.Addr, to netip.AddrPort, version byte) func(netip.Addr) (line, error) {
		return func(client netip.Addr) (line, error) { return open(who, to, header{version, client}) }
	}
	for _, tr := range transports {
		fast, slow, proxied := tr.port(s.fast), tr.port(s.slow), tr.port(s.proxied)
		ways = append(ways,
			way{name: tr.name, open: from(tr.open, netip.Addr{}, fast)},
			way{name: tr.name + " without header, where others have one", open: from(tr.open, netip.Addr{}, proxied)},
			way{name: tr.name + " with ECS", open: from(tr.open, forwarder, fast), subnet: true},
		)
		if tr.name == "UDP" {
			ways = append(ways,
				way{name: "UDP without the fast path", open: from(tr.open, netip.Addr{}, slow)},
				way{name: "UDP with ECS, without the fast path", open: from(tr.open, forwarder, slow), subnet: true},
			)
		}
		for _, version := range tr.pp {
			name := fmt.Sprintf("%s with PROXY %d", tr.name, version)
			ways = append(ways, way{name: name, open: behind(tr.open, balancer, proxied, version)})
			if tr.name == "DoQ" {
				continue // who is not believed cannot send a header, which is no QUIC
			}
			for _, outsider := range outsiders {
				ways = append(ways, way{name: name + ", forged by " + outsider.String(), open: behind(tr.open, outsider, proxied, version), as: outsider})
			}
		}
		for _, outsider := range outsiders {
			ways = append(ways, way{name: tr.name + " with ECS, forged by " + outsider.String(), open: from(tr.open, outsider, fast), subnet: true, as: outsider})
		}
	}
	return ways
}

// TestMatrix: each client gets for each name the addresses that are right by BIND, by
// each way, and whoever says to be another gets its own.
func TestMatrix(t *testing.T) {
	askers := clients()
	right := oracle(t, append(askers, outsiders...))
	checkOracle(t, right)
	ways := waysOf(start(t))
	asked, wrong := 0, 0
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			for _, client := range askers {
				whose := client
				if w.as.IsValid() {
					whose = w.as
				}
				for name, got := range w.ask(t, client) {
					asked++
					if want := right[whose][name]; got != want {
						wrong++
						t.Errorf("%s asks for %s: %s, want %s (VPC %q)", client, name, got, want, vpcOf(whose))
					}
				}
			}
		})
	}
	t.Logf("%d clients, %d names, %d ways: %d questions, %d wrong", len(askers), len(names), len(ways), asked, wrong)
	if want := len(askers) * len(names) * len(ways); asked != want {
		t.Errorf("%d questions were answered, want %d", asked, want)
	}
}

// ask has a client ask for all names, and returns the addresses of each. A name that is
// passed on has none.
func (w way) ask(t *testing.T, client netip.Addr) map[string]string {
	t.Helper()
	l, err := w.open(client)
	if err != nil {
		t.Fatalf("%s: %v", client, err)
	}
	defer l.close()
	got := make(map[string]string)
	for _, name := range names {
		m := question(name, dns.TypeA)
		if w.subnet {
			m.IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 32, Address: client.AsSlice()}}
		}
		reply := exchange(t, l, m)
		if got[name] = addressesOf(reply); coredns.IsUpstreams(reply) {
			got[name] = "none"
		}
	}
	return got
}

func exchange(t *testing.T, l line, m *dns.Msg) *dns.Msg {
	t.Helper()
	packet, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	octets, err := l.exchange(packet)
	if err != nil {
		t.Fatalf("%s: %v", &m.Question[0], err)
	}
	reply := new(dns.Msg)
	if err := reply.Unpack(octets); err != nil {
		t.Fatal(err)
	}
	return reply
}

// checkOracle makes sure that BIND tells clients apart at all: an oracle that has nothing
// to say would find nothing wrong.
func checkOracle(t *testing.T, right answers) {
	t.Helper()
	const name = "foo.endpoints.neo4j.io."
	for client, want := range map[string]string{
		"127.40.0.0": "10.1.0.1 10.1.0.2", "127.40.8.0": "10.2.0.1", "127.40.8.128": "none", "127.40.9.0": "10.1.0.1 10.1.0.2",
		"127.41.8.0": "10.1.0.1 10.1.0.2", "127.41.9.0": "10.2.0.1", "127.43.0.0": "10.4.0.1", "127.99.0.1": "none",
	} {
		if got := right[netip.MustParseAddr(client)][name]; got != want {
			t.Errorf("by BIND, %s asks for %s: %q, want %q", client, name, got, want)
		}
	}
}

// TestSubnets: a forwarder's subnet of whatever length has the answers of its clients, if
// all of them have the same, and none of a view's if not; and the reply's scope says no
// more than is so.
func TestSubnets(t *testing.T) {
	var firsts []netip.Addr
	var subnets []netip.Prefix
	for _, client := range clients() {
		for _, bits := range []int{8, 12, 15, 16, 17, 20, 23, 24, 25, 28, 31, 32} {
			subnet := netip.PrefixFrom(client, bits).Masked()
			subnets, firsts = append(subnets, subnet), append(firsts, subnet.Addr())
		}
	}
	right := oracle(t, firsts)
	s := start(t)
	const name = "foo.endpoints.neo4j.io."
	for way, at := range map[string]netip.AddrPort{"fast": s.fast.plain, "slow": s.slow.plain} {
		l, err := overUDP(forwarder, at, header{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.close()
		divided := 0
		for _, subnet := range subnets {
			m := question(name, dns.TypeA)
			m.IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: uint8(subnet.Bits()), Address: subnet.Addr().AsSlice()}}
			reply := exchange(t, l, m)
			want := right[subnet.Addr()][name]
			if !united(subnet) {
				divided++
				want = "none"
			}
			if got := addressesOf(reply); got != want {
				t.Errorf("%s, of %s: %s, want %s", way, subnet, got, want)
			}
			checkScope(t, way, subnet, reply)
		}
		if divided == 0 || divided == len(subnets) {
			t.Errorf("%d of %d subnets are divided", divided, len(subnets))
		}
	}
}

// checkScope holds a reply's scope against the ranges: all within it are alike, and it is
// longer than the subnet's prefix exactly if the subnet is divided.
func checkScope(t *testing.T, way string, subnet netip.Prefix, reply *dns.Msg) {
	t.Helper()
	for _, option := range reply.IsEdns0().Option {
		theirs, ok := option.(*dns.EDNS0_SUBNET)
		if !ok {
			continue
		}
		scope := int(theirs.SourceScope)
		if int(theirs.SourceNetmask) != subnet.Bits() || theirs.Address.String() != subnet.Addr().String() {
			t.Errorf("%s, of %s: the reply is about %s", way, subnet, theirs)
		}
		if united(subnet) != (scope <= subnet.Bits()) || !united(netip.PrefixFrom(subnet.Addr(), scope).Masked()) {
			t.Errorf("%s, of %s: scope %d", way, subnet, scope)
		}
		return
	}
	t.Errorf("%s, of %s: the reply says nothing of whom it is for", way, subnet)
}
