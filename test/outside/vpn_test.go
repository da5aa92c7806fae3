//go:build linux

package outside_test

import (
	"crypto/tls"
	"os"
	"strings"
	"syscall"
	"testing"
)

// vpnCorefile returns Corefile.vpn.example for the test's host, at all its addresses:
// those who copy it to a public one get no open resolver.
func vpnCorefile(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile("../../Corefile.vpn.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, placed := range []string{"bind 10.8.0.1", "/etc/auralink/tls/", "/var/lib/auralink/", "192.0.2.53"} {
		if !strings.Contains(string(text), placed) {
			t.Fatalf("Corefile.vpn.example has no %q, which the test replaces", placed)
		}
	}
	return strings.NewReplacer(
		"bind 10.8.0.1", "bind "+hostPrivate+" "+hostPublic,
		"/etc/auralink/tls/", dir+"/",
		"/var/lib/auralink/", dir+"/",
	).Replace(string(text))
}

// TestVPNExample: over each transport a VPN's client gets its VPC's answers and all
// other names, and a stranger is refused.
func TestVPNExample(t *testing.T) {
	host, outside := newHosts(t)
	resolver := startPublicResolver(t, outside)
	dir := t.TempDir()
	writeCertificate(t, dir)
	write(t, dir, "topology.yaml", strangersTopology)
	write(t, dir, "Corefile", vpnCorefile(t, dir))
	s := start(t, host, dir)
	for _, transport := range overTransports {
		port := transport.port
		if transport.name == "DoQ" {
			port = "853"
		}
		inside := dialer{outside, outsideClient, hostPrivate + ":" + port}
		stranger := dialer{outside, outsidePublic, hostPublic + ":" + port}
		if got := inside.asks(transport.exchange, "x.production-orch-0000.neo4j.io."); got != ours {
			t.Errorf("%s: a client asks for a database: %s", transport.name, got)
		}
		if got := inside.asks(transport.exchange, "inside-"+transport.name+".example.com."); got != public {
			t.Errorf("%s: a client asks for another name: %s", transport.name, got)
		}
		for _, canary := range []string{"use-application-dns.net.", "mask.icloud.com.", "mask-h2.icloud.com.", "_dns.resolver.arpa."} {
			if got := inside.asks(transport.exchange, canary); got == public || resolver.asked(canary) {
				t.Errorf("%s: a client asks for the canary %s: %s", transport.name, canary, got)
			}
		}
		name := "stranger-" + transport.name + ".example.com."
		if got := stranger.asks(transport.exchange, name); got != refused || resolver.asked(name) {
			t.Errorf("%s: a stranger asks: %s", transport.name, got)
		}
	}
	testRenewal(t, dialer{outside, outsideClient, hostPrivate + ":853"}, s, dir)
}

// testRenewal: a certificate that was renewed is presented after a SIGUSR1.
func testRenewal(t *testing.T, d dialer, s *server, dir string) {
	t.Helper()
	before := presented(d)
	writeCertificate(t, dir)
	if err := s.cmd.Process.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	eventually(t, s, "the renewed certificate is not presented", func() bool {
		now := presented(d)
		return now != "" && now != before
	})
}

// presented returns the certificate that a server presents, "" if there is none.
func presented(d dialer) string {
	conn, err := d.dial("tcp")
	if err != nil {
		return ""
	}
	defer conn.Close()
	client := tls.Client(conn, trusting())
	if err := client.Handshake(); err != nil {
		return ""
	}
	return string(client.ConnectionState().PeerCertificates[0].Raw)
}
