package audit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// shared claims a wildcard for two regions, so that the plan has none.
const shared = `
regions:
  east: {orchestras: ["0000"], extra_names: ["*.graph.example.org"]}
  west: {orchestras: ["0042"], extra_names: ["*.graph.example.org", known.graph.example.org]}
vpcs:
  apps: {links: {east: [10.10.10.10, 10.10.11.10], west: [10.20.10.10]}}
custom_endpoints: {foo: east, bar: west}
`

// unlinkedApex has the parent of its wildcard in a region that is not linked.
const unlinkedApex = `
regions:
  east: {extra_names: ["*.graph.example.org"]}
  west: {extra_names: [graph.example.org]}
vpcs:
  apps: {links: {east: [10.10.10.10]}}
custom_endpoints: {foo: east}
`

const (
	lone        = "endpoints.neo4j.io. 30 IN SOA ns. root. 1 2 3 4 5\n"
	oneOrch     = "production-orch-0000.neo4j.io. 30 IN SOA ns. root. 1 2 3 4 5\nproduction-orch-0000.neo4j.io. A 10.10.10.10\n*.production-orch-0000.neo4j.io. A 10.10.10.10\n"
	noEndpoints = `
regions:
  east: {orchestras: ["0000"]}
vpcs:
  apps: {links: {east: [10.10.10.10]}}
`
)

// TestFurther has what is asked for beyond the names that the topology declares.
func TestFurther(t *testing.T) {
	right := orchestras + foo + bar
	withoutExtra := strings.Split(right, "graph.example.org.")[0] + foo + bar
	tests := []struct {
		name, topology, text string
		want                 []string
	}{
		{"below an extra wildcard, in another region", twoLinks, right + "foo.graph.example.org. A 10.10.10.10\n", []string{
			"f:29 error wrong-region: foo.graph.example.org is in region west and leads to east (10.10.10.10)",
		}},
		{"a wildcard below it", twoLinks, policies(right + "*.foo.graph.example.org. A 10.10.10.10\n"), []string{
			"f:26 error wrong-region: *.foo.graph.example.org is in region west and leads to east (10.10.10.10)",
		}},
		{"a wildcard below it in a zone takes the name above along", twoLinks, right + "*.foo.graph.example.org. A 10.20.10.10\n", []string{
			"f:10 error missing: foo.graph.example.org has no address",
		}},
		{"below it, to no link", twoLinks, right + "foo.graph.example.org. A 10.99.99.99\n", []string{
			"f:29 error unknown-address: foo.graph.example.org leads to 10.99.99.99, which no link of VPC apps has",
		}},
		{"below it, to a public address", twoLinks, right + "foo.graph.example.org. A 203.0.113.9\n", []string{
			"f:29 error leaks: foo.graph.example.org leads to the public address 203.0.113.9",
		}},
		{"below it, exempted", twoLinks, policies(right + "foo.graph.example.org. CNAME rpz-passthru.\n"), []string{
			"f:26 error leaks: foo.graph.example.org has no address; questions for it go to public DNS",
		}},
		{"below it, in a zone of its own", twoLinks, right + "b.graph.example.org. SOA ns. root. 1 2 3 4 5\n", []string{
			"f:29 error missing: *.b.graph.example.org has no address",
			"f:29 error missing: b.graph.example.org has no address",
		}},
		{"below it, with the right address", twoLinks, right + "foo.graph.example.org. A 10.20.10.10\n", []string{}},
		{"below an orchestra, between two names", twoLinks, right + "x.y.production-orch-0042.neo4j.io. A 10.20.10.10\n", []string{
			"f:7 error missing: y.production-orch-0042.neo4j.io has no address",
		}},
		{"below a wildcard of two regions", shared, withoutExtra + "known.graph.example.org. A 10.20.10.10\nnew.graph.example.org. A 10.10.10.10\n", []string{
			"f:26 warning undeclared: 1 name that the topology does not declare leads to region east: new.graph.example.org",
		}},
		{"a wildcard of two regions", shared, policies(withoutExtra + "known.graph.example.org. A 10.20.10.10\n*.graph.example.org. A 10.20.10.10\n"), []string{
			"f:25 error wildcard-across-regions: *.graph.example.org leads to region west, and sends every name of east there that nobody has declared",
		}},
		{"the wildcard of all regions is missing where none is declared", noEndpoints, oneOrch, []string{
			"error leaks: *.endpoints.neo4j.io has no address; questions for it go to public DNS",
		}},
		{
			"the parent of a wildcard, which is in a region that is not linked", unlinkedApex,
			"graph.example.org. 30 IN SOA ns. root. 1 2 3 4 5\n*.graph.example.org. A 10.10.10.10\n" + lone + five("foo", "10.10.10.10"),
			[]string{},
		},
		{"below a custom endpoint", twoLinks, right + "x.bar.endpoints.neo4j.io. A 10.10.10.10\n*.bar.endpoints.neo4j.io. A 10.10.10.10\n", []string{
			"f:29 error wrong-region: x.bar.endpoints.neo4j.io is in region west and leads to east (10.10.10.10)",
			"f:30 error wrong-region: *.bar.endpoints.neo4j.io is in region west and leads to east (10.10.10.10)",
		}},
		{"an endpoint that nobody declared leads to no link", twoLinks, right + five("new", "10.99.9.9"), []string{
			"f:30 warning undeclared: 1 name that the topology does not declare leads to what no link of VPC apps has: new",
		}},
		{
			"a name server of the zone itself", noEndpoints,
			oneOrch + lone + "endpoints.neo4j.io. NS ns1.endpoints.neo4j.io.\nns1.endpoints.neo4j.io. A 10.40.0.53\n*.endpoints.neo4j.io. A 10.10.10.10\n",
			[]string{},
		},
		{
			"the apex of the zone, which nobody asks for, is its name server", noEndpoints,
			oneOrch + lone + "endpoints.neo4j.io. NS endpoints.neo4j.io.\nendpoints.neo4j.io. A 10.40.0.53\n*.endpoints.neo4j.io. A 10.10.10.10\n",
			[]string{},
		},
		{
			"a zone for one endpoint, which is its own name server", noEndpoints,
			oneOrch + lone + "*.endpoints.neo4j.io. A 10.10.10.10\nold.endpoints.neo4j.io. 30 IN SOA ns. root. 1 2 3 4 5\nold.endpoints.neo4j.io. NS old.endpoints.neo4j.io.\nold.endpoints.neo4j.io. A 10.99.9.9\n",
			[]string{"f:8 warning undeclared: 1 name that the topology does not declare leads to what no link of VPC apps has: old"},
		},
		{"below an extra wildcard, in a zone that is its own name server", twoLinks, right + "foo.graph.example.org. SOA ns. root. 1 2 3 4 5\nfoo.graph.example.org. NS foo.graph.example.org.\nfoo.graph.example.org. A 10.99.99.99\n", []string{
			"f:29 error missing: *.foo.graph.example.org has no address",
			"f:31 error unknown-address: foo.graph.example.org leads to 10.99.99.99, which no link of VPC apps has",
		}},
		{
			"a name server below an orchestra that the SOA alone names", noEndpoints,
			oneOrch + lone + "$ORIGIN production-orch-0000.neo4j.io.\n@ SOA ns1 root 1 2 3 4 5\n@ NS ns1.example.org.\nns1 A 10.40.0.53\n*.endpoints.neo4j.io. A 10.10.10.10\n",
			[]string{},
		},
		{
			"a name whose zone's SOA names the apex, as many do", noEndpoints,
			oneOrch + lone + "*.endpoints.neo4j.io. A 10.10.10.10\nold.endpoints.neo4j.io. 30 IN SOA old.endpoints.neo4j.io. root. 1 2 3 4 5\nold.endpoints.neo4j.io. NS ns1.example.org.\nold.endpoints.neo4j.io. A 10.99.9.9\n",
			[]string{"f:8 warning undeclared: 1 name that the topology does not declare leads to what no link of VPC apps has: old"},
		},
		{
			"nobody's name server", noEndpoints,
			oneOrch + lone + "endpoints.neo4j.io. NS ns1.example.org.\nns1.endpoints.neo4j.io. A 10.40.0.53\n*.endpoints.neo4j.io. A 10.10.10.10\n",
			[]string{"f:6 warning undeclared: 1 name that the topology does not declare leads to what no link of VPC apps has: ns1"},
		},
		{"the public names of all regions", twoLinks, policies(right + "*.databases.neo4j.io. A 10.10.10.10\n"), []string{
			"f:26 error wildcard-across-regions: *.databases.neo4j.io sends the instances of every region, which have their public names there, to region east (10.10.10.10)",
		}},
		{"the public names of all regions, by a wildcard above them", twoLinks, policies(right + "*.neo4j.io. A 192.0.2.1\n*.instances.neo4j.io. A 192.0.2.2\nconsole.neo4j.io. A 192.0.2.3\n"), []string{
			"f:26 warning unknown-address: *.databases.neo4j.io is public, and *.neo4j.io leads all that is there to 192.0.2.1",
		}},
		{"the same by an alias", twoLinks, policies(right + "*.neo4j.io. CNAME proxy.example.org.\n"), []string{
			"f:26 warning unknown-address: *.databases.neo4j.io is public, and *.neo4j.io leads all that is there to proxy.example.org",
			"f:26 warning unknown-address: *.instances.neo4j.io is public, and *.neo4j.io leads all that is there to proxy.example.org",
		}},
		{"a zone for them", twoLinks, right + "databases.neo4j.io. 30 IN SOA ns. root. 1 2 3 4 5\nabcd1234.databases.neo4j.io. A 10.10.10.10\n", []string{
			"f:29 error hides: zone databases.neo4j.io hides 1 name that should be left to public DNS: *.databases.neo4j.io",
			"f:30 warning undeclared: 1 name that the topology does not declare leads to region east: abcd1234.databases.neo4j.io",
		}},
		{
			"they are the topology's", strings.Replace(noEndpoints, `["0000"]`, `["0000"], extra_names: ["*.databases.neo4j.io"]`, 1),
			oneOrch + "databases.neo4j.io. 30 IN SOA ns. root. 1 2 3 4 5\n*.databases.neo4j.io. A 10.10.10.10\n" + lone + "*.endpoints.neo4j.io. A 10.10.10.10\n",
			[]string{},
		},
		{"a sinkhole", twoLinks, strings.Replace(right, "bar.endpoints.neo4j.io. 30 IN A 10.20.10.10", "bar.endpoints.neo4j.io. 30 IN A 0.0.0.0", 1) +
			"console.neo4j.io. A 127.0.0.1\n", []string{
			"f:24 error sinkhole: bar.endpoints.neo4j.io leads to 0.0.0.0, where nothing is for whoever asks",
			"f:29 error sinkhole: console.neo4j.io leads to 127.0.0.1, where nothing is for whoever asks",
		}},
		{"an address of carriers is private", noEndpoints, strings.Replace(oneOrch, "*.production-orch-0000.neo4j.io. A 10.10.10.10", "*.production-orch-0000.neo4j.io. A 100.64.1.1", 1) +
			lone + "*.endpoints.neo4j.io. A 10.10.10.10\n", []string{
			"f:3 error unknown-address: *.production-orch-0000.neo4j.io leads to 100.64.1.1, which no link of VPC apps has",
		}},
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

// TestSharedAddress: a wildcard that leads to an address of two regions is never right for
// both. Where nothing leads to it, nobody is misled.
func TestSharedAddress(t *testing.T) {
	const text = `
regions:
  east: {orchestras: []}
  west: {orchestras: []}
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.10.10.10, 10.20.10.10]}}
custom_endpoints: {foo: east, bar: west}
`
	const told = "warning ambiguous-address: the links of VPC apps to regions east, west have 10.10.10.10 in common, and a private endpoint leads to one region alone"
	for _, tt := range []struct {
		name, topology, text string
		want                 []string
	}{
		{"individual records", text, policies(five("foo", "10.10.10.10") + five("bar", "10.10.10.10", "10.20.10.10")), []string{told}},
		{"a wildcard", strings.Replace(text, ", 10.20.10.10", "", 1), policies("*.endpoints.neo4j.io. A 10.10.10.10\n"), []string{told}},
		{"the other address", strings.Replace(text, "foo: east, ", "", 1), policies(five("bar", "10.20.10.10")), []string{
			"f:3 warning incomplete: bar.endpoints.neo4j.io lacks the address 10.10.10.10 of its region's link",
			"f:4 warning incomplete: a-bar.endpoints.neo4j.io lacks the address 10.10.10.10 of its region's link",
			"f:5 warning incomplete: b-bar.endpoints.neo4j.io lacks the address 10.10.10.10 of its region's link",
			"f:6 warning incomplete: c-bar.endpoints.neo4j.io lacks the address 10.10.10.10 of its region's link",
			"f:7 warning incomplete: d-bar.endpoints.neo4j.io lacks the address 10.10.10.10 of its region's link",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, lines(audit.Findings(subject(t, tt.topology, tt.text)))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestNoPlaceholder: no message has a word in it that stands for another one.
func TestNoPlaceholder(t *testing.T) {
	for _, f := range audit.Findings(subject(t, twoLinks, orchestras+foo+bar+five("new", "10.99.9.9"))) {
		if strings.Contains(f.Message, "REGION") || strings.Contains(f.Hint, "REGION") {
			t.Errorf("%s: %s (%s)", f.Code, f.Message, f.Hint)
		}
	}
}

// TestEveryVPC: what is right for one VPC is wrong for another one, and the message
// says whose the address is.
func TestEveryVPC(t *testing.T) {
	text := `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.10.10.10]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.11.10.10], west: [10.10.10.10]}}
custom_endpoints: {foo: east}
`
	top, p, _, err := plan.ReadTopology(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	b := holdings.NewBuilder()
	if err := all.ReadAny(b, strings.NewReader(oneOrch+"production-orch-0042.neo4j.io. SOA ns. root. 1 2 3 4 5\nproduction-orch-0042.neo4j.io. A 10.10.10.10\n"+five("foo", "10.10.10.10")), formats.Input{Name: "f"}); err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, judged := range audit.EveryVPC(b.Set(), top, p) {
		for _, f := range judged.Findings {
			codes = append(codes, judged.VPC.Name+" "+string(f.Code))
		}
	}
	want := []string{
		"apps wrong-region", "apps hides", "apps ambiguous-address",
		"batch wrong-region", "batch wrong-region", "batch wrong-region", "batch wrong-region", "batch wrong-region", "batch wrong-region", "batch wrong-region",
		"batch missing", "batch ambiguous-address",
	}
	if d := cmp.Diff(want, codes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestElsewhere: an address that another VPC's link has is told as such.
func TestElsewhere(t *testing.T) {
	text := strings.Replace(noEndpoints, "  apps:", "  batch: {clients: [10.1.0.0/16], links: {east: [10.11.10.10]}}\n  apps:", 1)
	top, findings, err := topology.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(findings.Report())
	}
	p, _ := plan.New(top)
	s := subject(t, noEndpoints, strings.ReplaceAll(oneOrch, "10.10.10.10", "10.11.10.10")+lone+"*.endpoints.neo4j.io. A 10.10.10.10\n")
	s.Topology, s.VPC = top, &p.VPCs[0]
	want := "f:2 error unknown-address: production-orch-0000.neo4j.io leads to 10.11.10.10, which no link of VPC apps has, but which is region east's in VPC batch"
	if got := lines(audit.Findings(s)); len(got) != 2 || got[0] != want {
		t.Errorf("%q", got)
	}
}

// TestDoubledOrigin: a zone file whose owners lack the final dot has its zone twice in
// each name.
func TestDoubledOrigin(t *testing.T) {
	b := holdings.NewBuilder()
	text := "@ 30 IN SOA ns. root. 1 2 3 4 5\nsales.endpoints.neo4j.io 30 IN A 10.10.10.10\na-sales.endpoints.neo4j.io 30 IN A 10.10.10.10\n* 30 IN A 10.10.10.10\n"
	if err := zonefile.Format.Read(b, strings.NewReader(text), formats.Input{Name: "f", Origin: "endpoints.neo4j.io."}); err != nil {
		t.Fatal(err)
	}
	want := "f:3 error doubled-origin: 2 names have zone endpoints.neo4j.io twice, so that what is meant does not exist: " +
		"a-sales.endpoints.neo4j.io.endpoints.neo4j.io, sales.endpoints.neo4j.io.endpoints.neo4j.io"
	if got := lines(audit.Findings(judgedBy(t, strings.Replace(noEndpoints, `{orchestras: ["0000"]}`, "{}", 1), b.Set()))); len(got) == 0 || got[0] != want {
		t.Errorf("%q", got)
	}
}
