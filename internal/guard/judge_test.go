package guard_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/plan"
)

const (
	oneLink = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.10.10.10]}}
custom_endpoints: {foo: east}
`
	twoLinks = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints: {foo: east, bar: west}
`
	graphs = `
regions:
  east: {extra_names: ["*.graph.example.org", one.graph.example.org]}
  west: {extra_names: ["*.graph.example.org", two.graph.example.org]}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.10.10.10], west: [10.20.10.10]}}
`
	twoVPCs = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [10.0.0.0/16, 10.8.0.0/24], links: {east: [10.10.10.10], west: [10.20.10.10]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.1.7.7]}}
custom_endpoints: {foo: east, bar: west}
`
	twins = `
regions: {east: {orchestras: ["0000"]}}
vpcs:
  apps: {clients: [10.0.0.0/16, 10.8.0.0/24], links: {east: [10.10.10.10]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.10.10.10]}}
`
	derived = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints: {foo: east, a-foo: east}
`
	abroad = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.10.10.10]}}
  batch: {clients: [10.1.0.0/16], links: {west: [10.1.7.7], east: [10.1.8.8]}}
custom_endpoints: {foo: east, bar: west}
`
	noNames = `
regions: {east: {extra_names: ["*.graph.example.org"]}, west: {}}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.10.10.10]}}
`
	numbered = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [10.0.0.0/16, 10.8.0.0/24], links: {east: [10.10.10.10], west: [10.20.10.10]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.1.7.7]}}
custom_endpoints: {foo: east, bar: west}
serial: 41
`
	allOthers = `
regions: {east: {orchestras: ["0000"]}}
vpcs:
  apps: {links: {east: [10.10.10.10]}}
`
)

// edit is a change of a text: pairs of what is there and what replaces it.
type edit []string

func (e edit) of(t *testing.T, text string) string {
	t.Helper()
	for i := 0; i < len(e); i += 2 {
		if !strings.Contains(text, e[i]) {
			t.Fatalf("%q is not in the topology", e[i])
		}
		text = strings.Replace(text, e[i], e[i+1], 1)
	}
	return text
}

// TestJudge says what is held back of a change, and in which words.
func TestJudge(t *testing.T) {
	tests := []struct {
		name   string
		before string
		edit   edit
		want   []string
	}{
		// Never held.
		{"nothing", twoLinks, edit{}, nil},
		{"a second link instead of the wildcard", oneLink, edit{"[10.10.10.10]}", "[10.10.10.10], west: [10.20.10.10]}", "foo: east", "foo: east, bar: west"}, nil},
		{"a second link, no endpoint in it yet", oneLink, edit{"[10.10.10.10]}", "[10.10.10.10], west: [10.20.10.10]}"}, nil},
		{"an endpoint of a region that is not linked", oneLink, edit{"foo: east", "foo: east, bar: west"}, nil},
		{"more clients", twoLinks, edit{"10.0.0.0/16", "10.0.0.0/16, 10.8.0.0/24"}, nil},
		{"clients that are in a VPC already, by a longer prefix", twoLinks, edit{"10.0.0.0/16", "10.0.0.0/16, 10.0.1.0/24"}, nil},
		{"a range written as its two halves", twoLinks, edit{"10.0.0.0/16", "10.0.0.0/17, 10.0.128.0/17"}, nil},
		{"a range and what is within it in other pieces", twoLinks, edit{"10.0.0.0/16", "10.0.128.0/17, 10.0.0.0/18, 10.0.64.0/18, 10.0.64.0/20"}, nil},
		{"a private endpoint created anew", twoLinks, edit{"10.20.10.10", "10.20.10.11"}, nil},
		{"a private endpoint created anew, behind a wildcard", oneLink, edit{"10.10.10.10", "10.10.10.11"}, nil},
		{"an address more", twoLinks, edit{"10.20.10.10", "10.20.10.10, 10.20.11.10"}, nil},
		{"a region called otherwise", twoLinks, edit{"west: {", "far: {", "west: [", "far: [", "bar: west", "bar: far, new: far"}, nil},
		{"a VPC called otherwise", twoLinks, edit{"apps", "applications"}, nil},
		{"a VPC called otherwise, with more clients", twoLinks, edit{"apps", "applications", "10.0.0.0/16", "10.0.0.0/16, 10.8.0.0/24"}, nil},
		{"a VPC in two that have its answers", twoVPCs, edit{
			"apps: {clients: [10.0.0.0/16, 10.8.0.0/24]", "a: {clients: [10.8.0.0/24], links: {east: [10.10.10.10], west: [10.20.10.10]}}\n  b: {clients: [10.0.0.0/16]",
		}, nil},
		{"all wildcards replaced by records of which there are none yet", noNames, edit{
			"west: {}", `west: {extra_names: ["*.graph.example.org"]}`, "[10.10.10.10]}", "[10.10.10.10], west: [10.20.10.10]}",
		}, nil},
		{"another TTL", twoLinks, edit{"vpcs:", "ttl: 300\nvpcs:"}, nil},
		{"a link less, the endpoint still known", twoLinks, edit{", west: [10.20.10.10]", "", "bar: west", "bar: west, baz: east"}, []string{
			"bulk: VPC apps: 7 of 14 names would be removed: 50 %, more than 30 %",
		}},
		{"a VPC more, with a wildcard", oneLink, edit{"vpcs:", "vpcs:\n  batch: {clients: [10.1.0.0/16], links: {east: [10.1.7.7]}}"}, nil},

		// A wildcard comes back.
		{"a link less, the endpoint forgotten", twoLinks, edit{", west: [10.20.10.10]", "", ", bar: west", ""}, []string{
			"wildcard: VPC apps: 1 wildcard would answer where individual records did: *.endpoints.neo4j.io (instead of 10 records)",
			"region: VPC apps: 5 of 14 names would lead to another region: bar.endpoints.neo4j.io (west → east), and 4 more",
		}},
		{"an extra wildcard", graphs, edit{`"*.graph.example.org", two`, "two"}, []string{
			"wildcard: VPC apps: 1 wildcard would answer where individual records did: *.graph.example.org (instead of 2 records)",
			"region: VPC apps: 1 of 2 names would lead to another region: *.graph.example.org (east, west → east)",
		}},
		{"a wildcard where there was nothing, over a name that is known elsewhere", twoLinks, edit{
			"vpcs:", "vpcs:\n  batch: {clients: [10.1.0.0/16], links: {east: [10.1.7.7]}}", ", bar: west", "",
		}, []string{
			"region: VPC batch: 5 names would lead to another region: bar.endpoints.neo4j.io (west → east), and 4 more",
			"bulk: VPC apps: 5 of 14 names would be removed: 35 %, more than 30 %",
		}},

		// Names move.
		{"an endpoint in another region", twoLinks, edit{"bar: west", "bar: east"}, []string{
			"region: VPC apps: 5 of 14 names would lead to another region: bar.endpoints.neo4j.io (west → east), and 4 more",
		}},
		{"a prefixed name that is another region's endpoint by now", twoLinks, edit{"bar: west", "bar: west, a-foo: west", "foo: east", "fox: east"}, []string{
			"region: VPC apps: 1 of 14 names would lead to another region: a-foo.endpoints.neo4j.io (east → west)",
		}},
		{"links swapped", twoLinks, edit{"10.10.10.10", "10.9.9.9", "10.20.10.10", "10.10.10.10", "10.9.9.9", "10.20.10.10"}, []string{
			"region: VPC apps: 14 of 14 names would lead to another region: bar.endpoints.neo4j.io (west → east), " +
				"foo.endpoints.neo4j.io (east → west), *.production-orch-0000.neo4j.io (east → west), *.production-orch-0042.neo4j.io (west → east), " +
				"production-orch-0000.neo4j.io (east → west), and 9 more",
		}},
		{"a link with an address that is another region's in another VPC", abroad, edit{"[10.10.10.10]", "[10.1.7.7]"}, []string{
			"region: VPC apps: 7 of 7 names would lead to another region: foo.endpoints.neo4j.io (east → west), " +
				"*.production-orch-0000.neo4j.io (east → west), production-orch-0000.neo4j.io (east → west), and 4 more",
		}},
		{"a further link with such an address", abroad, edit{"[10.10.10.10]", "[10.10.10.10], west: [10.1.8.8]"}, []string{
			"region: VPC apps: 7 of 7 names would lead to another region: bar.endpoints.neo4j.io (west → east), " +
				"*.production-orch-0042.neo4j.io (west → east), production-orch-0042.neo4j.io (west → east), and 4 more",
		}},
		{"a VPC more with such an address: networks may overlap", abroad, edit{"vpcs:", "vpcs:\n  lab: {clients: [10.2.0.0/16], links: {east: [10.1.7.7]}}"}, nil},
		{"an address that the region has in another VPC as well", abroad, edit{"[10.10.10.10]", "[10.1.8.8]"}, nil},
		{"the only link is to another region by now", oneLink, edit{"east: [10.10.10.10]", "west: [10.20.10.10]", "foo: east", "foo: west"}, []string{
			"region: VPC apps: 6 names would lead to another region: foo.endpoints.neo4j.io (east → west), *.endpoints.neo4j.io (east → west), and 4 more",
		}},
		{"the address of another region's link", oneLink, edit{"east: [10.10.10.10]", "west: [10.10.10.10]", "foo: east", "foo: west"}, []string{
			"region: VPC apps: 2 of 3 names would lead to another region: *.production-orch-0042.neo4j.io (west → east), production-orch-0042.neo4j.io (west → east)",
		}},
		{"an orchestra in another region", twoLinks, edit{`["0000"]`, `["0000", "0042"]`, `["0042"]`, "[]"}, []string{
			"region: VPC apps: 2 of 14 names would lead to another region: *.production-orch-0042.neo4j.io (west → east), production-orch-0042.neo4j.io (west → east)",
		}},

		// Clients move.
		{"the ranges of two VPCs swapped", twoVPCs, edit{"10.0.0.0/16", "10.9.0.0/16", "10.1.0.0/16", "10.0.0.0/16", "10.9.0.0/16", "10.1.0.0/16"}, []string{
			"clients: VPC apps: 1 client range would be in another VPC, or in none: 10.0.0.0/16 (apps → batch)",
			"clients: VPC batch: 1 client range would be in another VPC, or in none: 10.1.0.0/16 (batch → apps)",
		}},
		{"a VPN's pool dropped", twoVPCs, edit{", 10.8.0.0/24", ""}, []string{
			"clients: VPC apps: 1 client range would be in another VPC, or in none: 10.8.0.0/24 (apps → no VPC)",
		}},
		{"all but a part of a range dropped", twoLinks, edit{"10.0.0.0/16", "10.0.0.0/17, 10.0.128.0/18"}, []string{
			"clients: VPC apps: 1 client range would be in another VPC, or in none: 10.0.0.0/16 (apps → no VPC)",
		}},
		{"a part of a range in another VPC", twoVPCs, edit{"[10.1.0.0/16]", "[10.1.0.0/16, 10.0.7.0/24]"}, []string{
			"clients: VPC apps: 1 client range would be in another VPC, or in none: 10.0.7.0/24 (apps → batch)",
		}},
		{"the VPC of all others has clients by now", allOthers, edit{"{links", "{clients: [10.0.0.0/8], links"}, []string{
			"clients: VPC apps: 2 client ranges would be in another VPC, or in none: 0.0.0.0/0 (apps → no VPC), ::/0 (apps → no VPC)",
		}},
		{"some of all others in a VPC of their own", allOthers, edit{"vpcs:", "vpcs:\n  batch: {clients: [10.1.0.0/16], links: {east: [10.1.7.7]}}"}, []string{
			"clients: VPC apps: 1 client range would be in another VPC, or in none: 10.1.0.0/16 (apps → batch)",
		}},
		{"a VPC of all others that had clients", twoVPCs, edit{"clients: [10.1.0.0/16], ", ""}, nil},
		{"a VPC called otherwise, with other answers", twoLinks, edit{"apps", "applications", "10.20.10.10", "10.20.10.11"}, []string{
			"clients: VPC apps: 1 client range would be in another VPC, or in none: 10.0.0.0/16 (apps → applications)",
			"empty: VPC apps: all 14 names would be removed, and none be left",
			"bulk: VPC apps: 14 of 14 names would be removed: 100 %, more than 30 %",
		}},
		{"a VPC gone", twoVPCs, edit{"  batch: {clients: [10.1.0.0/16], links: {east: [10.1.7.7]}}\n", ""}, []string{
			"clients: VPC batch: 1 client range would be in another VPC, or in none: 10.1.0.0/16 (batch → no VPC)",
			"empty: VPC batch: all 7 names would be removed, and none be left",
		}},

		{"a range from one VPC to its twin", twins, edit{", 10.8.0.0/24", "", "[10.1.0.0/16", "[10.1.0.0/16, 10.8.0.0/24"}, []string{
			"clients: VPC apps: 1 client range would be in another VPC, or in none: 10.8.0.0/24 (apps → batch)",
		}},

		// Names go.
		{"an endpoint gone of which one name is another's", derived, edit{", a-foo: east", ""}, []string{
			"bulk: VPC apps: 4 of 13 names would be removed: 30 %, more than 30 %",
		}},
		{"all links gone", oneLink, edit{"east: [10.10.10.10]", ""}, []string{
			"empty: VPC apps: all 3 names would be removed, and none be left",
		}},
		{"an endpoint gone", twoLinks, edit{", bar: west", ""}, []string{
			"bulk: VPC apps: 5 of 14 names would be removed: 35 %, more than 30 %",
		}},
		{"an orchestra gone", twoLinks, edit{`orchestras: ["0042"]`, ""}, nil},

		// The serial does not grow.
		{"a first serial", twoLinks, edit{"vpcs:", "serial: 41\nvpcs:"}, nil},
		{"an address, and the next serial", numbered, edit{"10.20.10.10", "10.20.10.11", "41", "42"}, nil},
		{"the next serial alone", numbered, edit{"41", "42"}, nil},
		{"the same records, by another text", numbered, edit{"[10.1.7.7]", "{addresses: [10.1.7.7]}", "10.8.0.0/24", "10.8.0.0/23"}, nil},
		{"an endpoint of a region that batch does not link", numbered, edit{"bar: west", "bar: west, baz: west"}, []string{
			"serial: VPC apps: records change, and the serial stays 41: secondaries would keep the old ones; write serial: 42 or greater",
		}},
		{"an address without a serial", numbered, edit{"10.1.7.7", "10.1.7.8"}, []string{
			"serial: VPC batch: records change, and the serial stays 41: secondaries would keep the old ones; write serial: 42 or greater",
		}},
		{"a TTL without a serial", numbered, edit{"serial", "ttl: 300\nserial"}, []string{
			"serial: VPC apps: records change, and the serial stays 41: secondaries would keep the old ones; write serial: 42 or greater",
			"serial: VPC batch: records change, and the serial stays 41: secondaries would keep the old ones; write serial: 42 or greater",
		}},
		{"a VPC more without a serial", numbered, edit{"vpcs:", "vpcs:\n  other: {clients: [10.2.0.0/16], links: {east: [10.2.7.7], west: [10.2.8.8]}}"}, []string{
			"serial: VPC other: records change, and the serial stays 41: secondaries would keep the old ones; write serial: 42 or greater",
		}},
		{"a VPC called otherwise, with the same serial", numbered, edit{"batch", "jobs"}, nil},
		{"a serial that goes back", numbered, edit{"41", "40"}, []string{
			"serial: VPC apps: the serial would go back from 41 to 40: secondaries would keep what they have; write serial: 42 or greater",
			"serial: VPC batch: the serial would go back from 41 to 40: secondaries would keep what they have; write serial: 42 or greater",
		}},
		{"a serial half of all numbers ahead", numbered, edit{"41", "2147483689"}, []string{
			"serial: VPC apps: the serial would go back from 41 to 2147483689: secondaries would keep what they have; write serial: 42 or greater",
			"serial: VPC batch: the serial would go back from 41 to 2147483689: secondaries would keep what they have; write serial: 42 or greater",
		}},
		{"no serial any more", numbered, edit{"serial: 41\n", ""}, []string{
			"serial: VPC apps: the serial 41 would be gone: servers of this topology would have one each, and secondaries miss changes",
			"serial: VPC batch: the serial 41 would be gone: servers of this topology would have one each, and secondaries miss changes",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, v := range guard.Judge(planOf(t, tt.before), planOf(t, tt.edit.of(t, tt.before))) {
				got = append(got, v.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBulk: of few names each is a large part, and 30 % is not more than 30 %.
func TestBulk(t *testing.T) {
	for _, tt := range []struct {
		before, removed int
		held            bool
	}{{9, 8, false}, {10, 3, false}, {10, 4, true}, {1000, 300, false}, {1000, 301, true}} {
		tally := guard.Tally{Before: tt.before, After: tt.before - tt.removed, Removed: tt.removed}
		if held := len(tally.Violations()) > 0; held != tt.held {
			t.Errorf("%d of %d removed: held %t, want %t", tt.removed, tt.before, held, tt.held)
		}
	}
}

// TestSameRecords: a text with the same records may keep its serial.
func TestSameRecords(t *testing.T) {
	before := planOf(t, numbered)
	for _, tt := range []struct {
		name string
		edit edit
		same bool
	}{
		{"nothing", edit{}, true},
		{"clients", edit{", 10.8.0.0/24", ""}, true},
		{"a VPC called otherwise", edit{"batch", "jobs"}, true},
		{"an address", edit{"10.1.7.7", "10.1.7.8"}, false},
		{"a VPC less", edit{"  batch: {clients: [10.1.0.0/16], links: {east: [10.1.7.7]}}\n", ""}, false},
	} {
		if got := guard.SameRecords(before, planOf(t, tt.edit.of(t, numbered))); got != tt.same {
			t.Errorf("%s: the same records: %v, want %v", tt.name, got, tt.same)
		}
	}
}

// TestJudgeFirst: where there was no plan, there is nothing to hold back.
func TestJudgeFirst(t *testing.T) {
	if got := guard.Judge(nil, planOf(t, oneLink)); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

func planOf(t testing.TB, topology string) *plan.Plan {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(topology))
	if err != nil {
		t.Fatalf("%v\n%s", err, findings.Report())
	}
	return p
}
