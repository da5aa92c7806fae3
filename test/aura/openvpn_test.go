//go:build linux

package aura_test

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/standin"
	"github.com/auralink/auralink/test/peers"
)

// upScript is what a system without systemd-resolved does about DNS when OpenVPN 2.6 is
// up: it has dnsmasq send each domain to the servers that it was told of.
const upScript = `#!/bin/sh
set -eu
cd "$(dirname "$0")"
: >next
i=1
while eval "domain=\${dns_server_1_resolve_domain_$i:-}" && [ -n "$domain" ]; do
  j=1
  while eval "address=\${dns_server_1_address_$j:-}" && [ -n "$address" ]; do
    echo "server=/$domain/$address" >>next
    j=$((j + 1))
  done
  i=$((i + 1))
done
mv next dns.conf
`

// TestOpenVPN: over a real OpenVPN tunnel, whose client has what is exported for it or is
// told it by the server, a private link's name resolves to the private endpoint and is
// opened there, and all other names are asked of public DNS. Without the tunnel the name
// is public, and nobody is there.
func TestOpenVPN(t *testing.T) {
	openvpn, dnsmasq := peers.Find(t, "openvpn", "openvpn"), peers.Find(t, "dnsmasq", "dnsmasq-base")
	curl := peers.Find(t, "curl", "curl")
	for _, pushed := range []bool{false, true} {
		t.Run(fmt.Sprintf("pushed %t", pushed), func(t *testing.T) {
			w := newWorld(t, lab.Options{})
			_, err := w.StartServer(lab.DNS, lab.Topology, lab.Corefile)
			must(t, err)
			for _, site := range []*lab.Site{w.East, w.West} {
				site.Public.Behave(standin.Behaviour{NoNames: true})
			}
			opened := func() bool {
				return lab.Run(lab.Laptop.Command(curl, "--silent", "--fail", "--max-time", "5", "https://"+westPrivateURI)).Status == 0
			}
			if got := resolved(t, lab.PublicResolver, westPrivateURI); got != lab.WestPublic || opened() {
				t.Errorf("without the tunnel the name leads to %s, and is opened: %t", got, opened())
			}

			tunnel := newOpenVPN(t, w, openvpn, pushed)
			stub := tunnel.connect(t, w, dnsmasq)
			for name, want := range map[string]string{
				westPrivateURI:                                  lab.WestPrivate,
				lab.WestEndpoint + ".endpoints.neo4j.io":        lab.WestPrivate,
				"a-" + lab.WestEndpoint + ".endpoints.neo4j.io": lab.WestPrivate,
				lab.WestDatabase + ".databases.neo4j.io":        lab.WestPublic,
				"browser.neo4j.io":                              lab.ConsolePublic,
			} {
				if got := resolved(t, "127.0.0.1", name); got != want {
					t.Errorf("%s leads to %s, want %s", name, got, want)
				}
			}
			w.West.Forget()
			if !opened() || len(w.West.Tally().Discoveries) != 1 {
				t.Errorf("over the tunnel the region saw %+v", w.West.Tally())
			}

			tunnel.client.Stop()
			stub.Stop()
			must(t, lab.Laptop.UseDNS([]string{lab.PublicResolver}))
			if got := resolved(t, lab.PublicResolver, westPrivateURI); got != lab.WestPublic || opened() {
				t.Errorf("after the tunnel the name leads to %s, and is opened: %t", got, opened())
			}
			if conn, err := dial(lab.Laptop, lab.WestPrivate+":443"); err == nil {
				_ = conn.Close()
				t.Error("the private endpoint is reached without the tunnel")
			}
		})
	}
}

// resolved returns the one address that a name server has for a name, as the laptop asks.
func resolved(t *testing.T, server, name string) string {
	t.Helper()
	m, err := lab.Ask(lab.Laptop, server+":53", name, dns.TypeA)
	must(t, err)
	if len(m.Answer) != 1 {
		return fmt.Sprintf("%s, %v", dns.RcodeToString[m.Rcode], m.Answer)
	}
	return m.Answer[0].(*dns.A).A.String()
}

// tunnel is an OpenVPN between the gateway and the laptop.
type tunnel struct {
	dir            string
	server, client *lab.Program
}

// newOpenVPN starts both ends. What is exported is in the client's configuration, or in
// the server's, which pushes it.
func newOpenVPN(t *testing.T, w *lab.World, openvpn string, pushed bool) *tunnel {
	t.Helper()
	v := &tunnel{dir: t.TempDir()}
	export := filepath.Join(v.dir, "export")
	if got := w.Auralink(lab.Laptop, "export", w.TopologyPath(), "--format", "openvpn", "--server", lab.DNSAddress, "--out", export); got.Status != 0 {
		t.Fatalf("export: %+v", got)
	}
	serverPrint, clientPrint := v.certify(t, "server"), v.certify(t, "client")
	const both = "dev tun\ntopology subnet\nproto udp4\ndh none\nverb 3\ncd %s\ncert %s.crt\nkey %s.key\npeer-fingerprint %s\n"
	server := fmt.Sprintf(both, v.dir, "server", "server", clientPrint) +
		"server 10.8.0.0 255.255.255.0\nlocal " + lab.GatewayPublic + "\nkeepalive 1 10\npush \"route 10.0.0.0 255.0.0.0\"\n"
	client := fmt.Sprintf(both, v.dir, "client", "client", serverPrint) +
		"client\nnobind\nremote " + lab.GatewayPublic + "\nscript-security 2\nup " + filepath.Join(v.dir, "up.sh") + "\n"
	if pushed {
		server += "config export/openvpn-server.conf\n"
	} else {
		client += "config export/openvpn-client.conf\n"
	}
	for name, text := range map[string]string{"server.conf": server, "client.conf": client, "up.sh": upScript} {
		must(t, os.WriteFile(filepath.Join(v.dir, name), []byte(text), 0o700))
	}
	var err error
	v.server, err = w.Start(lab.Gateway, openvpn, "--config", filepath.Join(v.dir, "server.conf"))
	must(t, err)
	v.client, err = w.Start(lab.Laptop, openvpn, "--config", filepath.Join(v.dir, "client.conf"))
	must(t, err)
	return v
}

// certify makes a certificate that nobody vouches for, and returns its fingerprint, by
// which the other end knows it.
func (v *tunnel) certify(t *testing.T, name string) string {
	t.Helper()
	certificate := peers.Certify(t, x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}, filepath.Join(v.dir, name+".crt"), filepath.Join(v.dir, name+".key"))
	var hex []string
	for _, octet := range sha256.Sum256(certificate.Raw) {
		hex = append(hex, fmt.Sprintf("%02X", octet))
	}
	return strings.Join(hex, ":")
}

// connect waits for the tunnel, and has the laptop ask a dnsmasq that is set up as the
// tunnel's script says.
func (v *tunnel) connect(t *testing.T, w *lab.World, dnsmasq string) *lab.Program {
	t.Helper()
	conf := filepath.Join(v.dir, "dns.conf")
	eventually(t, "the tunnel is not up: ", func() bool {
		return v.server.Ended() || v.client.Ended() || strings.Contains(v.client.Log(), "Initialization Sequence Completed")
	})
	if _, err := os.Stat(conf); err != nil {
		t.Fatalf("%v\n[server]\n%s\n[client]\n%s", err, v.server.Log(), v.client.Log())
	}
	stub, err := w.Start(lab.Laptop, dnsmasq, "--keep-in-foreground", "--conf-file="+conf, "--no-resolv", "--no-hosts", "--cache-size=0",
		"--listen-address=127.0.0.1", "--bind-interfaces", "--user=root", "--pid-file=", "--log-facility=-", "--server="+lab.PublicResolver)
	must(t, err)
	must(t, lab.Laptop.UseDNS([]string{"127.0.0.1"}))
	eventually(t, "dnsmasq does not answer: ", func() bool {
		_, err := lab.Ask(lab.Laptop, "127.0.0.1:53", "browser.neo4j.io", dns.TypeA)
		return err == nil || stub.Ended()
	})
	return stub
}
