package follow

import (
	"flag"
	"net/netip"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
)

// TestTorn: all parts that a writer may leave of a text, of random changes of random
// topologies: the beginning of the new text, alone or with the rest of the old one
// behind it. None that is guarded is served without acceptance; and where one thing is
// changed, and not all at once, none leads a name to another region than it has in the
// old text or in the new one.
func TestTorn(t *testing.T) {
	stride, checks := 29, "40"
	if os.Getenv("AURALINK_LONG") != "" {
		stride, checks = 1, "1000"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		t.Fatal(err)
	}
	taken, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		before, _ := model.DrawPlan(t)
		another, after := rapid.Bool().Draw(t, "another"), before
		if another {
			after, _ = model.DrawPlan(t)
		} else {
			after = drawChange(t, before)
		}
		old, wanted := before.YAML(), after.YAML()
		served, err := serve.Read([]byte(old), nil, start)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := serve.Read([]byte(wanted), nil, start); err != nil {
			t.Skip("the change is not valid")
		}
		for end := rapid.IntRange(0, stride-1).Draw(t, "first"); end < len(wanted); end += stride {
			torn := []string{wanted[:end]}
			if end < len(old) {
				torn = append(torn, wanted[:end]+old[end:])
			}
			for _, text := range torn {
				if text == wanted || text == old {
					continue
				}
				s, err := Options{Guard: GuardInPlace}.judge(served, source.Text{Content: []byte(text)}, neverUsed, start)
				if err != nil {
					refused++
					continue
				}
				taken++
				if held := guard.Judge(served.Plan, s.Plan); len(held) > 0 {
					t.Fatalf("taken, and guarded: %s\n%s", held[0], text)
				}
				if wrong := misrouted(s.Plan, before, after); !another && wrong != "" {
					t.Fatalf("%s\n--- old\n%s--- torn\n%s\n--- new\n%s", wrong, old, text, wanted)
				}
			}
		}
	})
	t.Logf("%d torn texts were taken, %d were not", taken, refused)
	if (taken == 0 || refused == 0) && !testing.Short() { // which draws a fifth
		t.Error("that is no test")
	}
}

func neverUsed(acceptance.Acceptance) bool { return false }

// drawChange makes one change to a topology, in one of the ways that are dangerous
// or common.
func drawChange(t *rapid.T, m model.Topology) model.Topology {
	c := model.Topology{Regions: slices.Clone(m.Regions), Endpoints: slices.Clone(m.Endpoints)}
	for _, v := range m.VPCs {
		links := make(map[string][]netip.Addr)
		for name, addrs := range v.Links {
			links[name] = addrs
		}
		v.Links = links
		c.VPCs = append(c.VPCs, v)
	}
	v := &c.VPCs[rapid.IntRange(0, len(c.VPCs)-1).Draw(t, "vpc")]
	r := c.Regions[rapid.IntRange(0, len(c.Regions)-1).Draw(t, "region")].Name
	other := c.Regions[rapid.IntRange(0, len(c.Regions)-1).Draw(t, "other")].Name
	w := &c.VPCs[rapid.IntRange(0, len(c.VPCs)-1).Draw(t, "with")]
	switch rapid.SampledFrom([]string{"unlink", "relink", "swap links", "swap clients", "move", "declare", "forget"}).Draw(t, "change") {
	case "unlink":
		delete(v.Links, r)
	case "relink":
		v.Links[r] = []netip.Addr{netip.MustParseAddr("10.99.0.1")}
	case "swap links":
		if v.Links[r] != nil && v.Links[other] != nil {
			v.Links[r], v.Links[other] = v.Links[other], v.Links[r]
		}
	case "swap clients":
		v.Clients, w.Clients = w.Clients, v.Clients
	case "move":
		if len(c.Endpoints) > 0 {
			c.Endpoints[0].Region = other
		}
	case "declare":
		c.Endpoints = append([]model.Endpoint{{Label: "brand-new", Region: r}}, c.Endpoints...)
	case "forget":
		c.Endpoints = c.Endpoints[:len(c.Endpoints)/2]
	}
	return c
}

// misrouted says which name a plan leads to another region than any that it has in
// the old or the new topology. A text that is written over another can have names and
// addresses that neither has, and that are in no region: as a new address of a link,
// which must never be held.
func misrouted(p *plan.Plan, before, after model.Topology) string {
	for i := range p.VPCs {
		vpc := p.VPCs[i].Name
		for _, name := range append(before.Names(), after.Names()...) {
			lives := append(before.RegionsOf(name), after.RegionsOf(name)...)
			for _, addr := range model.Resolve(p.VPCs[i].View, name).Addrs {
				leads := append(regionsOf(before, vpc, addr), regionsOf(after, vpc, addr)...)
				if len(lives) > 0 && len(leads) > 0 && !slices.ContainsFunc(leads, func(r string) bool { return slices.Contains(lives, r) }) {
					return "VPC " + vpc + ": " + name + " leads to " + addr.String()
				}
			}
		}
	}
	return ""
}

// regionsOf returns the regions to which an address leads in a VPC.
func regionsOf(m model.Topology, vpc string, addr netip.Addr) []string {
	var regions []string
	for _, v := range m.VPCs {
		for name, addrs := range v.Links {
			if v.Name == vpc && slices.Contains(addrs, addr) {
				regions = append(regions, name)
			}
		}
	}
	return regions
}
