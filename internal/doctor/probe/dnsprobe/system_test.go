package dnsprobe_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dnsprobe"
	"github.com/auralink/auralink/test/peers"
)

// TestSystem: a name of the hosts file, which every machine has, for which no server
// is asked.
func TestSystem(t *testing.T) {
	r := dnsprobe.System{}.Ask(t.Context(), "localhost", 20*time.Second)
	if r.Via.Way != doctor.WaySystem || r.Via.Server == "" || len(r.Answers) != 2 {
		t.Fatalf("%+v", r)
	}
	var addrs []string
	for _, a := range r.Answers {
		if a.Outcome != doctor.Answered || a.Rcode != "NOERROR" {
			t.Errorf("%+v", a)
		}
		for _, addr := range a.Addrs {
			addrs = append(addrs, addr.String())
		}
	}
	if !slices.Contains(addrs, "127.0.0.1") && !slices.Contains(addrs, "::1") {
		t.Errorf("localhost has %v by %s", addrs, r.Via.Server)
	}
}

// TestSystemAsksOnceMore: a name is missing when a packet was lost, too. The machine is
// asked again where its server has addresses, and believed then; where that has none,
// once is enough.
func TestSystemAsksOnceMore(t *testing.T) {
	servers := peers.Start(t, peers.Knot([]peers.Zone{right}), peers.Knot([]peers.Zone{shadow}))
	for _, tt := range []struct {
		what   string
		server int
		found  bool // the second time
		want   string
		asked  int
	}{
		{what: "a lost packet", server: 0, found: true, asked: 2, want: "A connected NOERROR 10.10.10.10"},
		{what: "really missing", server: 0, found: false, asked: 2, want: "A connected NOERROR"},
		{what: "missing at the server too", server: 1, found: true, asked: 1, want: "A connected NXDOMAIN soa neo4j.io of corp.example"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			asked := 0
			system := dnsprobe.SystemOf(dnsprobe.At(servers[tt.server].Addr), func() ([]netip.Addr, bool) {
				asked++
				return []netip.Addr{netip.MustParseAddr("10.10.10.10")}, asked > 1 && tt.found
			})
			a := system.Ask(t.Context(), name, 20*time.Second).Answers[0]
			a.Records = 0 // a TTL is not known of the system
			if got := line(a); got != tt.want || asked != tt.asked {
				t.Errorf("asked %d times: %s, want %d: %s", asked, got, tt.asked, tt.want)
			}
		})
	}
}
