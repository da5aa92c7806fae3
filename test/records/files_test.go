package records_test

import (
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// several is a configuration that names other files.
type several struct {
	name  string
	main  string // the file that is read
	files map[string]string
	peer  func(files map[string]string, public netip.AddrPort) peers.Peer
	names []string
}

const (
	includedZone = "$ORIGIN zone.org.\n$TTL 30\n@ SOA ns.example.net. root.example.net. 1 900 300 86400 30\n@ NS ns.example.net.\n" +
		"* A 10.0.0.1\nfirst A 10.0.0.2\n$INCLUDE more.inc\n A 10.0.0.3\nlast A 10.0.0.4\n$INCLUDE more.inc sub.zone.org.\nend A 10.0.0.5\n"
	includedPart = "more A 10.1.0.1\n$ORIGIN moved.zone.org.\nm A 10.1.0.2\nx.y A 10.1.0.3\n"
)

// withoutOrigin is the zone for Unbound, which takes no origin behind the file's name.
var withoutOrigin = strings.Replace(includedZone, "$INCLUDE more.inc sub.zone.org.\n", "", 1)

// zoneNames are names of which the zone above has something to say, or nothing.
var zoneNames = []string{
	"zone.org", "a.zone.org", "first.zone.org", "more.zone.org", "m.moved.zone.org", "moved.zone.org", "a.moved.zone.org", "x.y.moved.zone.org", "y.moved.zone.org", "z.y.moved.zone.org",
	"last.zone.org", "more.sub.zone.org", "sub.zone.org", "a.sub.zone.org", "m.sub.zone.org", "end.zone.org", "other.org", // the last one is in no zone
}

var severals = []several{
	{
		name: "Unbound", main: "unbound.conf",
		files: map[string]string{
			"unbound.conf": "server:\n  include: parts/*.inc\n  local-data: \"after.org. A 10.0.0.1\"\n  module-config: \"respip iterator\"\n" +
				"  local-zone: red.zone.org. redirect\n  local-data: \"red.zone.org. A 10.0.0.21\"\n  local-data: \"first.zone.org. A 10.0.0.22\"\n" +
				"auth-zone: name: zone.org\n  zonefile: zone.db\nrpz: name: rpz.test\n  zonefile: rpz.db\nrpz: name: second.test\n  zonefile: second.db\n",
			"parts/a.inc":   "local-data: \"a.inc.org. A 10.0.0.2\"\n",
			"parts/b.inc":   "local-zone: b.inc.org static\nlocal-data: \"x.b.inc.org. A 10.0.0.3\"\n",
			"parts/c.other": "local-data: \"c.inc.org. A 10.0.0.4\"\n",
			"zone.db":       withoutOrigin + "red A 10.0.0.6\nx.red A 10.0.0.7\nruled A 10.0.0.8\nrule-and-local A 10.0.0.9\n",
			"more.inc":      includedPart,
			"rpz.db": "$TTL 30\n$ORIGIN rpz.test.\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\n" +
				"ruled.zone.org A 10.0.0.31\nonly.org A 10.0.0.32\nfirst.zone.org A 10.0.0.33\n*.wild.org A 10.0.0.34\nafter.org A 10.0.0.35\nfree.org CNAME rpz-passthru.\n",
			"second.db": "$TTL 30\n$ORIGIN second.test.\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\n" +
				"only.org A 10.0.0.41\nx.wild.org A 10.0.0.42\nmine.org A 10.0.0.43\n",
		},
		peer: func(files map[string]string, public netip.AddrPort) peers.Peer {
			return peers.Unbound(peers.Resolving{Files: files, Upstream: public})
		},
		names: append([]string{
			"after.org", "a.inc.org", "x.b.inc.org", "y.b.inc.org", "c.inc.org", "red.zone.org", "x.red.zone.org", "ruled.zone.org",
			"only.org", "x.wild.org", "y.wild.org", "mine.org", "free.org",
		}, zoneNames...),
	},
	{
		name: "dnsmasq", main: "dnsmasq.conf",
		files: map[string]string{
			"dnsmasq.conf": "conf-file=one.conf\nconf-dir=all\nconf-dir=some,*.conf,*.inc\nconf-dir=less,.bak\nconf-file=one.conf\nhost-record=last.org,10.0.0.1\n",
			"one.conf":     "host-record=one.org,10.0.0.2\nconf-file=dnsmasq.conf\n",
			"all/x.conf":   "host-record=x.all.org,10.0.0.3\n", "all/y": "address=/y.all.org/10.0.0.4\n", "all/.hidden": "host-record=hidden.all.org,10.0.0.5\n",
			"all/old~": "host-record=old.all.org,10.0.0.6\n", "all/#tmp#": "host-record=tmp.all.org,10.0.0.7\n", "all/below/z": "host-record=below.all.org,10.0.0.8\n",
			"some/x.conf": "host-record=x.some.org,10.0.0.9\n", "some/y": "host-record=y.some.org,10.0.0.10\n", "some/z.inc": "host-record=z.some.org,10.0.0.11\n",
			"less/x.conf": "host-record=x.less.org,10.0.0.12\n", "less/y.bak": "host-record=y.less.org,10.0.0.13\n",
		},
		peer: func(files map[string]string, public netip.AddrPort) peers.Peer {
			return peers.Dnsmasq(peers.Resolving{Files: files, Upstream: public})
		},
		names: []string{
			"last.org", "one.org", "x.all.org", "y.all.org", "a.y.all.org", "hidden.all.org", "old.all.org", "tmp.all.org", "below.all.org",
			"x.some.org", "y.some.org", "z.some.org", "x.less.org", "y.less.org", "other.org",
		},
	},
}

// TestSeveralFiles: what a server makes of a configuration and the files that it names is
// what the set that was read says.
func TestSeveralFiles(t *testing.T) {
	public := peers.Public(t)
	for _, tt := range severals {
		t.Run(tt.name, func(t *testing.T) {
			set := readSeveral(t, tt)
			server := peers.Start(t, tt.peer(tt.files, public))[0]
			awaitLoaded(t, server, tt.names[0]+".", meant(set.Resolve(tt.names[0]+".", dns.TypeA)))
			compareNames(t, set, server.Addr, tt.names, allTypes)
		})
	}
}

// readSeveral reads a configuration as the audit does: by its main file, and once more by
// its directory, which must say the same.
func readSeveral(t *testing.T, tt several) *holdings.Set {
	t.Helper()
	dir := t.TempDir()
	for name, text := range tt.files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var texts []string
	var set *holdings.Set
	for _, path := range []string{dir, filepath.Join(dir, tt.main)} {
		notes := 0
		o := existing.Options{Note: func(line string) {
			notes++
			t.Log(line)
		}}
		found, err := o.Together(t.Context(), []string{path}, maps.Keys(map[string]bool{}))
		if err != nil {
			t.Fatal(err)
		}
		set = found.Set
		text := ""
		for e := range set.All() {
			text += fmt.Sprintf("%s %s\n", e.Name(), e.Data())
		}
		texts = append(texts, text)
	}
	if texts[0] != texts[1] {
		t.Errorf("read by its directory:\n%s\nby its main file:\n%s", texts[0], texts[1])
	}
	return set
}

const bindConfig = `// BIND, with a comment
options {
  directory "DIR";
  listen-on port PORT { ADDR; };	/* another
  one */
  listen-on-v6 { none; };
  reuseport no;
  allow-recursion { any; }; allow-query { any; };
  forward only;
  forwarders port UPPORT { UPADDR; };
  empty-zones-enable no; dnssec-validation no;
  pid-file none; session-keyfile none; lock-file none;
  response-policy { zone "rpz.test"; zone "second.test" policy nxdomain; zone "third.test" policy disabled; } qname-wait-recurse no;
};
controls {};
include "sub/zones.conf";
zone "rpz.test" { type primary; file "rpz.db"; };
zone "second.test" IN { type master; file "second.db"; };
zone "third.test" { type primary; file "second.db"; };
`

// bindFiles are the files of a BIND, of which the first names the others.
var bindFiles = map[string]string{
	"named.conf": bindConfig,
	"sub/zones.conf": "zone \"zone.org\" { type primary; file \"zone.db\"; };\n# more\ninclude \"sub/more.conf\";\n" +
		"zone \"fwd.zone.org\" { type forward; forward only; forwarders port UPPORT { UPADDR; }; };\n",
	"sub/more.conf": "zone child.zone.org { type primary; file \"child.db\"; };\nzone \"kept.org\" { type forward; forward only; forwarders port UPPORT { UPADDR; }; };\n",
	"zone.db":       includedZone + "ruled A 10.0.0.8\nx.fwd A 10.0.0.9\nfree A 10.0.0.10\nx.wild A 10.0.0.11\nchild NS ns.child\n",
	"more.inc":      includedPart,
	"child.db":      "$TTL 30\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\nhost A 10.0.0.12\n",
	"rpz.db": "$TTL 30\n$ORIGIN rpz.test.\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\n" +
		"ruled.zone.org A 10.0.0.31\nonly.org A 10.0.0.32\n*.wild.zone.org A 10.0.0.34\nfree.zone.org CNAME rpz-passthru.\n",
	"second.db": "$TTL 30\n$ORIGIN @\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\nonly.org A 10.0.0.41\nmine.org A 10.0.0.43\n",
}

const nsdConfig = `# NSD
server:
  ip-address: ADDR@PORT
  username: ""
  chroot: ""
  database: ""
  zonesdir: "zones"
  zonelistfile: "zone.list"
  xfrdfile: ""
  xfrdir: "."
  pidfile: ""
  rrl-ratelimit: 0
remote-control: control-enable: no
pattern:
  name: "by-name"
  zonefile: "%z/%s.zone"
zone:
  name: "named.org"
  include-pattern: "by-name"
zone: name: zone.org
  zonefile: zone.db
include: "more/*.conf"
`

const knotConfig = `# Knot
server:
    listen: ADDR@PORT
    rundir: "."
    background-workers: 1
database:
    storage: "."
template:
  - id: default
    storage: zones
    zonefile-load: whole
    journal-content: none
  - id: "other"
    storage: other   # where it is
    file: "%s.z"
zone:
  - domain: zone.org
    file: zone.db
  - domain: named.org.
  - domain: "other.org"
    template: other
  - domain: parts.co.org
    file: "%l[0]/%l[1]/%c[0]%c[1-3]%c[99]%l[9]-%c[12]%%.zone"
include: more/*.conf
`

const pdnsConfig = `# PowerDNS
launch=bind
bind-config=zones/named.conf
local-address=ADDR
local-port=PORT
include-dir=more
daemon=no
guardian=no
disable-syslog=yes
setuid=
setgid=
socket-dir=.
security-poll-suffix=
write-pid=no
cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
`

const recursorConfig = `# PowerDNS Recursor
local-address=ADDR
local-port=PORT
forward-zones-recurse=.=UPADDR:UPPORT
auth-zones=zone.org=zone.db,named.org=named.db
auth-zones += red.zone.org=red.db
forward-zones=fwd.zone.org=UPADDR:UPPORT
forward-zones-file=forwards
export-etc-hosts=on
etc-hosts-file=names
export-etc-hosts-search-suffix=suffix.org
lua-config-file=recursor.lua
dont-query=
dnssec=off
daemon=no
disable-syslog=yes
security-poll-suffix=
setuid=
setgid=
socket-dir=.
threads=1
pdns-distributes-queries=no
write-pid=no
`

const plainZone = "$TTL 30\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\nhost A 10.0.0.12\n"

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
		}, zoneNames...),
	},
	{
		Peer: peers.Peer{Name: "NSD", Package: "nsd", Binary: "nsd"}, main: "nsd.conf", args: []string{"-d", "-c", "nsd.conf"},
		files: map[string]string{
			"nsd.conf": nsdConfig, "zones/zone.db": includedZone, "zones/more.inc": includedPart, "zones/org/named.org.zone": plainZone,
			"more/a.conf": "zone: name: more.org\n zonefile: \"more.db\"\n", "zones/more.db": plainZone,
		},
		names: append([]string{"host.named.org", "x.named.org", "host.more.org"}, inZone...),
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
}

func init() {
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
			"recursor.lua": "-- a comment\nrpzFile(\"rpz.db\", {policyName=\"rpz.test\"})\n",
			"rpz.db": "$TTL 30\n$ORIGIN rpz.test.\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\n" +
				"ruled.zone.org A 10.0.0.31\nonly.org A 10.0.0.32\n*.wild.org A 10.0.0.34\n",
		},
		names: append([]string{
			"host.named.org", "x.named.org", "red.zone.org", "host.red.zone.org", "x.red.zone.org", "fwd.zone.org", "x.fwd.zone.org", "file.zone.org", "x.file.zone.org",
			"rec.zone.org", "ruled.zone.org", "only.org", "x.wild.org", "wild.org", "one.net", "x.one.net", "two.net", "plain.suffix.org", "suffix.org", "x.first.zone.org",
		}, zoneNames...),
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
