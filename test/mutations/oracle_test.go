package mutations_test

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// probe stands for the label of a name that nobody has.
const probe = "zz-nobody-has-this"

// asked returns the name to ask for where a name may be a wildcard.
func asked(name string) string {
	if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
		return probe + "." + parent
	}
	return name
}

// names returns all that can be told of: the names and wildcards that the topology
// has, and those of either view, with what is between them and their zones. They
// have no final dot.
func (w *world) names(views ...zones.View) []string {
	names := []string{"*.endpoints.neo4j.io", "*.databases.neo4j.io", "*.instances.neo4j.io"}
	for _, public := range topology.PublicNames() {
		names = append(names, strings.TrimSuffix(public, "."))
	}
	for name := range w.model.Declared() {
		names = append(names, name)
	}
	for _, r := range w.model.Regions {
		for _, orchestra := range r.Orchestras {
			names = append(names, "*."+model.OrchestraHost(orchestra))
		}
		names = append(names, r.Extra...)
	}
	for _, v := range views {
		for _, z := range v.Zones {
			if z.Endpoints == nil && !z.SingleName() {
				names = append(names, "*."+strings.TrimSuffix(z.Origin, "."))
			}
			for o := range z.All() {
				names = append(names, strings.TrimSuffix(o.Name, "."))
				for _, above, _ := strings.Cut(o.Name, "."); strings.HasSuffix(above, "."+z.Origin); _, above, _ = strings.Cut(above, ".") {
					names = append(names, strings.TrimSuffix(above, "."))
				}
			}
		}
	}
	names = slices.DeleteFunc(names, w.told)
	slices.Sort(names)
	return slices.Compact(names)
}

// told reports whether a name is told of by another one: a name below an orchestra,
// which the topology need not declare, and one below a custom endpoint's label that
// is not declared, for which nobody asks.
func (w *world) told(name string) bool {
	label, endpoint := strings.CutSuffix(name, ".endpoints.neo4j.io")
	if endpoint && !strings.Contains(label, "*") && !strings.Contains(label, "zz-new") {
		return strings.Contains(label, ".")
	}
	for _, r := range w.model.Regions {
		for _, orchestra := range r.Orchestras {
			if strings.HasSuffix(name, "."+model.OrchestraHost(orchestra)) && slices.Contains(r.Extra, name) {
				return true
			}
		}
	}
	return false
}

// fault says what is wrong with a name in a view, by the one rule: it leads where it
// may not, it lacks what the plan has, or it is hidden. "" is nothing.
func (w *world) fault(name string, spoiled zones.View) string {
	got, want := model.Resolve(spoiled, asked(name)), model.Resolve(w.vpc.View, asked(name))
	for _, addr := range got.Addrs {
		if !w.mayLead(name, addr) {
			return "leads to " + addr.String()
		}
	}
	for _, addr := range want.Addrs {
		if !slices.Contains(got.Addrs, addr) {
			return "lacks " + addr.String()
		}
	}
	if lacking := w.lacking(name, got.Addrs); lacking != "" {
		return "lacks " + lacking
	}
	if got.Owned && len(got.Addrs) == 0 && !want.Owned && w.mustStayPublic(name) {
		return "is hidden"
	}
	return ""
}

// lacking returns an address of its region's link that a name lacks which has others.
func (w *world) lacking(name string, addrs []netip.Addr) string {
	regions := w.model.RegionsOf(asked(name))
	if len(addrs) == 0 || len(regions) != 1 {
		return ""
	}
	for _, addr := range w.at.Links[regions[0]] {
		if !slices.Contains(addrs, addr) {
			return addr.String()
		}
	}
	return ""
}

// mayLead reports whether a name may have an address: one that its region allows; in
// another region, or in none, any that is public.
func (w *world) mayLead(name string, addr netip.Addr) bool {
	outside := !addr.IsPrivate() && !addr.IsLoopback() && !addr.IsUnspecified() && !netip.MustParsePrefix("100.64.0.0/10").Contains(addr)
	regions := w.model.RegionsOf(asked(name))
	if len(regions) == 0 {
		regions = w.claimants(name)
		return outside || slices.ContainsFunc(regions, func(r string) bool { return slices.Contains(w.at.Links[r], addr) })
	}
	linked := slices.ContainsFunc(regions, func(r string) bool { return len(w.at.Links[r]) > 0 })
	return w.model.Allowed(w.at, asked(name), addr) || outside && !linked
}

// claimants returns the regions that have all below a name.
func (w *world) claimants(name string) []string {
	var claimants []string
	for _, r := range w.model.Regions {
		if slices.Contains(r.Extra, "*."+name) || name == "endpoints.neo4j.io" {
			claimants = append(claimants, r.Name)
		}
	}
	return claimants
}

// mustStayPublic reports whether a name is public DNS's to answer: Aura's public
// names, those of all regions' instances, and what is in a region that is not linked.
func (w *world) mustStayPublic(name string) bool {
	if slices.Contains(topology.PublicNames(), name+".") {
		return name != "neo4j.io"
	}
	if name == "*.databases.neo4j.io" || name == "*.instances.neo4j.io" {
		return true
	}
	for declared, region := range w.model.Declared() {
		if declared == strings.TrimPrefix(name, "*.") {
			return len(w.at.Links[region]) == 0
		}
	}
	return false
}

// undeclared reports whether a name with an entry is of a custom endpoint or an
// orchestra that the topology does not have: that is told, wherever it leads.
func (w *world) undeclared(name string, spoiled zones.View) bool {
	_, endpoint := strings.CutSuffix(name, ".endpoints.neo4j.io")
	endpoint = endpoint && name != "*.endpoints.neo4j.io" && len(w.model.RegionsOf(name)) == len(w.model.Regions)
	return (endpoint || strings.HasPrefix(name, "production-orch-7777.")) && owns(spoiled, name)
}

// needless reports whether the loss of a wildcard need not be told: whoever has no
// wildcard for custom endpoints has individual records, which are asked for.
func (w *world) needless(name string) bool {
	return name == "*.endpoints.neo4j.io" && w.vpc.Counts.LinkedEndpoints > 0
}
