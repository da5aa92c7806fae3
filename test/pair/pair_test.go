package pair_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// The versions of the topology: one link and its wildcard, then a second link, then an
// endpoint more.
const (
	first = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {links: {east: [10.10.10.10]}}
custom_endpoints: {east-1: east}
serial: 41
`
	second = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints: {east-1: east, west-1: west}
serial: 42
`
	third = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints: {east-1: east, west-1: west, west-2: west}
serial: 43
`
)

// versions says what a server answers by each version.
var versions = map[uint32]map[string]string{
	41: {
		"west-1.endpoints.neo4j.io.":        "NOERROR 10.10.10.10", // the wildcard that has to go
		"db.production-orch-0000.neo4j.io.": "NOERROR 10.10.10.10",
	},
	42: {
		"west-1.endpoints.neo4j.io.":        "NOERROR 10.20.10.10",
		"d-east-1.endpoints.neo4j.io.":      "NOERROR 10.10.10.10",
		"any.endpoints.neo4j.io.":           "NXDOMAIN",
		"db.production-orch-0042.neo4j.io.": "NOERROR 10.20.10.10",
	},
	43: {"a-west-2.endpoints.neo4j.io.": "NOERROR 10.20.10.10"},
}

// awaitVersion returns when each secondary has a version, and holds that it answers by it.
func awaitVersion(t *testing.T, version uint32, secondaries ...*secondary) {
	t.Helper()
	for _, s := range secondaries {
		await(t, fmt.Sprintf("%s has serial %d", s.Peer.Name, version), func() bool { return s.look() == version })
		for name, want := range versions[version] {
			await(t, fmt.Sprintf("%s has %s for %s, and not %s", s.Peer.Name, want, name, has(s.Addr, name)), func() bool { return has(s.Addr, name) == want })
		}
	}
}

// TestPair: whichever of the two servers dies, the secondaries of both come to have
// what the other one serves, and stay with it when the dead one is back with what it had
// before.
func TestPair(t *testing.T) {
	for _, dies := range []int{0, 1} {
		t.Run([]string{"the first dies", "the second dies"}[dies], func(t *testing.T) {
			t.Parallel()
			at := []netip.AddrPort{peers.FreePort(t, peers.Loopback()), peers.FreePort(t, peers.Loopback()), peers.FreePort(t, netip.MustParseAddr("127.0.0.1"))}
			pair := []*primary{newPrimary(t, first, at...), newPrimary(t, first, at...)}
			pair[0].start()
			pair[1].start()
			a, b := pair[0].addr, pair[1].addr
			secondaries := []*secondary{startAt(t, at[0], nsd(keyName, a, b)), startAt(t, at[1], knot(a, b)), startAt(t, at[2], bind(a, b))}
			awaitVersion(t, 41, secondaries...)

			gone, stays := pair[dies], pair[1-dies]
			gone.die()
			stays.put(second)
			awaitVersion(t, 42, secondaries...)

			// Back with the old text, it tells the secondaries of that.
			gone.start()
			await(t, "the secondaries were told of the old version", func() bool {
				return gone.metric("coredns_auralink_notifies_total", `result="confirmed"`) >= 6
			})
			for _, s := range secondaries {
				for range 10 {
					if got := has(s.Addr, "west-1.endpoints.neo4j.io."); got != versions[42]["west-1.endpoints.neo4j.io."] || s.look() != 42 {
						t.Errorf("%s has %s by serial %d", s.Peer.Name, got, s.serial)
					}
				}
			}
			gone.put(second)
			await(t, "both have the same serial", func() bool { return serialOf(a, zones[0]) == 42 && serialOf(b, zones[0]) == 42 })

			// The other one dies.
			stays.die()
			gone.put(third)
			awaitVersion(t, 43, secondaries...)
			stays.start()
			if got := serialOf(stays.addr, zones[0]); got != 42 {
				t.Errorf("after a restart with the same text the serial is %d", got)
			}
		})
	}
}

// TestCutOff: a secondary that was cut off is told again until it has what was missed,
// without asking by itself, which it would do after a quarter of an hour.
func TestCutOff(t *testing.T) {
	t.Parallel()
	at := peers.FreePort(t, peers.Loopback())
	ways := newGates(t)
	p := newPrimary(t, first, ways.to(at))
	p.start()
	s := startAt(t, at, knot(ways.to(p.addr)))
	awaitVersion(t, 41, s)
	confirmed := func() bool { return p.metric("coredns_auralink_notifies_waiting") == 0 }
	await(t, "the secondary has confirmed the first version", confirmed)

	ways.shut()
	unanswered := p.metric("coredns_auralink_notifies_total", `result="unanswered"`)
	p.put(second)
	await(t, "the server has told it twice", func() bool {
		return p.metric("coredns_auralink_notifies_total", `result="unanswered"`) >= unanswered+2
	})
	p.put(third)
	await(t, "the server has the third version", func() bool { return serialOf(p.addr, zones[0]) == 43 })
	if got := s.look(); got != 41 {
		t.Errorf("it has serial %d, although it is cut off", got)
	}
	if got := p.metric("coredns_auralink_notifies_waiting"); got != 3 {
		t.Errorf("%v zones wait, want 3", got)
	}
	ways.reopen()
	awaitVersion(t, 43, s)
	await(t, "the secondary has confirmed all", confirmed)
}

// TestKey: without the key nothing is transferred, and nobody is told.
func TestKey(t *testing.T) {
	t.Parallel()
	at := peers.FreePort(t, peers.Loopback())
	p := newPrimary(t, first, at)
	p.start()
	s := startAt(t, at, nsd("NOKEY", p.addr))
	for _, tt := range []struct {
		name, network, key string
		qtype              uint16
		want               string
	}{
		{"no key", "tcp", "", dns.TypeAXFR, "REFUSED 0"},
		{"no key, what has changed", "tcp", "", dns.TypeIXFR, "REFUSED 0"},
		{"no key, what has changed, over UDP", "udp", "", dns.TypeIXFR, "REFUSED 0"},
		{"another secret", "tcp", "AAAA", dns.TypeAXFR, "NOTAUTH 0"},
		{"another secret, what has changed, over UDP", "udp", "AAAA", dns.TypeIXFR, "NOTAUTH 0"},
		{"the key", "tcp", secret, dns.TypeAXFR, "NOERROR 4"},
		{"the key, what has changed", "tcp", secret, dns.TypeIXFR, "NOERROR 4"},
		{"the key, what has changed, over UDP", "udp", secret, dns.TypeIXFR, "NOERROR 1"},
	} {
		if got := transferred(t, p.addr, tt.network, tt.key, tt.qtype, 40); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	for _, network := range []string{"tcp", "udp"} { // RFC 1995, section 2
		if got := transferred(t, p.addr, network, secret, dns.TypeIXFR, 41); got != "NOERROR 1" {
			t.Errorf("who is up to date gets %s over %s", got, network)
		}
	}
	// The secondary refuses what is signed by a key that it does not know.
	await(t, "the secondary has refused", func() bool { return p.metric("coredns_auralink_notifies_total", `result="refused"`) >= 2 })
	if got := has(s.Addr, "db.production-orch-0000.neo4j.io."); !strings.HasPrefix(got, "SERVFAIL") {
		t.Errorf("a secondary without the key answers %s", got)
	}
}

// transferred asks for a zone, and returns the rcode and the number of records in the
// first message.
func transferred(t *testing.T, from netip.AddrPort, network, key string, qtype uint16, serial uint32) string {
	t.Helper()
	m := new(dns.Msg).SetIxfr(zones[0], serial, ".", ".")
	if qtype == dns.TypeAXFR {
		m.SetAxfr(zones[0])
	}
	client := &dns.Client{Net: network}
	if key != "" {
		client.TsigSecret = map[string]string{keyName: key}
		m.SetTsig(keyName, dns.HmacSHA256, 300, time.Now().Unix())
	}
	reply, _, err := client.Exchange(m, from.String())
	if reply == nil {
		t.Fatal(err)
	}
	if key == secret && (err != nil || reply.IsTsig() == nil) {
		t.Errorf("the reply is not signed: %v", err)
	}
	return fmt.Sprintf("%s %d", dns.RcodeToString[reply.Rcode], len(reply.Answer))
}

// TestListed: without the property notify those of the transfer plugin are told, in the
// background, and a server without a serial says that a pair may differ.
func TestListed(t *testing.T) {
	t.Parallel()
	at := peers.FreePort(t, peers.Loopback())
	without := func(text string) string { return text[:strings.Index(text, "serial:")] }
	p := newPrimary(t, without(first))
	p.lines = fmt.Sprintf("errors\nprometheus %s\nauralink topology.yaml {\nvpc apps\n}\ntransfer {\nto * %s\n}\n", p.metricsAt, at)
	p.start()
	s := startAt(t, at, nsd("NOKEY", p.addr))
	answers := func(version uint32) {
		t.Helper()
		for name, want := range versions[version] {
			await(t, "the secondary has "+want+" for "+name, func() bool { return has(s.Addr, name) == want })
		}
	}
	answers(41)
	before := serialOf(p.addr, zones[0])
	p.put(without(second))
	answers(42)
	if now := serialOf(p.addr, zones[0]); now <= before || now != s.look() {
		t.Errorf("the serial was %d, and is %d, and %d of the secondary", before, now, s.serial)
	}
	await(t, "it has confirmed all", func() bool {
		return p.metric("coredns_auralink_notifies_waiting", `secondary="transfer"`) == 0 &&
			p.metric("coredns_auralink_notifies_total", `secondary="transfer"`, `result="confirmed"`) >= 3
	})
	if log := p.server.Log(); strings.Count(log, "has no serial: where a pair of servers has it") != 1 {
		t.Errorf("the log does not say once that a pair may differ:\n%s", log)
	}
}
