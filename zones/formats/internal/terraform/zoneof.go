package terraform

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// zoneOf returns the zone that a record refers to by an attribute, by reference or by its
// id: the zero one where it is not known. False means that the module does not make it, so
// that Terraform refuses the module.
func (r *records) zoneOf(i instance, kind, attribute string) (z zone, made bool) {
	value := i.values[attribute]
	ref, ok := value.(reference)
	switch {
	case ok:
		return r.zoneReferred(i, ref)
	case value == nil && r.plan.is():
		return r.zonePlanned(i, kind, attribute), true
	default:
		id := r.text(value)
		z, known := r.byID(i, kind, id)
		r.elsewhere(i, id, known)
		return z, true
	}
}

// byID returns the zone that a resource has by its id, or by the last part of it: one of this
// state, or of another one that is read with it.
func (r *records) byID(i instance, kind, id string) (z zone, known bool) {
	last := id[strings.LastIndexByte(id, '/')+1:]
	if z, known = r.states.byID[r.global(i, kind, last)]; known {
		return z, true
	}
	for _, key := range []string{id, last} {
		if z, known = r.zones[kind+" "+key]; known {
			in := r.in(i, kind)
			return z, in == "" || z.in == "" || strings.EqualFold(in, z.in)
		}
	}
	return z, false
}

// in returns the project or the resource group that has a zone, as a resource says it.
func (r *records) in(i instance, kind string) string {
	return r.text(i.values[map[string]string{googleZone: "project", azureZone: "resource_group_name"}[kind]])
}

// global returns what tells a zone from all others, of whatever state: its id, and what it is
// in, which is "" where a state does not say it.
func (r *records) global(i instance, kind, id string) string {
	return strings.ToLower(kind + " " + r.in(i, kind) + " " + id)
}

// zonePlanned returns the zone of which a planned record does not know the id yet: the zero
// one where the configuration does not say which one it is.
func (r *records) zonePlanned(i instance, kind, attribute string) zone {
	made, found := r.plan.zoneOf(i, attribute, kind)
	z, known := r.zones[made.address()]
	if !found || !known {
		r.b.Unread(i.at, "the zone of %s is not known before the plan is applied, and which one it will be cannot be told from the plan: audit what terraform show -json says afterwards", i)
	}
	return z
}

// zoneReferred returns the zone to which a record of a module refers.
func (r *records) zoneReferred(i instance, ref reference) (z zone, made bool) {
	ref.attribute = ""
	z, known := r.zones[fmt.Sprint(ref)]
	if _, made := r.made[ref]; !made && ref.key != "" {
		r.b.Unread(i.at, "there is no %s.%s[%q], which it refers to: left out", ref.kind, ref.name, ref.key)
		return z, false
	}
	r.elsewhere(i, ref.kind+"."+ref.name, known)
	return z, true
}

// elsewhere notes, once for each, a zone that has records and is not among the resources.
func (r *records) elsewhere(i instance, id string, known bool) {
	if known || r.told[id] {
		return
	}
	if r.told == nil {
		r.told = make(map[string]bool)
	}
	r.told[id] = true
	rrset.Elsewhere(r.b, cmp.Or(id, "of "+i.kind+"."+i.name), i.at)
}
