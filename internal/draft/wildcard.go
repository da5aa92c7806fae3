package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// severalRegions reports whether custom endpoints may live in regions to which a wildcard
// of any one link does not lead.
func (d *drafter) severalRegions() bool { return len(d.areas) > 1 || d.anyPublic() }

// further reports whether a view may have a link that is not known, or any may have a region that is not.
func (d *drafter) further(v *view) bool {
	return slices.ContainsFunc(d.ends, func(e *end) bool { return e.view == v && !e.usable() }) ||
		slices.ContainsFunc(d.aside, func(e *end) bool { return e.view == v || !d.placed(e.service()) }) ||
		len(d.unknown) > 0 || d.Inventory != nil && len(d.Inventory.Missing) > 0
}

// placed reports whether it is known to which region a service leads.
func (d *drafter) placed(service string) bool {
	return slices.ContainsFunc(d.ends, func(e *end) bool { return e.service() == service })
}

// mistake reports a wildcard for all custom endpoints where there are several regions: it
// sends the endpoints of all to one of them. Where there may be several, it tells what is
// lost with the wildcard.
func (d *drafter) mistake(v *view) {
	w, there := d.wildcardOf(v)
	if there && d.endOf(v, w) == nil {
		d.homeless(v, w)
	}
	switch {
	case !there:
		return
	case !d.severalRegions() && d.further(v):
		d.draft.EndpointTodos = append(d.draft.EndpointTodos, d.askEndpoints(fmt.Sprintf("%s leads to %s (%s), and answers every custom endpoint that has no record of its own. Beside a further link or region, which there may be, it would be wrong: here is none any more. List each endpoint with its region, or its name will not resolve; or take the line mode: individual away when there is no further one. "+whereEndpoints+".",
			w.shown(), cmp.Or(texts(w.addrs), w.target), w.at())))
		return
	case !d.severalRegions():
		return
	}
	d.draft.EndpointTodos = append(d.draft.EndpointTodos, d.askEndpoints(fmt.Sprintf("%s leads to %s (%s), and so sends every custom endpoint of %s there that has no record of its own: that is wrong. Here is no wildcard any more. The endpoints that only the wildcard answered are not known: list each with its region, or its name will not resolve. "+whereEndpoints+".",
		w.shown(), cmp.Or(texts(w.addrs), w.target), w.at(), d.astrayBy(v, w))))
}

// astrayBy returns the regions whose custom endpoints a wildcard sends elsewhere.
func (d *drafter) astrayBy(v *view, w fact) string {
	its := d.endOf(v, w)
	if its == nil {
		return "any other region"
	}
	var others []string
	for _, r := range d.draft.Regions {
		if r.Name != its.area.name {
			others = append(others, r.Name)
		}
	}
	return strings.Join(others, ", ")
}

// wildcardOf returns the wildcard for all custom endpoints that a view has.
func (d *drafter) wildcardOf(v *view) (fact, bool) {
	for _, f := range d.facts {
		if f.role == allEndpoints && v.has(f) && !f.public {
			return f, true
		}
	}
	return fact{}, false
}

// individual says why no wildcard may be planned for a view, where the plan would have
// one: "" where one may be planned, or would not be anyhow.
func (d *drafter) individual(v *view, vpc *VPC) string {
	for _, l := range vpc.Links[min(1, len(vpc.Links)):] {
		if !slices.Equal(l.Addrs, vpc.Links[0].Addrs) {
			return "" // several links: there is none anyhow
		}
	}
	w, there := d.wildcardOf(v)
	switch {
	case len(vpc.Links) == 0:
		return ""
	case d.further(v):
		return "there may be a further link or region, beside which a wildcard would be wrong: see TODO. Take this line away when there is none"
	case there && d.endOf(v, w) == nil:
		return "*.endpoints.neo4j.io leads elsewhere today"
	case v.homeless:
		return "a name that was read leads to a private endpoint that is not known here: see TODO. Take this line away when there is none"
	case d.severalRegions():
		return "a wildcard would take along the custom endpoints of the other regions. Take this line away if all of them live in the one region"
	case !there && len(v.sources) > 0:
		return "the DNS that was read has no *.endpoints.neo4j.io. Take this line away if all custom endpoints live in the one region"
	case !there:
		return "in which regions the custom endpoints live is not known. Take this line away if all of them live in the one region"
	default:
		return ""
	}
}
