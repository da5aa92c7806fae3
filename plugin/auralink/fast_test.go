package auralink_test

import (
	"bytes"
	"errors"
	"log"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	// The plugins that the Corefiles name, beside those of the READMEs' examples.
	_ "github.com/coredns/coredns/plugin/acl"
	_ "github.com/coredns/coredns/plugin/bufsize"
	_ "github.com/coredns/coredns/plugin/cancel"
	_ "github.com/coredns/coredns/plugin/chaos"
	_ "github.com/coredns/coredns/plugin/dynupdate"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/loop"
	_ "github.com/coredns/coredns/plugin/metadata"
	_ "github.com/coredns/coredns/plugin/multisocket"
	_ "github.com/coredns/coredns/plugin/nsid"
	_ "github.com/coredns/coredns/plugin/proxyproto"
	_ "github.com/coredns/coredns/plugin/reload"
	_ "github.com/coredns/coredns/plugin/rewrite"
	_ "github.com/coredns/coredns/plugin/shed"
	_ "github.com/coredns/coredns/plugin/tsig"
	_ "github.com/coredns/coredns/plugin/view"
	_ "github.com/coredns/coredns/plugin/whoami"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/test/peers"
)

// fastDirectives are in CoreDNS's order, with ours in its place.
var fastDirectives = []string{
	"stubborn", "metadata", "cancel", "proxyproto", "multisocket", "reload", "nsid", "bufsize", "bind", "ready", "health",
	"shed", "prometheus", "errors", "log", "chaos", "loadbalance", "tsig", "rewrite", "acl", "auralink", "cache",
	"transfer", "dynupdate", "loop", "forward", "iam", "whoami", "view",
}

// fastTopology is one VPC for all clients.
const fastTopology = `
regions: {east: {orchestras: ["0000"], extra_names: ["*.example.net"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.0.0.1], west: [10.0.0.2]}}}
custom_endpoints: {foo: east}
`

// syncWriter is a log that several goroutines write.
type syncWriter struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (w *syncWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(p)
}

func (w *syncWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// startFast starts a Corefile, in which PORT and OTHER are ports that are free,
// and returns them. The log is what was logged while it started.
func startFast(t *testing.T, corefile string) (port, other string, logged *syncWriter) {
	t.Helper()
	return startCorefile(t, fastDirectives, corefile, map[string]string{
		"topology.yaml": fastTopology,
		"zone":          "$ORIGIN example.org.\n@ 60 IN SOA ns hostmaster 1 2 3 4 5\n@ 60 IN NS ns\n",
	})
}

// startCorefile does what startFast does, with directives in an order of its own and
// beside files of its own.
func startCorefile(t *testing.T, order []string, corefile string, files map[string]string) (port, other string, logged *syncWriter) {
	t.Helper()
	directives := dnsserver.Directives
	t.Cleanup(func() { dnsserver.Directives = directives })
	if err := dnsserver.SetDirectives(order); err != nil {
		t.Fatal(err)
	}
	caddy.Quiet, dnsserver.Quiet = true, true
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	port, other = peers.FixedPort(t), peers.FixedPort(t)
	logged = new(syncWriter)
	log.SetOutput(logged)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	input := corefileInput(corefile, port, other)
	if _, err := caddy.Start(input); err != nil {
		t.Fatalf("starting: %v\n%s", err, input.Contents)
	}
	t.Cleanup(func() {
		for _, instance := range caddy.Instances() { // it may have been restarted
			instance.ShutdownCallbacks()
			if err := instance.Stop(); err != nil {
				t.Errorf("stopping: %v", err)
			}
		}
	})
	awaitServers(t)
	return port, other, logged
}

// awaitServers waits until all of CoreDNS's servers read from their sockets. One that
// is stopped before that goes on reading all the same, or has its stop wait for ever.
func awaitServers(t *testing.T) {
	t.Helper()
	wanted := 0
	for _, instance := range caddy.Instances() {
		wanted += 2 * len(instance.Servers()) // UDP and TCP
	}
	for end := time.Now().Add(time.Minute); reading() != wanted; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d servers read, want %d", reading(), wanted)
		}
	}
}

// reading returns how many of CoreDNS's servers wait for packets or connections.
func reading() (count int) {
	stacks := make([]byte, 1<<20)
	for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		waits := strings.Contains(stack, "/dns.(*Server).read") || strings.Contains(stack, ".(*TCPListener).Accept(")
		if waits && strings.Contains(stack, "/dnsserver.(*Server).Serve") {
			count++
		}
	}
	return count
}

// corefileInput is a Corefile with its ports, as caddy reads it.
func corefileInput(corefile, port, other string) caddy.CaddyfileInput {
	text := strings.NewReplacer("PORT", port, "OTHER", other).Replace(corefile)
	return caddy.CaddyfileInput{Contents: []byte(text), Filepath: "Corefile", ServerTypeName: "dns"}
}

// answeredFast asks for names and returns those that the fast path answered.
func answeredFast(t *testing.T, port string, names ...string) []string {
	t.Helper()
	var fast []string
	for _, name := range names {
		before, open := counts(port)
		m := new(dns.Msg).SetQuestion(name, dns.TypeA)
		if _, err := dns.Exchange(m, net.JoinHostPort("127.0.0.1", port)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !open {
			continue
		}
		after := awaitReceived(port, before, 1)
		if after.Received == before.Received {
			t.Fatalf("%s: the fast path has not read it", name)
		}
		if after.Answered > before.Answered {
			fast = append(fast, name)
		}
	}
	return fast
}

// awaitReceived returns the counts once there are so many packets more, or after some
// time: what the fast path leaves to CoreDNS may be answered before it is counted.
func awaitReceived(port string, before fastpath.Counts, more int) fastpath.Counts {
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		now, _ := counts(port)
		if now.Received >= before.Received+uint64(more) || time.Now().After(end) {
			return now
		}
	}
}

// counts is what became of the packets to a port, on all addresses where the fast path
// is there; false if it is nowhere.
func counts(port string) (sum fastpath.Counts, open bool) {
	for address, status := range fastpath.Opened() {
		if _, at, _ := net.SplitHostPort(address); at == port {
			sum.Received += status.Counts.Received
			sum.Answered += status.Counts.Answered
			open = true
		}
	}
	return sum, open
}

const (
	database = "x.production-orch-0000.neo4j.io."
	endpoint = "foo.endpoints.neo4j.io."
	extra    = "x.example.net."
)

const aclInTheWay = `fast path off: the plugin "acl" stands ahead with rules for some zones or types alone`

// TestFastPath: what stands beside us decides whether the fast path answers, and where
// it does not one line says why.
func TestFastPath(t *testing.T) {
	all := []string{database, endpoint, extra}
	for _, tc := range []struct {
		name, corefile string
		fast           []string
		logged         string // a part of the one line about it, or ""
	}{
		{name: "alone", corefile: ".:PORT {\nauralink topology.yaml\nwhoami\n}", fast: all},
		{name: "what everybody has", fast: all, corefile: `.:PORT {
			errors
			prometheus 127.0.0.1:OTHER
			health 127.0.0.1:0
			ready 127.0.0.1:0
			reload
			bufsize 1232
			loadbalance
			metadata
			cancel
			chaos
			multisocket 2
			auralink topology.yaml
			cache
			loop
			forward . 127.0.0.1:OTHER
		}`},
		{name: "so many sockets", corefile: ".:PORT {\nauralink topology.yaml {\nfastpath 5\n}\nwhoami\n}", fast: all},
		{name: "asked to be off", corefile: ".:PORT {\nauralink topology.yaml {\nfastpath off\n}\nwhoami\n}"},
		{name: "bound to an address", corefile: ".:PORT {\nbind 127.0.0.1\nauralink topology.yaml\nwhoami\n}", fast: all},
		{
			name: "two blocks, two ports", fast: all,
			corefile: ".:PORT {\nauralink topology.yaml\nwhoami\n}\n.:OTHER {\nlog\nauralink topology.yaml\nwhoami\n}",
			logged:   `fast path off: the plugin "log" stands ahead and has to see all queries`,
		},
		{name: "log", corefile: ".:PORT {\nlog\nauralink topology.yaml\nwhoami\n}", logged: `fast path off: the plugin "log" stands ahead`},
		{
			name: "acl of prefixes", fast: []string{endpoint, extra}, // acl sees the first
			corefile: ".:PORT {\nacl {\nallow net 127.0.0.0/8 ::1\nBlock\n}\nauralink topology.yaml\nwhoami\n}",
		},
		{
			name: "two acls and a snippet", fast: []string{endpoint, extra},
			corefile: "(rules) {\nacl {\nblock net 10.0.0.0/8\n}\n}\n.:PORT {\nimport rules\nacl {\ndrop net 192.0.2.1\n}\nauralink topology.yaml\nwhoami\n}",
		},
		{
			name: "acl for all zones and types, told so", fast: []string{endpoint, extra},
			corefile: ".:PORT {\nacl . {\nallow type * net 127.0.0.1\nblock type A * net *\n}\nauralink topology.yaml\nwhoami\n}",
		},
		{name: "acl for a type", corefile: ".:PORT {\nacl {\nblock type AAAA net *\n}\nauralink topology.yaml\nwhoami\n}", logged: aclInTheWay},
		{name: "acl for a zone", corefile: ".:PORT {\nacl example.net {\nblock net 10.0.0.0/8\n}\nauralink topology.yaml\nwhoami\n}", logged: aclInTheWay},
		{name: "acl for a reverse zone", corefile: ".:PORT {\nacl 10.0.0.0/8 {\nblock net 10.0.0.0/8\n}\nauralink topology.yaml\nwhoami\n}", logged: aclInTheWay},
		{
			name:     "acl for a zone that looks like a word of its own",
			corefile: ".:PORT {\nacl\n{\nblock net {\nblock net 10.0.0.0/8\n}\n}\nauralink topology.yaml\nwhoami\n}",
			logged:   aclInTheWay,
		},
		{
			name:     "acl for one of the zones",
			corefile: "neo4j.io:PORT example.net:PORT {\nacl neo4j.io {\nblock net 10.0.0.0/8\n}\nauralink topology.yaml\nwhoami\n}",
			logged:   aclInTheWay,
		},
		{name: "rewrite", corefile: ".:PORT {\nrewrite name a.org b.org\nauralink topology.yaml\nwhoami\n}", logged: `fast path off: the plugin "rewrite" stands ahead`},
		{name: "nsid", corefile: ".:PORT {\nnsid us\nauralink topology.yaml\nwhoami\n}", logged: `fast path off: the plugin "nsid" stands ahead`},
		{
			name:     "loadbalance with preferences",
			corefile: ".:PORT {\nloadbalance {\nprefer 10.0.0.0/8\n}\nauralink topology.yaml\nwhoami\n}",
			logged:   `fast path off: the plugin "loadbalance" stands ahead with more than a random order`,
		},
		{
			name:     "view",
			corefile: ".:PORT {\nview local {\nexpr incidr(client_ip(), '127.0.0.0/8')\n}\nauralink topology.yaml\nwhoami\n}",
			logged:   `fast path off: the plugin "view" chooses who asks this server block`,
		},
		{name: "shed", corefile: ".:PORT {\nshed\nauralink topology.yaml\nwhoami\n}", logged: `fast path off: the plugin "shed" stands ahead`},
		{
			name:     "shed elsewhere",
			corefile: ".:PORT {\nauralink topology.yaml\nwhoami\n}\nexample.org:PORT {\nshed\nwhoami\n}",
			logged:   `a plugin such as "shed" has to see all replies`,
		},
		{
			name: "dynupdate elsewhere",
			corefile: ".:PORT {\nauralink topology.yaml\nwhoami\n}\nexample.org:PORT {\n" +
				"tsig {\nsecret k. i9M+00yrECfVZG2qCjr4mPpaGim/Bq+IWMiNrLjUO4Y=\nrequire_opcode UPDATE\n}\n" +
				"dynupdate {\nfile zone\nallow k. a.example.org. TXT\n}\n}",
			logged: `the plugin "dynupdate" has to see messages that are no queries`,
		},
		{name: "proxyproto", corefile: ".:PORT {\nproxyproto {\nallow 10.0.0.0/8\n}\nauralink topology.yaml\nwhoami\n}", logged: `the plugin "proxyproto" says who asks`},
		{
			name: "a block for a part of a zone", fast: []string{endpoint, extra},
			corefile: ".:PORT {\nauralink topology.yaml\nwhoami\n}\nx.production-orch-0000.neo4j.io:PORT {\nwhoami\n}",
			logged:   "for zones that other server blocks share: production-orch-0000.neo4j.io. (server block x.production-orch-0000.neo4j.io.)",
		},
		{
			name: "a block above some zones", fast: []string{extra},
			corefile: ".:PORT {\nauralink topology.yaml\nwhoami\n}\nneo4j.io:PORT {\nwhoami\n}",
			logged:   "for zones that other server blocks share: endpoints.neo4j.io. (server block neo4j.io.), production-orch-0000",
		},
		{
			name: "in a block of its own", fast: []string{database, endpoint},
			corefile: "neo4j.io:PORT {\nauralink topology.yaml\nwhoami\n}\n.:PORT {\nlog\nwhoami\n}",
		},
		{
			name: "two blocks, one port", fast: []string{database, endpoint},
			corefile: ".:PORT {\nauralink topology.yaml\nwhoami\n}\nneo4j.io:PORT {\nauralink topology.yaml\nwhoami\n}",
			logged:   `the server block "neo4j.io." has one there`,
		},
		{
			name: "another block with views", fast: nil,
			corefile: ".:PORT {\nauralink topology.yaml\nwhoami\n}\n.:PORT {\nview x {\nexpr incidr(client_ip(), '10.0.0.0/8')\n}\nwhoami\n}",
			logged:   "for zones that other server blocks share: endpoints.neo4j.io. (server block .)",
		},
		{
			name: "other transports", fast: all,
			corefile: ".:PORT .:OTHER {\nauralink topology.yaml\nwhoami\n}",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			port, _, logged := startFast(t, tc.corefile)
			if diff := cmp.Diff(tc.fast, answeredFast(t, port, all...)); diff != "" {
				t.Errorf("answered by the fast path (-want +got):\n%s", diff)
			}
			lines := 0
			for line := range strings.Lines(logged.String()) {
				if strings.Contains(line, "fast path") {
					lines++
					if tc.logged == "" || !strings.Contains(line, tc.logged) {
						t.Errorf("logged %q, want %q", line, tc.logged)
					}
				}
			}
			if lines != min(1, len(tc.logged)) {
				t.Errorf("%d lines about the fast path:\n%s", lines, logged)
			}
		})
	}
}

// TestOddPackets: however odd the packets are that are left to CoreDNS, none of
// them takes the place of another for good. There are more of each than there are
// places.
func TestOddPackets(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many servers")
	}
	port, _, _ := startFast(t, ".:PORT {\nauralink topology.yaml\nwhoami\n}")
	conn, err := net.Dial("udp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	question, err := new(dns.Msg).SetQuestion("example.org.", dns.TypeA).Pack()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		change func(packet []byte) []byte
	}{
		{"empty", func([]byte) []byte { return nil }},
		{"short", func(packet []byte) []byte { return packet[:11] }},
		{"header alone", func(packet []byte) []byte { return packet[:12] }},
		{"cut off", func(packet []byte) []byte { return packet[:len(packet)-3] }},
		{"a response", func(packet []byte) []byte { packet[2] |= 0x80; return packet }},
		{"an update", func(packet []byte) []byte { packet[2] |= 5 << 3; return packet }},
		{"two questions", func(packet []byte) []byte { packet[5] = 2; return packet }},
		{"plain", func(packet []byte) []byte { return packet }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			packet := tc.change(bytes.Clone(question))
			before, _ := counts(port)
			for sent := range uint64(1500) {
				if _, err := conn.Write(packet); err != nil {
					t.Fatal(err)
				}
				for now := before; sent%50 == 0 && now.Received < before.Received+sent; {
					time.Sleep(100 * time.Microsecond) // so that no buffer overflows
					now, _ = counts(port)
				}
			}
			err := errors.New("not asked")
			for try := 0; err != nil && try < 5; try++ { // what is there at once may be more than there are places
				_, err = dns.Exchange(new(dns.Msg).SetQuestion("example.org.", dns.TypeA), net.JoinHostPort("127.0.0.1", port))
			}
			if err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}
