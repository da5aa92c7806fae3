package records_test

import (
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

// zoneTop begins each zone of the tests of aliases; gdnsd wants two servers.
const zoneTop = "$TTL 30\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\n@ NS ns2.x.\n"

// aliasRecords lead from z.org to its own names, to other zones of the server, and out of all.
const aliasRecords = "tgt A 10.0.0.1\nin CNAME tgt\nother CNAME b.t.org.\nwild CNAME x.w.t.org.\nback CNAME back.t.org.\nchild CNAME b.c.z.org.\n" +
	"miss CNAME no.t.org.\nout CNAME x.outside.test.\n*.all CNAME b.t.org.\n"

// dnameRecords are likewise; what is beside them is covered by a wildcard.
const dnameRecords = "a.s A 10.0.0.2\ndin DNAME s\ndother DNAME t.org.\ndchild DNAME c.z.org.\ndout DNAME outside.test.\n*.beside A 10.0.0.3\nd.beside DNAME t.org.\n"

// aliasFiles are the zones, and a configuration.
func aliasFiles(main, config, records string) map[string]string {
	const others = zoneTop + "b A 10.0.0.4\n*.w A 10.0.0.5\nback CNAME tgt.z.org.\n"
	return map[string]string{main: config, "zones/z.org": zoneTop + records, "zones/t.org": others, "zones/c.z.org": others}
}

// aliasNames are asked for.
var aliasNames = strings.Fields("tgt in other wild back child miss out x.all y.x.all a.din b.dother x.w.dother back.dother b.dchild b.dout x.beside b.d.beside d.beside " +
	"alias x.lua y.lua both")

// bindBackend are the zones of PowerDNS.
const bindBackend = `zone "z.org" { type master; file "zones/z.org"; };
zone "t.org" { type master; file "zones/t.org"; };
zone "c.z.org" { type master; file "zones/c.z.org"; };
`

// powerDNSOnly are records that PowerDNS alone has.
const powerDNSOnly = "alias ALIAS b.t.org.\n*.lua A 10.0.0.6\nx.lua LUA A \"'10.0.0.7'\"\nboth A 10.0.0.8\nboth LUA A \"'10.0.0.9'\"\n"

func aliasPowerDNS(name, options, records string) aliasServer {
	files := aliasFiles("pdns.conf", "launch=bind\nbind-config=named.conf\nlocal-address=ADDR\nlocal-port=PORT\nsocket-dir=.\n"+options, aliasRecords+dnameRecords+records)
	files["named.conf"] = bindBackend
	return aliasServer{
		Peer: peers.Peer{Name: name, Package: "pdns-server pdns-backend-bind", Binary: "pdns_server"},
		main: "pdns.conf", args: []string{"--config-dir=."}, files: files,
	}
}

// aliasServer is a server with the zones.
type aliasServer struct {
	peers.Peer
	main  string
	args  []string
	files map[string]string
	// but is a name that somebody else finds the address of.
	but string
}

var aliasServers = []aliasServer{
	{
		Peer: peers.Peer{Name: "Knot", Package: "knot", Binary: "knotd"}, main: "knot.conf", args: []string{"-c", "knot.conf"},
		files: aliasFiles("knot.conf", "server:\n    listen: ADDR@PORT\n    rundir: .\ndatabase:\n    storage: db\ntemplate:\n  - id: default\n    storage: zones\n    file: \"%s\"\n"+
			"zone:\n  - domain: z.org\n  - domain: t.org\n  - domain: c.z.org\n", aliasRecords+dnameRecords),
	},
	{
		Peer: peers.Peer{Name: "NSD", Package: "nsd", Binary: "nsd"}, main: "nsd.conf", args: []string{"-d", "-c", "nsd.conf"},
		files: aliasFiles("nsd.conf", "server:\n  ip-address: ADDR@PORT\n  username: \"\"\n  zonesdir: \"zones\"\n  pidfile: \"nsd.pid\"\n  database: \"\"\n  xfrdfile: \"xfrd\"\n  zonelistfile: \"list\"\n"+
			"remote-control:\n  control-enable: no\nzone:\n  name: z.org\n  zonefile: z.org\nzone:\n  name: t.org\n  zonefile: t.org\nzone:\n  name: c.z.org\n  zonefile: c.z.org\n", aliasRecords+dnameRecords),
	},
	{
		Peer: peers.Peer{Name: "gdnsd", Package: "gdnsd", Binary: "gdnsd"}, main: "config", args: []string{"-c", ".", "start"}, but: "in",
		files: withoutChild(aliasFiles("config", "options => {\n  listen => ADDR:PORT\n  run_dir = \"run\"\n  state_dir = \"state\"\n}\n", aliasRecords)),
	},
	{
		Peer: peers.Peer{Name: "PowerDNS Recursor", Package: "pdns-recursor", Binary: "pdns_recursor"}, main: "recursor.conf", args: []string{"--config-dir=."}, but: "out",
		files: aliasFiles("recursor.conf", "local-address=ADDR\nlocal-port=PORT\nsocket-dir=.\ndaemon=no\ndnssec=off\nallow-from=127.0.0.0/8\n"+
			"forward-zones-recurse=.=UPADDR:UPPORT\nauth-zones=t.org=zones/z.org,z.org=zones/z.org,c.z.org=zones/c.z.org,t.org=zones/t.org\n", aliasRecords+dnameRecords),
	},
	aliasPowerDNS("PowerDNS", "", powerDNSOnly),
	aliasPowerDNS("PowerDNS with DNAME", "dname-processing=yes\n", ""),
}

// withoutChild drops the zone below another one, which gdnsd refuses.
func withoutChild(files map[string]string) map[string]string {
	delete(files, "zones/c.z.org")
	return files
}

// TestAliases: where an alias leads to an address that is not in the server's answer, none is read.
func TestAliases(t *testing.T) {
	public := peers.Public(t)
	for _, tt := range aliasServers {
		t.Run(tt.Name, func(t *testing.T) {
			for name, text := range tt.files {
				tt.files[name] = strings.NewReplacer("UPPORT", fmt.Sprint(public.Port()), "UPADDR", public.Addr().String()).Replace(text)
			}
			dir, filled := filledIn(t, tt.files)
			found, err := existing.Options{}.Together(t.Context(), []string{filepath.Join(dir, tt.main)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found.Set.Faults([]string{"z.org."}, nil) {
				t.Errorf("told %v of what the server takes", f)
			}
			peer := tt.Peer
			peer.Configure = func(at netip.AddrPort) peers.Setup { return peers.Setup{Files: filled(at), Args: tt.args} }
			at := peers.Start(t, peer)[0].Addr
			for _, name := range aliasNames {
				read := addressesOf(found.Set, name+".z.org.")
				if got := askedFrom(t, netip.Addr{}, at, name+".z.org."); got != read && name != tt.but {
					t.Errorf("%s: the server answers %s, and %s was read", name, got, read)
				}
			}
		})
	}
}

// addressesOf returns the addresses that a set has in its answer.
func addressesOf(set *holdings.Set, name string) string {
	if addrs := set.Resolve(name, dns.TypeA).Addrs; len(addrs) > 0 {
		return fmt.Sprint(addrs)
	}
	return "[]"
}

// TestPowerDNSTold: what PowerDNS has others find out, or finds out by a program, is told.
func TestPowerDNSTold(t *testing.T) {
	for option, names := range map[string][]string{
		"expand-alias=yes\n":               {"alias"},
		"enable-lua-records=yes\n":         {"x.lua", "both"},
		"enable-lua-records=shared\n":      {"x.lua", "both"},
		"bind-dnssec-db=./dnssec.sqlite\n": {"x.lua", "both"},
	} {
		server := aliasPowerDNS("PowerDNS", option, powerDNSOnly)
		dir, _ := filledIn(t, server.files)
		found, err := existing.Options{}.Together(t.Context(), []string{filepath.Join(dir, server.main)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if got := found.Set.Resolve(name+".z.org.", dns.TypeA); got.Outcome != zones.Referred || got.Referral.Record == "" {
				t.Errorf("%s%s is %v %v, want that a record's meaning is not known", option, name, got.Outcome, got.Addrs)
			}
		}
	}
}

// TestPowerDNSTwice: which of two files of one zone PowerDNS loads is not known. One file may stand twice.
func TestPowerDNSTwice(t *testing.T) {
	for second, want := range map[string]int{"zones/z.org": 0, "./zones/z.org": 0, "zones/t.org": 1} {
		server := aliasPowerDNS("PowerDNS", "", "")
		server.files["named.conf"] += "zone \"Z.org\" { type master; file \"" + second + "\"; };\n"
		dir, _ := filledIn(t, server.files)
		found, err := existing.Options{}.Together(t.Context(), []string{filepath.Join(dir, server.main)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := found.Set.Faults([]string{"z.org."}, nil); len(got) != want {
			t.Errorf("%s: told %v, want %d", second, got, want)
		}
	}
}

// TestNSDRefusedTarget: where NSD refuses a client the zone to which an alias leads, it leaves out the
// address there, and that is told.
func TestNSDRefusedTarget(t *testing.T) {
	server := aliasServers[1]
	files := maps.Clone(server.files)
	files["nsd.conf"] = strings.Replace(files["nsd.conf"], "zonefile: t.org\n", "zonefile: t.org\n  allow-query: 127.0.0.1 NOKEY\n", 1)
	dir, filled := filledIn(t, files)
	peer := server.Peer
	peer.Configure = func(at netip.AddrPort) peers.Setup { return peers.Setup{Files: filled(at), Args: server.args} }
	at := peers.Start(t, peer)[0].Addr
	for _, last := range []byte{1, 2} {
		client := netip.AddrFrom4([4]byte{127, 0, 0, last})
		clients := []netip.Prefix{netip.PrefixFrom(client, 32)}
		found, err := existing.Options{Clients: clients}.Together(t.Context(), []string{filepath.Join(dir, server.main)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"in", "other", "child", "b.dother"} {
			got, told := askedFrom(t, client, at, name+".z.org."), found.Set.Faults([]string{name + ".z.org."}, clients)
			if (got == "[]") != (len(told) > 0) {
				t.Errorf("%s, client %s: NSD answers %s, and %v is told", name, client, got, told)
			}
		}
	}
}
