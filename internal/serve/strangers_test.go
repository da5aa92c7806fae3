package serve_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/serve"
)

// TestPublic is the table of whose addresses are public.
func TestPublic(t *testing.T) {
	for want, addrs := range map[bool]string{
		false: "10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 100.127.255.255 127.0.0.1 169.254.0.1 " +
			"::1 fd00::1 fc00::1 fe80::1 fe80::1%eth0 ::ffff:10.0.0.1 ::ffff:100.64.0.1 ::ffff:127.0.0.1",
		true: "8.8.8.8 9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 100.63.255.255 100.128.0.0 " +
			"169.253.0.0 198.51.100.7 ::ffff:198.51.100.7 2001:db8::1 2600::1 fec0::1 ::10.0.0.1",
	} {
		for _, addr := range strings.Fields(addrs) {
			if got := serve.Public(netip.MustParseAddr(addr)); got != want {
				t.Errorf("%s: %t, want %t", addr, got, want)
			}
		}
	}
	if serve.Public(netip.Addr{}) {
		t.Error("an address that is not known is public")
	}
}

// TestStrangers is the table of who is refused, and of what the log says of it.
func TestStrangers(t *testing.T) {
	const (
		everyClient = twoVPCs
		public      = "198.51.100.7"
		private     = "172.16.0.7"
	)
	oneWithout := strings.Replace(twoVPCs, "{clients: [10.1.0.0/16], links", "{links", 1)
	tests := []struct {
		name     string
		topology string
		options  serve.Options
		refused  string // of public, private
		says     string
		open     bool
	}{
		{
			"unsaid, and forwards", everyClient,
			serve.Options{Recursing: "forward"},
			public,
			"strangers (clients in no VPC) are refused if their addresses are public, for every VPC has clients, and forward resolves any name", false,
		},
		{
			"unsaid, and nothing forwards", everyClient,
			serve.Options{},
			"",
			"strangers (clients in no VPC) are passed to the next plugin, for no plugin behind auralink resolves any name", false,
		},
		{
			"refuse", everyClient,
			serve.Options{Strangers: serve.RefuseStrangers, Recursing: "forward"},
			public + " " + private,
			"strangers (clients in no VPC) are refused, as the Corefile says", false,
		},
		{
			"refuse, and nothing forwards", everyClient,
			serve.Options{Strangers: serve.RefuseStrangers},
			public + " " + private,
			"strangers (clients in no VPC) are refused, as the Corefile says", false,
		},
		{
			"refuse-public, and nothing forwards", everyClient,
			serve.Options{Strangers: serve.RefusePublic},
			public,
			"strangers (clients in no VPC) are refused if their addresses are public, as the Corefile says", false,
		},
		{
			"pass", everyClient,
			serve.Options{Strangers: serve.PassStrangers, Recursing: "grpc"},
			"",
			"strangers (clients in no VPC) are passed to the next plugin, as the Corefile says", true,
		},
		{
			"a VPC without clients", oneWithout,
			serve.Options{Recursing: "forward"},
			"nobody",
			`nobody is a stranger, and nobody is refused: VPC "batch" has no clients, and so has all that are in no other`, true,
		},
		{
			"a VPC without clients, and nothing forwards", oneWithout,
			serve.Options{Strangers: serve.RefuseStrangers},
			"nobody",
			`nobody is a stranger, and nobody is refused: VPC "batch" has no clients, and so has all that are in no other`, false,
		},
		{
			"a pinned VPC", everyClient,
			serve.Options{VPC: "apps", Recursing: "forward"},
			"nobody",
			`nobody is a stranger, and nobody is refused: all clients are answered as VPC "apps"`, true,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := read(t, tt.topology, nil, start)
			for _, client := range []string{public, private} {
				addr := netip.MustParseAddr(client)
				if _, known := tt.options.View(s.Table, addr); known != (tt.refused == "nobody") {
					t.Errorf("%s has a view: %t", client, known)
				} else if known {
					continue
				}
				want := "no-view"
				if strings.Contains(tt.refused, client) {
					want = "stranger-refused"
				}
				if got := tt.options.Stranger(addr); got.String() != want {
					t.Errorf("%s: %s, want %s", client, got, want)
				}
			}
			says, open := tt.options.StrangersPolicy(s.Plan)
			if says != tt.says || open != tt.open {
				t.Errorf("%q, open %t\nwant %q, open %t", says, open, tt.says, tt.open)
			}
		})
	}
}

func TestParseStrangers(t *testing.T) {
	for word, want := range map[string]serve.Strangers{
		"refuse": serve.RefuseStrangers, "refuse-public": serve.RefusePublic, "pass": serve.PassStrangers,
	} {
		if got, err := serve.ParseStrangers(word); got != want || err != nil {
			t.Errorf("%s: %v, %v", word, got, err)
		}
	}
	_, err := serve.ParseStrangers("Refuse")
	if err == nil || err.Error() != `strangers takes refuse, refuse-public or pass, got "Refuse"` {
		t.Errorf("error %v", err)
	}
}
