package diff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const oneOrchestra = `
ttl: 60
regions: {east: {orchestras: ["0000"]}}
vpcs: {apps: {links: {east: [10.10.10.10]}}}
`

// TestFates: what is left to others, or hidden from them, is told as well as what has
// other addresses.
func TestFates(t *testing.T) {
	const (
		dnsmasq = "local-ttl=60\naddress=/production-orch-0000.neo4j.io/10.10.10.10\nlocal=/production-orch-0000.neo4j.io/\n" +
			"local=/endpoints.neo4j.io/\naddress=/*.endpoints.neo4j.io/10.10.10.10\nlocal=/*.endpoints.neo4j.io/\n"
		unbound = "server:\n" +
			"local-zone: endpoints.neo4j.io. redirect\nlocal-data: \"endpoints.neo4j.io. 60 A 10.10.10.10\"\n" +
			"local-zone: production-orch-0000.neo4j.io. redirect\nlocal-data: \"production-orch-0000.neo4j.io. 60 A 10.10.10.10\"\n"
		zone = "$TTL 60\nendpoints.neo4j.io. SOA ns. host. 1 2 3 4 5\n*.endpoints.neo4j.io. A 10.10.10.10\n" +
			"production-orch-0000.neo4j.io. SOA ns. host. 1 2 3 4 5\nproduction-orch-0000.neo4j.io. A 10.10.10.10\n*.production-orch-0000.neo4j.io. A 10.10.10.10\n"
		rpz = "$TTL 60\n@ SOA localhost. root.localhost. 1 2 3 4 5\n@ NS localhost.\nendpoints.neo4j.io CNAME *.\n*.endpoints.neo4j.io A 10.10.10.10\n" +
			"production-orch-0000.neo4j.io A 10.10.10.10\n*.production-orch-0000.neo4j.io A 10.10.10.10\n"
	)
	without := func(text, line string) string {
		if !strings.Contains(text, line+"\n") {
			t.Fatalf("%q is not in the text", line)
		}
		return strings.Replace(text, line+"\n", "", 1)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"dnsmasq as it should be", dnsmasq, ""},
		{"the local= of an orchestra", without(dnsmasq, "local=/production-orch-0000.neo4j.io/"), "" +
			"leaks production-orch-0000.neo4j.io. 10.10.10.10 → 10.10.10.10\nleaks *.production-orch-0000.neo4j.io. 10.10.10.10 → 10.10.10.10\n"},
		{"the local= of a wildcard", without(dnsmasq, "local=/*.endpoints.neo4j.io/"), ""}, // the one above says the same
		{"the local= of a wildcard's parent", without(dnsmasq, "local=/endpoints.neo4j.io/"), "leaks endpoints.neo4j.io. passthru → nodata\n"},
		{
			"the local= of both", without(without(dnsmasq, "local=/endpoints.neo4j.io/"), "local=/*.endpoints.neo4j.io/"),
			"leaks endpoints.neo4j.io. passthru → nodata\nleaks *.endpoints.neo4j.io. 10.10.10.10 → 10.10.10.10\n",
		},
		{
			"a domain below that others are asked for", dnsmasq + "server=/x.production-orch-0000.neo4j.io/10.0.0.2\n",
			"changed x.production-orch-0000.neo4j.io. refer → 10.10.10.10\nchanged *.x.production-orch-0000.neo4j.io. refer → 10.10.10.10\n",
		},
		{
			"a domain below that has nothing", dnsmasq + "local=/x.production-orch-0000.neo4j.io/\n",
			"changed x.production-orch-0000.neo4j.io. nxdomain → 10.10.10.10\nchanged *.x.production-orch-0000.neo4j.io. nxdomain → 10.10.10.10\n",
		},
		{"a domain above that has nothing", dnsmasq + "local=/neo4j.io/\n", "hides neo4j.io. nxdomain → passthru\n"},
		{"a public name that has nothing", dnsmasq + "local=/console.neo4j.io/\n", "hides console.neo4j.io. nxdomain → passthru\n"},
		{"Unbound as it should be", unbound + "local-zone: corp.example. static\n", ""},
		{
			"a local zone that says less", strings.Replace(unbound, "production-orch-0000.neo4j.io. redirect", "production-orch-0000.neo4j.io. typetransparent", 1),
			"leaks production-orch-0000.neo4j.io. 10.10.10.10 → 10.10.10.10\nadded *.production-orch-0000.neo4j.io. no address → 10.10.10.10\n",
		},
		{"a zone as it should be", zone, ""},
		{
			"a delegation", zone + "x.production-orch-0000.neo4j.io. NS ns.example.\n",
			"changed x.production-orch-0000.neo4j.io. refer → 10.10.10.10\nchanged *.x.production-orch-0000.neo4j.io. refer → 10.10.10.10\n",
		},
		{
			"a name without addresses", zone + "x.production-orch-0000.neo4j.io. TXT words\n",
			"changed x.production-orch-0000.neo4j.io. no address → 10.10.10.10\n",
		},
		{"a policy zone as it should be", rpz, ""},
		{"the rule of a wildcard's parent", without(rpz, "endpoints.neo4j.io CNAME *."), "leaks endpoints.neo4j.io. passthru → nodata\n"},
		{"a parent that is exempt", strings.Replace(rpz, "CNAME *.", "CNAME rpz-passthru.", 1), "leaks endpoints.neo4j.io. passthru → nodata\n"},
		{"a public name that a policy hides", rpz + "console.neo4j.io CNAME .\n", "hides console.neo4j.io. nxdomain → passthru\n"},
		{"a public name that is exempt", rpz + "console.neo4j.io CNAME rpz-passthru.\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := holdings.NewBuilder()
			if err := all.ReadAny(b, strings.NewReader(tt.text), formats.Input{Name: "f"}); err != nil {
				t.Fatal(err)
			}
			after := sideOf(t, oneOrchestra)
			var got strings.Builder
			for c := range diff.Compare(diff.Side{Set: b.Set(), Regions: after.Regions}, after).Changes() {
				got.WriteString(string(c.Kind) + " " + c.Name + " " + stateOf(c.Before) + " → " + stateOf(c.After) + "\n")
			}
			if d := cmp.Diff(tt.want, got.String()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func stateOf(s diff.State) string {
	if s.Action == holdings.Refer {
		return string(s.Action)
	}
	return holdings.Data{Addrs: s.Addrs, Target: s.Target, Action: s.Action}.String()
}
