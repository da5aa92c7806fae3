package draft

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

const whereEndpoints = "Aura's console lists them with their instances (Custom endpoints), and each instance with its region"

// homes are where the names of custom endpoints lead: the label of a region, or of
// several, which is a mistake.
type homes struct {
	regions []string
	first   fact
}

// labelHomes returns to which region each label leads.
func (d *drafter) labelHomes() map[string]homes {
	found := make(map[string]homes)
	for _, f := range d.facts {
		if f.role != endpointName {
			continue
		}
		for _, v := range d.views {
			if !v.has(f) {
				continue
			}
			region := notLinked
			if e := d.endOf(v, f); e != nil {
				region = e.area.name
			} else if !f.public {
				d.homeless(v, f)
				continue
			}
			h := found[f.about]
			if h.first.name == "" {
				h.first = f
			}
			if !slices.Contains(h.regions, region) {
				h.regions = append(h.regions, region)
			}
			found[f.about] = h
		}
	}
	for label, h := range found { // public in one network, and linked in another
		if len(h.regions) > 1 {
			h.regions = slices.DeleteFunc(h.regions, func(r string) bool { return r == notLinked })
			found[label] = h
		}
	}
	return found
}

// folded returns the labels of endpoints: a further name is its endpoint's, unless it
// has further names of its own. What lacks the endpoint's own name is taken for it from
// two further names on.
func folded(labels map[string]homes) map[string][]string {
	names := make(map[string][]string) // by base
	for _, label := range slices.Sorted(maps.Keys(labels)) {
		_, base := topology.BaseLabels(label)
		if base == "" || hasFurther(labels, label) > 0 {
			continue
		}
		if _, there := labels[base]; there || hasFurther(labels, base) > 1 {
			names[base] = append(names[base], label)
		}
	}
	endpoints := make(map[string][]string)
	for _, label := range slices.Sorted(maps.Keys(labels)) {
		_, base := topology.BaseLabels(label)
		if slices.Contains(names[base], label) {
			continue
		}
		endpoints[label] = append(names[label], label)
	}
	for base, its := range names {
		if _, there := endpoints[base]; !there {
			endpoints[base] = its
		}
	}
	return endpoints
}

// hasFurther returns how many further names of a label there are.
func hasFurther(labels map[string]homes, label string) int {
	n := 0
	for _, prefix := range topology.Prefixes {
		if _, there := labels[prefix+label]; there {
			n++
		}
	}
	return n
}

// writeEndpoints makes the custom endpoints.
func (d *drafter) writeEndpoints() {
	labels := d.labelHomes()
	all := folded(labels)
	for _, label := range slices.Sorted(maps.Keys(all)) {
		d.writeEndpoint(label, all[label], labels)
	}
	for _, label := range slices.Sorted(maps.Keys(d.Answers.endpoints)) {
		if !slices.ContainsFunc(d.draft.Endpoints, func(i Item) bool { return i.Text == label }) {
			d.draft.Endpoints = append(d.draft.Endpoints, Item{Text: label, Value: d.Answers.endpoints[label], Why: answered})
		}
	}
	slices.SortFunc(d.draft.Endpoints, byText)
	for _, v := range d.views {
		d.mistake(v)
	}
	if len(d.draft.Endpoints) == 0 && len(d.draft.EndpointTodos) == 0 {
		d.draft.EndpointTodos = append(d.draft.EndpointTodos, d.askEndpoints(
			"no custom endpoint is in what was read. If you have some, list each with its region: without that none of them resolves where there are several links. "+whereEndpoints+"."))
	}
}

// writeEndpoint makes one, from the names that it has.
func (d *drafter) writeEndpoint(label string, names []string, labels map[string]homes) {
	var regions []string
	var first fact
	for _, name := range slices.Sorted(slices.Values(names)) {
		h := labels[name]
		if first.name == "" || name == label {
			first = h.first
		}
		for _, r := range h.regions {
			if !slices.Contains(regions, r) {
				regions = append(regions, r)
			}
		}
	}
	switch {
	case !isHost(label+".x.") || len(label) > 61:
		d.notef("%s is not the label of a custom endpoint, and left out (%s)", first.shown(), first.at())
	case len(regions) > 1:
		slices.Sort(regions)
		d.draft.EndpointTodos = append(d.draft.EndpointTodos, Todo{
			Text:  fmt.Sprintf("the names of custom endpoint %s lead to several regions (%s), and it lives in one: %s. "+whereEndpoints+".", label, strings.Join(regions, ", "), d.leads(names, labels)),
			Lines: []string{fmt.Sprintf("%s: %s", label, regions[0])},
		})
	default:
		d.draft.Endpoints = append(d.draft.Endpoints, Item{Text: label, Value: regions[0], Why: first.at()})
	}
}

// leads says where each of the names of an endpoint leads.
func (d *drafter) leads(names []string, labels map[string]homes) string {
	var all []string
	for _, name := range slices.Sorted(slices.Values(names)) {
		h := labels[name]
		all = append(all, fmt.Sprintf("%s to %s (%s)", name, strings.Join(h.regions, " and "), h.first.at()))
	}
	return strings.Join(all, ", ")
}

// askEndpoints asks for custom endpoints and their regions.
func (d *drafter) askEndpoints(text string) Todo {
	var regions []string
	for _, r := range d.draft.Regions {
		regions = append(regions, r.Name)
	}
	t := Todo{Text: text}
	if len(regions) == 0 {
		return t
	}
	t.Lines = []string{"my-endpoint-abcdef-123456: " + regions[0]}
	t.Question = Question{Kind: AskEndpoints, Where: whereEndpoints, Regions: regions, Text: fmt.Sprintf("Which custom endpoints are there, and in which region is each (%s)?", strings.Join(regions, ", "))}
	return t
}

// severalRegions reports whether custom endpoints may live in regions to which a wildcard
// of any one link does not lead.
func (d *drafter) severalRegions() bool { return len(d.areas) > 1 || d.anyPublic() }

// mistake says of a wildcard for all custom endpoints beside several links that it is
// the mistake that it is.
func (d *drafter) mistake(v *view) {
	w, there := d.wildcardOf(v)
	if there && d.endOf(v, w) == nil {
		d.homeless(v, w)
	}
	if !there || !d.severalRegions() {
		return
	}
	var others []string
	its := d.endOf(v, w)
	for _, r := range d.draft.Regions {
		if its == nil || r.Name != its.area.name {
			others = append(others, r.Name)
		}
	}
	text := fmt.Sprintf("%s leads to %s (%s), and so sends every custom endpoint of %s there that has no record of its own: that is wrong. Here is no wildcard any more. The endpoints that only the wildcard answered are not known: list each with its region, or its name will not resolve. "+whereEndpoints+".",
		w.shown(), cmp.Or(texts(w.addrs), w.target), w.at(), strings.Join(others, ", "))
	d.draft.EndpointTodos = append(d.draft.EndpointTodos, d.askEndpoints(text))
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
// one: "" where it may, or would not.
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
	case slices.ContainsFunc(d.ends, func(e *end) bool { return e.view == v && !e.usable() }), slices.ContainsFunc(d.aside, func(e *end) bool { return e.view == v }), slices.ContainsFunc(d.unknown(), func(l inventory.Endpoint) bool { return d.viewOf(l) == v }):
		return "there may be a further link, beside which a wildcard would be wrong: see TODO. Take this line away when there is none"
	case there && d.endOf(v, w) == nil:
		return "*.endpoints.neo4j.io leads elsewhere today"
	case v.homeless:
		return "a name that was read leads to a private endpoint that is not known here: see TODO. Take this line away when there is none"
	case d.severalRegions():
		return "a wildcard would take along the custom endpoints of the other regions: see TODO. Take this line away if all of them live in the one region"
	case !there && len(v.sources) > 0:
		return "the DNS that was read has no *.endpoints.neo4j.io. Take this line away if all custom endpoints live in the one region"
	case !there:
		return "in which regions the custom endpoints live is not known. Take this line away if all of them live in the one region"
	default:
		return ""
	}
}
