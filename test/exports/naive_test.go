package exports_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/peers"
)

// TestMatrixSees: what people write by hand is caught. The wildcard for all custom
// endpoints leads to the first region; AAAA and HTTPS are asked of public DNS; the
// other region's orchestra is forgotten.
func TestMatrixSees(t *testing.T) {
	topology := model.Topology{
		Regions: []model.Region{{Name: "east", Orchestras: []string{"0000"}}, {Name: "west", Orchestras: []string{"0042"}}},
		VPCs: []model.VPC{{Name: "v", Links: map[string][]netip.Addr{
			"east": {netip.MustParseAddr("10.0.0.1")}, "west": {netip.MustParseAddr("10.0.0.2")},
		}}},
		Endpoints: []model.Endpoint{{Label: "foo", Region: "east"}, {Label: "bar", Region: "west"}},
	}
	planned, _, err := plan.Read(strings.NewReader(topology.YAML()))
	if err != nil {
		t.Fatal(err)
	}
	view := planned.VPCs[0].View
	byHand := map[string]string{"dnsmasq.conf": "address=/production-orch-0000.neo4j.io/10.0.0.1\naddress=/endpoints.neo4j.io/10.0.0.1\n"}
	server := peers.Start(t, peers.Dnsmasq(peers.Resolving{Files: byHand, Upstream: peers.Public(t)}))[0]
	h := &hearing{
		scene: scene{model: topology, vpc: topology.VPCs[0], view: view, names: namesOf(topology, view)},
		row:   &row{target: target{format: "by hand", server: "dnsmasq"}},
		at:    server.Addr,
	}
	h.hear(t)
	for what, count := range map[string]int{
		"wrong region": h.row.wrong, "leaks": h.row.leaks, "siblings lost": h.row.lost, "other TTL": h.row.ttl,
		"unanswered": h.row.unanswered,
	} {
		if count == 0 {
			t.Errorf("%s: none seen\n%s", what, strings.Join(h.complaints, "\n"))
		}
	}
}
