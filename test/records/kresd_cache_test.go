package records_test

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
	"github.com/auralink/auralink/zones"
)

// cachedByAll are policies of Knot Resolver by which 127.0.0.8 is answered otherwise than 127.0.0.1, and whether
// who is first decides what both have, or chance does.
var cachedByAll = []struct {
	policies string
	mixed    bool
	chance   bool // any of the servers may be asked
}{
	{"view:addr('127.0.0.8/29', policy.suffix(policy.STUB('PRIVATE'), policy.todnames({'shared.org'})))\nview:addr('127.0.0.0/29', policy.all(policy.STUB('PUBLIC')))", true, false},
	{"view:addr('127.0.0.8/29', policy.suffix(policy.FORWARD('PRIVATE'), policy.todnames({'shared.org'})))\nview:addr('127.0.0.0/29', policy.all(policy.STUB('PUBLIC')))", true, false},
	{"view:addr('127.0.0.8/29', policy.all(policy.STUB('PRIVATE')))\nview:addr('127.0.0.0/8', policy.all(policy.STUB('PUBLIC')))", true, false},
	{"view:addr('127.0.0.8/29', policy.suffix(policy.FLAGS({'NO_CACHE'}), policy.todnames({'shared.org'})))\nview:addr('127.0.0.8/29', policy.all(policy.STUB('PRIVATE')))\nview:addr('127.0.0.0/29', policy.all(policy.STUB('PUBLIC')))", true, false},
	{"view:addr('127.0.0.8/29', policy.suffix(policy.STUB('PRIVATE'), policy.todnames({'shared.org'})))\npolicy.add(policy.all(policy.STUB('PUBLIC')))", true, true},
	{"policy.add(policy.all(policy.FLAGS({'NO_CACHE'})))\nview:addr('127.0.0.8/29', policy.suffix(policy.STUB('PRIVATE'), policy.todnames({'shared.org'})))\nview:addr('127.0.0.0/29', policy.all(policy.STUB('PUBLIC')))", false, false},
	{"view:addr('127.0.0.8/29', policy.suffix(policy.ANSWER({ [kres.type.A] = { rdata=kres.str2ip('10.9.9.9'), ttl=300 } }), policy.todnames({'shared.org'})))\nview:addr('127.0.0.0/8', policy.all(policy.STUB('PUBLIC')))\npolicy.add(policy.all(policy.STUB('PUBLIC')))", false, false},
	{"view:addr('127.0.0.8/29', policy.suffix(policy.DENY, policy.todnames({'shared.org'})))\npolicy.add(policy.all(policy.STUB('PUBLIC')))", false, false},
	{"hints.set('a.shared.org 10.7.7.7')\nhints.set('b.shared.org 10.7.7.7')\nview:addr('127.0.0.8/29', policy.all(policy.STUB('PRIVATE')))\nview:addr('127.0.0.0/29', policy.all(policy.STUB('PUBLIC')))", false, false},
}

// TestKnotResolverCache: where some clients' answers are kept for all, no client is said to have those of its
// own policies.
func TestKnotResolverCache(t *testing.T) {
	public, private := peers.Public(t), peers.FreePort(t, peers.Loopback())
	coredns.Start(t, coredns.Block(private, "template IN A {\nanswer \"{{ .Name }} 300 IN A 10.9.9.9\"\n}\ntemplate ANY ANY\n"))
	at := func(server netip.AddrPort) string { return fmt.Sprintf("%s@%d", server.Addr(), server.Port()) }
	for _, tt := range cachedByAll {
		t.Run(tt.policies, func(t *testing.T) {
			config := "modules = { 'hints > iterate', 'policy', 'view' }\ntrust_anchors.remove('.')\n" +
				strings.NewReplacer("PRIVATE", at(private), "PUBLIC", at(public)).Replace(tt.policies) + "\n"
			peer := peers.KnotResolver(peers.Resolving{Upstream: public})
			peer.Configure = func(at netip.AddrPort) peers.Setup {
				text := fmt.Sprintf("net.listen('%s', %d)\ncache.open(10 * MB, 'lmdb://.')\n%s", at.Addr(), at.Port(), config)
				return peers.Setup{Files: map[string]string{"kresd.conf": text}, Args: []string{"-n", "-q", "-c", "kresd.conf", "."}}
			}
			server := peers.Start(t, peer)[0].Addr
			one, other := netip.MustParseAddr("127.0.0.8"), netip.MustParseAddr("127.0.0.1")
			first := [2]string{askedFrom(t, one, server, "a.shared.org."), askedFrom(t, other, server, "a.shared.org.")}
			second := [2]string{askedFrom(t, other, server, "b.shared.org."), askedFrom(t, one, server, "b.shared.org.")}
			if mixed := first[0] != second[1] || first[1] != second[0]; mixed != tt.mixed && !tt.chance {
				t.Errorf("the clients have %v, and %v where the other one asks first", first, second)
			}
			path := filepath.Join(t.TempDir(), "kresd.conf")
			write(t, path, config)
			for _, client := range []netip.Addr{one, other} {
				found, err := existing.Options{Clients: []netip.Prefix{netip.PrefixFrom(client, 32)}}.Together(t.Context(), []string{path}, nil)
				if err != nil {
					t.Fatal(err)
				}
				answer := found.Set.Resolve("a.shared.org.", dns.TypeA)
				told := answer.Outcome == zones.Referred && strings.Contains(answer.Referral.Servers, at(private))
				if asks := client == one && strings.Contains(tt.policies, "STUB('PRIVATE')") && !strings.Contains(tt.policies, "hints"); told != (tt.mixed || asks) {
					t.Errorf("client %s: read as %v, mixed %v", client, answer, tt.mixed)
				}
			}
		})
	}
}
