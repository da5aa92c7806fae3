package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const twoLinks = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"], extra_names: ["*.graph.example.org", single.example.net]}
  north: {orchestras: ["0099"]}
vpcs:
  apps: {links: {east: [10.10.10.10, 10.10.11.10], west: [10.20.10.10]}}
custom_endpoints: {foo: east, bar: west, far: north}
`

const oneLink = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps: {links: {east: [10.10.10.10]}}
custom_endpoints: {foo: east}
`

// orchestras are right for twoLinks, and so are extra names and foo; what a test
// adds is what is wrong.
const orchestras = `
production-orch-0000.neo4j.io. 30 IN SOA ns. root. 1 2 3 4 5
production-orch-0000.neo4j.io. A 10.10.10.10
production-orch-0000.neo4j.io. A 10.10.11.10
*.production-orch-0000.neo4j.io. A 10.10.10.10
*.production-orch-0000.neo4j.io. A 10.10.11.10
production-orch-0042.neo4j.io. SOA ns. root. 1 2 3 4 5
production-orch-0042.neo4j.io. A 10.20.10.10
*.production-orch-0042.neo4j.io. A 10.20.10.10
graph.example.org. SOA ns. root. 1 2 3 4 5
*.graph.example.org. A 10.20.10.10
single.example.net. SOA ns. root. 1 2 3 4 5
single.example.net. A 10.20.10.10
`

// five are the records of a custom endpoint's names.
func five(label string, addrs ...string) string {
	var b strings.Builder
	for _, prefix := range []string{"", "a-", "b-", "c-", "d-"} {
		for _, addr := range addrs {
			fmt.Fprintf(&b, "%s%s.endpoints.neo4j.io. 30 IN A %s\n", prefix, label, addr)
		}
	}
	return b.String()
}

var (
	foo = five("foo", "10.10.10.10", "10.10.11.10")
	bar = five("bar", "10.20.10.10")
)

// policies makes rules of a policy zone from records.
func policies(text string) string {
	var b strings.Builder
	b.WriteString("$TTL 30\n@ SOA localhost. root.localhost. 1 2 3 4 5\n")
	for line := range strings.Lines(text) {
		if owner, data, ok := strings.Cut(line, ". "); ok && !strings.Contains(line, "SOA") {
			b.WriteString(owner + " " + data)
		}
	}
	return b.String()
}

// subject reads what people have, and the topology by which it is judged.
func subject(t testing.TB, topologyText, text string) audit.Subject {
	t.Helper()
	b := holdings.NewBuilder()
	if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "f"}); err != nil {
		t.Fatal(err)
	}
	return judgedBy(t, topologyText, b.Set())
}

func judgedBy(t testing.TB, text string, set *holdings.Set) audit.Subject {
	t.Helper()
	top, findings, err := topology.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, findings.Report())
	}
	p, _ := plan.New(top)
	return audit.Subject{Set: set, Topology: top, VPC: &p.VPCs[0]}
}

// lines are findings, a line for each.
func lines(findings []audit.Finding) []string {
	all := []string{}
	for _, f := range findings {
		line := fmt.Sprintf("%s %s: %s", f.Severity, f.Code, f.Message)
		if place := f.Place.String(); place != "" {
			line = place + " " + line
		}
		all = append(all, line)
	}
	return all
}

func TestFindings(t *testing.T) {
	tests := []struct {
		name, topology, text string
		want                 []string
	}{
		{"all is right, as a policy zone", twoLinks, policies(orchestras + foo + bar), []string{}},
		{
			"all is right, by the wildcard", oneLink,
			policies("production-orch-0000.neo4j.io. A 10.10.10.10\n*.production-orch-0000.neo4j.io. A 10.10.10.10\n*.endpoints.neo4j.io. A 10.10.10.10\n"),
			[]string{},
		},
		{
			"the wildcard across regions", twoLinks,
			orchestras + "endpoints.neo4j.io. SOA ns. root. 1 2 3 4 5\n*.endpoints.neo4j.io. A 10.10.10.10\n*.endpoints.neo4j.io. A 10.10.11.10\n",
			[]string{
				"f:15 error wildcard-across-regions: *.endpoints.neo4j.io leads to region east, and sends 10 names there that are not in it: " +
					"bar.endpoints.neo4j.io (west), a-bar.endpoints.neo4j.io (west), b-bar.endpoints.neo4j.io (west), " +
					"c-bar.endpoints.neo4j.io (west), d-bar.endpoints.neo4j.io (west), far.endpoints.neo4j.io (north), " +
					"a-far.endpoints.neo4j.io (north), b-far.endpoints.neo4j.io (north), c-far.endpoints.neo4j.io (north), " +
					"d-far.endpoints.neo4j.io (north)",
			},
		},
		{
			"the wildcard across regions of which no endpoint is declared", strings.ReplaceAll(twoLinks, "{foo: east, bar: west, far: north}", "{}"),
			policies(orchestras + "*.endpoints.neo4j.io. A 10.20.10.10\n"),
			[]string{"f:11 error wildcard-across-regions: *.endpoints.neo4j.io leads to region west, and sends every name of east there that nobody has declared"},
		},
		{
			"a wildcard over everything", oneLink,
			policies("production-orch-0000.neo4j.io. A 10.10.10.10\n*.neo4j.io. A 10.10.10.10\n"),
			[]string{
				"f:4 error wildcard-across-regions: *.neo4j.io leads to region east, and sends 9 names there that are not in it: " +
					"production-orch-0042.neo4j.io (west), *.production-orch-0042.neo4j.io (west), api.neo4j.io, bloom.neo4j.io, " +
					"browser.neo4j.io, console.neo4j.io, customer-metrics-api.neo4j.io, *.databases.neo4j.io, *.instances.neo4j.io",
				"f:4 warning leaks: BIND does not let *.neo4j.io cover 1 name, for there are rules between it and it, and asks public DNS: " +
					"*.production-orch-0000.neo4j.io",
			},
		},
		{
			"a record in the wrong region", twoLinks,
			policies(orchestras + foo + strings.Replace(bar, "A 10.20.10.10", "A 10.10.10.10", 1)),
			[]string{"f:21 error wrong-region: bar.endpoints.neo4j.io is in region west and leads to east (10.10.10.10)"},
		},
		{
			"an orchestra in the wrong region", oneLink,
			policies("production-orch-0000.neo4j.io. A 10.10.10.10\n*.production-orch-0000.neo4j.io. A 10.10.10.10\n" +
				"*.production-orch-0042.neo4j.io. A 10.10.10.10\n" + five("foo", "10.10.10.10")),
			[]string{"f:5 error wrong-region: *.production-orch-0042.neo4j.io is in region west, which VPC apps does not link, and leads to east (10.10.10.10)"},
		},
		{
			"a database of its own in the wrong region", twoLinks,
			policies(orchestras + foo + bar + "abcd1234.production-orch-0042.neo4j.io. A 10.10.10.10\n"),
			[]string{"f:26 error wrong-region: abcd1234.production-orch-0042.neo4j.io is in region west and leads to east (10.10.10.10)"},
		},
		{
			"the apex and the servers' names are missing", oneLink,
			"production-orch-0000.neo4j.io. 30 IN SOA ns. root. 1 2 3 4 5\nabcd1234.production-orch-0000.neo4j.io. A 10.10.10.10\n" +
				"endpoints.neo4j.io. SOA ns. root. 1 2 3 4 5\n*.endpoints.neo4j.io. A 10.10.10.10\n",
			[]string{
				"f:1 error missing: *.production-orch-0000.neo4j.io has no address: databases, and servers in the drivers' routing tables (p-...), are below production-orch-0000.neo4j.io",
				"f:1 error missing: production-orch-0000.neo4j.io itself has no address, which is the name that Aura's console shows on GCP",
			},
		},
		{
			"prefixes are missing, and leak", oneLink,
			policies("production-orch-0000.neo4j.io. A 10.10.10.10\n*.production-orch-0000.neo4j.io. A 10.10.10.10\nfoo.endpoints.neo4j.io. A 10.10.10.10\n"),
			[]string{
				"error leaks: custom endpoint foo lacks 4 of its names: a-foo.endpoints.neo4j.io, b-foo.endpoints.neo4j.io, " +
					"c-foo.endpoints.neo4j.io, d-foo.endpoints.neo4j.io; questions for them go to public DNS",
			},
		},
		{
			"a hosts file leaks other types", strings.ReplaceAll(oneLink, `orchestras: ["0000"]`, ""),
			"10.10.10.10 foo.endpoints.neo4j.io a-foo.endpoints.neo4j.io b-foo.endpoints.neo4j.io c-foo.endpoints.neo4j.io d-foo.endpoints.neo4j.io\n",
			[]string{
				"f:1 error leaks: questions for other types than the addresses that they have (AAAA, HTTPS) go to public DNS for 5 names: " +
					"foo.endpoints.neo4j.io, a-foo.endpoints.neo4j.io, b-foo.endpoints.neo4j.io, c-foo.endpoints.neo4j.io, d-foo.endpoints.neo4j.io",
			},
		},
		{
			"a public address", oneLink,
			policies("production-orch-0000.neo4j.io. A 10.10.10.10\n*.production-orch-0000.neo4j.io. A 203.0.113.9\n" + five("foo", "10.10.10.10")),
			[]string{"f:4 error leaks: *.production-orch-0000.neo4j.io leads to the public address 203.0.113.9"},
		},
		{
			"the address of an endpoint that is gone", oneLink,
			policies("production-orch-0000.neo4j.io. A 10.10.10.9\n*.production-orch-0000.neo4j.io. A 10.10.10.10\n" + five("foo", "10.10.10.10")),
			[]string{"f:3 error unknown-address: production-orch-0000.neo4j.io leads to 10.10.10.9, which no link of VPC apps has"},
		},
		{
			"an availability zone is missing", twoLinks,
			policies(strings.Replace(orchestras, "*.production-orch-0000.neo4j.io. A 10.10.11.10\n", "", 1) + foo + bar),
			[]string{"f:5 warning incomplete: *.production-orch-0000.neo4j.io lacks the address 10.10.11.10 of its region's link"},
		},
		{
			"a zone hides what it lacks", twoLinks,
			orchestras + "endpoints.neo4j.io. SOA ns. root. 1 2 3 4 5\n" + foo + bar,
			[]string{
				"f:14 warning hides: zone endpoints.neo4j.io hides 5 names that should be left to public DNS: far.endpoints.neo4j.io (north), " +
					"a-far.endpoints.neo4j.io (north), b-far.endpoints.neo4j.io (north), c-far.endpoints.neo4j.io (north), d-far.endpoints.neo4j.io (north)",
			},
		},
		{
			"a zone for all of neo4j.io", oneLink,
			"neo4j.io. 30 IN SOA ns. root. 1 2 3 4 5\nproduction-orch-0000.neo4j.io. A 10.10.10.10\n*.production-orch-0000.neo4j.io. A 10.10.10.10\n" +
				five("foo", "10.10.10.10"),
			[]string{
				"f:1 error hides: zone neo4j.io hides 9 names that should be left to public DNS: production-orch-0042.neo4j.io (west), " +
					"*.production-orch-0042.neo4j.io (west), api.neo4j.io, bloom.neo4j.io, browser.neo4j.io, console.neo4j.io, " +
					"customer-metrics-api.neo4j.io, *.databases.neo4j.io, *.instances.neo4j.io",
			},
		},
		{
			"an alias to the endpoint", oneLink,
			policies("production-orch-0000.neo4j.io. CNAME vpce-1.example.\n*.production-orch-0000.neo4j.io. A 10.10.10.10\n" + five("foo", "10.10.10.10")),
			[]string{"f:3 warning unknown-target: production-orch-0000.neo4j.io leads to vpce-1.example, and what address that has cannot be told from here"},
		},
		{
			"names that nobody declared", twoLinks,
			policies(orchestras + foo + bar + five("new", "10.20.10.10") +
				"*.production-orch-0043.neo4j.io. A 10.20.10.10\nproduction-orch-0043.neo4j.io. A 10.20.10.10\n"),
			[]string{"f:27 warning undeclared: 2 names that the topology does not declare lead to region west: new, production-orch-0043.neo4j.io"},
		},
		{
			"nothing at all", oneLink, "10.0.0.1 www.example.org\n",
			[]string{
				"error leaks: *.production-orch-0000.neo4j.io has no address: databases, and servers in the drivers' routing tables (p-...), " +
					"are below production-orch-0000.neo4j.io; questions for it go to public DNS",
				"error leaks: custom endpoint foo lacks 5 of its names: foo.endpoints.neo4j.io, a-foo.endpoints.neo4j.io, b-foo.endpoints.neo4j.io, " +
					"c-foo.endpoints.neo4j.io, d-foo.endpoints.neo4j.io; questions for them go to public DNS",
				"error leaks: production-orch-0000.neo4j.io itself has no address, which is the name that Aura's console shows on GCP; questions for it go to public DNS",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := lines(audit.Findings(subject(t, tt.topology, tt.text)))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestPlanIsClean: what a plan has is never wrong by its own topology. All there may
// be is an address that leads to different regions in two VPCs, or in one.
func TestPlanIsClean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		top, _, err := topology.Parse(strings.NewReader(m.YAML()))
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.VPCs {
			vpc := &p.VPCs[i]
			findings := audit.Findings(audit.Subject{Set: holdings.FromView(vpc.View), Topology: top, VPC: vpc})
			for _, f := range findings {
				if f.Code == audit.CodeAmbiguousAddress {
					continue
				}
				t.Fatalf("VPC %s: %+v\n%s", vpc.Name, f, m.YAML())
			}
		}
	})
}

// TestBounded: a thousand findings are not a thousand lines.
func TestBounded(t *testing.T) {
	var endpoints, text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&endpoints, "e%d: west, ", i)
		text.WriteString(five(fmt.Sprintf("e%d", i), "10.10.10.10", "10.10.11.10"))
	}
	declared := strings.Replace(twoLinks, "{foo: east, bar: west, far: north}", "{"+strings.TrimSuffix(endpoints.String(), ", ")+"}", 1)
	findings := audit.Findings(subject(t, declared, policies(orchestras+text.String())))
	if len(findings) != 51 {
		t.Fatalf("%d findings", len(findings))
	}
	if got, want := findings[50].Message, "950 more findings of the kind wrong-region are not listed"; got != want {
		t.Errorf("last: %q", got)
	}
}
