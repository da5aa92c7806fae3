package auralink_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	// The plugins that the Corefiles name.
	_ "github.com/coredns/coredns/plugin/acl"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/rewrite"
	_ "github.com/coredns/coredns/plugin/tls"
	_ "github.com/coredns/coredns/plugin/transfer"
	_ "github.com/coredns/coredns/plugin/view"
	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/plugin/auralink"
	"github.com/auralink/auralink/test/peers"
)

const (
	// inspectedClosed is a topology in which every VPC has clients, inspectedAll one in
	// which a VPC has all of them, and inspectedWorld one that says so.
	inspectedClosed = "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {clients: [10.0.0.0/16], links: {east: [10.9.0.1]}}}\n"
	inspectedAll    = "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {links: {east: [10.9.0.1]}}}\n"
	inspectedWorld  = "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {clients: [0.0.0.0/0], links: {east: [10.9.0.1]}}}\n"
	// privateACL lets private networks ask.
	privateACL = "acl {\nallow net 127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16\nblock\n}\n"
)

// inspect inspects a Corefile beside the topologies.
func inspect(t *testing.T, corefile string) (*auralink.Inspection, error) {
	t.Helper()
	directives := dnsserver.Directives
	t.Cleanup(func() { dnsserver.Directives = directives })
	if err := dnsserver.SetDirectives([]string{
		"tls", "view", "errors", "bind", "loadbalance", "rewrite", "acl", "auralink", "cache", "transfer", "forward",
	}); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"closed.yaml": inspectedClosed, "all.yaml": inspectedAll, "world.yaml": inspectedWorld} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return auralink.Inspect(caddy.CaddyfileInput{Contents: []byte(corefile), Filepath: "Corefile", ServerTypeName: "dns"})
}

// TestInspectResolvers: a server block is an open resolver where it resolves any name for
// the Internet, whatever lets that in, and nowhere else.
func TestInspectResolvers(t *testing.T) {
	const forward = "forward . 192.0.2.53\n"
	for _, tt := range []struct {
		name, corefile string
		open           bool
	}{
		{"no topology", ".:53 {\n" + forward + "}\n.:54 {\nauralink closed.yaml\n}", true},
		{"clients", ".:53 {\nauralink closed.yaml\n" + forward + "}", false},
		{"clients, and all are passed", ".:53 {\nauralink closed.yaml {\nstrangers pass\n}\n" + forward + "}", true},
		{"no clients", ".:53 {\nauralink all.yaml\n" + forward + "}", true},
		{"a pinned VPC", ".:53 {\nauralink closed.yaml {\nvpc apps\n}\n" + forward + "}", true},
		{"the world as clients", ".:53 {\nauralink world.yaml\n" + forward + "}", true},
		{"nothing resolves", ".:53 {\nauralink all.yaml\n}", false},
		{"on loopback", ".:53 {\nbind 127.0.0.1 ::1\nauralink all.yaml\n" + forward + "}", false},
		{"on a private address", ".:53 {\nbind 10.0.0.53\nauralink all.yaml\n" + forward + "}", false},
		{"on a public address", ".:53 {\nbind 10.0.0.53 198.51.100.53\nauralink all.yaml\n" + forward + "}", true},
		{"acl for private networks", ".:53 {\n" + privateACL + "auralink all.yaml\n" + forward + "}", false},
		{"acl for a public network", ".:53 {\nacl {\nallow net 10.0.0.0/8 8.0.0.0/8\nblock\n}\nauralink all.yaml\n" + forward + "}", false},
		{"acl that blocks some", ".:53 {\nacl {\nblock net 8.0.0.0/8\n}\nauralink all.yaml\n" + forward + "}", true},
		{"acl that drops", ".:53 {\nacl {\nallow net 10.0.0.0/8\ndrop\n}\nauralink all.yaml\n" + forward + "}", false},
		{"acl for IPv4 alone", ".:53 {\nacl {\nallow net 10.0.0.0/8\nblock net 0.0.0.0/0\n}\nauralink all.yaml\n" + forward + "}", true},
		{"acl for another type", ".:53 {\nacl {\nblock type ANY net *\n}\nauralink all.yaml\n" + forward + "}", true},
		{"acl for another zone", ".:53 {\nacl example.org {\nblock\n}\nauralink all.yaml\n" + forward + "}", true},
		{"a view of private clients", ".:53 {\nview near {\nexpr incidr(client_ip(), '10.0.0.0/8')\n}\nauralink all.yaml\n" + forward + "}", false},
		{"a view of a name", ".:53 {\nview near {\nexpr name() == 'example.org.'\n}\nauralink all.yaml\n" + forward + "}", true},
		{"a zone", "example.org:53 {\n" + forward + "}\n.:54 {\nauralink closed.yaml\n}", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := inspect(t, tt.corefile)
			if err != nil {
				t.Fatal(err)
			}
			open := got.Blocks[0].Open
			found := strings.Contains(got.Findings.Report(), "[open-resolver]")
			if (len(open) > 0) != tt.open || found != tt.open {
				t.Errorf("open at %q, finding %t; want %t\n%s", open, found, tt.open, got.Findings.Report())
			}
		})
	}
}

// TestInspect: what is said of the blocks of a Corefile.
func TestInspect(t *testing.T) {
	got, err := inspect(t, `.:53 {
    bind 10.0.0.53
    auralink closed.yaml
    forward . 192.0.2.53
}

# the next one rewrites
neo4j.io:53 neo4j.io:1053 {
    bind 10.0.0.54
    rewrite stop name exact a.example.org b.example.org
    auralink closed.yaml {
        strangers refuse
    }
}
.:54 {
    loadbalance round_robin
    auralink closed.yaml {
        fastpath off
    }
    transfer {
        to *
    }
}
.:55 {
    loadbalance weighted weights
    auralink closed.yaml
    forward . 192.0.2.53
}
`)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, b := range got.Blocks {
		for _, fast := range b.Fast {
			said = append(said, strings.Join([]string{strings.Join(b.Keys, " "), fast.Address, fast.Off}, " | "))
		}
	}
	if diff := cmp.Diff([]string{
		".:53 | 10.0.0.53:53 | ",
		`neo4j.io:53 neo4j.io:1053 | 10.0.0.54:53 | the plugin "rewrite" stands ahead and has to see all queries`,
		`neo4j.io:53 neo4j.io:1053 | 10.0.0.54:1053 | the plugin "rewrite" stands ahead and has to see all queries`,
		".:54 | :54 | the Corefile says so",
		`.:55 | :55 | the plugin "loadbalance" stands ahead with more than a random order`,
	}, said); diff != "" {
		t.Errorf("fast path (-want +got):\n%s", diff)
	}
	if line := got.Blocks[1].Line; line != 8 {
		t.Errorf("the second block is at line %d", line)
	}
	if want := "strangers (clients in no VPC) are refused, as the Corefile says"; got.Blocks[1].Strangers != want {
		t.Errorf("strangers: %q, want %q", got.Blocks[1].Strangers, want)
	}
	if want := "Corefile:8:1: warning: there is no plugin after auralink that answers other names"; !strings.Contains(got.Findings.Report(), want) {
		t.Errorf("no %q in\n%s", want, got.Findings.Report())
	}
}

// TestInspectNothing: a Corefile without us is a finding, and one with which no server
// would start an error.
func TestInspectNothing(t *testing.T) {
	got, err := inspect(t, ".:53 {\nforward . 192.0.2.53\n}\n")
	if err != nil || !strings.Contains(got.Findings.Report(), "[no-block]") {
		t.Errorf("without auralink: %v, %v", got, err)
	}
	for name, corefile := range map[string]string{
		"no such file":             ".:53 {\nauralink gone.yaml\n}",
		"invalid topology":         ".:53 {\nauralink Corefile.bad\n}",
		"Wrong argument count":     ".:53 {\nauralink\n}",
		"cannot serve":             ".:53 {\nbind 10.0.0.53\nauralink closed.yaml\n}\n.:53 {\nbind 10.0.0.53\nforward . 192.0.2.53\n}",
		"do not agree on guard":    ".:53 {\nauralink closed.yaml\n}\n.:54 {\nauralink closed.yaml {\nguard off\n}\n}",
		`has no VPC "gone"`:        ".:53 {\nauralink closed.yaml {\nvpc gone\n}\n}",
		"Unknown directive 'forw'": ".:53 {\nauralink closed.yaml\nforw . 1.1.1.1\n}",
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.yaml")
			if err := os.WriteFile(bad, []byte("regions: 1\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := inspect(t, strings.ReplaceAll(corefile, "Corefile.bad", bad))
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("error %v, want one with %q", err, name)
			}
		})
	}
}

// TestInspectSnapshot: a change that would be held back is a finding, and no snapshot is
// written or touched.
func TestInspectSnapshot(t *testing.T) {
	corefile := ".:53 {\nauralink closed.yaml {\nsnapshot kept\n}\n}"
	if _, err := inspect(t, corefile); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("kept"); err == nil {
		t.Error("the snapshot was written")
	}
	startAndStop(t, strings.Replace(corefile, ":53", ":"+peers.FixedPort(t), 1))
	before, err := os.ReadFile("kept")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("closed.yaml", []byte(strings.Replace(inspectedClosed, "10.0.0.0/16", "10.1.0.0/16", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := auralink.Inspect(caddy.CaddyfileInput{Contents: []byte(corefile), Filepath: "Corefile", ServerTypeName: "dns"})
	if err != nil || !strings.Contains(got.Findings.Report(), "[kept-topology]") {
		t.Errorf("%v, %v; want that the snapshot would be served", got, err)
	}
	if after, err := os.ReadFile("kept"); err != nil || string(after) != string(before) {
		t.Errorf("the snapshot was changed: %v", err)
	}
}
