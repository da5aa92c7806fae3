package authority_test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
)

// TestHas: a name is ours if any view has an answer for it.
func TestHas(t *testing.T) {
	table := compileText(t, `
regions:
  east: {orchestras: ["0000"], extra_names: [db.example.org, "*.graph.example.org"]}
  west: {orchestras: ["0042"]}
  north: {orchestras: ["0099"]}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.9.0.1], west: [10.9.0.2]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.9.1.1]}}
custom_endpoints: {foo: east, bar: north}
`)
	for name, want := range map[string]bool{
		"production-orch-0000.neo4j.io.":   true,
		"x.production-orch-0042.neo4j.io.": true, // of one view
		"production-orch-0099.neo4j.io.":   false,
		"foo.endpoints.neo4j.io.":          true,
		"a-foo.endpoints.neo4j.io.":        true,
		"undeclared.endpoints.neo4j.io.":   true,
		"bar.endpoints.neo4j.io.":          true, // of no view, but of a zone of ours
		"endpoints.neo4j.io.":              true,
		"neo4j.io.":                        false,
		"console.neo4j.io.":                false,
		"db.example.org.":                  true,
		"x.db.example.org.":                false, // a zone of one name
		"x.graph.example.org.":             true,
		"graph.example.org.":               true,
		"example.org.":                     false,
		".":                                false,
		"":                                 false,
		"x..neo4j.io.":                     false,
	} {
		if got := table.Has(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
		if got := table.Has(strings.ToUpper(name)); got != want {
			t.Errorf("%s in upper case: %t", name, got)
		}
		if escaped := strings.Replace(name, "io.", `\105o.`, 1); table.Has(escaped) != want {
			t.Errorf("%s: %t", escaped, !want)
		}
		if allocs := testing.AllocsPerRun(10, func() { table.Has(name) }); allocs > 0 {
			t.Errorf("%s: %v allocations", name, allocs)
		}
	}
}

// TestHasWhatIsAnswered: what any view answers is ours.
func TestHasWhatIsAnswered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		table, err := authority.Compile(p.Views(), 1)
		if err != nil {
			t.Fatalf("compiling: %v", err)
		}
		for id := range m.VPCs {
			for _, name := range m.Names() {
				packed := pack(t, name)
				answer := table.Lookup(authority.ViewID(id), packed, dns.TypeA)
				if answer.Outcome != zones.NotOurs && !table.Has(name+".") {
					t.Fatalf("%s is not ours, and has %+v", name, answer)
				}
			}
		}
	})
}
