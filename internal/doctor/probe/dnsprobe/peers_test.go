package dnsprobe_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dnsprobe"
	"github.com/auralink/auralink/test/peers"
)

const name = "abcd1234.production-orch-0000.neo4j.io"

// right is a zone as it should be, and shadow one that hides it.
var (
	right = peers.Zone{Origin: "production-orch-0000.neo4j.io.", Text: `$TTL 30
@ SOA ns.example. hostmaster.example. 1 900 300 86400 30
@ NS ns.example.
* A 10.10.10.10
`}
	shadow = peers.Zone{Origin: "neo4j.io.", Text: `$TTL 60
@ SOA corp.example. hostmaster.example. 1 900 300 86400 60
@ NS ns.example.
www A 192.0.2.1
alias CNAME www
`}
)

// redirect has an Unbound answer as a private zone does.
const redirect = `server:
  local-zone: "production-orch-0000.neo4j.io." redirect
  local-data: "production-orch-0000.neo4j.io. 30 A 10.10.10.10"
`

// ask asks a server, and returns each answer in a line.
func ask(t *testing.T, server dnsprobe.Server, name string) string {
	t.Helper()
	r := dnsprobe.Ask(t.Context(), server, name, 20*time.Second)
	if r.Name != name || r.Via != (doctor.Via{Way: doctor.WayServer, Server: server.String()}) {
		t.Errorf("it is of %s by %v", r.Name, r.Via)
	}
	var lines []string
	for _, a := range r.Answers {
		lines = append(lines, line(a))
	}
	return strings.Join(lines, "\n")
}

// line is what matters of an answer.
func line(a doctor.Answer) string {
	text := fmt.Sprintf("%s %s %s", a.Type, a.Outcome, a.Rcode)
	if a.AA {
		text += " aa"
	}
	if a.RA {
		text += " ra"
	}
	for _, addr := range a.Addrs {
		text += " " + addr.String()
	}
	if a.Records > 0 {
		text += fmt.Sprintf(" ttl %d", a.TTL)
	}
	if len(a.Chain) > 0 {
		text += " by " + strings.Join(a.Chain, ", ")
	}
	if a.SOA != nil {
		text += fmt.Sprintf(" soa %s of %s", a.SOA.Zone, a.SOA.MName)
	}
	return text
}

// TestAsk asks real servers: with the zone, with one that hides it, and with
// protection against rebinding in between.
func TestAsk(t *testing.T) {
	servers := peers.Start(t, peers.NSD([]peers.Zone{right}), peers.BIND([]peers.Zone{shadow}))
	public := peers.Unbound(peers.Resolving{Files: map[string]string{"unbound.conf": redirect}})
	upstream := peers.Start(t, public)[0].Addr
	resolvers := peers.Start(t,
		peers.Unbound(peers.Resolving{Upstream: upstream, Files: map[string]string{"unbound.conf": "server:\n  ip-ratelimit: 0\n"}}),
		peers.Dnsmasq(peers.Resolving{Upstream: upstream, Files: map[string]string{"dnsmasq.conf": "stop-dns-rebind\n"}}),
		peers.Dnsmasq(peers.Resolving{Upstream: upstream, Files: map[string]string{"dnsmasq.conf": "cache-size=0\n"}}),
	)
	const soa = " soa production-orch-0000.neo4j.io of ns.example"
	tests := []struct {
		name, asked string
		at          netip.AddrPort
		want        string
	}{
		{"the zone", name, servers[0].Addr, "A connected NOERROR aa 10.10.10.10 ttl 30\nAAAA connected NOERROR aa" + soa + "\nHTTPS connected NOERROR aa" + soa},
		{"a zone that hides it", name, servers[1].Addr, "A connected NXDOMAIN aa soa neo4j.io of corp.example\nAAAA connected NXDOMAIN aa soa neo4j.io of corp.example\nHTTPS connected NXDOMAIN aa soa neo4j.io of corp.example"},
		{"an alias", "alias.neo4j.io", servers[1].Addr, "A connected NOERROR aa 192.0.2.1 ttl 60 by www.neo4j.io\nAAAA connected NOERROR aa by www.neo4j.io soa neo4j.io of corp.example\nHTTPS connected NOERROR aa by www.neo4j.io soa neo4j.io of corp.example"},
		{"another's name", "www.example.org", servers[1].Addr, "A connected REFUSED\nAAAA connected REFUSED\nHTTPS connected REFUSED"},
		{"Unbound with private-address", name, resolvers[0].Addr, "A connected NOERROR ra\nAAAA connected NOERROR ra\nHTTPS connected NOERROR ra"},
		{"dnsmasq with stop-dns-rebind", name, resolvers[1].Addr, "A connected NOERROR aa ra\nAAAA connected NOERROR aa ra\nHTTPS connected NOERROR aa ra"},
		{"dnsmasq without", name, resolvers[2].Addr, "A connected NOERROR aa ra 10.10.10.10 ttl 30\nAAAA connected NOERROR aa ra\nHTTPS connected NOERROR aa ra"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ask(t, dnsprobe.At(tt.at), tt.asked)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAskNobody: that nothing came, and how, is evidence.
func TestAskNobody(t *testing.T) {
	closed := peers.FreePort(t, peers.Loopback())
	silent, err := net.ListenPacket("udp", netip.AddrPortFrom(peers.Loopback(), 0).String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for at, want := range map[string]doctor.Outcome{closed.String(): doctor.Refused, silent.LocalAddr().String(): doctor.TimedOut} {
		a := dnsprobe.AskType(t.Context(), dnsprobe.Server{Address: at}, name, dns.TypeA, 300*time.Millisecond)
		if a.Outcome != want || a.Error == "" || a.Rcode != "" {
			t.Errorf("%s: %+v, want %s", at, a, want)
		}
	}
}

// TestAskEncrypted asks an Unbound over TLS and HTTPS, with its authority known and
// not.
func TestAskEncrypted(t *testing.T) {
	host := peers.Loopback()
	tls, https := peers.FreePort(t, host), peers.FreePort(t, host)
	chain, key, pool := certificate(t, host)
	conf := fmt.Sprintf(redirect+`  interface: %s@%d
  interface: %s@%d
  tls-port: %d
  https-port: %d
  http-endpoint: "/dns-query"
  tls-service-pem: "chain.pem"
  tls-service-key: "key.pem"
`, host, tls.Port(), host, https.Port(), tls.Port(), https.Port())
	peers.Start(t, peers.Unbound(peers.Resolving{
		Files: map[string]string{"unbound.conf": conf, "chain.pem": chain, "key.pem": key},
		Ready: []dns.Question{{Name: name + ".", Qtype: dns.TypeA, Qclass: dns.ClassINET}},
	}))
	const want = "A connected NOERROR aa ra 10.10.10.10 ttl 30"
	for _, text := range []string{"tls://" + tls.String(), "https://" + https.String() + "/dns-query"} {
		server, err := dnsprobe.ParseServer(text)
		if err != nil {
			t.Fatal(err)
		}
		if a := dnsprobe.AskType(t.Context(), server, name, dns.TypeA, 20*time.Second); a.Outcome != doctor.Failed || !strings.Contains(a.Error, "certificate") {
			t.Errorf("%s: its certificate is trusted: %+v", text, a)
		}
		server.Roots = pool
		if got := line(dnsprobe.AskType(t.Context(), server, name, dns.TypeA, 20*time.Second)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// certificate makes a certificate for an address, by itself.
func certificate(t *testing.T, host netip.Addr) (chain, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{host.AsSlice()},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})), pool
}
