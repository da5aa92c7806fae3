package records_test

import (
	"path/filepath"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// kresdTakes are configurations of Knot Resolver that are to answer for x.a.org with 10.0.0.1; it starts
// with all of them.
var kresdTakes = map[string]string{
	"names":             "policy.add(policy.suffix(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.1'),ttl=5}}, true), policy.todnames({'a.org'})))",
	"names one by one":  "policy.add(policy.suffix(policy.ANSWER({[kres.type.A]={ttl=5,rdata={kres.str2ip('10.0.0.1')}}}, true), {todname('a.org')}))",
	"texts for names":   "policy.add(policy.suffix(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.1')}}, true), {'a.org'}))",
	"a hint":            "modules = { 'hints > iterate' }\nhints.set('x.a.org 10.0.0.1')",
	"no answer":         "option('NO_ANSWER', true)\npolicy.add(policy.suffix(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.1')}}, true), policy.todnames({'a.org'})))",
	"no data":           "policy.add(policy.suffix(policy.ANSWER({[kres.type.A]={kres.str2ip('10.0.0.1')}}, true), policy.todnames({'a.org'})))",
	"the other family":  "policy.add(policy.suffix(policy.ANSWER({[kres.type.AAAA]={rdata=kres.str2ip('10.0.0.1')}}, true), policy.todnames({'a.org'})))",
	"a name of a list":  "a = policy.todnames({'b.org'})\npolicy.add(policy.suffix(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.1')}}, true), policy.todnames({'a.org'})))",
	"a list set anew":   "local l = policy.todnames({'b.org'})\nl = policy.todnames({'a.org'})\npolicy.add(policy.suffix(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.1')}}, true), l))",
	"todname otherwise": "function todname(name) return '' end\npolicy.add(policy.suffix(policy.ANSWER({[kres.type.A]={rdata=kres.str2ip('10.0.0.1')}}, true), {todname('a.org')}))",
}

// TestKnotResolverTakes: a policy by which Knot Resolver does not answer as it looks is not read.
func TestKnotResolverTakes(t *testing.T) {
	public := peers.Public(t)
	for name, text := range kresdTakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "kresd.conf")
			write(t, path, text+"\n")
			part, err := existing.Options{}.Apart(path)
			if err != nil {
				t.Fatal(err)
			}
			read := true
			for _, f := range part.Set.Faults(nil, nil) {
				read = read && f.Kind != holdings.NotRead
			}
			server := peers.KnotResolver(peers.Resolving{Files: map[string]string{"kresd.conf": text + "\n"}, Upstream: public})
			if got := loads(t, server, read); read != got && name != "todname otherwise" || read && name == "todname otherwise" {
				t.Errorf("it answers so %v, and was read %v", got, read)
			}
		})
	}
}
