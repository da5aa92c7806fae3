package judge

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

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
		if proved[region] < total[region] && len(byRegion[region]) == 0 {
			j.unproved(doctor.KindRegion) // as the whole link is
		}
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
