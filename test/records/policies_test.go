package records_test

import (
	"context"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// policyTexts are response policy zones, before whose last rule some have what servers do not
// load.
var policyTexts = map[string]string{
	"right":                   loadedSOA + loadedNS,
	"no NS":                   loadedSOA,
	"no SOA":                  "$TTL 300\n" + loadedNS,
	"an origin and no SOA":    "$ORIGIN rpz.test.\n$TTL 300\n",
	"an SOA elsewhere":        "$ORIGIN other.test.\n" + loadedSOA + loadedNS,
	"a CNAME beside others":   loadedSOA + loadedNS + "y.a.org A 10.0.0.2\ny.a.org CNAME .\n",
	"a server in the zone":    loadedSOA + "@ NS ns\n",
	"a type that is none":     loadedSOA + loadedNS + "z.a.org JUNK 1\n",
	"an address that is none": loadedSOA + loadedNS + "z.a.org A 10.0.0\n",
	"no name of a host":       loadedSOA + loadedNS + "_z.a.org A 10.0.0.3\n",
	"a record outside":        loadedSOA + loadedNS + "z.a.org. A 10.0.0.3\n",
	"an SOA that is broken":   "$TTL 300\n@ SOA ns.x. host.x. 1 3600 600 86400\n" + loadedNS,
	"two addresses":           loadedSOA + loadedNS + "z.a.org A 10.0.0.3 10.0.0.4\n",
	"an address in quotes":    loadedSOA + loadedNS + "z.a.org A \"10.0.0.3\"\n",
	"a long preference":       loadedSOA + loadedNS + "z.a.org MX 99999 a.\n",
}

// policyServers have such a zone in rpz.db, by their configuration.
var policyServers = []struct {
	config, text string
	peer         func(r peers.Resolving) peers.Peer
}{
	{"named.conf", "options { response-policy { zone \"rpz.test\"; }; };\nzone \"rpz.test\" { type primary; file \"rpz.db\"; };\n", peers.BINDResolver},
	{"unbound.conf", "server:\n  module-config: \"respip iterator\"\nrpz:\n  name: rpz.test\n  zonefile: rpz.db\n", peers.Unbound},
	{"kresd.conf", "policy.add(policy.rpz(policy.DENY, 'rpz.db'))\n", peers.KnotResolver},
	{"recursor.conf", "lua-config-file=recursor.lua\n", peers.PowerDNSRecursor},
}

// TestPoliciesNotLoaded: which response policy zones servers do not load is what they do not
// answer by.
func TestPoliciesNotLoaded(t *testing.T) {
	public := peers.Public(t)
	for _, server := range policyServers {
		for name, text := range policyTexts {
			t.Run(server.config+"/"+name, func(t *testing.T) {
				t.Parallel()
				files := map[string]string{
					server.config: server.text, "rpz.db": text + "x.a.org A 10.0.0.1\n", "recursor.lua": "rpzFile(\"rpz.db\")\n",
				}
				dir := t.TempDir()
				for name, text := range files {
					write(t, filepath.Join(dir, name), text)
				}
				part, err := existing.Options{}.Apart(filepath.Join(dir, server.config))
				if err != nil {
					t.Fatal(err)
				}
				read := true
				for _, f := range part.Set.Faults([]string{"x.a.org."}, nil) {
					read = read && f.Kind != holdings.NotLoaded
				}
				if server.config == "named.conf" { // the rest is the test's
					files["named.conf"] = "zone \"rpz.test\" { type primary; file \"rpz.db\"; };\n"
					files["named-options.conf"] = "response-policy { zone \"rpz.test\"; } qname-wait-recurse no;\n"
				}
				if got := loads(t, server.peer(peers.Resolving{Files: files, Upstream: public}), read); got != read {
					t.Errorf("it is loaded %v, read %v, faults %v", got, read, part.Set.Faults(nil, nil))
				}
			})
		}
	}
}

// loads reports whether a server starts, and answers by the rule for x.a.org: if it is to,
// within a few seconds, for BIND loads such zones when it answers already.
func loads(t *testing.T, peer peers.Peer, wanted bool) bool {
	t.Helper()
	peers.Find(t, peer.Binary, peer.Package)
	server, err := peers.Launch(peer, peers.Place{Dir: t.TempDir(), Addr: peers.FreePort(t, peer.Host())})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if server.AwaitReady(ctx) != nil {
		return false
	}
	for {
		got := askedFrom(t, netip.Addr{}, server.Addr, "x.a.org.") == "[10.0.0.1]"
		if got || !wanted || ctx.Err() != nil {
			return got
		}
		time.Sleep(100 * time.Millisecond)
	}
}
