package terraform

import (
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// maxChain is how many attributes of resources may stand for each other.
const maxChain = 20

// ofZones are the attributes by which resources say in which zone they are. They stay references to
// it: by its name it may be mistaken for another zone.
var ofZones = []string{"zone_id", "managed_zone", "zone_name", "private_dns_zone_name"}

// member returns what a member of an object is: what a reference refers to if that is literal, but
// for one to the zone that a resource is in.
func (s scope) member(name string, value any) any {
	for range maxChain {
		ref, is := value.(reference)
		if !is || slices.Contains(ofZones, name) && slices.Contains([]string{awsZone, googleZone, azureZone}, ref.kind) {
			return value
		}
		next := s.module.attribute(ref)
		if next == nil {
			return value
		}
		value = next
	}
	return nil
}

// known returns what a reference refers to if that is literal; else the value itself.
func (s scope) known(value any) any { return s.member("", value) }

// forget makes the module evaluate its resources again, by the locals that it has now.
func (m *module) forget() {
	m.literal, m.repeated, m.scalars = make(map[reference]any), make(map[int]map[string]any), scalars(m.locals)
}

// attribute returns what a resource has for an attribute: a scalar, or a reference to another one;
// nil where that is not known, such as what a cloud makes.
func (m *module) attribute(ref reference) any {
	if value, asked := m.literal[ref]; asked {
		return value
	}
	m.literal[ref] = nil // for an attribute that leads back to itself
	value := m.compute(ref)
	switch value.(type) {
	case map[string]any, []any:
		value = nil
	}
	m.literal[ref] = value
	return value
}

func (m *module) compute(ref reference) any {
	at := slices.IndexFunc(m.resources, func(i instance) bool { return i.kind == ref.kind && i.name == ref.name })
	if at < 0 {
		return nil
	}
	values := m.resources[at].values
	s := m.scope(m.scalars)
	each, repeated := values["for_each"]
	if repeated != (ref.key != "") || values["count"] != nil {
		return nil
	}
	if repeated {
		if m.repeated[at] == nil {
			m.repeated[at] = m.elements(each, s)
		}
		element, there := m.repeated[at][ref.key]
		if !there {
			return nil
		}
		s = s.with("each", ref.key, element)
	}
	if _, there := values[ref.attribute]; !there && ref.attribute == "fqdn" {
		return s.fqdn(values)
	}
	return evaluate(values[ref.attribute], s)
}

// fqdn returns the whole name of a record, which clouds make of its own and that of its zone; nil
// where that is not known. One of Route 53 may have its zone in it.
func (s scope) fqdn(values map[string]any) any {
	zone := evaluate(values["zone_name"], s)
	relative := zone != nil
	if ref, is := evaluate(values["zone_id"], s).(reference); is && ref.kind == awsZone {
		ref.attribute = "name"
		zone = ref
	}
	text, known := s.known(zone).(string)
	name, also := s.known(evaluate(values["name"], s)).(string)
	origin, err := holdings.CanonicalName(text)
	if !known || !also || err != nil {
		return nil
	}
	absolute := dnsname.Lower(dnsname.Absolute(dnsname.TrimDot(name)))
	switch {
	case name == "" || name == "@":
		return dnsname.TrimDot(origin)
	case !relative && dnsname.AtOrBelow(absolute, origin):
		return dnsname.TrimDot(absolute)
	default:
		return absolute + dnsname.TrimDot(origin)
	}
}
