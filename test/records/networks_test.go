package records_test

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
)

// networkLists are lists of clients of BIND, with networks as it takes them.
var networkLists = []string{
	"127/8;", "127.0/16;", "127.0.0/24;", "127.0.0/30;", "127.0.0.0/030;", "127.0.0 / 30;", "127.0.0 /30;", "127.0.0/ 30;",
	"!127/8; any;", "!127.0.0/30; any;", "! 127.0.0 / 30; any;", "0/0;", "!0/0; any;", "::/0;", "!::/0; any;",
	"{ 127.0.0/30; };", "!{ 127.0.0/30; }; any;", "{ { 127.0.0/30; }; };", "!{ !127.0.0/30; any; }; any;", "{ };", "!{ };",
	"127.0.0.2;", "127.0.0.2/32;", "::ffff:127.0.0.0/104;", "::ffff:127.0.0.2;", "fe80::2%1;", "NONE; any;", "Any;", "\"any\";", "\"none\"; any;",
	"\"127/8\"; any;", "\"127.0.0.2\";", "127.0.0.2; !any;", "127.0.0.256;",
}

// networkNames are lists that are called as networks are: it is the quotes that make a name.
const networkNames = "acl \"127/8\" { !127.0.0.2; none; }; acl \"127.0.0.2\" { 127.0.0.1; }; acl \"127.0.0.256\" { 127.0.0.1; };\n"

// TestNetworkLists: whom BIND refuses a zone by a list of clients is told, however the list writes them.
func TestNetworkLists(t *testing.T) {
	zones := new(strings.Builder)
	for i, list := range networkLists {
		fmt.Fprintf(zones, "zone \"z%d.org\" { type primary; file \"one\"; allow-query { %s }; };\n", i, list)
	}
	dir, filled := filledIn(t, map[string]string{
		"one":        viewZone("10.0.0.1"),
		"named.conf": "options { directory \".\"; listen-on port PORT { ADDR; }; listen-on-v6 { none; }; pid-file none; recursion no; };\ncontrols { };\n" + networkNames + zones.String(),
	})
	at := peers.Start(t, peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true, Configure: func(at netip.AddrPort) peers.Setup {
		return peers.Setup{Files: filled(at), Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
	}})[0].Addr
	for _, client := range []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.9")} {
		clients := []netip.Prefix{netip.PrefixFrom(client, client.BitLen())}
		found, err := existing.Options{Clients: clients}.Together(t.Context(), []string{filepath.Join(dir, "named.conf")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, list := range networkLists {
			name := fmt.Sprintf("x.z%d.org.", i)
			refused := askedFrom(t, client, at, name) == "REFUSED"
			if faults := found.Set.Faults([]string{name}, clients); refused != (len(faults) > 0) {
				t.Errorf("client %s, %s: refused %v, told %v", client, list, refused, faults)
			}
		}
	}
}
