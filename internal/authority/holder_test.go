package authority_test

import (
	"testing"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/model"
)

// TestHolder: a view is found for a name if and only if one has addresses for it,
// and that one has.
func TestHolder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		table, err := authority.Compile(p.Views(), 1)
		if err != nil {
			t.Fatalf("compiling: %v", err)
		}
		for _, name := range append(m.Names(), "neo4j.io", "api.neo4j.io", "a.foo.endpoints.neo4j.io") {
			packed, held := pack(t, name), make(map[authority.ViewID]bool)
			for i := range p.VPCs {
				view, _ := table.ViewNamed(p.VPCs[i].Name)
				if len(table.Lookup(view, packed, dns.TypeA).Addrs)+len(table.Lookup(view, packed, dns.TypeAAAA).Addrs) > 0 {
					held[view] = true
				}
			}
			view, ok := table.Holder(packed)
			if ok != (len(held) > 0) || ok && !held[view] {
				t.Fatalf("%s: view %d, %t, want one of %v\n%s", name, view, ok, held, m.YAML())
			}
		}
	})
}
