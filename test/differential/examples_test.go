package differential_test

import (
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

// example is a question that shows a difference in the topology of
// [exampleTopology].
type example struct {
	// shape is that of the zone files, one zone if it is empty.
	shape zones.Shape
	// ask is a name, a class and a type.
	ask string
	// theirs is what each peer of the difference answers, or "other" where they
	// differ among themselves, and ours what we do; both as by brief.
	theirs, ours string
}

// exampleTopology has one of everything that differences are about.
const exampleTopology = `
regions:
  east: {orchestras: ["0000"], extra_names: ["*.example.org", www.example.net]}
  west: {orchestras: [orch.b.example.org, orch.www.example.net]}
  north: {}
vpcs:
  v: {links: {east: [10.0.0.1], west: [10.0.0.2]}}
custom_endpoints: {e1: east, n1: north}
`

// TestDifferences: each difference is as it is described, at each of the servers
// that it is said of. One that is no more comes off the list.
func TestDifferences(t *testing.T) {
	parsed, _, err := topology.Parse(strings.NewReader(exampleTopology))
	if err != nil {
		t.Fatal(err)
	}
	planned, _ := plan.New(parsed)
	own := startOurs(t, exampleTopology, parsed.VPCs)
	for _, shape := range []zones.Shape{zones.ShapeOneZone, zones.ShapePerName} {
		t.Run(string(shape), func(t *testing.T) {
			s := scene{topology: parsed, view: planned.VPCs[0].View, shape: shape}
			servers := peers.Start(t, peers.Authoritative(s.files(t))...)
			ourClient := dial(t, own.pinned["v"], "udp", netip.Addr{})
			for _, d := range differences {
				for _, e := range d.examples {
					if e.shape == "" {
						e.shape = zones.ShapeOneZone
					}
					if e.shape == shape {
						t.Run(d.name+": "+e.ask, func(t *testing.T) { s.try(t, d, e, ourClient, servers) })
					}
				}
			}
		})
	}
}

// try asks an example of all servers that the difference is about.
func (s scene) try(t *testing.T, d difference, e example, ourClient *peers.Client, servers []*peers.Server) {
	m := parseQuestion(t, e.ask)
	got := ask(t, ourClient, m)
	if diff := cmp.Diff(e.ours, got.brief()); diff != "" {
		t.Errorf("our answer (-want +got):\n%s", diff)
	}
	for _, server := range servers {
		if d.peers != nil && !slices.Contains(d.peers, server.Peer.Name) {
			continue
		}
		theirs := ask(t, dial(t, server.Addr, "udp", netip.Addr{}), m)
		if e.theirs != "other" && theirs.brief() != e.theirs {
			t.Errorf("%s answers %q, want %q", server.Peer.Name, theirs.brief(), e.theirs)
		}
		if cmp.Equal(theirs, got) {
			t.Errorf("%s answers as we do: the difference is no more", server.Peer.Name)
		}
		if !d.at(s, m.Question[0], theirs) {
			t.Errorf("%s: the difference does not know itself in %s", server.Peer.Name, theirs.brief())
		}
		if want, known := s.expect(server.Peer.Name, m.Question[0], theirs); known {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("our answer where %s gives %s (-want +got):\n%s", server.Peer.Name, theirs.brief(), diff)
			}
		}
	}
}

// parseQuestion reads "NAME CLASS TYPE".
func parseQuestion(t *testing.T, text string) *dns.Msg {
	t.Helper()
	fields := strings.Fields(text)
	class, knownClass := dns.StringToClass[fields[1]]
	qtype, knownType := dns.StringToType[fields[2]]
	if fields[2] == "TYPE128" {
		qtype, knownType = 128, true
	}
	if !knownClass || !knownType {
		t.Fatalf("no question: %q", text)
	}
	return &dns.Msg{
		MsgHdr:   dns.MsgHdr{Id: dns.Id()},
		Question: []dns.Question{{Name: fields[0], Qtype: qtype, Qclass: class}},
	}
}

// brief returns the outcome in a line: rcode and flags, the records of the answer
// section, a semicolon, the records of the authority section, each without its
// data.
func (o outcome) brief() string {
	if o.WentOn {
		return "went on"
	}
	line := o.Rcode
	if o.Flags != "" {
		line += " " + o.Flags
	}
	if len(o.Answer)+len(o.Authority) > 0 {
		line += briefly(o.Answer) + " ;" + briefly(o.Authority)
	}
	return line
}

// briefly returns owner, TTL and type of each record.
func briefly(records []string) string {
	var line string
	for _, record := range records {
		fields := strings.Fields(record)
		line += " " + fields[0] + " " + fields[1] + " " + fields[3]
	}
	return line
}
