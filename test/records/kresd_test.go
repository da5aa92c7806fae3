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

// kresdFirst has a policy for all names before its policy zone, and kresdChained has policies
// there behind which the next one counts.
const (
	kresdFirst = `modules = { 'hints > iterate', 'policy' }
hints.set('one.org 10.0.0.1')
hints.set('ruled.org 10.0.0.4')
policy.add(policy.suffix(policy.DENY, policy.todnames({'denied.org'})))
policy.add(policy.all(policy.STUB('FORWARD')))
policy.add(policy.rpz(policy.DENY, 'rpz.db'))
policy.add(policy.suffix(policy.DENY, policy.todnames({'one.org', 'also.denied.net'})))
`
	kresdChained = `modules = { 'policy', 'view' }
policy.add(policy.suffix(policy.FLAGS({'NO_CACHE', "NO_0X20"}), {todname('ruled.org'), todname('wild.org')}))
policy.add(policy.all(policy.FLAGS('NO_MINIMIZE')))
policy.add(policy.all(policy.QTRACE))
policy.add(policy.rpz(policy.DENY, 'rpz.db'))
policy.add(policy.all(policy.STUB('FORWARD')))
policy.add(policy.suffix(policy.DENY, policy.todnames({'one.org'})))
`
	// kresdRanked has policies before and behind its policy zone, for names that a wildcard of
	// the zone covers.
	kresdRanked = `modules = { 'hints > iterate', 'policy' }
hints.set('one.org 10.0.0.1')
hints.set('hint.wild.org 10.0.0.2')
hints.set('forward.wild.org 10.0.0.3')
hints.set('far.wild.org 10.0.0.4')
policy.add(policy.domains(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.41')}}, true), {todname('answer.wild.org')}))
policy.add(policy.domains(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.42')}}), {todname('some.wild.org'), todname('some.six.org')}))
policy.add(policy.domains(policy.DENY, {todname('deny.wild.org')}))
policy.add(policy.domains(policy.STUB('FORWARD'), {todname('forward.wild.org'), todname('stub.wild.org')}))
policy.add(policy.suffix(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.43')}}, true), {todname('answers.wild.org')}))
policy.add(policy.suffix(policy.DENY, {todname('denies.wild.org')}))
policy.add(policy.suffix(policy.STUB('FORWARD'), {todname('far.wild.org')}))
policy.add(policy.rpz(policy.DENY, 'rpz.db'))
policy.add(policy.domains(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.51')}}, true), {todname('late.wild.org')}))
policy.add(policy.domains(policy.DENY, {todname('late.deny.wild.org')}))
policy.add(policy.suffix(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.53')}}, true), {todname('lates.wild.org'), todname('wild.org')}))
policy.add(policy.suffix(policy.DENY, {todname('latest.wild.org')}))
policy.add(policy.suffix(policy.STUB('FORWARD'), {todname('last.wild.org')}))
policy.add(policy.all(policy.STUB('FORWARD')))
`
)

// TestKnotResolver: what Knot Resolver makes of its configuration is what was read.
func TestKnotResolver(t *testing.T) {
	for name, config := range map[string]string{"all": kresdConfig, "first": kresdFirst, "chained": kresdChained, "ranked": kresdRanked} {
		t.Run(name, func(t *testing.T) { testKnotResolver(t, config) })
	}
}

func testKnotResolver(t *testing.T, config string) {
	public := peers.Public(t)
	files := map[string]string{
		"kresd.conf": strings.ReplaceAll(config, "FORWARD", fmt.Sprintf("%s@%d", public.Addr(), public.Port())),
		"rpz.db":     "$TTL 30\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\nruled.org A 10.0.0.31\n*.wild.org A 10.0.0.32\nnone.org CNAME .\nfirst.org A 10.0.0.33\n*.six.org AAAA fd00::32\nh.denied.org A 10.0.0.34\ndotted.org. A 10.0.0.35\nnamed.org CNAME one.org.\n",
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
	wanted := 1 // of the rule that Knot Resolver leaves out, where it comes to its rules
	if config == kresdFirst {
		wanted = 0
	}
	if faults := found.Set.Faults(nil, nil); notes != wanted || len(faults) > 0 {
		t.Errorf("%d notes about what is read, and the faults %v", notes, faults)
	}
	server := peers.Start(t, peers.KnotResolver(peers.Resolving{Upstream: public, Files: files}))[0]
	awaitLoaded(t, server, "one.org.", meant(found.Set.Resolve("one.org.", dns.TypeA)))
	// What passes is asked of the root's servers, and not here: it is public DNS.
	if got := meant(found.Set.Resolve("a.free.gone.org.", dns.TypeA)); config == kresdConfig && got != fromDNS {
		t.Errorf("what passes has %s", got)
	}
	compareNames(t, found.Set, server.Addr, []string{
		"one.org", "a.one.org", "six.org", "denied.org", "h.denied.org", "a.denied.org", "also.denied.net", "gone.org", "a.gone.org",
		"first.org", "a.first.org", "fwd.org", "h.fwd.org", "a.fwd.org", "line.org", "dotted.org", "named.org", "ruled.org", "a.ruled.org", "x.wild.org", "none.org", "other.org",
		"wild.org", "hint.wild.org", "answer.wild.org", "x.answer.wild.org", "some.wild.org", "some.six.org", "x.six.org", "deny.wild.org", "x.deny.wild.org",
		"forward.wild.org", "stub.wild.org", "x.stub.wild.org", "answers.wild.org", "x.answers.wild.org", "denies.wild.org", "x.denies.wild.org", "far.wild.org", "x.far.wild.org",
		"late.wild.org", "x.late.wild.org", "late.deny.wild.org", "lates.wild.org", "x.lates.wild.org", "latest.wild.org", "x.latest.wild.org", "last.wild.org", "x.last.wild.org",
	}, allTypes)
}

// kresdViews has policies for some clients.
const kresdViews = `modules = { 'hints > iterate', 'view' }
hints.set('h.org 10.0.0.1')
hints.set('g.org 10.0.0.2')
hints.set('k.org 10.0.0.4')
hints.set('m.org 10.0.0.5')
view:addr('127.0.0.8/29', policy.suffix(policy.DENY, policy.todnames({'h.org'})))
view:addr('127.0.0.8/29', policy.suffix(policy.PASS, policy.todnames({'g.org', 'm.org'})))
view:addr('127.0.0.8/29', policy.suffix(policy.ANSWER({ [kres.type.A] = { rdata=kres.str2ip('10.9.9.9'), ttl=30 }, [kres.type.AAAA] = { rdata={kres.str2ip('fd00::1'), kres.str2ip('fd00::2')} } }), policy.todnames({'both.org'})))
view:addr('127.0.0.8/29', policy.suffix(policy.ANSWER({ [kres.type.A] = { rdata=kres.str2ip('10.9.9.8') } }, true), {todname('none.org')}))
view:addr('127.0.0.8/29', policy.domains(policy.ANSWER({ [kres.type.A] = { rdata=kres.str2ip('10.9.9.7') } }), {todname('only.org')}))
view:addr("127.0.0.8/30", policy.all(policy.REFUSE))
view:addr('127.0.0.16/28', policy.all(policy.STUB('FORWARD')))
view:addr('127.0.0.16/28', policy.suffix(policy.DENY, policy.todnames({'late.org'})))
policy.add(policy.suffix(policy.DENY, policy.todnames({'g.org'})))
policy.add(policy.suffix(policy.STUB('FORWARD'), policy.todnames({'h.org'})))
policy.add(policy.suffix(policy.ANSWER({ [kres.type.A] = { rdata=kres.str2ip('10.8.8.8'), ttl=300 } }), policy.todnames({'all.org'})))
denied = policy.todnames({'exact.org'})
local answered = {todname('listed.org'), todname('more.org')}
policy.add(policy.domains(policy.DENY, denied))
policy.add(policy.suffix(policy.ANSWER({[kres.type.AAAA]={rdata=kres.str2ip('fd00::9')}}, true), answered))
policy.add(policy.all(policy.STUB('FORWARD')))
`

// TestKnotResolverViews: what each client of Knot Resolver is answered is what was read for it.
func TestKnotResolverViews(t *testing.T) {
	public := peers.Public(t)
	files := map[string]string{"kresd.conf": strings.ReplaceAll(kresdViews, "FORWARD", fmt.Sprintf("%s@%d", public.Addr(), public.Port()))}
	at := peers.Start(t, peers.KnotResolver(peers.Resolving{Upstream: public, Files: files}))[0].Addr
	for _, last := range []byte{1, 8, 12, 17} {
		compareClient(t, at, "kresd.conf", files, netip.AddrFrom4([4]byte{127, 0, 0, last}), []string{
			"h.org", "x.h.org", "g.org", "x.g.org", "k.org", "m.org", "both.org", "x.both.org", "none.org", "x.none.org", "only.org", "x.only.org", "late.org",
			"listed.org", "x.more.org", "all.org", "x.y.all.org", "exact.org", "x.exact.org", "other.org",
		})
	}
}
