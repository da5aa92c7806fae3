package differential_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

var (
	seed       = flag.Uint64("seed", 1, "seed of the first topology; the next ones have the next seeds")
	topologies = flag.Int("topologies", 8, "number of random topologies")
	asked      = flag.Int("questions", 200, "number of random questions to each VPC")
)

// networks are the transports over which everything is asked.
var networks = []string{"udp", "tcp"}

// TestDifferential: what auralink serves is what the zone files it writes say,
// as other servers understand them.
func TestDifferential(t *testing.T) {
	t.Run("by hand", func(t *testing.T) {
		parsed, findings, err := topology.Parse(strings.NewReader(hardTopology))
		if err != nil {
			t.Fatal(findings)
		}
		differential(t, hardTopology, parsed, *seed)
	})
	for i := range *topologies {
		seed := *seed + uint64(i)
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			text, parsed := randomTopology(t, rand.New(rand.NewPCG(seed, 0)))
			differential(t, text, parsed, seed)
		})
	}
}

// differential compares the servers for one topology. What is asked follows from
// the seed.
func differential(t *testing.T, text string, parsed *topology.Topology, seed uint64) {
	planned, findings := plan.New(parsed)
	if findings.HasErrors() {
		t.Fatalf("planning: %s\n%s", findings, text)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to repeat it: go test ./test/differential -seed %d -topologies 1 -questions %d\n%s", seed, *asked, text)
		}
	})
	own := startOurs(t, text, parsed.VPCs)
	for i := range planned.VPCs {
		view := planned.VPCs[i].View
		for _, shape := range shapes(view) {
			s := scene{topology: parsed, view: view, shape: shape}
			t.Run(view.Name+" "+string(shape), func(t *testing.T) {
				s.compare(t, own, rand.New(rand.NewPCG(seed, uint64(i)+1)))
			})
		}
	}
}

// maxShown bounds the differences that one scene reports.
const maxShown = 5

// compare puts random questions to our server and to the others.
func (s scene) compare(t *testing.T, own ours, rng *rand.Rand) {
	others := peers.Start(t, peers.Authoritative(s.files(t))...)
	around := anchors(s.topology, s.view)
	from, hasClients := s.client(rng)
	for _, network := range networks {
		panel := panel{scene: s, network: network, pinned: dial(t, own.pinned[s.view.Name], network, netip.Addr{})}
		if hasClients {
			panel.byClient = dial(t, own.byClient, network, from)
		}
		for _, other := range others {
			panel.others = append(panel.others, member{other.Peer.Name, dial(t, other.Addr, network, netip.Addr{})})
		}
		for range *asked {
			panel.put(t, randomQuestion(rng, around))
			if panel.shown >= maxShown {
				t.FailNow()
			}
		}
	}
}

// panel is all who are asked the same over one transport.
type panel struct {
	scene
	network  string
	pinned   *peers.Client
	byClient *peers.Client // nil where the VPC has no clients to ask from
	others   []member
	shown    int // differences reported
}

// member is another server in a panel.
type member struct {
	name   string
	client *peers.Client
}

// put asks all of the panel and compares their answers with ours.
func (p *panel) put(t *testing.T, m *dns.Msg) {
	t.Helper()
	q := m.Question[0]
	if p.shape == zones.ShapePerName && strings.EqualFold(q.Name, topology.EndpointsOrigin) {
		return // what the parent itself has can be compared in the other shape only
	}
	got := ask(t, p.pinned, m)
	if p.byClient != nil {
		p.report(t, q, "a client of the VPC", cmp.Diff(got, ask(t, p.byClient, m)))
	}
	for _, other := range p.others {
		theirs := ask(t, other.client, m)
		if want, known := p.expect(other.name, q, theirs); known {
			p.report(t, q, other.name, cmp.Diff(want, got))
		}
	}
}

// report fails the test with a difference, if there is one.
func (p *panel) report(t *testing.T, q dns.Question, who, diff string) {
	t.Helper()
	if diff != "" {
		t.Errorf("%s over %s: we do not answer as %s (-want +ours):\n%s", &q, p.network, who, diff)
		p.shown++
	}
}

// expect returns what we should answer where a server answers theirs. False
// means that theirs does not say.
func (s scene) expect(peer string, q dns.Question, theirs outcome) (outcome, bool) {
	for _, d := range differences {
		if (d.peers == nil || slices.Contains(d.peers, peer)) && d.at(s, q, theirs) {
			if d.ours == nil {
				return outcome{}, false
			}
			return d.ours(s, q, theirs), true
		}
	}
	return theirs, true
}

// client returns an address from which the scene's VPC asks, if there is one in
// 127.0.0.0/8.
func (s scene) client(rng *rand.Rand) (netip.Addr, bool) {
	for range 100 {
		addr := netip.AddrFrom4([4]byte{127, byte(10 + rng.IntN(4)), byte(rng.IntN(2)), byte(rng.Uint32())})
		if rng.IntN(5) == 0 {
			addr = netip.AddrFrom4([4]byte{127, 12, 1, 7})
		}
		if vpcOf(s.topology, addr) == s.view.Name {
			return addr, true
		}
	}
	return netip.Addr{}, false
}

// vpcOf returns the name of the VPC that a client is in, or "".
func vpcOf(t *topology.Topology, client netip.Addr) string {
	owner, longest := "", -1
	for _, vpc := range t.VPCs {
		if len(vpc.Clients) == 0 && longest < 0 {
			owner = vpc.Name
		}
		for _, prefix := range vpc.Clients {
			if prefix.Contains(client) && prefix.Bits() > longest {
				owner, longest = vpc.Name, prefix.Bits()
			}
		}
	}
	return owner
}

// dial connects until the test ends.
func dial(t *testing.T, to netip.AddrPort, network string, from netip.Addr) *peers.Client {
	t.Helper()
	client, err := peers.Dial(to, network, from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// ask returns a server's answer to a message.
func ask(t *testing.T, client *peers.Client, m *dns.Msg) outcome {
	t.Helper()
	reply, err := client.Ask(m)
	if err != nil {
		t.Fatalf("%s: %v", &m.Question[0], err)
	}
	return outcomeOf(reply)
}
