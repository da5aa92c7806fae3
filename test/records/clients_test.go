package records_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// viewZone is a zone whose names have an address.
func viewZone(addr string) string {
	return "$TTL 30\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\n* A " + addr + "\n"
}

// byClients are configurations that have something else for some clients. In them ADDR and
// PORT are where the server listens.
var byClients = []struct {
	name, main string
	files      map[string]string
	start      func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort
}{
	{
		name: "BIND", main: "named.conf",
		files: map[string]string{
			"one": viewZone("10.0.0.1"), "two": viewZone("10.0.0.2"), "three": viewZone("10.0.0.3"),
			"named.conf": `options { directory "."; listen-on port PORT { ADDR; }; listen-on-v6 { none; }; pid-file none; recursion no; };
controls { };
acl trusted { !127.0.0.2; 127.0.0.0/29; };
key "k" { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0"; };
view "k" { match-clients { key k; }; zone "v.org" { type primary; file "one"; }; };
view "a" { match-clients { !127.0.0.3; trusted; 127.0.0.9; none; 127.0.0.10; }; zone "v.org" { type primary; file "one"; }; };
view "n" { match-clients { 127.0.0.12; { !127.0.0.13; 127.0.0.12/30; }; !127.0.0.2; !{ 127.0.0.16/28; }; 127.0.0.2; 127.0.0.20; }; zone "v.org" { type primary; file "two"; }; };
view "c" CH { zone "v.org" { type primary; file "two"; }; };
view "last" { match-clients { !{ !127.0.0.32; any; }; !key k; any; }; zone "v.org" { type primary; file "three"; }; };
`,
		},
		start: func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort {
			peer := peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true, Configure: func(at netip.AddrPort) peers.Setup {
				return peers.Setup{Files: files(at), Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
			}}
			return peers.Start(t, peer)[0].Addr
		},
	},
	{
		name: "Unbound", main: "unbound.conf",
		files: map[string]string{"unbound.conf": `server:
  access-control: 127.0.0.0/8 allow
  access-control-view: 127.0.0.0/29 wide
  access-control-view: 127.0.0.2/32 narrow
  access-control-view: 127.0.0.8/29 nothing
  access-control-view: 127.0.0.32/32 first
  local-zone: "v.org." redirect
  local-data: "v.org. 30 IN A 10.0.0.1"
view:
  name: wide
  local-zone: "v.org." redirect
  local-data: "v.org. 30 IN A 10.0.0.2"
view:
  name: narrow
  local-zone: "v.org." static
view:
  name: nothing
view:
  name: first
  view-first: yes
  local-zone: "w.org." redirect
  local-data: "w.org. 30 IN A 10.0.0.3"
`},
		start: func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort {
			return peers.Start(t, peers.Unbound(peers.Resolving{Files: files(netip.AddrPort{}), Upstream: peers.Public(t)}))[0].Addr
		},
	},
	{
		name: "Unbound with tags", main: "unbound.conf",
		files: map[string]string{
			"unbound.conf": `server:
  module-config: "respip iterator"
  define-tag: "a b c"
  access-control: 127.0.0.0/8 allow
  access-control-tag: 127.0.0.0/29 "a c"
  access-control-tag: 127.0.0.2/32 "c"
  access-control-tag: 127.0.0.32/32 "b"
  access-control: 127.0.0.4/32 allow
  access-control-view: 127.0.0.3/32 none
view:
  name: none
rpz:
  name: one
  zonefile: "one"
  tags: "a b"
rpz:
  name: all
  zonefile: "all"
`,
			"one": viewZone("10.0.0.1"), "all": viewZone("10.0.0.2"),
		},
		start: func(t *testing.T, files func(at netip.AddrPort) map[string]string) netip.AddrPort {
			return peers.Start(t, peers.Unbound(peers.Resolving{Files: files(netip.AddrPort{}), Upstream: peers.Public(t)}))[0].Addr
		},
	},
	{
		name: "CoreDNS", main: "Corefile",
		files: map[string]string{"Corefile": `v.org:PORT {
	bind ADDR
	view a {
		expr incidr(client_ip(), '127.0.0.2/31') || incidr(client_ip(), '127.0.0.12/32') || client_ip() == '127.0.0.9'
	}
	template IN A {
		answer "{{ .Name }} 30 IN A 10.0.0.1"
	}
	template IN ANY {
		rcode NOERROR
	}
}
v.org:PORT {
	bind ADDR
	view b {
		expr !incidr(client_ip(), '127.0.0.4/32') && (!incidr(client_ip(), '127.0.0.32/31') or client_ip() == '127.0.0.33')
		expr client_ip() != '127.0.0.1'
	}
	template IN A {
		answer "{{ .Name }} 30 IN A 10.0.0.2"
	}
	template IN ANY {
		rcode NOERROR
	}
}
org:PORT {
	bind ADDR
	template IN A {
		answer "{{ .Name }} 30 IN A 10.0.0.3"
	}
	template IN ANY {
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

// TestByClients: what each client is answered is what was read for it.
func TestByClients(t *testing.T) {
	for _, tt := range byClients {
		t.Run(tt.name, func(t *testing.T) {
			dir, filled := filledIn(t, tt.files)
			at := tt.start(t, filled)
			for _, last := range []int{1, 2, 3, 4, 8, 9, 10, 12, 13, 14, 20, 32, 33} {
				client := netip.AddrFrom4([4]byte{127, 0, 0, byte(last)})
				found, err := existing.Options{Clients: []netip.Prefix{netip.PrefixFrom(client, 32)}}.Together(t.Context(), []string{filepath.Join(dir, tt.main)}, nil)
				if err != nil {
					t.Fatal(err)
				}
				want := askedFrom(t, client, at, "x.v.org.")
				refused := want == "REFUSED"
				if got := fmt.Sprint(found.Set.Resolve("x.v.org.", dns.TypeA).Addrs); got != want && !refused {
					t.Errorf("client %s: read %s, answered %s", client, got, want)
				}
				if faults := found.Set.Faults(nil, found.Clients); refused != (len(faults) > 0) {
					t.Errorf("client %s: faults %v, answered %s", client, faults, want)
				}
			}
		})
	}
}

// filledIn returns a directory with the files of a configuration, and what they are for a server at
// an address, which stands in them as ADDR and PORT.
func filledIn(t *testing.T, templates map[string]string) (dir string, filled func(at netip.AddrPort) map[string]string) {
	t.Helper()
	filled = func(at netip.AddrPort) map[string]string {
		fill := strings.NewReplacer("PORT", fmt.Sprint(at.Port()), "ADDR", at.Addr().String())
		files := make(map[string]string)
		for name, text := range templates {
			files[name] = fill.Replace(text)
		}
		return files
	}
	dir = t.TempDir()
	for name, text := range filled(netip.MustParseAddrPort("127.0.0.1:53")) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), text)
	}
	return dir, filled
}

// askedFrom returns what a client is answered: addresses, or the response code.
func askedFrom(t *testing.T, client netip.Addr, server netip.AddrPort, name string) string {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		c, err := peers.Dial(server, "udp", client)
		if err != nil {
			t.Fatal(err)
		}
		m := new(dns.Msg).SetQuestion(name, dns.TypeA)
		answer, err := c.Ask(m)
		c.Close()
		switch {
		case err != nil && time.Now().Before(deadline):
			time.Sleep(100 * time.Millisecond)
		case err != nil:
			t.Fatal(err)
		case answer.Rcode != dns.RcodeSuccess && answer.Rcode != dns.RcodeNameError:
			return dns.RcodeToString[answer.Rcode]
		default:
			addrs := []netip.Addr{}
			for _, rr := range answer.Answer {
				if d, ok := holdings.AddressData(rr); ok {
					addrs = append(addrs, d.Addrs...)
				}
			}
			return fmt.Sprint(addrs)
		}
	}
}
