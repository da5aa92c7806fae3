package existing_test

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
	"github.com/auralink/auralink/zones"
)

// ask reads what a server has of a plan's names.
func ask(t *testing.T, at netip.AddrPort, vpc plan.VPC) (*holdings.Set, error) {
	t.Helper()
	server := existing.Server{Address: at.String(), Timeout: existing.DefaultTimeout}
	found, err := existing.Ask(t.Context(), server, existing.ViewNames(vpc.View), holdings.FromView(vpc.View))
	if err != nil {
		return nil, err
	}
	return found.Set, nil
}

// TestAskEqual: a server that has loaded a view's export has just what the plan
// wants.
func TestAskEqual(t *testing.T) {
	for name, topology := range numbered(t) {
		for _, shape := range shapes {
			t.Run(fmt.Sprintf("%s %s", name, shape), func(t *testing.T) {
				vpc := planned(t, topology)
				if len(vpc.View.Zones) == 0 {
					t.Skip("a server without zones refuses everything, which another test shows")
				}
				servers := peers.Authoritative(exported(t, vpc.View, shape))
				if !slices.Contains(withAllServers, name) {
					servers = servers[:1]
				}
				for _, server := range peers.Start(t, servers...) {
					set, err := ask(t, server.Addr, vpc)
					if err != nil {
						t.Fatal(err)
					}
					if d := cmp.Diff("", compared(vpc, set)); d != "" {
						t.Errorf("%s (-want +got):\n%s", server.Peer.Name, d)
					}
				}
			})
		}
	}
}

// TestAskStaleWildcard: a server that still has the wildcard from when there was
// one link sends the new region's endpoints to the old one, although nobody wrote
// that wildcard into the plan.
func TestAskStaleWildcard(t *testing.T) {
	server := peers.Start(t, peers.NSD(exported(t, planned(t, oneLink).View, zones.ShapeOneZone)))[0]
	vpc := planned(t, twoLinks)
	set, err := ask(t, server.Addr, vpc)
	if err != nil {
		t.Fatal(err)
	}
	want := `flip endpoints.neo4j.io.
removed *.endpoints.neo4j.io.
added a-bar.endpoints.neo4j.io. moves
added b-bar.endpoints.neo4j.io. moves
added bar.endpoints.neo4j.io. moves
added c-bar.endpoints.neo4j.io. moves
added d-bar.endpoints.neo4j.io. moves
added production-orch-0042.neo4j.io.
added *.production-orch-0042.neo4j.io.
`
	if d := cmp.Diff(want, compared(vpc, set)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestAskOurs: our own server answers each client as its VPC, by the address that
// it asks from.
func TestAskOurs(t *testing.T) {
	topology := `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps: {clients: [127.0.1.0/24], links: {east: [10.10.10.10], west: [10.20.10.10]}}
  batch: {clients: [127.0.2.0/24], links: {west: [10.30.10.10]}}
custom_endpoints: {foo: east, bar: west}
`
	path := filepath.Join(t.TempDir(), "topology.yaml")
	if err := os.WriteFile(path, []byte(topology), 0o600); err != nil {
		t.Fatal(err)
	}
	at := peers.FreePort(t, peers.Loopback())
	coredns.Start(t, coredns.Block(at, "auralink "+path+"\n"+coredns.Upstream))
	vpc := planned(t, topology)
	for from, same := range map[string]bool{"127.0.1.5": true, "127.0.2.5": false} {
		server := existing.Server{Address: at.String(), From: netip.MustParseAddr(from), Timeout: existing.DefaultTimeout}
		found, err := existing.Ask(t.Context(), server, existing.ViewNames(vpc.View), holdings.FromView(vpc.View))
		if err != nil {
			t.Fatal(err)
		}
		if got := compared(vpc, found.Set); (got == "") != same {
			t.Errorf("asked from %s:\n%s", from, got)
		}
	}
}

// TestAskProblems: each way in which a server does not answer is said in a
// sentence.
func TestAskProblems(t *testing.T) {
	vpc := planned(t, oneLink)
	refusing := peers.Start(t, peers.NSD(nil))[0].Addr
	nobody := peers.FreePort(t, peers.Loopback())
	silent := silentServer(t)
	tests := []struct {
		name   string
		server existing.Server
		want   string
	}{
		{"nothing listens", existing.Server{Address: nobody.String()}, "nothing listens there: is it the right port?"},
		{
			"it refuses",
			existing.Server{Address: refusing.String()},
			"the server refuses (REFUSED): it does not serve this client, or this name; --source chooses the address to ask from",
		},
		{
			"it does not answer",
			existing.Server{Address: silent.String()},
			"no answer in time: is a DNS server there, and does every firewall between let UDP and TCP through?",
		},
		{
			"not our address",
			existing.Server{Address: refusing.String(), From: netip.MustParseAddr("192.0.2.1")},
			"the address to ask from is not one of this machine's: --source takes one that is",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.server.Timeout = existing.DefaultTimeout / 10
			_, err := existing.Ask(t.Context(), tt.server, func(yield func(string) bool) { yield(vpc.View.Zones[0].Owners[0].Name) }, nil)
			var problem *existing.Problem
			if !errors.As(err, &problem) {
				t.Fatalf("error %v", err)
			}
			if got := err.Error(); len(got) < len(tt.want) || got[len(got)-len(tt.want):] != tt.want {
				t.Errorf("error %q\n does not end in %q", got, tt.want)
			}
		})
	}
}
