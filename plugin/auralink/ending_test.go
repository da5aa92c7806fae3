package auralink_test

import (
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coredns/caddy"
	"github.com/miekg/dns"
)

// TestEnding: at the end of the process servers answer on for as long as lameduck says,
// and a new topology is taken until that is over, by all server blocks.
func TestEnding(t *testing.T) {
	const corefile = ".:PORT {\nauralink topology.yaml\n}\n.:OTHER {\nauralink topology.yaml\n}"
	port, other, _ := startFast(t, corefile)
	for _, instance := range caddy.Instances() {
		for _, callback := range instance.OnShutdown { // as CoreDNS calls them, ahead of the last ones
			if err := callback(); err != nil {
				t.Fatal(err)
			}
		}
	}
	changed := strings.Replace(fastTopology, "10.0.0.1", "10.0.0.22", 1)
	if err := os.WriteFile("topology.new", []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename("topology.new", "topology.yaml"); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{port, other} {
		for _, transport := range []string{"udp", "tcp"} {
			awaitAddress(t, transport, at, "10.0.0.22")
		}
	}
}

// awaitAddress waits until a name of the first region has an address.
func awaitAddress(t *testing.T, transport, port, want string) {
	t.Helper()
	client, got := dns.Client{Net: transport}, ""
	for end := time.Now().Add(20 * time.Second); got != want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("over %s at port %s the address is %q, want %s", transport, port, got, want)
		}
		m := new(dns.Msg).SetQuestion("db.production-orch-0000.neo4j.io.", dns.TypeA)
		if reply, _, err := client.Exchange(m, net.JoinHostPort("127.0.0.1", port)); err == nil && len(reply.Answer) == 1 {
			got = reply.Answer[0].(*dns.A).A.String()
		}
	}
}
