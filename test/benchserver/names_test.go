//go:build linux

package main

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
)

func TestNames(t *testing.T) {
	n := newNames(3, 1)
	var owners []string
	for i := range n.count() {
		owners = append(owners, n.owner(i))
	}
	var want []string
	for _, label := range []string{"my-endpoint-aaaaaa-000000", "my-endpoint-kiwsih-000002"} {
		for _, prefix := range []string{"", "a-", "b-", "c-", "d-"} {
			want = append(want, prefix+label+".endpoints.neo4j.io.")
		}
	}
	if diff := cmp.Diff(want, owners); diff != "" {
		t.Errorf("owners (-want +got):\n%s", diff)
	}
	path := filepath.Join(t.TempDir(), "queries")
	if err := n.writeQueries(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "\n") != queryLines || !strings.Contains(string(text), "d-my-endpoint-kiwsih-000002.endpoints.neo4j.io A\n") {
		t.Errorf("%v; queries:\n%.300s", err, text)
	}
}

// TestFiles looks at what the servers are given: the same names in each one's form.
func TestFiles(t *testing.T) {
	e := &entry{options: options{endpoints: 2, vpcs: 1, coredns: server(t)}, dir: t.TempDir()}
	if err := enterPeers(context.Background(), e); err != nil {
		t.Fatal(err)
	}
	const label = "d-my-endpoint-aaaaaa-000000"
	zone := label + "\tIN\tA\t10.0.0.1"
	parts := map[string][2]string{ // server → file, part of it
		oursSlow:   {"Corefile", "\tauralink topology.yaml"},
		file:       {"zone", zone},
		template:   {"Corefile", `answer "{{ .Name }} 30 IN A 10.0.0.1"`},
		hosts:      {"hosts", "10.0.0.1 " + label + ".endpoints.neo4j.io\n"},
		"NSD":      {"0.zone", zone},
		"Knot":     {"0.zone", zone},
		"BIND":     {"0.zone", zone},
		"PowerDNS": {"0.zone", zone},
		"gdnsd":    {"zones/endpoints.neo4j.io", zone},
		"Unbound":  {"unbound.conf", `local-data: "` + label + `.endpoints.neo4j.io. 30 IN A 10.0.0.1"`},
		"dnsmasq":  {"dnsmasq.conf", "host-record=" + label + ".endpoints.neo4j.io,10.0.0.1\n"},
	}
	for _, c := range e.contestants {
		files := c.peer.Configure(netip.MustParseAddrPort("127.0.0.1:53")).Files
		part, known := parts[c.peer.Name]
		if known && !strings.Contains(files[part[0]], part[1]) {
			t.Errorf("%s: %s: %.500q, want in it: %s", c.peer.Name, part[0], files[part[0]], part[1])
		}
		delete(parts, c.peer.Name)
	}
	for name := range parts {
		t.Errorf("%s does not take part", name)
	}
}

// server returns the product's build, which "make test" makes first.
func server(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../bin/coredns")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) && os.Getenv("CI") != "true" {
		t.Skip("bin/coredns is not there: make build")
	} else if err != nil {
		t.Fatal(err)
	}
	return path
}

// A server whose program is missing is skipped with the package that has it.
func TestMissingServer(t *testing.T) {
	c := &contest{dir: t.TempDir()}
	none := contestant{peer: peers.Peer{Name: "None", Package: "no-such-package", Binary: "no-such-server"}, names: newNames(1, 1)}
	if err := c.start([]contestant{none}); err != nil {
		t.Fatal(err)
	}
	want := []string{"None is skipped: no-such-server is not there: install the Debian package no-such-package"}
	if diff := cmp.Diff(want, c.skipped); diff != "" || len(c.entrants) > 0 {
		t.Errorf("%d entrants, skipped (-want +got):\n%s", len(c.entrants), diff)
	}
}
