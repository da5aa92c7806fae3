package auralink_test

import (
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// fileBlocks is a server block with aliases, and one with the topology.
const fileBlocks = `
file.alias.test:PORT {
    bind 127.0.0.1
    cache {
        prefetch 1 1m 90%
    }
    file file.zone
}
.:PORT {
    bind 127.0.0.1
    auralink topology.yaml
    cache
    forward . UPSTREAM
}`

// asksAlias checks what a client is answered.
func asksAlias(t *testing.T, port, client, name string, qtype uint16, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, askAlias(t, port, client, name, qtype)); diff != "" {
		t.Errorf("%s asks for %s %s (-want +got):\n%s", client, name, dns.TypeToString[qtype], diff)
	}
}

// TestAliasDNS64: where IPv6 addresses are made of IPv4 ones, they are made of the
// client's own, whichever block does that.
func TestAliasDNS64(t *testing.T) {
	const translate = "dns64 {\n        allow_ipv4\n    }\n    "
	for name, corefile := range map[string]string{
		"for the alias":  strings.Replace(fileBlocks, "cache {", translate+"cache {", 1),
		"for the target": strings.Replace(fileBlocks, "auralink", translate+"auralink", 1),
	} {
		t.Run(name, func(t *testing.T) {
			up := startPublic(t)
			port, _, _ := startCorefile(t, neighbourDirectives, strings.ReplaceAll(corefile, "UPSTREAM", up.at), neighbourFiles)
			for range 2 {
				for client, address := range map[string]string{"apps": "64:ff9b::a0a:1", "batch": "fd00::20 30", "stranger": publicAAAA} {
					got := askAlias(t, port, client, "foo.file.alias.test.", dns.TypeAAAA)
					want := "foo.endpoints.neo4j.io. AAAA " + address
					if got[len(got)-1] != want || len(got) != 3 {
						t.Errorf("%s: %q, want %s", client, got, want)
					}
				}
			}
		})
	}
}

// TestAliasIsNotAskedAbroad: an alias for one of ours has nobody ask public DNS for it,
// with a prefetch or without.
func TestAliasIsNotAskedAbroad(t *testing.T) {
	up := startPublic(t)
	corefile := strings.Replace(fileBlocks, "    file file.zone\n", `    file file.zone
    template IN A soa.file.alias.test {
        answer "{{ .Name }} 5 IN CNAME foo.endpoints.neo4j.io."
        authority "file.alias.test. 5 IN SOA ns. host. 1 5 5 5 5"
        upstream
    }
`, 1)
	port, _, _ := startCorefile(t, neighbourDirectives, strings.ReplaceAll(corefile, "UPSTREAM", up.at), neighbourFiles)
	for range 5 {
		for client, address := range map[string]string{"apps": "10.10.0.1", "batch": "10.20.0.1"} {
			// The first has nothing that the cache would keep, the second is kept.
			for _, name := range []string{"foo.file.alias.test.", "a.soa.file.alias.test."} {
				asksAlias(t, port, client, name, dns.TypeA, "NOERROR aa",
					name+" CNAME foo.endpoints.neo4j.io.", "foo.endpoints.neo4j.io. A "+address+" 30")
			}
		}
	}
	time.Sleep(100 * time.Millisecond) // for prefetches, which nobody waits for
	if times := up.saw("foo.endpoints.neo4j.io."); times > 0 {
		t.Errorf("public DNS was asked for one of ours %d times", times)
	}
}

// TestStaleAlias: what the cache has kept beyond its time, since nobody answers any
// more, is led as well.
func TestStaleAlias(t *testing.T) {
	up := startPublic(t)
	corefile := ".:PORT {\nbind 127.0.0.1\nauralink topology.yaml\ncache {\nsuccess 1000 3600 0\nserve_stale 1h\n}\nforward . UPSTREAM\n}"
	port, _, _ := startCorefile(t, neighbourDirectives, strings.ReplaceAll(corefile, "UPSTREAM", up.at), neighbourFiles)
	const name, alias = "soon.up.alias.test.", "soon.up.alias.test. CNAME foo.endpoints.neo4j.io."
	asksAlias(t, port, "apps", name, dns.TypeA, "NOERROR", alias, "foo.endpoints.neo4j.io. A 10.10.0.1 30")
	up.stop()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		m := new(dns.Msg).SetQuestion(name, dns.TypeA)
		reply, err := dns.Exchange(m, net.JoinHostPort("127.0.0.1", port))
		if err == nil && len(reply.Answer) > 0 && reply.Answer[0].Header().Ttl == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("nothing stale is served: %v\n%s", err, reply)
		}
	}
	asksAlias(t, port, "batch", name, dns.TypeA, "NOERROR", alias, "foo.endpoints.neo4j.io. A 10.20.0.1 30")
	asksAlias(t, port, "apps", name, dns.TypeA, "NOERROR", alias, "foo.endpoints.neo4j.io. A 10.10.0.1 30")
}

// TestAliasWithoutEnd: names of ours that lead to one another without end, as public
// DNS has it for a client in no VPC, are asked for a bounded number of times.
func TestAliasWithoutEnd(t *testing.T) {
	up := startPublic(t)
	port, _, _ := startCorefile(t, neighbourDirectives, strings.ReplaceAll(fileBlocks, "UPSTREAM", up.at), neighbourFiles)
	got := askAlias(t, port, "stranger", "x.endpoints.neo4j.io.", dns.TypeA)
	if got[0] != "SERVFAIL" || len(got) != 1+9 {
		t.Errorf("the answer is %q", got)
	}
	if asked := up.total(); asked != 9 {
		t.Errorf("public DNS was asked %d times", asked)
	}
	asksAlias(t, port, "apps", "x.endpoints.neo4j.io.", dns.TypeA, "NXDOMAIN aa", "; endpoints.neo4j.io. SOA 30")
}

// TestAliasBeyondTheLimit: what we ask for somebody else's answer is not limited.
func TestAliasBeyondTheLimit(t *testing.T) {
	up := startPublic(t)
	corefile := strings.Replace(fileBlocks, "auralink topology.yaml", "auralink topology.yaml {\nratelimit 1 slip 0\n}", 1)
	port, _, _ := startCorefile(t, neighbourDirectives, strings.ReplaceAll(corefile, "UPSTREAM", up.at), neighbourFiles)
	for range 5 {
		asksAlias(t, port, "apps", "foo.file.alias.test.", dns.TypeA, "NOERROR aa",
			"foo.file.alias.test. CNAME foo.endpoints.neo4j.io.", "foo.endpoints.neo4j.io. A 10.10.0.1 30")
	}
}

// TestLongAlias: an answer that is too long is truncated by CoreDNS, and whole over TCP.
func TestLongAlias(t *testing.T) {
	var links []string
	for i := range 100 {
		links = append(links, fmt.Sprintf("10.10.0.%d", i+1))
	}
	files := map[string]string{"file.zone": aliasZone("file")}
	files["topology.yaml"] = strings.Replace(neighbourTopology, "east: [10.10.0.1]", "east: ["+strings.Join(links, ", ")+"]", 1)
	port, _, _ := startCorefile(t, neighbourDirectives, strings.ReplaceAll(fileBlocks, "UPSTREAM", "127.0.0.1:9"), files)
	for network, whole := range map[string]bool{"udp": false, "tcp": true} {
		from := net.Addr(&net.UDPAddr{IP: net.ParseIP(askers["apps"])})
		if network == "tcp" {
			from = &net.TCPAddr{IP: net.ParseIP(askers["apps"])}
		}
		client := dns.Client{Net: network, Dialer: &net.Dialer{LocalAddr: from}}
		reply, _, err := client.Exchange(new(dns.Msg).SetQuestion("foo.file.alias.test.", dns.TypeA), net.JoinHostPort("127.0.0.1", port))
		if err != nil {
			t.Fatal(err)
		}
		if reply.Truncated == whole || (len(reply.Answer) == 101) != whole {
			t.Errorf("over %s: truncated %t, %d records", network, reply.Truncated, len(reply.Answer))
		}
	}
}

// TestBlocksWithoutNext: a server block in which nobody answers says what it said
// before there were neighbours.
func TestBlocksWithoutNext(t *testing.T) {
	port, _, _ := startCorefile(t, neighbourDirectives, `
.:PORT {
    bind 127.0.0.1
    auralink topology.yaml
    whoami
}
empty.test:PORT {
    bind 127.0.0.1
}
errors.test:PORT {
    bind 127.0.0.1
    errors
}`, neighbourFiles)
	asksAlias(t, port, "apps", "a.empty.test.", dns.TypeA, "REFUSED")
	asksAlias(t, port, "apps", "a.errors.test.", dns.TypeA, "SERVFAIL")
}

// TestNeighboursLeaveTheFastPath: names of ours are answered by it, whatever other
// blocks there are, and aliases are left to CoreDNS.
func TestNeighboursLeaveTheFastPath(t *testing.T) {
	port, _, logged := startCorefile(t, neighbourDirectives, strings.ReplaceAll(fileBlocks, "UPSTREAM", "127.0.0.1:9"), map[string]string{
		"file.zone":     aliasZone("file"),
		"topology.yaml": fastTopology,
	})
	want := []string{"foo.endpoints.neo4j.io."}
	if diff := cmp.Diff(want, answeredFast(t, port, "foo.endpoints.neo4j.io.", "foo.file.alias.test.")); diff != "" {
		t.Errorf("answered (-want +got):\n%s\n%s", diff, logged)
	}
}

// cacheFirst is another order than ours.
var cacheFirst = []string{
	"bind", "errors", "cache", "auralink", "template", "file", "forward", "whoami",
}

const (
	oneVPC     = "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {links: {east: [10.10.0.1]}}}\ncustom_endpoints: {foo: east}\n"
	oneOfMany  = "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {clients: [127.0.1.0/24], links: {east: [10.10.0.1]}}}\n"
	cacheOrder = "plugin/auralink: the plugin cache stands ahead of auralink in this build, and does not know clients apart"
)

// TestCacheAhead: a build with the cache ahead of us is refused where that would give
// one client's addresses to another.
func TestCacheAhead(t *testing.T) {
	tests := []struct {
		name, topology, corefile, why string
	}{
		{
			"several VPCs", neighbourTopology,
			".:PORT {\ncache\nauralink topology.yaml\n}", `topology "topology.yaml" has several VPCs`,
		},
		{"several VPCs and no cache", neighbourTopology, ".:PORT {\nauralink topology.yaml\nwhoami\n}", ""},
		{
			"a cache in another block", neighbourTopology,
			".:PORT {\nauralink topology.yaml\nwhoami\n}\nother.test:PORT {\ncache\nwhoami\n}", `topology "topology.yaml" has several VPCs`,
		},
		{
			"a cache at another port", neighbourTopology,
			".:PORT {\nauralink topology.yaml\nwhoami\n}\nother.test:OTHER {\ncache\nwhoami\n}", "",
		},
		{
			"a VPC, and others", oneOfMany,
			".:PORT {\ncache\nauralink topology.yaml\nwhoami\n}", `topology "topology.yaml" says who is in its VPC, so that others are not`,
		},
		{"one VPC", oneVPC, ".:PORT {\ncache\nauralink topology.yaml\nwhoami\n}", ""},
		{"pinned", neighbourTopology, ".:PORT {\ncache\nauralink topology.yaml {\nvpc apps\n}\nwhoami\n}", ""},
		{
			"pinned in two blocks, otherwise", neighbourTopology,
			".:PORT {\ncache\nauralink topology.yaml {\nvpc apps\n}\nwhoami\n}\nother.test:PORT {\nauralink topology.yaml {\nvpc batch\n}\nwhoami\n}",
			"another server block of this address has auralink with other answers",
		},
		{
			"pinned in two blocks, alike", neighbourTopology,
			".:PORT {\ncache\nauralink topology.yaml {\nvpc apps\n}\nwhoami\n}\nother.test:PORT {\nauralink topology.yaml {\nvpc apps\n}\nwhoami\n}", "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"topology.yaml": tt.topology}
			if tt.why == "" {
				startCorefile(t, cacheFirst, tt.corefile, files)
				return
			}
			if err := failsToStart(t, cacheFirst, tt.corefile, files); !strings.Contains(err.Error(), cacheOrder) || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("error %q, want %q and %q in it", err, cacheOrder, tt.why)
			}
		})
	}
}

// failsToStart starts a Corefile that must not start, and returns why.
func failsToStart(t *testing.T, order []string, corefile string, files map[string]string) error {
	t.Helper()
	directives := dnsserver.Directives
	t.Cleanup(func() { dnsserver.Directives = directives })
	if err := dnsserver.SetDirectives(order); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	instance, err := caddy.Start(corefileInput(corefile, peers.FixedPort(t), peers.FixedPort(t)))
	if err == nil {
		t.Cleanup(func() { _ = instance.Stop() })
		t.Fatal("it starts")
	}
	return err
}

// TestCacheAheadReload: where all clients have the same answers, a build with the cache
// ahead of us serves, and refuses a topology by which they would not.
func TestCacheAheadReload(t *testing.T) {
	corefile := ".:PORT {\nbind 127.0.0.1\ncache\nauralink topology.yaml\nfile file.zone file.alias.test\nwhoami\n}"
	port, _, logged := startCorefile(t, cacheFirst, corefile, map[string]string{"topology.yaml": oneVPC, "file.zone": aliasZone("file")})
	check := func() {
		t.Helper()
		for _, client := range []string{"apps", "stranger", "batch"} {
			got := askAlias(t, port, client, "foo.file.alias.test.", dns.TypeA)
			if last := got[len(got)-1]; !strings.HasPrefix(last, "foo.endpoints.neo4j.io. A 10.10.0.1 ") {
				t.Errorf("%s: %q", client, got)
			}
		}
	}
	check()
	if err := os.WriteFile("topology.new", []byte(neighbourTopology), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename("topology.new", "topology.yaml"); err != nil {
		t.Fatal(err)
	}
	const refused = "the plugin cache stands ahead of auralink in this build"
	for end := time.Now().Add(20 * time.Second); !strings.Contains(logged.String(), refused); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the log has nothing of it:\n%s", logged)
		}
	}
	check()
}

// TestRewrittenName: a name that is rewritten to one of ours is answered as ours where
// the block has the topology, and as whoever is there has it where not, and so is an
// alias for it, in which nothing tells that it is ours; addresses that somebody has put
// down in hosts stay what they are.
func TestRewrittenName(t *testing.T) {
	const plugins = `bind 127.0.0.1
    rewrite name suffix .rw.alias.test. .endpoints.neo4j.io. answer auto
    cache
    hosts {
        192.0.2.7 static.alias.test
        fallthrough
    }
    file file.zone file.alias.test
    forward . UPSTREAM`
	const name, alias = "foo.rw.alias.test.", "rw.file.alias.test."
	for layout, own := range map[string]bool{
		".:PORT {\nauralink topology.yaml\nPLUGINS\n}":                                                           true,
		"alias.test:PORT {\nPLUGINS\n}\n.:PORT {\nbind 127.0.0.1\nauralink topology.yaml\nforward . UPSTREAM\n}": false,
	} {
		corefile := strings.NewReplacer("PLUGINS", strings.ReplaceAll(plugins, "UPSTREAM", startPublic(t).at), "UPSTREAM", startPublic(t).at).Replace(layout)
		t.Run(layout, func(t *testing.T) {
			port, _, _ := startCorefile(t, neighbourDirectives, corefile, neighbourFiles)
			for range 2 {
				for client, private := range map[string]string{"apps": "10.10.0.1", "batch": "10.20.0.1", "stranger": ""} {
					flags, address := "NOERROR", " A "+publicA
					if own && private != "" {
						flags, address = "NOERROR aa", " A "+private+" 30"
					}
					asksAlias(t, port, client, name, dns.TypeA, flags, name+address)
					asksAlias(t, port, client, alias, dns.TypeA, "NOERROR aa", alias+" CNAME "+name, name+address)
					asksAlias(t, port, client, "static.alias.test.", dns.TypeA, "NOERROR aa", "static.alias.test. A 192.0.2.7")
				}
			}
		})
	}
}

// TestAliasInAnotherClass: file answers in whatever class it is asked, and the cache
// keeps that apart; a plugin such as forward lets all classes in.
func TestAliasInAnotherClass(t *testing.T) {
	port := startNeighbours(t, layouts[0].corefile, "cache")
	for range 2 {
		for client, address := range map[string]string{"apps": "10.10.0.1 30", "batch": "10.20.0.1 30", "stranger": publicA} {
			m := new(dns.Msg).SetQuestion("foo.file.alias.test.", dns.TypeA)
			m.Question[0].Qclass = dns.ClassCHAOS
			want := []string{"NOERROR aa", "foo.file.alias.test. CNAME foo.endpoints.neo4j.io.", "foo.endpoints.neo4j.io. A " + address}
			if diff := cmp.Diff(want, exchangeAlias(t, port, client, m)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", client, diff)
			}
		}
	}
}
