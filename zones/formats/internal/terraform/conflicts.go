package terraform

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

const awsExclusive = "aws_route53_records_exclusive"

// record is what tells the records of one set from others.
type record struct{ zone, name, kind, identifier string }

// recordOf returns what tells a set; false where its zone or its name is not known.
func recordOf(z zone, set rrset.RRset, identifier string) (record, bool) {
	name, err := holdings.CanonicalName(set.Name)
	return record{z.id, name, strings.ToUpper(set.Type), identifier}, err == nil && set.Name != "" && z.id != ""
}

// checkSet notes a set that Terraform does not make as it is written.
func (r *records) checkSet(i instance, z zone, set rrset.RRset) {
	if set.Type != strings.ToUpper(set.Type) {
		r.b.Unread(i.at, "%s has the type %s, which Terraform refuses: types are in capital letters", i, set.Type)
	}
	one, known := recordOf(z, set, r.text(i.values["set_identifier"]))
	if !known || z.rules || i.kind == awsExclusive {
		return
	}
	if other, twice := r.states.sets[one]; twice && other.String() != i.String() {
		r.b.UnreadBelow(strings.TrimPrefix(one.name, "*."), i.at, "%s and %s are one record, %s %s: the cloud refuses the one that is made last, or it overwrites the other one", other, i, dnsname.TrimDot(one.name), one.kind)
	}
	r.states.sets[one] = i
}

// exclusive is a resource that removes all records of a zone but its own.
type exclusive struct {
	*records
	instance
	zone zone
	kept map[record]bool
}

// keep notes a set that the resource leaves to the zone.
func (e exclusive) keep(set rrset.RRset, identifier string) {
	if one, known := recordOf(e.zone, set, identifier); known {
		e.kept[one] = true
	}
}

// check notes the records of other resources that the resource removes.
func (e exclusive) check(all map[record]instance) {
	for _, one := range slices.SortedFunc(maps.Keys(all), func(a, b record) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.kind, b.kind), cmp.Compare(a.identifier, b.identifier))
	}) {
		if one.zone == e.zone.id && !e.kept[one] {
			e.b.UnreadBelow(strings.TrimPrefix(one.name, "*."), e.at, "%s removes %s %s, which %s makes: it leaves to the zone what it has itself alone", e.instance, dnsname.TrimDot(one.name), one.kind, all[one])
		}
	}
}

// stays are the attributes of a record that Terraform may be told to leave as they are.
var stays = map[string]bool{"all": true, "${all}": true, "records": true, "record": true, "rrdatas": true, "alias": true, "routing_policy": true, "local_data": true}

// checkIgnored notes a record of a module of which Terraform leaves as it is what it leads to.
func (m *module) checkIgnored(r instance) {
	for _, one := range asList(asMap(r.values["lifecycle"])["ignore_changes"]) {
		if name, _ := one.(string); stays[name] && !slices.Contains([]string{awsZone, googleZone, azureZone}, r.kind) && r.matters() {
			m.b.Unread(r.at, "%s.%s has ignore_changes with %s: what is there may be something else: audit what terraform show -json says", r.kind, r.name, name)
		}
	}
}

// readRemoved reads what a module says of a resource that it has no longer. One that is not
// destroyed stays as it is.
func (d *reader) readRemoved() error {
	var removed any
	at, err := d.s.Value(&removed)
	for _, one := range asList(removed) {
		for _, life := range asList(asMap(one)["lifecycle"]) {
			from, _ := asMap(one)["from"].(string)
			kind, _, _ := strings.Cut(strings.Trim(from, "${} "), ".")
			if asMap(life)["destroy"] == false && (kind == "module" || (instance{kind: kind}).matters()) {
				d.b.Unread(at, "%s is removed from the module, and not destroyed: what it is, is not known here, and stays", from)
			}
		}
	}
	return err
}
