package draft

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/topology"
)

const whereEndpoints = "Aura's console lists them with their instances (Custom endpoints), and each instance with its region"

// homes are where the names of custom endpoints lead: the label of a region, or of
// several, which is a mistake.
type homes struct {
	regions []string
	first   fact
	astray  bool // one leads to no private endpoint that is known
	// doubtful is a private endpoint to which one leads, and names of an orchestra do that is not
	// its, or may not be; or nil.
	doubtful *end
}

// add adds where a name leads: nil is public DNS.
func (h *homes) add(e *end) {
	region := notLinked
	if e != nil {
		region = e.area.name
		if len(e.doubts()) > 0 {
			h.doubtful = e
		}
	}
	if !slices.Contains(h.regions, region) {
		h.regions = append(h.regions, region)
	}
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
			h := found[f.about]
			if h.first.name == "" {
				h.first = f
			}
			if e := d.endOf(v, f); e == nil && !f.public {
				d.homeless(v, f)
				h.astray = true
			} else {
				h.add(e)
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
// has further names of its own. Without the endpoint's own name, two
// further names are enough.
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
		text := "no custom endpoint is in what was read. If you have some, list each with its region: without that none of them resolves where there are several links. "
		if len(all) > 0 {
			text = fmt.Sprintf("in which region these custom endpoints live is not known, as is said above: %s. List each with its region, and any others: without that none of them resolves where there are several links. ",
				topology.Abridge(slices.Sorted(maps.Keys(all)), len(all)))
		}
		d.draft.EndpointTodos = append(d.draft.EndpointTodos, d.askEndpoints(text+whereEndpoints+"."))
	}
}

// writeEndpoint makes one, from the names that it has.
func (d *drafter) writeEndpoint(label string, names []string, labels map[string]homes) {
	h := together(label, names, labels)
	_, said := d.Answers.endpoints[label]
	base := lone(label, labels)
	switch {
	case !isHost(label+".x.") || len(label) > 61:
		d.notef("%s is not the label of a custom endpoint, and left out (%s)", h.first.shown(), h.first.at())
	case said: // it is written as was answered
	case len(h.regions) > 1:
		slices.Sort(h.regions)
		d.unsettled(label, h.regions, fmt.Sprintf("the names of custom endpoint %s lead to several regions (%s), and it lives in one: %s.",
			label, strings.Join(h.regions, ", "), d.leads(names, labels)))
	case base != "" && d.Answers.endpoints[base] != "": // it is one of that endpoint's names
	case h.astray: // it is said, and where the others lead says as little
	case h.doubtful != nil:
		d.unsettled(label, append(h.doubtful.doubts(), h.regions...), fmt.Sprintf("custom endpoint %s leads to %s (%s), and so do names of %s, as is said above: its record may be as old as theirs, or right.",
			label, h.regions[0], h.first.at(), h.doubtful.doubtful()))
	case base != "" && h.regions[0] != notLinked:
		d.oneOf(label, base, h)
	default:
		d.draft.Endpoints = append(d.draft.Endpoints, Item{Text: label, Value: h.regions[0], Why: h.first.at()})
	}
}

// together returns where all names of an endpoint lead.
func together(label string, names []string, labels map[string]homes) homes {
	var all homes
	for _, name := range slices.Sorted(slices.Values(names)) {
		h := labels[name]
		all.astray = all.astray || h.astray
		all.doubtful = cmp.Or(all.doubtful, h.doubtful)
		if all.first.name == "" || name == label {
			all.first = h.first
		}
		for _, r := range h.regions {
			if !slices.Contains(all.regions, r) {
				all.regions = append(all.regions, r)
			}
		}
	}
	return all
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
