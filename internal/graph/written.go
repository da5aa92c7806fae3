package graph

import (
	"strings"

	"github.com/auralink/auralink/internal/plan"
)

// written says how the names of each region are written, in any VPC of a plan.
type written struct {
	linked     map[string]bool
	individual map[string]bool    // regions with a record for each custom endpoint
	wildcards  map[[2]string]bool // families and regions, of extra wildcards
}

func writtenIn(p *plan.Plan) *written {
	w := &written{linked: make(map[string]bool), individual: make(map[string]bool), wildcards: make(map[[2]string]bool)}
	for i := range p.VPCs {
		v := &p.VPCs[i]
		for _, l := range v.Links {
			w.linked[l.Region] = true
			if v.Endpoints.Mode == plan.Individual {
				w.individual[l.Region] = true
			}
		}
		for _, d := range v.Extra {
			for _, region := range d.Regions {
				if d.Mode == plan.Wildcard {
					w.wildcards[[2]string{d.Family, region}] = true
				}
			}
		}
	}
	return w
}

// orchestra returns the mark of a region's orchestras.
func (w *written) orchestra(region string) Mark {
	if !w.linked[region] {
		return Public
	}
	return Wildcard
}

// endpoint returns the mark of a region's custom endpoints: none where one wildcard has
// them all.
func (w *written) endpoint(region string) Mark {
	switch {
	case !w.linked[region]:
		return Public
	case w.individual[region]:
		return Single
	default:
		return Plain
	}
}

// extra returns the mark of an extra name: none for a wildcard that no VPC has.
func (w *written) extra(region, name string) Mark {
	family, wildcard := strings.CutPrefix(name, "*.")
	switch {
	case !w.linked[region]:
		return Public
	case !wildcard:
		return Single
	case w.wildcards[[2]string{family, region}]:
		return Wildcard
	default:
		return Plain
	}
}
