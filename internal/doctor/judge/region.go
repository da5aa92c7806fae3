package judge

import (
	"fmt"
	"strings"

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

// judgeRegions judges whether endpoints are where the topology says.
func (j *judge) judgeRegions() {
	var found causes
	proved := make(map[string]int)
	total := make(map[string]int)
	for _, name := range j.region.order {
		n := j.find(name)
		other := j.region.elsewhere(n)
		if n.Guessed || n.Expect != doctor.ExpectLink && other == nil {
			continue // of a region that is not linked nobody here can say more
		}
		total[n.Region]++
		if other == nil && j.region.knows(name, n.Region) == doctor.KnowsIt {
			proved[n.Region]++
			continue
		}
		j.gatherRegion(&found, n, other)
	}
	byRegion := make(map[string][]Finding)
	for _, c := range found.all {
		f := j.note(c, "%s", regionMessage(c))
		for _, region := range c.of {
			byRegion[region] = append(byRegion[region], f)
		}
	}
	for _, region := range sortedKeys(total) {
		j.check(doctor.KindRegion, fmt.Sprintf("%s: endpoints that are proved to be there: %d of %d", region, proved[region], total[region]), byRegion[region]...)
	}
	j.judgeMisled()
	j.judgeAnyName()
}

// judgeMisled notes links that are another region's.
func (j *judge) judgeMisled() {
	for _, region := range sortedKeys(j.region.misled) {
		to := j.region.misled[region]
		c := (&causes{}).at(CodeRegionContradicted, region, to)
		c.regions = []string{region, to}
		c.remedy = fmt.Sprintf("give %s the addresses of its own private endpoint in the topology: those that it has there are of %s", region, to)
		for _, name := range j.region.order {
			for _, a := range j.region.asks[name] {
				if a.Region == region && a.By == doctor.ByDiscovery && j.find(a.Says).Region == to {
					c.says(name, "the link of %s, as %s: the discovery document is of %s", region, name, a.Says)
				}
			}
		}
		f := j.note(c, "the link of %s is that of %s", region, to)
		j.check(doctor.KindRegion, region+": whose link it is", f)
	}
}

// gatherRegion notes why a name is not proved to be in its region. The other is what
// another region's link says that knows it, or nil.
func (j *judge) gatherRegion(found *causes, n doctor.Name, other *doctor.RegionAsk) {
	var c *cause
	switch {
	case other != nil:
		c = found.at(CodeRegionContradicted, n.Region, other.Region)
		j.concerns(c, n.Region)
		c.regions = []string{n.Region, other.Region}
	case j.linkTold[n.Name] || j.allDead(n.Region) || j.region.misled[n.Region] != "":
		return // why nobody can say is told
	case j.region.knows(n.Name, n.Region) == doctor.KnowsItNot:
		c = found.at(CodeNameRefused, "", "")
		j.concerns(c, n.Region)
	default:
		c = found.at(CodeRegionUnproved, "", "")
		j.concerns(c, n.Region)
	}
	c.name(n.Name)
	for _, a := range j.region.asks[n.Name] {
		if c.code != CodeNameRefused || a.Region == n.Region {
			c.says(a.Region, "the link of %s, as %s: %s%s", a.Region, n.Name, askWords(a), j.region.doubt(a))
		}
	}
}

// askWords says what a link said of a name.
func askWords(a *doctor.RegionAsk) string {
	said := map[doctor.Knowledge]string{doctor.KnowsIt: "it knows it", doctor.KnowsItNot: "it does not know it"}[a.Knows]
	if said == "" {
		said = "nobody can tell"
	}
	if a.By == "" {
		return said + ", " + words(a.Outcome)
	}
	return fmt.Sprintf("%s, by %s%s", said, a.By, because(a.Says))
}

// judgeAnyName notes links whose knowledge proves nothing.
func (j *judge) judgeAnyName() {
	c := (&causes{}).at(CodeAnyName, "", "")
	for _, region := range sortedKeys(j.region.madeUp) {
		if a := j.region.madeUp[region]; j.region.takesAny(region) {
			j.concerns(c, region)
			c.says(region, "%s:%d takes the made-up name %s", a.Addr, a.Port, a.Name)
		}
	}
	if len(c.of) == 0 {
		return
	}
	of := strings.Join(c.of, ", ")
	f := j.note(c, "%s of %s %s any name", verb(len(c.of), "the link", "the links"), of, verb(len(c.of), "takes", "take"))
	j.check(doctor.KindRegion, of+": a made-up name", f)
}

func regionMessage(c *cause) string {
	switch c.code {
	case CodeRegionContradicted:
		return fmt.Sprintf("%s %s known in %s, and not there", c.subject(), verb(len(c.names), "is", "are"), c.to)
	case CodeNameRefused:
		return fmt.Sprintf("the link does not know %s", c.subject())
	default:
		return fmt.Sprintf("nothing proves that %s %s there", c.subject(), verb(len(c.names), "is", "are"))
	}
}
