package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// read plans a topology that must be usable.
func read(t *testing.T, text string) *plan.Plan {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(text))
	if err != nil {
		t.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	return p
}

// records renders a view's owners as "name → region: addresses", in order.
func records(view zones.View) []string {
	var lines []string
	for _, zone := range view.Zones {
		for owner := range zone.All() {
			addrs := make([]string, len(owner.Addrs))
			for i, addr := range owner.Addrs {
				addrs[i] = addr.String()
			}
			lines = append(lines, owner.Name+" → "+owner.Region+": "+strings.Join(addrs, " "))
		}
	}
	return lines
}

func origins(view zones.View) []string {
	var names []string
	for _, zone := range view.Zones {
		names = append(names, zone.Origin)
	}
	return names
}

const twoRegions = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
`

// TestEndpointsTable is the truth table of the package comment, row by row.
func TestEndpointsTable(t *testing.T) {
	tests := []struct {
		name, vpc string // vpc is what stands below "v:"
		endpoints string
		want      plan.Decision
		sentence  string
	}{
		{
			name:      "no links",
			vpc:       `{}`,
			endpoints: `{e1: east}`,
			want: plan.Decision{
				Mode: plan.None, Reason: plan.NoLinks,
				Regions: []string{}, Unlinked: []string{"e1"}, UnlinkedTotal: 1,
			},
			sentence: "no region with names under endpoints.neo4j.io is linked, so they are left to public DNS",
		},
		{
			name:      "one link, all endpoints in it",
			vpc:       `{links: {east: [10.0.0.1, 10.0.0.2]}}`,
			endpoints: `{e1: east}`,
			want: plan.Decision{
				Mode: plan.Wildcard, Reason: plan.SingleLink,
				Regions: []string{"east"}, Unlinked: []string{},
			},
			sentence: "every name under endpoints.neo4j.io leads to one private endpoint (east), so *.endpoints.neo4j.io is safe",
		},
		{
			name:      "one link, an endpoint elsewhere",
			vpc:       `{links: {east: [10.0.0.1]}}`,
			endpoints: `{e1: east, w2: west, w1: west}`,
			want: plan.Decision{
				Mode: plan.Individual, Reason: plan.UnlinkedEndpoints,
				Regions: []string{"east"}, Unlinked: []string{"w1", "w2"}, UnlinkedTotal: 2,
			},
			sentence: "*.endpoints.neo4j.io would swallow names of regions that are not linked: w1, w2",
		},
		{
			name:      "two links with different addresses",
			vpc:       `{links: {east: [10.0.0.1], west: [10.0.0.2]}}`,
			endpoints: `{e1: east}`,
			want: plan.Decision{
				Mode: plan.Individual, Reason: plan.SeveralLinks,
				Regions: []string{"east", "west"}, Unlinked: []string{},
			},
			sentence: "the linked regions (east, west) have different private endpoints, and *.endpoints.neo4j.io could lead to only one of them",
		},
		{
			name:      "two links with the same addresses in another order",
			vpc:       `{links: {east: [10.0.0.1, 10.0.0.2], west: [10.0.0.2, 10.0.0.1]}}`,
			endpoints: `{e1: east, w1: west}`,
			want: plan.Decision{
				Mode: plan.Wildcard, Reason: plan.SingleLink, Shared: []string{"east", "west"},
				Regions: []string{"east", "west"}, Unlinked: []string{},
			},
			sentence: "every name under endpoints.neo4j.io leads to one private endpoint (east, west), for regions east, west are linked by the same address: " +
				"*.endpoints.neo4j.io is right only where a proxy of yours tells these regions apart",
		},
		{
			name:      "two links that share one of their addresses",
			vpc:       `{links: {east: [10.0.0.1, 10.0.0.2], west: [10.0.0.2]}}`,
			endpoints: `{}`,
			want: plan.Decision{
				Mode: plan.Individual, Reason: plan.SeveralLinks,
				Regions: []string{"east", "west"}, Unlinked: []string{},
			},
			sentence: "the linked regions (east, west) have different private endpoints, and *.endpoints.neo4j.io could lead to only one of them",
		},
		{
			name:      "individual records asked for",
			vpc:       `{mode: individual, links: {east: [10.0.0.1]}}`,
			endpoints: `{e1: east}`,
			want: plan.Decision{
				Mode: plan.Individual, Reason: plan.Requested,
				Regions: []string{"east"}, Unlinked: []string{},
			},
			sentence: "the topology asks for individual records",
		},
		{
			name:      "a safe wildcard insisted on",
			vpc:       `{mode: wildcard, links: {east: [10.0.0.1]}}`,
			endpoints: `{e1: east}`,
			want: plan.Decision{
				Mode: plan.Wildcard, Reason: plan.SingleLink,
				Regions: []string{"east"}, Unlinked: []string{},
			},
			sentence: "every name under endpoints.neo4j.io leads to one private endpoint (east), so *.endpoints.neo4j.io is safe",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := read(t, twoRegions+"vpcs: {v: "+tt.vpc+"}\ncustom_endpoints: "+tt.endpoints+"\n")
			tt.want.Family = topology.EndpointsOrigin
			got := p.VPCs[0].Endpoints
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
			if got := got.Sentence(); got != tt.sentence {
				t.Errorf("sentence:\n got %s\nwant %s", got, tt.sentence)
			}
		})
	}
}

func TestRecords(t *testing.T) {
	tests := []struct {
		name, topology string
		want           []string
	}{
		{
			name: "single region: orchestra apex and wildcard, and the endpoints' wildcard",
			topology: `
regions: {east: {orchestras: ["0000"]}}
vpcs: {v: {links: {east: [10.10.11.10, 10.10.10.10, "fd00:1::7"]}}}
custom_endpoints: {e1: east}
`,
			want: []string{
				"*.endpoints.neo4j.io. → east: 10.10.10.10 10.10.11.10 fd00:1::7",
				"*.production-orch-0000.neo4j.io. → east: 10.10.10.10 10.10.11.10 fd00:1::7",
				"production-orch-0000.neo4j.io. → east: 10.10.10.10 10.10.11.10 fd00:1::7",
			},
		},
		{
			name: "two regions: five names for each endpoint",
			topology: twoRegions + `
vpcs: {v: {links: {east: [10.0.0.1], west: [10.0.0.2]}}}
custom_endpoints: {w1: west, e1: east}
`,
			want: []string{
				"e1.endpoints.neo4j.io. → east: 10.0.0.1",
				"a-e1.endpoints.neo4j.io. → east: 10.0.0.1",
				"b-e1.endpoints.neo4j.io. → east: 10.0.0.1",
				"c-e1.endpoints.neo4j.io. → east: 10.0.0.1",
				"d-e1.endpoints.neo4j.io. → east: 10.0.0.1",
				"w1.endpoints.neo4j.io. → west: 10.0.0.2",
				"a-w1.endpoints.neo4j.io. → west: 10.0.0.2",
				"b-w1.endpoints.neo4j.io. → west: 10.0.0.2",
				"c-w1.endpoints.neo4j.io. → west: 10.0.0.2",
				"d-w1.endpoints.neo4j.io. → west: 10.0.0.2",
				"*.production-orch-0000.neo4j.io. → east: 10.0.0.1",
				"production-orch-0000.neo4j.io. → east: 10.0.0.1",
				"*.production-orch-0042.neo4j.io. → west: 10.0.0.2",
				"production-orch-0042.neo4j.io. → west: 10.0.0.2",
			},
		},
		{
			name: "an endpoint that is another one's prefixed name is written once",
			topology: twoRegions + `
vpcs: {v: {mode: individual, links: {east: [10.0.0.1]}}}
custom_endpoints: {foo: east, a-foo: east}
`,
			want: []string{
				"a-foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"a-a-foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"b-a-foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"c-a-foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"d-a-foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"b-foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"c-foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"d-foo.endpoints.neo4j.io. → east: 10.0.0.1",
				"*.production-orch-0000.neo4j.io. → east: 10.0.0.1",
				"production-orch-0000.neo4j.io. → east: 10.0.0.1",
			},
		},
		{
			name: "endpoints of a region that is not linked have no records",
			topology: `
regions: {east: {}, west: {}}
vpcs: {v: {links: {east: [10.0.0.1]}}}
custom_endpoints: {w1: west}
`,
			want: nil,
		},
		{
			name: "no links: no records at all",
			topology: twoRegions + `
vpcs: {v: {}}
custom_endpoints: {e1: east}
`,
			want: nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			view := read(t, tt.topology).VPCs[0].View
			if diff := cmp.Diff(tt.want, records(view)); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExtraNames(t *testing.T) {
	tests := []struct {
		name, regions, links  string
		wantZones, wantOwners []string
		wantReasons           []plan.Reason
	}{
		{
			name:        "a wildcard of one region",
			regions:     `{east: {extra_names: ["*.graph.example.org"]}}`,
			links:       `{east: [10.0.0.1]}`,
			wantZones:   []string{"graph.example.org."},
			wantOwners:  []string{"*.graph.example.org. → east: 10.0.0.1"},
			wantReasons: []plan.Reason{plan.SingleLink},
		},
		{
			name:        "a wildcard of two linked regions gives way to the names",
			regions:     `{east: {extra_names: ["*.graph.example.org", e.graph.example.org]}, west: {extra_names: ["*.graph.example.org", w.graph.example.org]}}`,
			links:       `{east: [10.0.0.1], west: [10.0.0.2]}`,
			wantZones:   []string{"e.graph.example.org.", "w.graph.example.org."},
			wantOwners:  []string{"e.graph.example.org. → east: 10.0.0.1", "w.graph.example.org. → west: 10.0.0.2"},
			wantReasons: []plan.Reason{plan.SeveralLinks},
		},
		{
			name:        "a wildcard that a region without link declares as well",
			regions:     `{east: {extra_names: ["*.graph.example.org"]}, west: {extra_names: ["*.graph.example.org"]}}`,
			links:       `{east: [10.0.0.1]}`,
			wantReasons: []plan.Reason{plan.UnlinkedEndpoints},
		},
		{
			name:        "a wildcard above a name of a region without link",
			regions:     `{east: {extra_names: ["*.graph.example.org"]}, west: {extra_names: [w.graph.example.org]}}`,
			links:       `{east: [10.0.0.1]}`,
			wantReasons: []plan.Reason{plan.UnlinkedEndpoints},
		},
		{
			name:        "a wildcard above an orchestra of a region without link",
			regions:     `{east: {extra_names: ["*.example.org"]}, west: {orchestras: [orch-1.example.org]}}`,
			links:       `{east: [10.0.0.1]}`,
			wantReasons: []plan.Reason{plan.UnlinkedEndpoints},
		},
		{
			name:        "a name of another linked region is an exception from the wildcard",
			regions:     `{east: {extra_names: ["*.graph.example.org"]}, west: {extra_names: [w.graph.example.org]}}`,
			links:       `{east: [10.0.0.1], west: [10.0.0.2]}`,
			wantZones:   []string{"graph.example.org."},
			wantOwners:  []string{"*.graph.example.org. → east: 10.0.0.1", "w.graph.example.org. → west: 10.0.0.2"},
			wantReasons: []plan.Reason{plan.SingleLink},
		},
		{
			name: "a wildcard must not catch the names of a longer one that is withheld",
			regions: `{east: {extra_names: ["*.example.org"]}, west: {extra_names: ["*.eu.example.org"]},
  north: {extra_names: ["*.eu.example.org"]}}`,
			links:       `{east: [10.0.0.1], west: [10.0.0.2], north: [10.0.0.3]}`,
			wantReasons: []plan.Reason{plan.SeveralLinks, plan.SeveralLinks},
		},
		{
			name:        "nested wildcards of two linked regions",
			regions:     `{east: {extra_names: ["*.example.org"]}, west: {extra_names: ["*.eu.example.org"]}}`,
			links:       `{east: [10.0.0.1], west: [10.0.0.2]}`,
			wantZones:   []string{"example.org."},
			wantOwners:  []string{"*.eu.example.org. → west: 10.0.0.2", "*.example.org. → east: 10.0.0.1"},
			wantReasons: []plan.Reason{plan.SingleLink, plan.SingleLink},
		},
		{
			name:        "a wildcard and its parent are one zone",
			regions:     `{east: {extra_names: ["*.graph.example.org", graph.example.org]}}`,
			links:       `{east: [10.0.0.1]}`,
			wantZones:   []string{"graph.example.org."},
			wantOwners:  []string{"*.graph.example.org. → east: 10.0.0.1", "graph.example.org. → east: 10.0.0.1"},
			wantReasons: []plan.Reason{plan.SingleLink},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := read(t, "regions: "+tt.regions+"\nvpcs: {v: {links: "+tt.links+"}}\n")
			view := p.VPCs[0].View
			var zoneNames, owners []string
			for _, zone := range view.Zones {
				if zone.Origin == topology.EndpointsOrigin || strings.HasPrefix(zone.Origin, "orch") {
					continue
				}
				zoneNames = append(zoneNames, zone.Origin)
				owners = append(owners, records(zones.View{Zones: []zones.Zone{zone}})...)
			}
			if diff := cmp.Diff(tt.wantZones, zoneNames); diff != "" {
				t.Errorf("zones of %v (-want +got):\n%s", origins(view), diff)
			}
			if diff := cmp.Diff(tt.wantOwners, owners); diff != "" {
				t.Errorf("owners (-want +got):\n%s", diff)
			}
			var reasons []plan.Reason
			for _, d := range p.VPCs[0].Extra {
				reasons = append(reasons, d.Reason)
			}
			if diff := cmp.Diff(tt.wantReasons, reasons); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnsafeWildcard: what the table does not allow cannot be had by asking.
func TestUnsafeWildcard(t *testing.T) {
	tests := []struct {
		name, links, endpoints, want string
	}{
		{
			name:      "several links",
			links:     `{east: [10.0.0.1], west: [10.0.0.2]}`,
			endpoints: `{e1: east, w1: west}`,
			want:      `mode wildcard is unsafe in VPC "v": *.endpoints.neo4j.io, led to region "east", would misroute w1`,
		},
		{
			name:      "several links, no endpoint declared",
			links:     `{east: [10.0.0.1], west: [10.0.0.2]}`,
			endpoints: `{}`,
			want:      `mode wildcard is unsafe in VPC "v": *.endpoints.neo4j.io, led to region "east", would misroute every name of west`,
		},
		{
			name:      "an endpoint in a region that is not linked",
			links:     `{east: [10.0.0.1]}`,
			endpoints: `{e1: east, w1: west}`,
			want:      `mode wildcard is unsafe in VPC "v": *.endpoints.neo4j.io, led to region "east", would misroute w1`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := twoRegions + "vpcs:\n  v:\n    mode: wildcard\n    links: " + tt.links + "\ncustom_endpoints: " + tt.endpoints + "\n"
			p, findings, err := plan.Read(strings.NewReader(text))
			if err == nil || p != nil {
				t.Fatalf("planned: %+v", p)
			}
			want := topology.Finding{
				Severity: topology.SeverityError, Code: topology.CodeUnsafeWildcard, VPC: "v", Path: "vpcs.v.mode",
				Place:   topology.Place{Line: 7, Column: 11, Source: "    mode: wildcard"},
				Message: tt.want, Hint: "remove the mode, and individual records are written",
			}
			errors := topology.Findings{}
			for _, f := range findings {
				if f.Severity == topology.SeverityError {
					errors = append(errors, f)
				}
			}
			if diff := cmp.Diff(topology.Findings{want}, errors); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestApart: names below a wildcard that are in other regions are no part of what it is
// said to be safe for.
func TestApart(t *testing.T) {
	const text = `
regions: {east: {extra_names: ["*.graph.example.org", a.graph.example.org]}, west: {extra_names: [two.graph.example.org, "*.b.graph.example.org"]}}
vpcs: {apps: {links: {east: [10.0.0.1], west: [10.0.0.2]}}}
`
	p, findings, err := plan.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(findings.Report())
	}
	want := map[string]string{
		"graph.example.org.": "every other name under graph.example.org leads to one private endpoint (east), so *.graph.example.org is safe " +
			"beside the records of *.b.graph.example.org (west), two.graph.example.org (west)",
		"b.graph.example.org.": "every name under b.graph.example.org leads to one private endpoint (west), so *.b.graph.example.org is safe",
	}
	got := make(map[string]string)
	for _, d := range p.VPCs[0].Extra {
		got[d.Family] = d.Sentence()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestShared: a wildcard is not said to be safe where another region is linked by its address,
// though that region has no such wildcard.
func TestShared(t *testing.T) {
	const text = `
regions: {east: {extra_names: ["*.graph.example.org"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.0.0.1, 10.0.0.2], west: [10.0.0.2]}}}
`
	p, findings, err := plan.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(findings.Report())
	}
	want := "every name under graph.example.org leads to one private endpoint (east), for regions east, west are linked by the same address: " +
		"*.graph.example.org is right only where a proxy of yours tells these regions apart"
	if got := p.VPCs[0].Extra[0].Sentence(); got != want {
		t.Errorf("%s", got)
	}
}

// TestApex: the parent of a wildcard that a region lists which is not linked has no
// records, and the decision says so.
func TestApex(t *testing.T) {
	const text = `
regions: {east: {extra_names: ["*.graph.example.org"]}, west: {extra_names: [graph.example.org]}}
vpcs: {apps: {clients: [10.0.0.0/16], links: {east: [10.0.0.1]}}, both: {links: {east: [10.0.0.1], west: [10.0.0.2]}}}
`
	p, findings, err := plan.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(findings.Report())
	}
	want := "every name under graph.example.org leads to one private endpoint (east), so *.graph.example.org is safe; " +
		"graph.example.org itself, which is in region west, has no records here (NODATA)"
	if got := p.VPCs[0].Extra[0].Sentence(); got != want {
		t.Errorf("not linked: %s", got)
	}
	if got := p.VPCs[1].Extra[0].Apex; got != "" {
		t.Errorf("linked: apex of region %s", got)
	}
}
