package auralink

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/transfer"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/notify"
)

// TestSecondaries: who is told of changes, by which key, and what the server does not
// start with.
func TestSecondaries(t *testing.T) {
	config := &dnsserver.Config{TsigSecret: map[string]string{"transfer.": "c2VjcmV0"}}
	key := func(algorithm string) *notify.Key {
		return &notify.Key{Name: "transfer.", Algorithm: algorithm, Secret: "c2VjcmV0"}
	}
	at := netip.MustParseAddrPort
	xfer := new(transfer.Transfer)
	for _, tt := range []struct {
		name, lines string
		xfer        *transfer.Transfer
		want        []notify.Secondary
		err         string
	}{
		{"nobody", "", nil, nil, ""},
		{"those of transfer", "", xfer, []notify.Secondary{listed{xfer}}, ""},
		{"some of its own", "notify 10.0.0.4 [fd00::4]:5353", xfer, []notify.Secondary{
			notify.Server{Addr: at("10.0.0.4:53")}, notify.Server{Addr: at("[fd00::4]:5353")},
		}, ""},
		{"with keys", "notify 10.0.0.4 key Transfer source 10.0.0.53\nnotify 10.0.0.5 key transfer. HMAC-SHA512.", xfer, []notify.Secondary{
			notify.Server{Addr: at("10.0.0.4:53"), Key: key(dns.HmacSHA256), Source: netip.MustParseAddr("10.0.0.53")},
			notify.Server{Addr: at("10.0.0.5:53"), Key: key(dns.HmacSHA512)},
		}, ""},
		{"a key that is not there", "notify 10.0.0.4 key other", xfer, nil, `there is no key "other.": give it to the plugin tsig`},
		{"without transfer", "notify 10.0.0.4", nil, nil, "notify has no meaning without the plugin transfer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := parse(caddy.NewTestController("dns", "auralink t.yaml {\n"+tt.lines+"\n}"))
			if err != nil {
				t.Fatal(err)
			}
			a.xfer = tt.xfer
			err = a.lookAtSecondaries(config)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, a.toTell, cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}, listed{})); err == nil && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
