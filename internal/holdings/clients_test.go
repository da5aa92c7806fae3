package holdings_test

import (
	"net/netip"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
)

// TestAdmits: of a list of clients the first item counts that an address is in, and what
// none has is refused.
func TestAdmits(t *testing.T) {
	list := func(not string, all ...string) holdings.Clients {
		var c holdings.Clients
		if not != "" {
			c = append(c, holdings.ClientRange{Range: netip.MustParsePrefix(not), Not: true})
		}
		for _, text := range all {
			c = append(c, holdings.ClientRange{Range: netip.MustParsePrefix(text)})
		}
		return c
	}
	tests := []struct {
		name    string
		admits  holdings.Clients
		clients string
		refused bool
	}{
		{"all of them", list("", "10.0.0.0/8"), "10.1.0.0/16", false},
		{"none of them", list("", "10.0.0.0/8"), "192.168.0.0/16", true},
		{"a part of them", list("", "10.1.0.0/17"), "10.1.0.0/16", true},
		{"all of them, by two ranges", list("", "10.1.0.0/17", "10.1.128.0/17"), "10.1.0.0/16", false},
		{"all but one", list("10.1.2.3/32", "10.0.0.0/8"), "10.1.0.0/16", true},
		{"all but others", list("10.2.0.0/16", "10.0.0.0/8"), "10.1.0.0/16", false},
		{"another family", list("", "0.0.0.0/0"), "fd00::/8", true},
		{"nobody knows, and some", list("", "10.0.0.0/8"), "", false},
		{"nobody knows, and none", list(""), "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := holdings.NewBuilder()
			b.Admits(tt.admits, ".", holdings.Place{}, "refused")
			var clients []netip.Prefix
			if tt.clients != "" {
				clients = append(clients, netip.MustParsePrefix(tt.clients))
			}
			if got := len(b.Set().Faults(nil, clients)) > 0; got != tt.refused {
				t.Errorf("refused %v, want %v", got, tt.refused)
			}
		})
	}
}
