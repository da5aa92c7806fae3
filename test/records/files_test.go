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
