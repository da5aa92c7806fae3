package judge

import (
	"github.com/auralink/auralink/internal/doctor"
)

// regions is what the links say of where names live.
type regions struct {
	// madeUp is what the links of each region said to a name that nobody has: of several
	// answers the one that takes the most.
	madeUp map[string]*doctor.RegionAsk
	// contradicted are names that another region than their own knows.
	contradicted map[string]bool
	// misled are regions whose links answer for another region, by that one: they have its
	// names, and give documents of its servers.
	misled map[string]string
	asks   map[string][]*doctor.RegionAsk
	order  []string
}

// readRegions reads which links know which names.
func (j *judge) readRegions() regions {
	r := regions{madeUp: make(map[string]*doctor.RegionAsk), contradicted: make(map[string]bool), misled: make(map[string]string), asks: make(map[string][]*doctor.RegionAsk)}
	for _, e := range j.Evidence {
		a := e.Region
		switch {
		case a == nil:
		case a.MadeUp:
			if before := r.madeUp[a.Region]; before == nil || before.Knows != doctor.KnowsIt {
				r.madeUp[a.Region] = a
			}
		default:
			if r.asks[a.Name] == nil {
				r.order = append(r.order, a.Name)
			}
			r.asks[a.Name] = append(r.asks[a.Name], a)
		}
	}
	for _, name := range r.order {
		j.noteMisled(&r, j.find(name))
		r.contradicted[name] = r.elsewhere(j.find(name)) != nil
	}
	return r
}

// noteMisled notes links that answer for a name of another region with a server of that
// region, and do not do so with a name that nobody has.
func (j *judge) noteMisled(r *regions, n doctor.Name) {
	if n.Expect != doctor.ExpectLink || r.knows(n.Name, n.Region) == doctor.KnowsIt {
		return
	}
	for _, a := range r.asks[n.Name] {
		if a.Region != n.Region && a.By == doctor.ByDiscovery && r.counts(a) && j.find(a.Says).Region == n.Region {
			r.misled[a.Region] = n.Region
		}
	}
}

// atWrongLink reports whether it is told that a name, or all of its region, is asked for at
// a link that is another region's.
func (j *judge) atWrongLink(n doctor.Name) bool {
	return j.region.contradicted[n.Name] || j.region.misled[n.Region] != ""
}

// takesAny reports whether a region's link takes a name that nobody has.
func (r regions) takesAny(region string) bool {
	a := r.madeUp[region]
	return a != nil && a.Knows == doctor.KnowsIt
}

// counts reports whether what a link said of a name proves anything, by what it said to
// a name that nobody has:
//
//	said of the name      said to the made-up name     counts
//	a routing table       anything                     yes
//	a document            a document                   no
//	no                    anything else                yes
//	yes                   yes, or nothing at all       no
//	yes, by certificate   no, or cut off               yes, else no
//	yes, by the rest      anything else                yes
func (r regions) counts(a *doctor.RegionAsk) bool {
	control := r.madeUp[a.Region]
	switch {
	case a.By == doctor.ByRouting:
		return true
	case a.By == doctor.ByDiscovery && control != nil && control.By == doctor.ByDiscovery:
		return false
	case a.Knows != doctor.KnowsIt:
		return true
	case control == nil || control.Knows == doctor.KnowsIt || control.By == "" && control.Outcome != doctor.Reset:
		return false
	case a.By == doctor.ByCertificate:
		return control.Knows == doctor.KnowsItNot || control.By == ""
	default:
		return true
	}
}

// doubt says why what a link said does not count, after what it said.
func (r regions) doubt(a *doctor.RegionAsk) string {
	switch control := r.madeUp[a.Region]; {
	case a.Knows == doctor.KnowsMaybe || r.counts(a):
		return ""
	case control == nil || control.By == "":
		return ", and nobody knows what it says to a name that nobody has"
	case a.Knows == doctor.KnowsItNot:
		return ", and gives a document to a name that nobody has as well"
	default:
		return ", and so it does with a name that nobody has"
	}
}

// knows returns whether a region's link knows a name, as far as what it says counts.
func (r regions) knows(name, region string) doctor.Knowledge {
	said := doctor.KnowsMaybe
	for _, a := range r.asks[name] {
		if a.Region != region || a.Knows == doctor.KnowsMaybe || !r.counts(a) {
			continue
		}
		if said = a.Knows; said == doctor.KnowsIt {
			return said
		}
	}
	return said
}

// elsewhere returns what another region's link says that knows a name which its own
// region does not claim, or nil.
func (r regions) elsewhere(n doctor.Name) *doctor.RegionAsk {
	if n.Region == "" || n.Guessed || r.knows(n.Name, n.Region) == doctor.KnowsIt {
		return nil
	}
	for _, a := range r.asks[n.Name] {
		if a.Region != n.Region && a.Knows == doctor.KnowsIt && r.knows(n.Name, a.Region) == doctor.KnowsIt {
			return a
		}
	}
	return nil
}
