package records_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
)

// kresdConfig is a configuration of Knot Resolver; FORWARD is where it sends some names.
const kresdConfig = `modules = { 'hints > iterate', 'policy' } -- words
hints.set('one.org 10.0.0.1')
hints['six.org'] = 'fd00::6'
hints.set('h.denied.org 10.0.0.2')
hints.set('h.fwd.org 10.0.0.3')
hints.set('ruled.org 10.0.0.4')
policy.add(policy.suffix(policy.STUB('FORWARD'), policy.todnames({'first.org'})))
policy.add(policy.rpz(policy.DENY, 'rpz.db'))
policy.add(policy.suffix(policy.DENY, policy.todnames({'denied.org', 'also.denied.net'})))
--[[ policy.add(policy.suffix(policy.DENY, policy.todnames({'one.org'})))
]] cache.size = 10 * MB policy.add(policy.suffix(policy.DENY, policy.todnames({'line.org'}))) --[==[ ]] ]==]
if 1 > 2 then cache.size = 20 * MB end
policy.add(policy.suffix(policy.PASS, {todname('free.gone.org')}))
policy.add(policy.suffix(policy.REFUSE,
	policy.todnames({'gone.org'})))
policy.add(policy.suffix(policy.STUB('FORWARD'), policy.todnames({'fwd.org', 'denied.org'})))
`

// TestKnotResolver: what Knot Resolver makes of its configuration is what was read.
func TestKnotResolver(t *testing.T) {
	public := peers.Public(t)
	files := map[string]string{
		"kresd.conf": strings.ReplaceAll(kresdConfig, "FORWARD", fmt.Sprintf("%s@%d", public.Addr(), public.Port())),
		"rpz.db":     "$TTL 30\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\nruled.org A 10.0.0.31\n*.wild.org A 10.0.0.32\nnone.org CNAME .\nfirst.org A 10.0.0.33\nh.denied.org A 10.0.0.34\ndotted.org. A 10.0.0.35\nnamed.org CNAME one.org.\n",
	}
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	notes := 0
	o := existing.Options{Note: func(line string) {
		notes++
		t.Log(line)
	}}
	found, err := o.Together(t.Context(), []string{filepath.Join(dir, "kresd.conf")}, maps.Keys(map[string]bool{}))
	if err != nil {
		t.Fatal(err)
	}
	if faults := found.Set.Faults(nil, nil); notes != 1 || len(faults) > 0 { // of the rule that Knot Resolver leaves out
		t.Errorf("%d notes about what is read, and the faults %v", notes, faults)
	}
	server := peers.Start(t, peers.KnotResolver(peers.Resolving{Upstream: public, Files: files}))[0]
	awaitLoaded(t, server, "one.org.", meant(found.Set.Resolve("one.org.", dns.TypeA)))
	// What passes is asked of the root's servers, and not here: it is public DNS.
	if got := meant(found.Set.Resolve("a.free.gone.org.", dns.TypeA)); got != fromDNS {
		t.Errorf("what passes has %s", got)
	}
	compareNames(t, found.Set, server.Addr, []string{
		"one.org", "a.one.org", "six.org", "denied.org", "h.denied.org", "a.denied.org", "also.denied.net", "gone.org", "a.gone.org",
		"first.org", "a.first.org", "fwd.org", "h.fwd.org", "a.fwd.org", "line.org", "dotted.org", "named.org", "ruled.org", "a.ruled.org", "x.wild.org", "none.org", "other.org",
	}, allTypes)
}
