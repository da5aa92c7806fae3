package graph

import (
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
)

// written says how the names of each region are written, in any VPC of a plan.
type written struct {
	linked     map[string]int    // VPCs that link a region
	individual map[string]bool   // regions with a record for each custom endpoint
	wildcards  map[[2]string]int // VPCs that have an extra wildcard, by family and region
}

func writtenIn(p *plan.Plan) *written {
	w := &written{linked: make(map[string]int), individual: make(map[string]bool), wildcards: make(map[[2]string]int)}
	for i := range p.VPCs {
		v := &p.VPCs[i]
		for _, l := range v.Links {
			w.linked[l.Region]++
			if v.Endpoints.Mode == plan.Individual {
				w.individual[l.Region] = true
			}
		}
		for _, d := range v.Extra {
			for _, region := range d.Regions {
				if d.Mode == plan.Wildcard {
					w.wildcards[[2]string{d.Family, region}]++
				}
			}
		}
	}
	return w
}

// orchestra returns the mark of a region's orchestras.
func (w *written) orchestra(region string) Mark {
	if w.linked[region] == 0 {
		return Public
	}
	return Wildcard
}

// endpoint returns the mark of a region's custom endpoints: none where one wildcard has
// them all.
func (w *written) endpoint(region string) Mark {
	switch {
	case w.linked[region] == 0:
		return Public
	case w.individual[region]:
		return Single
	default:
		return Plain
	}
}

// extra returns an extra name with its mark: none for a wildcard that no VPC has. Where
// some of the VPCs that link the region have a wildcard, it says how many.
func (w *written) extra(region, name string) (Mark, string) {
	text := dnsname.TrimDot(name)
	family, wildcard := strings.CutPrefix(name, "*.")
	having := w.wildcards[[2]string{family, region}]
	switch {
	case w.linked[region] == 0:
		return Public, text
	case !wildcard:
		return Single, text
	case having == 0:
		return Plain, text
	case having < w.linked[region]:
		return Wildcard, text + ", in " + spell.Count(having, "VPC")
	default:
		return Wildcard, text
	}
}
