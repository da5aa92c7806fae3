package zones_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
)

// TestFinder: what is iterated is found, and nothing else.
func TestFinder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		for _, view := range p.Views() {
			finder := zones.NewFinder(view)
			there := make(map[string]bool)
			for _, zone := range view.Zones {
				for owner := range zone.All() {
					there[owner.Name] = true
					got, found := finder.Owner(owner.Name)
					if diff := cmp.Diff(owner, got, cmpopts.EquateComparable(netip.Addr{})); !found || diff != "" {
						t.Fatalf("VPC %s: %s found: %v (-iterated +found):\n%s", view.Name, owner.Name, found, diff)
					}
				}
			}
			for _, name := range m.Names() {
				if owner, found := finder.Owner(name + "."); found && !there[name+"."] {
					t.Fatalf("VPC %s: %s is found, as %v", view.Name, name, owner)
				}
			}
		}
	})
}
