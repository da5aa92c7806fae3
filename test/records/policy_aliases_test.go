package records_test

import (
	"context"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// aliasPolicy has rules that lead to names of other rules, of a zone, and of public DNS.
const aliasPolicy = loadedSOA + loadedNS + `
x.a.org   A 10.0.0.1
one.org   CNAME x.a.org.
*.b.org   CNAME b.org.
b.org     A 10.0.0.2
*.c.org   CNAME y.b.org.
two.org   CNAME free.org.
free.org  CNAME rpz-passthru.
gone.org  CNAME .
three.org CNAME gone.org.
four.org  CNAME host.public.example.
`

// ownPolicy is a rule of BIND's that leads into a zone of its own.
const ownPolicy = "five.org CNAME host.own.org.\n"

// TestPolicyAliases: where a rule leads to another name, policy zones are not looked at for that.
func TestPolicyAliases(t *testing.T) {
	public := peers.Public(t)
	names := []string{"one.org", "x.b.org", "x.c.org", "two.org", "three.org", "four.org"}
	for _, server := range policyServers {
		if server.config == "kresd.conf" { // which leaves such rules out
			continue
		}
		t.Run(server.config, func(t *testing.T) {
			t.Parallel()
			dir, names, config := t.TempDir(), names, server.text
			files := map[string]string{"rpz.db": aliasPolicy, "recursor.lua": "rpzFile(\"rpz.db\")\n"}
			if server.config == "named.conf" {
				const own = "zone \"own.org\" { type primary; file \"own.db\"; };\n"
				config += own
				files["rpz.db"] += ownPolicy
				files["own.db"] = loadedSOA + loadedNS + "host A 10.0.0.5\n"
				files["named.conf"] = "zone \"rpz.test\" { type primary; file \"rpz.db\"; };\n" + own
				files["named-options.conf"] = "response-policy { zone \"rpz.test\"; } qname-wait-recurse no;\n"
				names = append(names[:len(names):len(names)], "five.org")
			}
			for name, text := range files {
				write(t, filepath.Join(dir, name), text)
			}
			write(t, filepath.Join(dir, server.config), config)
			if server.config != "named.conf" {
				files[server.config] = config
			}
			part, err := existing.Options{}.Apart(filepath.Join(dir, server.config))
			if err != nil {
				t.Fatal(err)
			}
			running := peers.Start(t, server.peer(peers.Resolving{Files: files, Upstream: public}))[0]
			awaitLoaded(t, running, "x.a.org.", "[10.0.0.1]")
			for _, name := range names {
				for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
					got, want := meant(part.Set.Resolve(name+".", qtype)), answered(t, running.Addr, name+".", qtype)
					if got != want {
						t.Errorf("%s %s: answered %s, read as %s", name, dns.Type(qtype), want, got)
					}
				}
			}
		})
	}
}

// TestPolicyZoneTwice: BIND does not start with a policy zone that stands twice, which its own check
// does not say.
func TestPolicyZoneTwice(t *testing.T) {
	for _, policies := range []string{"zone \"rpz.test\";", "zone \"rpz.test\"; zone \"rpz.test\";", "zone \"rpz.test\"; zone \"RPZ.test.\" policy given;"} {
		t.Run(policies, func(t *testing.T) {
			t.Parallel()
			dir, filled := filledIn(t, map[string]string{
				"rpz": loadedSOA + loadedNS + "x.a.org A 10.0.0.1\n",
				"named.conf": "options { directory \".\"; listen-on port PORT { ADDR; }; listen-on-v6 { none; }; pid-file none; allow-recursion { any; }; response-policy { " + policies + " }; };\n" +
					"controls { };\nzone \"rpz.test\" { type primary; file \"rpz\"; };\n",
			})
			peer := peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true, Configure: func(at netip.AddrPort) peers.Setup {
				return peers.Setup{Files: filled(at), Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
			}}
			found, err := existing.Options{}.Together(t.Context(), []string{filepath.Join(dir, "named.conf")}, nil)
			if err != nil {
				t.Fatal(err)
			}
			told := slices.ContainsFunc(found.Set.Faults(nil, nil), func(f holdings.Fault) bool { return f.Kind == holdings.NotLoaded })
			peers.Find(t, peer.Binary, peer.Package)
			server, err := peers.Launch(peer, peers.Place{Dir: t.TempDir(), Addr: peers.FreePort(t, peer.Host())})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Stop()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if stopped := server.AwaitReady(ctx) != nil; stopped != told {
				t.Errorf("it stops %v, told %v", stopped, told)
			}
		})
	}
}
