package guard

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

// leads says to which regions addresses lead.
type leads struct {
	// before and after are of the links of one VPC, elsewhere of those of all VPCs before.
	before, elsewhere, after map[netip.Addr][]string
}

// leadsIn returns the leads of a VPC; either side may be nil. Nobody was led anywhere by a
// VPC that is new: its network may have addresses that another one has as well.
func (c *comparison) leadsIn(old, wanted *plan.VPC) leads {
	l := leads{after: leadsOf(wanted)}
	if old != nil {
		l.before, l.elsewhere = leadsOf(old), c.led
	}
	return l
}

func leadsOf(v *plan.VPC) map[netip.Addr][]string {
	if v == nil {
		return nil
	}
	return zones.LeadTo(v.Links)
}

// ledBefore returns the regions to which the addresses of all links led.
func ledBefore(before *plan.Plan) map[netip.Addr][]string {
	led := make(map[netip.Addr][]string)
	for i := range before.VPCs {
		for addr, regions := range leadsOf(&before.VPCs[i]) {
			led[addr] = append(led[addr], regions...)
		}
	}
	return led
}

// of returns the regions to which an address leads: in the VPC before, else in another
// one before, else as the VPC says now.
func (l leads) of(addr netip.Addr) []string {
	for _, known := range []map[netip.Addr][]string{l.before, l.elsewhere} {
		if led := known[addr]; len(led) > 0 {
			return led
		}
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
