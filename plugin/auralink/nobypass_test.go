package auralink

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/netip"
	"testing"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/canary"
)

// TestSameOctetsCanaries: canaries have the same octets by both ways, which is all of
// them but for the records of designated resolvers: the slow path alone has these.
func TestSameOctetsCanaries(t *testing.T) {
	a := planned(t, fixedTopology(t))
	a.options.Canaries = canary.New([]canary.Resolver{{Name: "dns.example.org.", Protocol: canary.DoT, Port: 853}})
	pipe := served(t, mannered(t, a, "recursive", false))
	for _, name := range []string{"use-application-dns.net.", "MASK.icloud.com.", "x.mask-h2.icloud.com.", "_dns.resolver.arpa.", "resolver.arpa."} {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeSVCB, dns.TypeHTTPS, dns.TypeANY, dns.TypeSOA} {
			for _, size := range []uint16{0, 512, 1232} {
				packet := packed(t, name, qtype, size)
				designated := qtype == dns.TypeSVCB && name == "_dns.resolver.arpa."
				for _, client := range packetClients[:len(packetClients)-1] {
					if fast := sameOctets(t, a, pipe, packet, client); fast == designated {
						t.Errorf("%s %s of %s: the fast path answers: %t", name, dns.TypeToString[qtype], client, fast)
					}
				}
				// A client in no VPC, of whom nobody behind us would know more.
				reply := new(dns.Msg)
				if err := reply.Unpack(pipe.ask(t, packet, packetClients[len(packetClients)-1])); err != nil {
					t.Fatal(err)
				}
				if !reply.Authoritative || reply.Rcode != dns.RcodeSuccess && reply.Rcode != dns.RcodeNameError {
					t.Errorf("%s %s of a stranger:\n%s", name, dns.TypeToString[qtype], reply)
				}
			}
		}
	}
}

// certificateFor returns what a server shows that has a certificate for names and
// addresses.
func certificateFor(t *testing.T, names []string, addrs ...string) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: names}
	for _, addr := range addrs {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(addr))
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// TestDesignate: the encrypted ways to the same answers are designated, by a name that
// their certificate is for.
func TestDesignate(t *testing.T) {
	name := []string{"*.example.org", "dns.example.org", "other.example.org"}
	type block struct {
		transport, zone, port, host, topology, vpc string

		tls  *tls.Config
		bare bool // has not the plugin
	}
	dot := func(change func(*block)) block {
		b := block{transport: transport.TLS, zone: ".", port: "853", host: "10.8.0.1", topology: "t.yaml", tls: certificateFor(t, name, "10.8.0.1")}
		change(&b)
		return b
	}
	same := func(*block) {}
	addr := []netip.Addr{netip.MustParseAddr("10.8.0.1")}
	want := []canary.Resolver{{Name: "dns.example.org.", Protocol: canary.DoT, Port: 853, Addrs: addr}}
	tests := []struct {
		name   string
		block  block
		say    string
		asked  string // the host that is asked, 10.8.0.1 if empty
		want   []canary.Resolver
		remark string
	}{
		{name: "DoT", block: dot(same), want: want},
		{name: "DoH on another port", block: dot(func(b *block) { b.transport, b.port = transport.HTTPS, "8443" }), want: []canary.Resolver{{Name: "dns.example.org.", Protocol: canary.DoH, Port: 8443, Addrs: addr}}},
		{name: "DoQ", block: dot(func(b *block) { b.transport = transport.QUIC }), want: []canary.Resolver{{Name: "dns.example.org.", Protocol: canary.DoQ, Port: 853, Addrs: addr}}},
		{name: "everywhere", block: dot(func(b *block) { b.host = "" }), want: []canary.Resolver{{Name: "dns.example.org.", Protocol: canary.DoT, Port: 853}}},
		{name: "asked everywhere", asked: "::", block: dot(same), want: want},
		{name: "another name of the certificate", say: "Other.example.org", block: dot(same), want: []canary.Resolver{{Name: "other.example.org.", Protocol: canary.DoT, Port: 853, Addrs: addr}}},
		{name: "a name that the certificate is not for", say: "dns.example.net", block: dot(same), remark: "tls://.:853 is not among them: its certificate is not for dns.example.net, but for *.example.org, dns.example.org, other.example.org"},
		{name: "a certificate without names", block: dot(func(b *block) { b.tls = certificateFor(t, nil, "10.8.0.1") }), remark: "tls://.:853 is not among them: its certificate has no host name; have one issued that has, or say nobypass NAME if another certificate has"},
		{name: "a certificate that is not had yet", block: dot(func(b *block) { b.tls = &tls.Config{} }), remark: "tls://.:853 is not among them: its certificate is not known yet; say nobypass NAME"},
		{name: "one, and its name is said", say: "dns.example.org", block: dot(func(b *block) { b.tls = &tls.Config{} }), want: want},
		{name: "a certificate without the address", block: dot(func(b *block) { b.tls = certificateFor(t, name, "10.8.0.2") }), want: want, remark: "the certificate of tls://.:853 is not for the address 10.8.0.1, without which not all clients take it"},
		{name: "a port that is chosen", block: dot(func(b *block) { b.port = "0" }), remark: "tls://.:0 is not among them: its port is chosen when the server starts"},
		{name: "on another address", block: dot(func(b *block) { b.host = "10.8.0.2" })},
		{name: "of another topology", block: dot(func(b *block) { b.topology = "u.yaml" })},
		{name: "of another VPC", block: dot(func(b *block) { b.vpc = "apps" })},
		{name: "for some names", block: dot(func(b *block) { b.zone = "neo4j.io." })},
		{name: "without the plugin", block: dot(func(b *block) { b.bare = true })},
		{name: "without encryption", block: dot(func(b *block) { b.transport, b.tls = transport.DNS, nil })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAuralink()
			a.topology = "t.yaml"
			if tt.say != "" {
				if err := a.parseNoBypass([]string{tt.say}); err != nil {
					t.Fatal(err)
				}
			}
			if tt.asked == "" {
				tt.asked = "10.8.0.1"
			}
			own := &dnsserver.Config{Zone: ".", Transport: transport.DNS, Port: "53", ListenHosts: []string{tt.asked}}
			other := &dnsserver.Config{Zone: tt.block.zone, Transport: tt.block.transport, Port: tt.block.port, ListenHosts: []string{tt.block.host}, TLSConfig: tt.block.tls}
			if !tt.block.bare {
				there := newAuralink()
				there.topology, there.options.VPC = tt.block.topology, tt.block.vpc
				other.AddPlugin(func(plugin.Handler) plugin.Handler { return there })
			}
			serverOf(t, other) // makes the handlers
			got, remarks := a.designate(own, []*dnsserver.Config{own, other})
			if diff := cmp.Diff(tt.want, got, cmp.Comparer(func(x, y netip.Addr) bool { return x == y })); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var want []string
			if tt.remark != "" {
				want = []string{tt.remark}
			}
			if diff := cmp.Diff(want, remarks); diff != "" {
				t.Errorf("remarks (-want +got):\n%s", diff)
			}
		})
	}
}
