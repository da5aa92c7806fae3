package records_test

import (
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// refusing are configurations that refuse questions to some of the clients 127.0.0.0/28.
var refusing = []struct {
	main  string
	files map[string]string
	start func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort
}{
	{
		main: "named.conf",
		files: map[string]string{"one": viewZone("10.0.0.1"), "named.conf": `options { directory "."; listen-on port PORT { ADDR; }; listen-on-v6 { none; }; pid-file none; recursion no; };
controls { };
zone "v.org" { type primary; file "one"; allow-query { !127.0.0.2; 127.0.0.0/29; 127.0.0.12; }; };
`},
		start: func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort {
			return peers.Start(t, peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true, Configure: func(at netip.AddrPort) peers.Setup {
				return peers.Setup{Files: files(at), Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
			}})[0].Addr
		},
	},
	{
		main: "unbound.conf",
		files: map[string]string{"unbound.conf": `server:
  access-control: 127.0.0.0/8 refuse
  define-tag: "a"
  access-control: 127.0.0.0/30 allow
  access-control-view: 127.0.0.4/30 v
  access-control: 127.0.0.6/32 refuse
  access-control-view: 127.0.0.6/32 v
  access-control-tag: 127.0.0.9/32 "a"
  access-control: 127.0.0.12/32 allow_snoop
  access-control: 127.0.0.13/32 refuse_non_local
  local-zone: "v.org." redirect
  local-data: "v.org. 30 IN A 10.0.0.1"
view:
  name: v
`},
		start: func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort {
			text := strings.Replace(files(netip.AddrPort{})["unbound.conf"], "  access-control: 127.0.0.0/8 refuse\n", "", 1)
			return peers.Start(t, refusingUnbound(text))[0].Addr
		},
	},
	{
		main: "nsd.conf",
		files: map[string]string{"one": viewZone("10.0.0.1"), "nsd.conf": "server:\n  ip-address: ADDR@PORT\n  port: PORT\n  username: \"\"\n  zonesdir: \".\"\n  database: \"\"\n  pidfile: \"\"\n  xfrdfile: \"\"\n  zonelistfile: \"list\"\n" +
			"remote-control:\n  control-enable: no\nzone:\n  name: v.org\n  zonefile: one\n  allow-query: 127.0.0.1-127.0.0.6 NOKEY\n  allow-query: 127.0.0.2 BLOCKED\n  allow-query: 127.0.0.12/30 NOKEY\n"},
		start: func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort {
			return peers.Start(t, peers.Peer{Name: "NSD", Package: "nsd", Binary: "nsd", Configure: func(at netip.AddrPort) peers.Setup {
				return peers.Setup{Files: files(at), Args: []string{"-d", "-c", "nsd.conf"}}
			}})[0].Addr
		},
	},
	{
		main: "knot.conf",
		files: map[string]string{"one": viewZone("10.0.0.1"), "knot.conf": "server:\n    listen: ADDR@PORT\n    rundir: \".\"\ndatabase:\n    storage: db\nmod-queryacl:\n  - id: q\n    address: [127.0.0.1-127.0.0.6, 127.0.0.12/30]\n" +
			"zone:\n  - domain: v.org\n    storage: \".\"\n    file: one\n    module: mod-queryacl/q\n"},
		start: func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort {
			return peers.Start(t, peers.Peer{Name: "Knot", Package: "knot", Binary: "knotd", Configure: func(at netip.AddrPort) peers.Setup {
				return peers.Setup{Files: files(at), Args: []string{"-c", "knot.conf"}}
			}})[0].Addr
		},
	},
	{
		main: "Corefile",
		files: map[string]string{"Corefile": `v.org:PORT {
	bind ADDR
	acl {
		block net 127.0.0.2/32
		allow net 127.0.0.0/29 127.0.0.12/31
		block
	}
	template IN A {
		answer "{{ .Name }} 30 IN A 10.0.0.1"
	}
	template ANY ANY {
		rcode NOERROR
	}
}
`},
		start: func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort {
			at := peers.FreePort(t, peers.Loopback())
			coredns.Start(t, files(at)["Corefile"])
			return at
		},
	},
}

// refusingUnbound returns an Unbound that refuses all of the machine but what a text says.
func refusingUnbound(text string) peers.Peer {
	peer := peers.Unbound(peers.Resolving{Files: map[string]string{"unbound.conf": text}})
	configure := peer.Configure
	peer.Configure = func(at netip.AddrPort) peers.Setup {
		setup := configure(at)
		for name, content := range setup.Files {
			setup.Files[name] = strings.Replace(content, "127.0.0.0/8 allow", "127.0.0.0/8 refuse", 1)
		}
		return setup
	}
	return peer
}

// TestRefusedInPart: of clients whose questions a server refuses in part, those are told that it
// refuses, and no others.
func TestRefusedInPart(t *testing.T) {
	for _, tt := range refusing {
		t.Run(tt.main, func(t *testing.T) {
			dir, filled := filledIn(t, tt.files)
			at := tt.start(t, filled)
			told := refusedClients(t, filepath.Join(dir, tt.main), false)
			for last := range byte(16) {
				client := netip.AddrFrom4([4]byte{127, 0, 0, last})
				if last == 0 {
					continue // which is no client's
				}
				if code := askedFrom(t, client, at, "x.v.org."); (code == "REFUSED" || code == "NOTAUTH") != told[client] {
					t.Errorf("client %s: answered %s, told to be refused %v", client, code, told[client])
				}
			}
		})
	}
}

// TestRecursionRefused: clients to whom BIND refuses what it does not have itself are told.
func TestRecursionRefused(t *testing.T) {
	for _, list := range []string{
		"allow-recursion { !127.0.0.2; 127.0.0.0/29; };", "allow-query-cache { 127.0.0.8/29; };", "allow-recursion { 127.0.0.0/29; }; allow-query-cache { 127.0.0.4/30; };", "allow-recursion { any; };",
	} {
		t.Run(list, func(t *testing.T) {
			t.Parallel()
			dir, filled := filledIn(t, map[string]string{"one": viewZone("10.0.0.1"), "named.conf": "options { directory \".\"; listen-on port PORT { ADDR; }; listen-on-v6 { none; }; pid-file none; recursion yes; dnssec-validation no; " + list + " };\n" +
				"controls { };\nzone \"v.org\" { type primary; file \"one\"; allow-query { any; }; };\n"})
			at := peers.Start(t, peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true, Configure: func(at netip.AddrPort) peers.Setup {
				return peers.Setup{Files: filled(at), Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
			}})[0].Addr
			told := refusedClients(t, filepath.Join(dir, "named.conf"), true)
			for last := byte(1); last < 16; last++ {
				client := netip.AddrFrom4([4]byte{127, 0, 0, last})
				if refused := askedFrom(t, client, at, "localhost.invalid.") == "REFUSED"; refused != told[client] {
					t.Errorf("client %s: refused %v, told %v", client, refused, told[client])
				}
			}
		})
	}
}

// refusedClients returns the clients of whom it is told that they are refused all questions, or
// what is left to others alone. Several views are
// read one after the other, as the audit does.
func refusedClients(t *testing.T, main string, others bool) map[netip.Addr]bool {
	t.Helper()
	refused := make(map[netip.Addr]bool)
	all := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/28")}
	found, err := existing.Options{Clients: all}.Together(t.Context(), []string{main}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found.Set.Faults(nil, all) {
		if f.Others != others {
			continue
		}
		_, ranges, named := strings.Cut(f.Message, "the clients ")
		if f.Kind != holdings.Refused || !named {
			t.Fatalf("%s does not say whom", f)
		}
		for text := range strings.SplitSeq(ranges, ", ") {
			prefix := netip.MustParsePrefix(text)
			for addr := prefix.Addr(); prefix.Contains(addr); addr = addr.Next() {
				refused[addr] = true
			}
		}
	}
	return refused
}
