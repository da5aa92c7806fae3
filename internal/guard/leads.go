package guard

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

// leads says to which regions the addresses of a VPC's links lead.
type leads struct {
	before, after map[netip.Addr][]string
}

func newLeads(old, wanted *plan.VPC) leads { return leads{leadsOf(old), leadsOf(wanted)} }

func leadsOf(v *plan.VPC) map[netip.Addr][]string {
	if v == nil {
		return nil
	}
	return zones.LeadTo(v.Links)
}

// of returns the regions to which an address leads.
func (l leads) of(addr netip.Addr) []string {
	if led := l.before[addr]; len(led) > 0 {
		return led
	}
	return l.after[addr]
}

// strays reports whether a name that lives in the regions, and had some addresses,
// has one now by which it leads elsewhere, and where to.
func (j *vpcJudge) strays(regions []string, had, has []netip.Addr) (to []string, strays bool) {
	for _, addr := range has {
		if slices.Contains(had, addr) {
			continue
		}
		to := j.leads.of(addr)
		if !containsAll(to, regions) && !j.renamed(to, regions) {
			return to, true
		}
	}
	return nil, false
}

// renamed reports whether regions are only called otherwise: none of those to which
// an address led is there any more, and none of a name's was there before.
func (j *vpcJudge) renamed(led, regions []string) bool {
	gone := func(label string) bool { return !j.wantedRegions[label] }
	fresh := func(label string) bool { return !j.oldRegions[label] }
	return !slices.ContainsFunc(led, not(gone)) && !slices.ContainsFunc(regions, not(fresh))
}

func not(f func(string) bool) func(string) bool { return func(s string) bool { return !f(s) } }

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
