package existing_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
	"github.com/auralink/auralink/zones"
)

// audited asks a server for all that a topology declares, and returns what is
// wrong, a line for each finding.
func audited(t *testing.T, address, text string) string {
	t.Helper()
	return auditedBy(t, existing.Server{Address: address, Timeout: existing.DefaultTimeout}, text)
}

// auditedBy is audited by a server that is asked as a test has it.
func auditedBy(t *testing.T, server existing.Server, text string) string {
	t.Helper()
	top, _, err := topology.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := plan.New(top)
	found, err := existing.Ask(t.Context(), server, audit.Questions(top), nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range audit.Findings(audit.Subject{Set: found.Set, Topology: top, VPC: &p.VPCs[0]}) {
		b.WriteString(string(f.Code) + ": " + f.Message + "\n")
	}
	return b.String()
}

// TestAuditServers: servers that have loaded a view's export have nothing wrong
// with them; one that still has the wildcard has.
func TestAuditServers(t *testing.T) {
	right := exported(t, planned(t, twoLinks).View, zones.ShapePerName)
	for _, server := range peers.Start(t, peers.Authoritative(right)...) {
		if d := cmp.Diff("", audited(t, server.Addr.String(), twoLinks)); d != "" {
			t.Errorf("%s (-want +got):\n%s", server.Peer.Name, d)
		}
	}
	stale := peers.Start(t, peers.Knot(exported(t, planned(t, oneLink).View, zones.ShapeOneZone)))[0]
	want := `wildcard-across-regions: *.endpoints.neo4j.io leads to region east, and sends 5 names there that are not in it: ` +
		`bar.endpoints.neo4j.io (west), a-bar.endpoints.neo4j.io (west), b-bar.endpoints.neo4j.io (west), ` +
		`c-bar.endpoints.neo4j.io (west), d-bar.endpoints.neo4j.io (west)
leaks: *.production-orch-0042.neo4j.io has no address: databases, and servers in the drivers' routing tables (p-...), ` +
		`are below production-orch-0042.neo4j.io; questions for it go to public DNS
leaks: production-orch-0042.neo4j.io itself has no address, which is the name that Aura's console shows on GCP; questions for it go to public DNS
`
	if d := cmp.Diff(want, audited(t, stale.Addr.String(), twoLinks)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestAuditOurs: our own server has nothing wrong with it.
func TestAuditOurs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "topology.yaml")
	if err := os.WriteFile(path, []byte(twoLinks), 0o600); err != nil {
		t.Fatal(err)
	}
	at := peers.FreePort(t, peers.Loopback())
	coredns.Start(t, coredns.Block(at, "auralink "+path+"\n"+public))
	if d := cmp.Diff("", audited(t, at.String(), twoLinks)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// public are the lines of a server block that stand in for public DNS: every
// name has a public address.
const public = `template IN A {
	answer "{{ .Name }} 30 IN A 203.0.113.7"
}
template IN AAAA {
	answer "{{ .Name }} 30 IN AAAA 2001:db8::7"
}
`

// TestAuditLeakingServer: a dnsmasq whose domain is not local asks public DNS for
// AAAA, and for the custom endpoint of which nobody told it.
func TestAuditLeakingServer(t *testing.T) {
	server := peers.Start(t, peers.Dnsmasq(peers.Resolving{
		Upstream: peers.Public(t),
		Files: map[string]string{"dnsmasq.conf": "address=/production-orch-0000.neo4j.io/10.10.10.10\nlocal=/quiet.neo4j.io/\n" +
			"address=/foo.endpoints.neo4j.io/10.10.10.10\nlocal=/foo.endpoints.neo4j.io/\n"},
	}))[0]
	topology := `
regions: {east: {orchestras: ["0000"]}}
vpcs: {apps: {links: {east: [10.10.10.10]}}}
custom_endpoints: {foo: east}
`
	var want strings.Builder
	for _, name := range []string{"*.production-orch-0000", "a-foo.endpoints", "b-foo.endpoints", "c-foo.endpoints", "d-foo.endpoints"} {
		addrs := "198.51.100.1, 2001:db8::1"
		if strings.HasPrefix(name, "*") {
			addrs = "2001:db8::1"
		}
		want.WriteString("leaks: " + name + ".neo4j.io leads to the public address " + addrs + "\n")
	}
	want.WriteString("leaks: production-orch-0000.neo4j.io leads to the public address 2001:db8::1\n")
	want.WriteString("not-read: 2 names have addresses, and answers for other types that contradict them: asking " + server.Addr.String() +
		" for the HTTPS record of auralink-unheld.production-orch-0000.neo4j.io: it sends browsers elsewhere: to 198.51.100.1\n")
	got := regexp.MustCompile(`auralink-[a-z2-7]+\.`).ReplaceAllString(audited(t, server.Addr.String(), topology), "auralink-unheld.")
	if d := cmp.Diff(want.String(), got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestAuditIsolated: a network without public DNS, as private links often have it, is
// audited by what it answers, and has no finding for what it does not.
func TestAuditIsolated(t *testing.T) {
	redirect := func(zone, addr string) string {
		return fmt.Sprintf("  local-zone: %q redirect\n  local-data: \"%s 30 IN A %s\"\n", zone, zone, addr)
	}
	orchestras := redirect("production-orch-0000.neo4j.io.", "10.10.10.10") + redirect("production-orch-0042.neo4j.io.", "10.20.10.10")
	var names strings.Builder
	for _, label := range []string{"foo", "a-foo", "b-foo", "c-foo", "d-foo"} {
		names.WriteString(redirect(label+".endpoints.neo4j.io.", "10.10.10.10"))
	}
	servers := peers.Start(t,
		isolated(t, orchestras+redirect("endpoints.neo4j.io.", "10.10.10.10")),
		isolated(t, orchestras+names.String()),
		isolated(t, orchestras),
	)
	for i, want := range []string{
		"wildcard-across-regions: *.endpoints.neo4j.io leads to region east, and sends every name of west there that nobody has declared\n",
		"",
		"unanswered: 5 names of linked regions are not answered, and where they lead is not known: " +
			"foo.endpoints.neo4j.io, a-foo.endpoints.neo4j.io, b-foo.endpoints.neo4j.io, c-foo.endpoints.neo4j.io, d-foo.endpoints.neo4j.io\n",
	} {
		server := existing.Server{Address: servers[i].Addr.String(), Timeout: existing.DefaultTimeout / 2}
		if d := cmp.Diff(want, auditedBy(t, server, isolatedLinks)); d != "" {
			t.Errorf("server %d (-want +got):\n%s", i, d)
		}
	}
}

const isolatedLinks = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}}
custom_endpoints: {foo: east}
`

// isolated is an Unbound that has local zones, and an upstream that never answers.
func isolated(t *testing.T, config string) peers.Peer {
	t.Helper()
	return peers.Unbound(peers.Resolving{
		Files:    map[string]string{"unbound.conf": "server:\n" + config},
		Upstream: silentServer(t),
		Ready:    []dns.Question{{Name: "production-orch-0000.neo4j.io.", Qtype: dns.TypeA, Qclass: dns.ClassINET}},
	})
}
