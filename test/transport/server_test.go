package transport_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// Who asks from where: see serverTopology.
var (
	appsClient    = netip.MustParseAddr("127.20.0.7")
	batchClient   = netip.MustParseAddr("127.21.0.7")
	manyClient    = netip.MustParseAddr("127.22.0.7")
	foreignClient = netip.MustParseAddr("127.29.0.7") // in no VPC
)

// manyAddrs are the numbers of addresses that the links of the VPC many have.
var manyAddrs = []int{20, 40, 100}

// serverTopology has two VPCs with other addresses for the same region, and one
// with more of them than a private endpoint ever has.
func serverTopology() string {
	var b strings.Builder
	b.WriteString(`
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
  region-20: {}
  region-40: {}
  region-100: {}
custom_endpoints: {foo: east, bar: west, n20: region-20, n40: region-40, n100: region-100}
vpcs:
  apps:
    clients: [127.20.0.0/16]
    links: {east: [10.0.0.1, "fd00::1"], west: [10.0.1.1, 10.0.1.2]}
  batch:
    clients: [127.21.0.0/16]
    links: {east: [10.1.0.1], west: [10.1.1.1]}
  many:
    clients: [127.22.0.0/16]
    links:
`)
	for _, count := range manyAddrs {
		addrs := make([]string, count)
		for i := range addrs {
			addrs[i] = fmt.Sprintf("10.2.%d.%d", count, 1+i)
		}
		fmt.Fprintf(&b, "      region-%d: [%s]\n", count, strings.Join(addrs, ", "))
	}
	return b.String()
}

// server is our server, with one port for each way to reach it.
type server struct {
	plain netip.AddrPort // UDP and TCP
	tls   netip.AddrPort
	https netip.AddrPort
	roots *x509.CertPool // vouch for its certificate
}

// startServer starts a server with the topology of [serverTopology]; what is not
// ours is answered by [coredns.Upstream].
func startServer(tb testing.TB) server {
	tb.Helper()
	return startServerBeside(tb, coredns.Upstream)
}

// startServerBeside starts a server whose server blocks have further lines.
func startServerBeside(tb testing.TB, further string) server {
	tb.Helper()
	return startServerWith(tb, "", further)
}

// startServerWith starts a server with properties of the directive, and further lines.
func startServerWith(tb testing.TB, properties, further string) server {
	tb.Helper()
	dir := tb.TempDir()
	topology := filepath.Join(dir, "topology.yaml")
	writeFile(tb, topology, []byte(serverTopology()))
	host := peers.Loopback()
	s := server{plain: peers.FreePort(tb, host), tls: peers.FreePort(tb, host), https: peers.FreePort(tb, host)}
	certificate, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	s.roots = makeCertificate(tb, host, certificate, key)

	lines := "auralink " + topology + " {\n" + properties + "}\n" + further
	secure := "tls " + certificate + " " + key + "\n" + lines
	coredns.Start(tb, coredns.Block(s.plain, lines)+
		"tls://"+coredns.Block(s.tls, secure)+
		"https://"+coredns.Block(s.https, secure))
	return s
}

// serverName is the server's host name.
const serverName = "dns.auralink.test"

// makeCertificate writes a certificate for host and for [serverName], which vouches for itself, and
// its key.
func makeCertificate(tb testing.TB, host netip.Addr, certificate, key string) *x509.CertPool {
	tb.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(peers.Certify(tb, x509.Certificate{
		Subject:               pkix.Name{CommonName: "auralink test"},
		DNSNames:              []string{serverName},
		IPAddresses:           []net.IP{host.AsSlice()},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		BasicConstraintsValid: true,
		IsCA:                  true,
	}, certificate, key))
	return roots
}

func writeFile(tb testing.TB, path string, content []byte) {
	tb.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
}
