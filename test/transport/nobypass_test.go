package transport_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers/coredns"
)

// TestNoBypass: with the property nobypass, canaries are never passed on, whoever asks
// over whatever, and the encrypted ways to the server are those that it has.
func TestNoBypass(t *testing.T) {
	const soa = " 300 IN SOA ns.auralink.invalid. hostmaster.auralink.invalid. 0 900 300 86400 300"
	for _, fastpath := range []string{"1", "off"} {
		t.Run("fastpath "+fastpath, func(t *testing.T) {
			s := startServerWith(t, "nobypass\nfastpath "+fastpath+"\n", coredns.Upstream)
			designated := []string{
				"NOERROR aa rd",
				fmt.Sprintf(`answer: _dns.resolver.arpa. 300 IN SVCB 1 %s. alpn="dot" port="%d" ipv4hint="%s"`, serverName, s.tls.Port(), s.tls.Addr()),
				fmt.Sprintf(`answer: _dns.resolver.arpa. 300 IN SVCB 2 %s. alpn="h2" port="%d" ipv4hint="%s" dohpath="/dns-query{?dns}"`, serverName, s.https.Port(), s.https.Addr()),
			}
			for _, tt := range []struct {
				ask  string
				want []string
			}{
				{"use-application-dns.net. A", []string{"NXDOMAIN aa rd", "authority: use-application-dns.net." + soa}},
				{"Use-Application-DNS.net. AAAA", []string{"NXDOMAIN aa rd", "authority: use-application-dns.net." + soa}},
				{"mask.icloud.com. HTTPS", []string{"NXDOMAIN aa rd", "authority: mask.icloud.com." + soa}},
				{"mask-h2.icloud.com. A", []string{"NXDOMAIN aa rd", "authority: mask-h2.icloud.com." + soa}},
				{"x.mask.icloud.com. A", []string{"NXDOMAIN aa rd", "authority: mask.icloud.com." + soa}},
				{"_dns.resolver.arpa. SVCB", designated},
				{"_dns.resolver.arpa. A", []string{"NOERROR aa rd", "authority: resolver.arpa." + soa}},
				{"resolver.arpa. NS", []string{"NOERROR aa rd", "authority: resolver.arpa." + soa}},
				{"mask.icloud.com. AXFR", []string{"REFUSED rd"}},
				{"icloud.com. A", []string{"went on"}},
			} {
				for _, tr := range transports {
					for _, client := range []netip.Addr{appsClient, batchClient, foreignClient} {
						query := parseQuestion(tt.ask)
						reply, _ := tr.ask(t, s, client, query)
						if diff := cmp.Diff(tt.want, lines(reply)); diff != "" {
							t.Errorf("%s of %s over %s (-want +got):\n%s", tt.ask, client, tr.name, diff)
						}
					}
				}
			}
		})
	}
	// Without it they are anybody's names.
	s := startServer(t)
	for _, ask := range []string{"use-application-dns.net. A", "_dns.resolver.arpa. SVCB"} {
		for _, tr := range transports {
			reply, _ := tr.ask(t, s, appsClient, parseQuestion(ask))
			if diff := cmp.Diff([]string{"went on"}, lines(reply)); diff != "" {
				t.Errorf("%s over %s, without the property (-want +got):\n%s", ask, tr.name, diff)
			}
		}
	}
}
