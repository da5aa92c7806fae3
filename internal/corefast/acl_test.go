package corefast

import (
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/acl"
	"github.com/coredns/coredns/plugin/pkg/fall"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/serve"
)

// TestAdmitted: a client is known by the address that the rules of acl are matched
// with, however the socket or the connection spells it.
func TestAdmitted(t *testing.T) {
	a := newAdmitted()
	for _, from := range []net.Addr{
		&net.UDPAddr{IP: net.IPv4(10, 0, 0, 1).To4()},
		&net.UDPAddr{IP: net.ParseIP("::ffff:10.0.0.2")},
		&net.UDPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0"},
		&net.TCPAddr{IP: net.ParseIP("fd00::1")},
		wrapped{&net.TCPAddr{IP: net.IPv4(10, 0, 0, 3)}}, // acl may have seen another address
		&net.IPAddr{IP: net.IPv4(10, 0, 0, 4)},
		&net.UDPAddr{},
		nil,
	} {
		a.note(from)
	}
	for client, want := range map[string]bool{
		"10.0.0.1": true, "10.0.0.2": true, "fe80::1": true, "fd00::1": true,
		"10.0.0.3": false, "10.0.0.4": false, "fd00::2": false, "::": false, "0.0.0.0": false,
	} {
		if got := a.has(netip.MustParseAddr(client)); got != want {
			t.Errorf("%s: admitted %t, want %t", client, got, want)
		}
	}
	if a.has(netip.Addr{}) {
		t.Error("no address is admitted")
	}
	var none *admitted
	none.note(&net.UDPAddr{IP: net.IPv4(10, 0, 0, 1)})
	if !none.has(netip.MustParseAddr("10.0.0.3")) {
		t.Error("without acl somebody may not ask")
	}
}

// TestKnownACL: the plugin that is compiled in is known, and no other of its name.
func TestKnownACL(t *testing.T) {
	type withoutRules struct{ Next plugin.Handler }
	type otherRules struct {
		Next  plugin.Handler
		Rules []struct{ zones []string }
	}
	type more struct {
		acl.ACL
		Hours []string
	}
	for _, tc := range []struct {
		handler any
		want    bool
	}{
		{acl.ACL{}, true}, {&acl.ACL{}, false}, {withoutRules{}, false}, {otherRules{}, false}, {more{}, false}, {"acl", false},
	} {
		if got := isKnownACL(reflect.TypeOf(tc.handler)); got != tc.want {
			t.Errorf("%T: known %t, want %t", tc.handler, got, tc.want)
		}
	}
	address := reflect.TypeFor[net.UDPAddr]()
	if !hasFields(address, "IP net.IP", "Port int", "Zone string") {
		t.Error("net.UDPAddr has not the fields that it has")
	}
	for _, other := range [][]string{
		{"IP net.IP", "Port int"}, {"IP net.IP", "Port int", "Zone netip.Addr"}, {"Port int", "IP net.IP", "Zone string"},
	} {
		if hasFields(address, other...) {
			t.Errorf("net.UDPAddr has the fields %q", other)
		}
	}
}

// TestAdmittedForgets: however many clients there are, the latest are known, and no
// more than there is room for.
func TestAdmittedForgets(t *testing.T) {
	a := newAdmitted()
	const all = 4 * admittedSets * len(admittedSet{})
	client := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
	for i := range all {
		a.note(net.UDPAddrFromAddrPort(netip.AddrPortFrom(client(i), 53)))
		if !a.has(client(i)) {
			t.Fatalf("%s is not known", client(i))
		}
	}
	known := 0
	for i := range all {
		if a.has(client(i)) {
			known++
		}
	}
	if room := admittedSets * len(admittedSet{}); known < room/2 || known > room {
		t.Errorf("%d clients are known, of room for %d", known, room)
	}
}

// TestRespondToAdmitted: the fast path answers a client when it has been admitted
// and not before, whoever asked before it, and whatever is planned meanwhile; and
// without allocating.
func TestRespondToAdmitted(t *testing.T) {
	for _, vpc := range []string{"", "apps"} {
		t.Run(fmt.Sprintf("pinned to %q", vpc), func(t *testing.T) {
			var explanations atomic.Pointer[serve.Explanations]
			explanations.Store(serve.Explain(""))
			path := Path{
				Options:  Options{Serve: &serve.Options{VPC: vpc}, Fall: new(fall.F), Parked: new(atomic.Bool), Explanations: &explanations},
				admitted: newAdmitted(),
			}
			r := path.Detach(Detached{Snapshot: planned(t)})
			packet, err := new(dns.Msg).SetQuestion("x.production-orch-0000.neo4j.io.", dns.TypeA).Pack()
			if err != nil {
				t.Fatal(err)
			}
			buf := make([]byte, fastpath.MaxReply)
			ask := func(client string) fastpath.Disposition {
				r.Begin()
				defer r.End()
				_, disposition := r.Respond(buf, packet, netip.MustParseAddrPort(client))
				return disposition
			}
			var got []fastpath.Disposition
			const friend, stranger = "10.0.0.7:5353", "10.0.0.8:5353"
			got = append(got, ask(friend))
			path.Admit(net.UDPAddrFromAddrPort(netip.MustParseAddrPort(friend)))
			got = append(got, ask(friend), ask(stranger), ask(stranger), ask(friend))
			another := planned(t)
			path.Served = func() *serve.Snapshot { return another }
			routes := *r.routes
			routes.snapshot = another
			r.listener.routes.Store(&prepared{&routes})
			got = append(got, ask(stranger), ask(friend))
			const yes, no = fastpath.Answered, fastpath.Missed
			if diff := cmp.Diff([]fastpath.Disposition{no, yes, no, no, yes, no, yes}, got); diff != "" {
				t.Errorf("dispositions (-want +got):\n%s", diff)
			}
			clients := []netip.AddrPort{netip.MustParseAddrPort(friend), netip.MustParseAddrPort(stranger)}
			if got := testing.AllocsPerRun(1000, func() {
				for _, client := range clients {
					r.Respond(buf, packet, client)
				}
			}); got != 0 {
				t.Errorf("%v allocations", got)
			}
		})
	}
}

// planned returns what is served of a topology with one VPC.
func planned(t *testing.T) *serve.Snapshot {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(`
regions: {east: {orchestras: ["0000"]}}
vpcs: {apps: {clients: [10.0.0.0/8], links: {east: [10.0.0.1]}}}
`))
	if err != nil {
		t.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	s, err := serve.New(p, 7)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wrapped is an address that a plugin has put in the place of the client's.
type wrapped struct{ net.Addr }
