package judge

import (
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/doctor"
)

// regions is what the links say of where names live.
type regions struct {
	// anyName are regions whose links take any name.
	anyName map[string]string
	// contradicted are names that another region than their own knows.
	contradicted map[string]bool
	asks         map[string][]*doctor.RegionAsk
	order        []string
}

// readRegions reads which links know which names.
func (j *judge) readRegions() regions {
	r := regions{anyName: make(map[string]string), contradicted: make(map[string]bool), asks: make(map[string][]*doctor.RegionAsk)}
	for _, e := range j.Evidence {
		a := e.Region
		switch {
		case a == nil:
		case a.MadeUp:
			if a.Knows == doctor.KnowsIt {
				r.anyName[a.Region] = fmt.Sprintf("%s:%d takes the made-up name %s", a.Addr, a.Port, a.Name)
			}
		default:
			if r.asks[a.Name] == nil {
				r.order = append(r.order, a.Name)
			}
			r.asks[a.Name] = append(r.asks[a.Name], a)
		}
	}
	for _, name := range r.order {
		r.contradicted[name] = r.elsewhere(j.find(name)) != nil
	}
	return r
}

// knows reports what a region's link says of a name; what a link says that takes any
// name counts only where it is against it.
func (r regions) knows(name, region string) doctor.Knowledge {
	said := doctor.KnowsMaybe
	for _, a := range r.asks[name] {
		_, takesAny := r.anyName[a.Region]
		if a.Region != region || a.Knows == doctor.KnowsIt && takesAny && a.By != doctor.ByRouting && a.By != doctor.ByDiscovery {
			continue
		}
		if a.Knows != doctor.KnowsMaybe {
			said = a.Knows
		}
		if said == doctor.KnowsIt {
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
		if n.Guessed {
			continue
		}
		total[n.Region]++
		switch other := j.region.elsewhere(n); {
		case other != nil:
			c := found.at(CodeRegionContradicted, n.Region, other.Region)
			c.regions = []string{n.Region, other.Region}
			c.name(name)
			for _, a := range j.region.asks[name] {
				c.says(a.Region, "the link of %s, as %s: %s", a.Region, name, askWords(a))
			}
		case j.region.knows(name, n.Region) == doctor.KnowsIt:
			proved[n.Region]++
		case j.region.knows(name, n.Region) == doctor.KnowsItNot:
			if !j.refusedAlready(name) {
				c := found.at(CodeNameRefused, n.Region, "")
				c.name(name)
				c.says(n.Region, "the link of %s, as %s: it does not know it", n.Region, name)
			}
		default:
			c := found.at(CodeRegionUnproved, n.Region, "")
			c.name(name)
			for _, a := range j.region.asks[name] {
				c.says(a.Region, "the link of %s, as %s: %s", a.Region, name, askWords(a))
			}
		}
	}
	byRegion := make(map[string][]Finding)
	for _, c := range found.all {
		byRegion[c.region] = append(byRegion[c.region], j.note(c, "%s", regionMessage(c)))
	}
	for _, region := range sortedKeys(total) {
		j.check(doctor.KindRegion, fmt.Sprintf("%s: endpoints that are proved to be there: %d of %d", region, proved[region], total[region]), byRegion[region]...)
	}
	j.judgeAnyName()
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

// refusedAlready reports whether a handshake has told that the link does not know it.
func (j *judge) refusedAlready(name string) bool {
	return slices.ContainsFunc(j.findings, func(f Finding) bool { return f.Code == CodeNameRefused && slices.Contains(f.Names, name) }) ||
		slices.ContainsFunc(j.Evidence, func(e doctor.Evidence) bool {
			return e.Handshake != nil && e.Handshake.Name == name && aboutName(e.Handshake.Alert)
		})
}

// judgeAnyName notes links whose knowledge proves nothing.
func (j *judge) judgeAnyName() {
	for _, region := range sortedKeys(j.region.anyName) {
		c := (&causes{}).at(CodeAnyName, region, "")
		c.says("", "%s", j.region.anyName[region])
		f := j.note(c, "the link of %s takes any name", region)
		j.check(doctor.KindRegion, region+": a made-up name", f)
	}
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
