package records_test

import (
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
)

// targets are names to which CNAMEs lead, by who has them.
var targets = map[string]string{
	"rule": "rule.org", "second": "second.org", "data": "data.org", "redirected": "x.redirected.org", "static": "none.static.org", "both": "x.both.org", "down": "x.down.org", "up": "x.up.org",
	"forward": "x.forward.org", "public": "x.public.org", "local": "over.both.org", "onward": "c.both.org", "self": "",
}

// withTargets are an Unbound whose rules, local zones and auth-zones have CNAMEs to all those. Others
// are asked by a clause of a kind, at a name.
func withTargets(kind, highest string, public netip.AddrPort) (files map[string]string, names []string) {
	const head = "$TTL 30\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\n"
	conf := "server:\n  access-control: 127.0.0.0/8 allow\n  module-config: \"respip iterator\"\n  local-data: \"data.org. 30 A 10.0.1.3\"\n  local-data: \"over.both.org. 30 A 10.0.1.8\"\n" +
		"  local-zone: \"redirected.org.\" redirect\n  local-data: \"redirected.org. 30 A 10.0.1.4\"\n  local-zone: \"static.org.\" static\n"
	rules := head + "rule.org A 10.0.1.1\nself.srule.org CNAME sub.srule.org.\nsub.srule.org A 10.0.2.9\n*.wild.org CNAME wild.org.\nwild.org A 10.0.2.8\n"
	files = map[string]string{"two": head + "second.org A 10.0.1.2\n"}
	zone := head + "sub A 10.0.2.9\nself CNAME sub\nover A 10.0.2.7\ninner CNAME over\nx A 10.0.1.5\nc CNAME x\n*.wild CNAME wild\nwild A 10.0.2.6\nfar CNAME public\n"
	names = []string{"a.wild.org", "wild.org"}
	for _, key := range slices.Sorted(maps.Keys(targets)) {
		names = append(names, key+".srule.org", "a."+key+".sredirect.org", key+".sdata.org")
		if targets[key] == "" {
			continue
		}
		rules += fmt.Sprintf("%s.srule.org CNAME %s.\n", key, targets[key])
		conf += fmt.Sprintf("  local-zone: \"%[1]s.sredirect.org\" redirect\n  local-data: \"%[1]s.sredirect.org 30 CNAME %[2]s.\"\n  local-data: \"%[1]s.sdata.org 30 CNAME %[2]s.\"\n", key, targets[key])
		zone += fmt.Sprintf("%s CNAME %s.\n", key, targets[key])
	}
	conf += fmt.Sprintf("%[1]s-zone:\n  name: %[2]q\n  %[1]s-addr: %[3]s@%[4]d\nforward-zone:\n  name: forward.org\n  forward-addr: %[3]s@%[4]d\n", kind, highest, public.Addr(), public.Port())
	for _, own := range [][3]string{{"both", "yes", "yes"}, {"down", "yes", "no"}, {"up", "no", "yes"}} {
		conf += fmt.Sprintf("auth-zone:\n  name: %[1]s.org\n  zonefile: zone\n  for-downstream: %[2]s\n  for-upstream: %[3]s\n", own[0], own[1], own[2])
		for _, label := range append(slices.Sorted(maps.Keys(targets)), "inner", "c", "a.wild", "wild", "far") {
			names = append(names, label+"."+own[0]+".org")
		}
	}
	conf += "rpz:\n  name: one\n  zonefile: one\nrpz:\n  name: two\n  zonefile: two\n"
	files["one"], files["zone"], files["unbound.conf"] = rules, zone, conf
	return files, names
}

// TestUnboundTargets: where Unbound looks for the target of a CNAME depends on what the CNAME is of, and is
// not where clients have it who ask for it themselves. What is not known of some is said to be unknown.
func TestUnboundTargets(t *testing.T) {
	for kind, highest := range map[string]string{"forward": ".", "stub": "org"} {
		t.Run(kind, func(t *testing.T) {
			files, names := withTargets(kind, highest, peers.Public(t))
			dir := t.TempDir()
			for name, text := range files {
				write(t, filepath.Join(dir, name), text)
			}
			found, err := existing.Options{Clients: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}.Together(t.Context(), []string{filepath.Join(dir, "unbound.conf")}, nil)
			if err != nil {
				t.Fatal(err)
			}
			at := peers.Start(t, peers.Unbound(peers.Resolving{Files: files}))[0].Addr
			unknown := 0
			for _, name := range names {
				for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
					a, want := found.Set.Resolve(name+".", qtype), answered(t, at, name+".", qtype)
					switch got := meant(a); {
					case a.Referral.Record != "" || a.Referral.File != "":
						unknown++
					case got != want:
						t.Errorf("%s %s: Unbound has %s, the files were read as %s", name, dns.Type(qtype), want, got)
					}
				}
			}
			if unknown > len(names)/3 {
				t.Errorf("of %d names %d are unknown", len(names), unknown)
			}
		})
	}
}
