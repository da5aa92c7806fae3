package canary_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/canary"
	"github.com/auralink/auralink/internal/wire"
)

// answer asks a set, and returns the reply in a line: the response code, the records of
// the answer section, and the owner of the SOA.
func answer(t *testing.T, set *canary.Set, name string, qtype uint16) string {
	t.Helper()
	var buf [wire.MaxName]byte
	packed, err := wire.Pack(&buf, name)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := set.Lookup(packed, qtype)
	if !ok {
		return "no canary"
	}
	reply := got.Reply(new(dns.Msg).SetQuestion(name, qtype), 0)
	parts := []string{dns.RcodeToString[reply.Rcode]}
	for _, rr := range reply.Answer {
		parts = append(parts, strings.ReplaceAll(rr.String(), "\t", " "))
	}
	for _, rr := range reply.Ns {
		parts = append(parts, "SOA of "+rr.Header().Name)
	}
	return strings.Join(parts, " | ")
}

// TestLookup is the table of what canaries are answered.
func TestLookup(t *testing.T) {
	none := canary.New(nil)
	some := canary.New([]canary.Resolver{
		{Name: "dns.example.org.", Protocol: canary.DoT, Port: 853, Addrs: []netip.Addr{netip.MustParseAddr("10.8.0.1"), netip.MustParseAddr("fd00::1")}},
		{Name: "dns.example.org.", Protocol: canary.DoH, Port: 8443},
		{Name: "dns.example.org.", Protocol: canary.DoQ, Port: 8853},
		{Name: "dns.example.org.", Protocol: canary.DoH3, Port: 443},
	})
	const svcb = "_dns.resolver.arpa. 300 IN SVCB "
	tests := []struct {
		set   *canary.Set
		name  string
		qtype uint16
		want  string
	}{
		{none, "use-application-dns.net.", dns.TypeA, "NXDOMAIN | SOA of use-application-dns.net."},
		{none, "Use-Application-DNS.net.", dns.TypeAAAA, "NXDOMAIN | SOA of use-application-dns.net."},
		{none, "mask.icloud.com.", dns.TypeHTTPS, "NXDOMAIN | SOA of mask.icloud.com."},
		{none, "mask-h2.icloud.com.", dns.TypeA, "NXDOMAIN | SOA of mask-h2.icloud.com."},
		{none, "x.y.mask.icloud.com.", dns.TypeA, "NXDOMAIN | SOA of mask.icloud.com."},
		{none, "unmask.icloud.com.", dns.TypeA, "no canary"},
		{none, "icloud.com.", dns.TypeA, "no canary"},
		{none, "net.", dns.TypeA, "no canary"},
		{none, `a\.mask.icloud.com.`, dns.TypeA, "no canary"},
		{none, `a\004mask\006icloud\003com.`, dns.TypeA, "no canary"},
		{none, ".", dns.TypeNS, "no canary"},
		{none, "_dns.resolver.arpa.", dns.TypeSVCB, "NOERROR | SOA of resolver.arpa."},
		{none, "resolver.arpa.", dns.TypeSOA, "NOERROR | SOA of resolver.arpa."},
		{some, "use-application-dns.net.", dns.TypeSVCB, "NXDOMAIN | SOA of use-application-dns.net."},
		{some, "_dns.resolver.arpa.", dns.TypeA, "NOERROR | SOA of resolver.arpa."},
		{some, "_dns.resolver.arpa.", dns.TypeANY, "NOERROR | SOA of resolver.arpa."},
		{some, "x._dns.resolver.arpa.", dns.TypeSVCB, "NOERROR | SOA of resolver.arpa."},
		{some, "resolver.arpa.", dns.TypeSVCB, "NOERROR | SOA of resolver.arpa."},
		{some, "_DNS.resolver.arpa.", dns.TypeSVCB, "NOERROR" +
			` | _DNS.resolver.arpa. 300 IN SVCB 1 dns.example.org. alpn="dot" ipv4hint="10.8.0.1" ipv6hint="fd00::1"` +
			` | _DNS.resolver.arpa. 300 IN SVCB 2 dns.example.org. alpn="h2" port="8443" dohpath="/dns-query{?dns}"` +
			` | _DNS.resolver.arpa. 300 IN SVCB 3 dns.example.org. alpn="doq" port="8853"` +
			` | _DNS.resolver.arpa. 300 IN SVCB 4 dns.example.org. alpn="h3" dohpath="/dns-query{?dns}"`},
		{nil, "use-application-dns.net.", dns.TypeA, "no canary"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, answer(t, tt.set, tt.name, tt.qtype)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.name, dns.TypeToString[tt.qtype], diff)
		}
	}
	if got := answer(t, some, "_dns.resolver.arpa.", dns.TypeSVCB); !strings.HasPrefix(got, "NOERROR | "+svcb) {
		t.Errorf("the records have the owner of an earlier question: %s", got)
	}
}

// TestDesignatedOctets: what is designated can be packed, and means the same when it is
// read again.
func TestDesignatedOctets(t *testing.T) {
	set := canary.New([]canary.Resolver{{Name: "dns.example.org.", Protocol: canary.DoH, Port: 8443, Addrs: []netip.Addr{netip.MustParseAddr("::ffff:10.8.0.1")}}})
	var buf [wire.MaxName]byte
	name, err := wire.Pack(&buf, "_dns.resolver.arpa.")
	if err != nil {
		t.Fatal(err)
	}
	got, _ := set.Lookup(name, dns.TypeSVCB)
	reply := got.Reply(new(dns.Msg).SetQuestion("_dns.resolver.arpa.", dns.TypeSVCB), 0)
	packet, err := reply.Pack()
	if err != nil {
		t.Fatal(err)
	}
	again := new(dns.Msg)
	if err := again.Unpack(packet); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(reply.Answer[0].String(), again.Answer[0].String()); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}
