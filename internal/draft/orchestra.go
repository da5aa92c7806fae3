package draft

import (
	"cmp"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// claim is all that was read of where one orchestra lives.
type claim struct {
	host string
	said []*area // regions of which a cloud says so
	led  []led
	home *area // where it lives; nil if that is not known
	why  string
	// doubt is an orchestra of another region whose names lead where this one's do; or nil.
	doubt *claim
}

// led is a name, and the private endpoint to which it leads in a view: nil if that is none, or not
// one alone.
type led struct {
	fact fact
	end  *end
}

// area returns the region to which the name leads, or nil.
func (l led) area() *area {
	if l.end == nil {
		return nil
	}
	return l.end.area
}

// orchestras finds out where each orchestra lives: where a cloud says, or else where all of its names
// lead. Where names disagree it lives in one of these regions, and in which of them they do not say:
// more names are no better than fewer ones.
func (d *drafter) orchestras() {
	for _, e := range d.ends {
		for _, host := range d.hostsOf(e) {
			if c := d.claimOf(host); !slices.Contains(c.said, e.area) {
				c.said = append(c.said, e.area)
			}
		}
	}
	its := slices.DeleteFunc(slices.Clone(d.facts), func(f fact) bool { return f.role != orchestraName })
	slices.SortStableFunc(its, inOrder)
	for _, f := range its {
		for _, v := range d.views {
			if v.has(f) {
				d.claimed(v, f)
			}
		}
	}
	slices.SortFunc(d.claims, func(a, b *claim) int { return cmp.Compare(a.host, b.host) })
	for _, c := range d.claims {
		c.settle()
	}
	for _, c := range d.claims {
		d.overtaken(c)
	}
}

// overtaken takes its home from an orchestra that has it by records alone, if names of another one lead
// to the same private endpoint, and a cloud says that this one is not there: all of these records may be
// older than the endpoint. One that names the endpoint itself is not.
func (d *drafter) overtaken(c *claim) {
	if c.home == nil || len(c.said) > 0 {
		return
	}
	if slices.ContainsFunc(c.led, func(l led) bool { return l.fact.target != "" }) {
		return
	}
	at := slices.IndexFunc(d.claims, func(other *claim) bool {
		return len(other.said) > 0 && other.home != nil && other.home != c.home && slices.ContainsFunc(other.led, func(l led) bool {
			return l.end != nil && slices.ContainsFunc(c.led, func(own led) bool { return own.end == l.end })
		})
	})
	if at >= 0 {
		delete(c.home.hosts, c.host)
		c.home, c.doubt = nil, d.claims[at]
	}
}

// claimed notes where a name of an orchestra leads. A public address is no region's.
func (d *drafter) claimed(v *view, f fact) {
	e := d.endOf(v, f)
	if e == nil {
		d.homeless(v, f)
	}
	if e != nil || !f.exposed() {
		c := d.claimOf(dnsname.TrimDot(f.about))
		c.led = append(c.led, led{f, e})
	}
}

func (d *drafter) claimOf(host string) *claim {
	if at := slices.IndexFunc(d.claims, func(c *claim) bool { return c.host == host }); at >= 0 {
		return d.claims[at]
	}
	c := &claim{host: host}
	d.claims = append(d.claims, c)
	return c
}

// settle finds the home of an orchestra, if it has one only.
func (c *claim) settle() {
	its := c.said
	if len(its) == 0 {
		its = c.areas()
	}
	if len(its) != 1 || its[0] == nil {
		return
	}
	c.home, c.why = its[0], "as the cloud says"
	c.home.hosts[c.host] = fact{}
	if at := slices.IndexFunc(c.led, func(l led) bool { return l.area() == c.home }); at >= 0 {
		c.home.hosts[c.host] = c.led[at].fact
	}
}

// areas returns the regions to which the names lead, and nil among them if one leads astray.
func (c *claim) areas() []*area {
	var all []*area
	for _, l := range c.led {
		if !slices.Contains(all, l.area()) {
			all = append(all, l.area())
		}
	}
	return all
}

// disputed returns the orchestras that may live in a region, or in another one.
func (d *drafter) disputed(a *area) []*claim {
	var all []*claim
	for _, c := range d.claims {
		if c.home == nil && (slices.Contains(c.areas(), a) || slices.Contains(c.said, a)) {
			all = append(all, c)
		}
	}
	return all
}

// answeredHomes takes for the home of an orchestra what a person has said.
func (d *drafter) answeredHomes() {
	for _, c := range d.claims {
		for _, a := range d.areas {
			if c.home == nil && slices.Contains(d.Answers.orchestras[a.name], orchestraID(c.host)) {
				c.home, c.why = a, answered
			}
		}
	}
}
