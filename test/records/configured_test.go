package records_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// configured are servers that run with a configuration of the test's own.
var configured = []struct {
	peers.Peer
	main  string
	args  []string
	files map[string]string
	names []string
}{
	{
		Peer: peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true},
		main: "named.conf", args: []string{"-g", "-c", "named.conf", "-n", "1"}, files: bindFiles,
		names: append([]string{
			"ruled.zone.org", "x.fwd.zone.org", "y.fwd.zone.org", "free.zone.org", "x.wild.zone.org", "y.wild.zone.org",
			"child.zone.org", "host.child.zone.org", "x.child.zone.org", "kept.org", "x.kept.org", "only.org", "mine.org",
		}, append(returnedNames, zoneNames...)...),
	},
	{
		Peer: peers.Peer{Name: "NSD", Package: "nsd", Binary: "nsd"}, main: "nsd.conf", args: []string{"-d", "-c", "nsd.conf"},
		files: map[string]string{
			"nsd.conf": nsdConfig, "zones/zone.db": includedZone, "zones/more.inc": includedPart, "zones/org/named.org.zone": plainZone,
			"more/a.conf": "zone: name: more.org\n zonefile: \"more.db\"\n", "zones/more.db": plainZone, "zones/returns.db": returnedZone,
		},
		names: append([]string{"host.named.org", "x.named.org", "host.more.org"}, append(returnedNames, inZone...)...),
	},
	{
		Peer: peers.Peer{Name: "Knot", Package: "knot", Binary: "knotd"}, main: "knot.conf", args: []string{"-c", "knot.conf"},
		files: map[string]string{
			"knot.conf": knotConfig, "zones/zone.db": includedZone, "zones/more.inc": includedPart, "zones/named.org.zone": plainZone,
			"other/other.org.z": strings.Replace(plainZone, "10.0.0.12", "10.0.0.13", 1),
			"more/a.conf":       "zone:\n  - domain: more.org\n    file: more.db\n", "zones/more.db": plainZone,
			"zones/org/co/part-.%.zone": plainZone,
		},
		names: append([]string{"host.named.org", "x.named.org", "host.more.org", "host.other.org", "host.parts.co.org", "x.parts.co.org"}, inZone...),
	},
	{
		Peer: peers.Peer{Name: "Knot with a late template", Package: "knot", Binary: "knotd"}, main: "knot.conf", args: []string{"-c", "knot.conf"},
		files: map[string]string{
			"knot.conf": knotLate, "zones/named.org.late": plainZone, "other/other.org.z": strings.Replace(plainZone, "10.0.0.12", "10.0.0.13", 1),
		},
		names: []string{"host.named.org", "x.named.org", "host.other.org", "x.other.org"},
	},
}

// gdnsdZone is a zone of gdnsd, whose origins in included files do not count behind these.
const gdnsdZone = "$TTL 30\n@ SOA ns.example.net. root.example.net. 1 900 300 86400 30\n@ NS ns.example.net.\n@ NS ns2.example.net.\n" +
	"* A 10.0.0.1\nfirst A 10.0.0.2\nhost.deep A 10.0.0.3\n*.sub A 10.0.0.4\nx.y.sub A 10.0.0.5\nalias CNAME first\nsix AAAA fd00::6\ntext TXT \"words\"\n" +
	"$INCLUDE inc/more\nafter A 10.0.0.7\n$INCLUDE inc/more moved\nend 60/30 DYNA weighted!some\n" +
	"$ORIGIN low\nbare A 10.0.0.20\nzoned.@Z A 10.0.0.21\nfiled.@F A 10.0.0.22\nsmall.@z A 10.0.0.23\n@Z MX 10 a.@F\n$INCLUDE inc/special up\n"

func init() {
	configured = append(configured, configuredGDNSD)
	configured = append(configured, configuredPowerDNS...)
}

// configuredPowerDNS are PowerDNS's servers: the files of the bind backend are relative to
// its named.conf's directory, which says so.
var configuredPowerDNS = []struct {
	peers.Peer
	main  string
	args  []string
	files map[string]string
	names []string
}{
	{
		Peer: peers.Peer{Name: "PowerDNS", Package: "pdns-server pdns-backend-bind", Binary: "pdns_server"}, main: "pdns.conf", args: []string{"--config-dir=."},
		files: map[string]string{
			"pdns.conf":        pdnsConfig,
			"zones/named.conf": "options { directory \"zones\"; };\nzone \"zone.org\" { type native; file \"zone.db\"; };\nzone \"named.org\" { type master; file \"named.db\"; };\n",
			"zones/zone.db":    withoutOrigin, "zones/more.inc": includedPart, "zones/named.db": plainZone, "more/a.conf": "bind-check-interval=0\n",
		},
		names: append([]string{"host.named.org", "x.named.org"}, inZone...),
	},
	{
		Peer: peers.Peer{Name: "PowerDNS Recursor", Package: "pdns-recursor", Binary: "pdns_recursor"}, main: "recursor.conf", args: []string{"--config-dir=."},
		files: map[string]string{
			"recursor.conf": recursorConfig, "zone.db": withoutOrigin + "ruled A 10.0.0.8\nx.fwd A 10.0.0.9\n", "more.inc": includedPart, "named.db": plainZone, "red.db": plainZone,
			"forwards":     "# words\nfile.zone.org=UPADDR:UPPORT\n+rec.zone.org=UPADDR:UPPORT\n",
			"names":        "10.0.1.1 one.net two.net # words\nfd00::1 one.net\n10.0.1.2 plain\n10.0.1.3 first.zone.org\n10.0.1.4 zone.org\n",
			"recursor.lua": "-- a comment\n--[[ rpzFile(\"second.db\")\n]] addNTA('a.test') rpzFile(\n  'rpz.db',\n  {policyName=\"rpz.test\", tags={'a'}, defttl=20,\n  defpol=Policy.NXDOMAIN, defpolOverrideLocalData=false})\nrpzFile(\"exempt.db\")\n",
			"rpz.db": "$TTL 30\n$ORIGIN rpz.test.\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\n" +
				"ruled.zone.org A 10.0.0.31\nonly.org A 10.0.0.32\n*.wild.org A 10.0.0.34\npassed.wild.org CNAME rpz-passthru.\n" +
				"*.over.org A 10.0.0.35\nrule.host.zone.over.org A 10.0.0.36\n*.none.org CNAME .\n",
			"exempt.db": "$TTL 30\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\n*.exempt.org A 10.0.0.37\nhost.zone.exempt.org CNAME rpz-passthru.\n",
		},
		names: append([]string{
			"passed.wild.org", "zone.over.org", "host.zone.over.org", "x.zone.over.org", "x.host.zone.over.org", "rule.host.zone.over.org", "host.zone.exempt.org",
			"zone.none.org", "host.zone.none.org", "x.zone.none.org",
			"host.named.org", "x.named.org", "red.zone.org", "host.red.zone.org", "x.red.zone.org", "fwd.zone.org", "x.fwd.zone.org", "file.zone.org", "x.file.zone.org",
			"rec.zone.org", "ruled.zone.org", "only.org", "x.wild.org", "wild.org", "one.net", "x.one.net", "two.net", "plain.suffix.org", "suffix.org", "x.first.zone.org",
		}, zoneNames...),
	},
}

var configuredGDNSD = struct {
	peers.Peer
	main  string
	args  []string
	files map[string]string
	names []string
}{
	Peer: peers.Peer{Name: "gdnsd", Package: "gdnsd", Binary: "gdnsd"}, main: "config", args: []string{"-c", ".", "start"},
	files: map[string]string{
		"config": "# words\noptions => {\n  listen => ADDR:PORT\n  run_dir = \"run\"\n  state_dir = \"state\"\n}\n" +
			"plugins => { weighted => { some => { service_types => up, one => [ 10.9.9.9, 1 ] } } }\n",
		"zones/zone.org": gdnsdZone, "zones/inc/special": "$ORIGIN bar\none A 10.0.0.24\n$ORIGIN baz.@F\ntwo A 10.0.0.25\n$ORIGIN quux.@Z\nthree A 10.0.0.26\n@F A 10.0.0.27\n",
		"zones/inc/more": "more A 10.0.0.8\n$ORIGIN o\nm A 10.0.0.9\n", "zones/sub.net": viewZone("10.0.0.10"), "zones/.hidden.org": "nothing",
	},
	names: []string{ // but the alias, which gdnsd leaves to resolvers to follow
		"zone.org", "a.zone.org", "b.a.zone.org", "first.zone.org", "x.first.zone.org", "deep.zone.org", "host.deep.zone.org", "x.deep.zone.org", "sub.zone.org", "a.sub.zone.org",
		"y.sub.zone.org", "x.y.sub.zone.org", "z.y.sub.zone.org", "six.zone.org", "text.zone.org", "more.zone.org", "m.o.zone.org", "o.zone.org", "after.zone.org",
		"bare.low.zone.org", "zoned.zone.org", "filed.zone.org", "small.zone.org", "one.bar.up.low.zone.org", "two.baz.up.low.zone.org", "three.quux.zone.org", "up.low.zone.org", "up.zone.org",
		"bare.low.o.zone.org", "one.bar.up.low.o.zone.org", "one.bar.up.zone.org", "up.o.zone.org",
		"after.o.zone.org", "more.moved.zone.org", "m.o.moved.zone.org", "x.moved.zone.org", "a.sub.net", "sub.net",
	},
}

// inZone are the names of zoneNames in the zone: authoritative servers refuse others.
var inZone = zoneNames[:len(zoneNames)-1]

// TestConfigured: what a server makes of a configuration with zones in files is what was
// read of it.
func TestConfigured(t *testing.T) {
	public := peers.Public(t)
	for _, tt := range configured {
		t.Run(tt.Name, func(t *testing.T) {
			filled := func(at netip.AddrPort) map[string]string {
				fill := strings.NewReplacer("UPPORT", fmt.Sprint(public.Port()), "UPADDR", public.Addr().String(),
					"DIR", ".", "PORT", fmt.Sprint(at.Port()), "ADDR", at.Addr().String())
				files := make(map[string]string)
				for name, text := range tt.files {
					files[name] = fill.Replace(text)
				}
				return files
			}
			set := readSeveral(t, several{main: tt.main, files: filled(netip.MustParseAddrPort("127.0.0.1:53"))})
			peer := tt.Peer
			peer.Configure = func(at netip.AddrPort) peers.Setup { return peers.Setup{Files: filled(at), Args: tt.args} }
			server := peers.Start(t, peer)[0]
			awaitLoaded(t, server, tt.names[0]+".", meant(set.Resolve(tt.names[0]+".", dns.TypeA)))
			compareNames(t, set, server.Addr, tt.names, allTypes)
		})
	}
}
