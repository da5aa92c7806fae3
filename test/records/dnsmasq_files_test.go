package records_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
)

// dnsmasqNamed is a dnsmasq that is told by other files whom to ask and which hosts there
// are; in it DIR is the directory.
var dnsmasqNamed = map[string]string{
	"dnsmasq.conf": "servers-file=DIR/servers\naddn-hosts=DIR/hosts\naddn-hosts=DIR/more\nhostsdir=DIR/watched\n" +
		"local=/closed.org/\naddress=/red.org/10.0.0.9\nhost-record=both.org,10.0.0.8\nexpand-hosts\n" +
		"domain=zone.org\ndomain=six.org,fd00::/8,local\ndomain=range.org,10.0.3.1,10.0.3.9\n",
	"servers": "server=/closed.org/\nserver=/asked.closed.org/UPSTREAM\nserver=/fwd.red.org/#\n",
	"hosts": "10.0.0.1 one.org ONE.closed.org # words\nfd00::1 one.org\n10.0.0.2 one.org\n10.0.0.3 x.red.org both.org\n10.0.0.4 plain\n10.0.3.9 ranged\n10.0.3.10 after\nfd00::4 plain six\n" +
		"junk line\n10.0.0.5 *.star.org\n",
	"more/a":         "10.0.1.1 a.more.org\n",
	"more/b":         "10.0.1.2 b.more.org a.more.org\n",
	"more/.hidden":   "10.0.1.3 hidden.more.org\n",
	"more/old~":      "10.0.1.4 old.more.org\n",
	"more/#tmp#":     "10.0.1.5 tmp.more.org\n",
	"watched/w":      "10.0.2.1 w.org\n10.0.2.2 one.org\n",
	"watched/.no":    "10.0.2.3 no.org\n",
	"watched/below/": "",
}

// TestDnsmasqNamedFiles: what dnsmasq makes of the servers and hosts in files that its
// configuration names is what was read.
func TestDnsmasqNamedFiles(t *testing.T) {
	public := peers.Public(t)
	dir := t.TempDir()
	fill := strings.NewReplacer("DIR", dir, "UPSTREAM", strings.ReplaceAll(public.String(), ":", "#")).Replace
	for name, text := range dnsmasqNamed {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		if err := os.WriteFile(path, []byte(fill(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := existing.Options{Note: func(line string) { t.Log(line) }}
	found, err := o.Together(t.Context(), []string{filepath.Join(dir, "dnsmasq.conf")}, maps.Keys(map[string]bool{}))
	if err != nil {
		t.Fatal(err)
	}
	server := peers.Start(t, peers.Dnsmasq(peers.Resolving{Upstream: public, Files: map[string]string{"dnsmasq.conf": fill(dnsmasqNamed["dnsmasq.conf"])}}))[0]
	awaitLoaded(t, server, "one.org.", meant(found.Set.Resolve("one.org.", dns.TypeA)))
	compareNames(t, found.Set, server.Addr, []string{
		"one.org", "a.one.org", "one.closed.org", "two.closed.org", "closed.org", "asked.closed.org", "a.asked.closed.org",
		"red.org", "x.red.org", "y.red.org", "fwd.red.org", "a.fwd.red.org", "both.org", "ignored.org", "a.ignored.org",
		"plain.zone.org", "plain", "plain.six.org", "six.six.org", "six.zone.org", "x.six.org", "ranged.range.org", "ranged.zone.org", "after.zone.org", "after.range.org",
		"zone.org", "other.zone.org", "star.org", "a.star.org",
		"a.more.org", "b.more.org", "hidden.more.org", "old.more.org", "tmp.more.org", "w.org", "no.org", "other.org",
	}, allTypes)
}
