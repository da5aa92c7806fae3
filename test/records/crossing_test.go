package records_test

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// crossingOptions say for whom BIND goes on from zone z.org to t.org: what is said for all, and of t.org.
var crossingOptions = []struct{ options, zone string }{
	{"recursion no;", ""},
	{"recursion no; allow-query-cache { any; };", ""},
	{"allow-recursion { any; };", ""},
	{"allow-recursion { none; };", ""},
	{"allow-recursion { !127.0.0.2; 127.0.0/29; };", ""},
	{"allow-query-cache { !127.0.0.2; 127.0.0/29; };", ""},
	{"allow-recursion { any; }; allow-query-cache { 127.0.0.2; };", ""},
	{"allow-query { any; };", ""},
	{"allow-query { any; }; allow-recursion { 127.0.0.2; };", ""},
	{"allow-recursion { any; };", "allow-query { none; };"},
	{"allow-recursion { any; };", "allow-query { !127.0.0.2; any; };"},
	{"allow-recursion { any; }; allow-recursion-on { 10/8; };", ""},
	{"allow-recursion { any; }; allow-query-cache-on { 10/8; };", ""},
	{"allow-recursion { any; }; allow-recursion-on { localhost; };", ""},
	{"allow-recursion { any; };", "allow-query-on { 10/8; };"},
}

// TestCrossing: clients for whom BIND leaves out the address of a CNAME into another of its zones are told.
func TestCrossing(t *testing.T) {
	const top = "$TTL 30\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\n"
	for _, tt := range crossingOptions {
		t.Run(tt.options+tt.zone, func(t *testing.T) {
			t.Parallel()
			dir, filled := filledIn(t, map[string]string{
				"z": top + "a CNAME b.t.org.\nc CNAME d\nd A 10.0.0.1\n", "t": top + "* A 10.0.0.2\n",
				"named.conf": "options { directory \".\"; listen-on port PORT { ADDR; }; listen-on-v6 { none; }; pid-file none; " + tt.options + " };\ncontrols { };\n" +
					"zone \"z.org\" { type primary; file \"z\"; allow-query { any; }; };\nzone \"t.org\" { type primary; file \"t\"; " + tt.zone + " };\n",
			})
			at := peers.Start(t, peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true, Configure: func(at netip.AddrPort) peers.Setup {
				return peers.Setup{Files: filled(at), Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
			}})[0].Addr
			for _, last := range []byte{1, 2, 9} {
				client := netip.AddrFrom4([4]byte{127, 0, 0, last})
				clients := []netip.Prefix{netip.PrefixFrom(client, 32)}
				found, err := existing.Options{Clients: clients}.Together(t.Context(), []string{filepath.Join(dir, "named.conf")}, nil)
				if err != nil {
					t.Fatal(err)
				}
				told := func(name string) []holdings.Fault {
					return slices.DeleteFunc(found.Set.Faults([]string{name}, clients), func(f holdings.Fault) bool { return f.Others })
				}
				got := askedFrom(t, client, at, "a.z.org.")
				if faults := told("a.z.org."); (got == "[]") != (len(faults) > 0) {
					t.Errorf("client %s: answered %s, told %v", client, got, faults)
				}
				if faults := told("c.z.org."); len(faults) > 0 {
					t.Errorf("client %s: %v is told of a name in one zone, which has %s", client, faults, fmt.Sprint(askedFrom(t, client, at, "c.z.org.")))
				}
			}
		})
	}
}
