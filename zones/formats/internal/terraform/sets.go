package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// addAWS adds a record of Route 53. Its name may lack that of its zone.
func (r *records) addAWS(i instance) {
	z, made := r.zoneOf(i, awsZone, "zone_id")
	if !made || z.public {
		return
	}
	name := r.text(i.values["fqdn"])
	if given, known := i.values["name"].(string); name == "" && known {
		name = r.whole(given, z)
	}
	r.seePlaces(i, name)
	r.checkRouting(i, name)
	if aliases := asList(i.values["alias"]); len(aliases) > 0 {
		r.addAlias(i, z, name, r.text(i.values["type"]), r.text(asMap(aliases[0])["name"]))
		return
	}
	r.addSet(i, z, name, r.text(i.values["type"]), i.values["records"])
}

// addAlias adds an alias, which is for one type.
func (r *records) addAlias(i instance, z zone, name, kind, target string) {
	set := r.aliases.Of(rrset.RRset{Name: name, Type: kind}, cmp.Or(target, rrset.Unknown), i.at)
	var values []any
	for _, value := range set.Values {
		values = append(values, value)
	}
	r.addSet(i, z, name, set.Type, values)
}

// whole returns the whole name of what may lack its zone; "" where that is not known.
func (r *records) whole(name string, z zone) string {
	absolute := dnsname.Lower(dnsname.Absolute(dnsname.TrimDot(name)))
	switch {
	case name == "": // the zone's own
		return z.origin
	case z.origin != "" && dnsname.AtOrBelow(absolute, z.origin):
		return name
	case z.origin != "":
		return name + "." + z.origin
	}
	for _, known := range r.zones {
		if dnsname.AtOrBelow(absolute, known.origin) {
			return name
		}
	}
	if dnsname.AtOrBelow(absolute, auraname.Origin) {
		return name
	}
	return ""
}

// addAzure adds a record of Azure Private DNS, whose name is relative to its zone.
func (r *records) addAzure(i instance, kind string) {
	z, made := r.zoneOf(i, azureZone, "zone_name")
	if !made {
		return
	}
	r.checkPlaced(i, z)
	if zone := r.text(i.values["zone_name"]); z.origin == "" && zone != "" {
		z.origin = dnsname.Lower(dnsname.Absolute(zone))
	}
	name := r.text(i.values["fqdn"])
	if relative := r.text(i.values["name"]); name == "" && relative != "" && z.origin != "" {
		name = strings.TrimPrefix(relative+"."+dnsname.TrimDot(z.origin), "@.")
	}
	values := i.values["records"]
	if kind == "CNAME" {
		values = i.values["record"]
	}
	r.addSet(i, z, name, kind, values)
}

// addRule adds a rule of a response policy.
func (r *records) addRule(i instance) {
	r.b.OnlyAddresses(i.at.File) // a rule is for one name, and says nothing of what it lacks
	name := r.text(i.values["dns_name"])
	if r.text(i.values["behavior"]) == "bypassResponsePolicy" {
		if canonical, err := holdings.CanonicalName(name); err == nil {
			r.b.AddRule(canonical, holdings.Data{Action: holdings.Passthru, TTL: holdings.NoTTL}, i.at)
		}
		return
	}
	if !r.takesRule(i, name) {
		return
	}
	for _, set := range localData(i) {
		i.values = set
		r.addSet(i, zone{rules: true}, name, r.text(set["type"]), set["rrdatas"])
	}
}

// localData returns the sets of data that a rule of a response policy has.
func localData(i instance) []map[string]any {
	var all []map[string]any
	for _, local := range asList(i.values["local_data"]) {
		for _, data := range asList(asMap(local)["local_datas"]) {
			all = append(all, asMap(data))
		}
	}
	return all
}

// takesRule reports whether Cloud DNS takes a rule, as far as its data tell. A name or a type that
// is not known may be the right one.
func (r *records) takesRule(i instance, name string) bool {
	var types []string
	for _, set := range localData(i) {
		data := rrset.RRset{Name: r.text(set["name"]), Type: r.text(set["type"])}
		if given, known := set["name"].(string); data.Name == "" && (!known || given != "") {
			data.Name = name
		}
		if name != "" && !rrset.InRule(r.b, name, data, types, i.at) {
			return false
		}
		if data.Type != "" {
			types = append(types, strings.ToUpper(data.Type))
		}
	}
	return true
}

// googleData returns all data with which a record set of Cloud DNS may be answered.
func googleData(values map[string]any) any {
	all := slices.Clone(asList(values["rrdatas"]))
	for _, policy := range asList(values["routing_policy"]) {
		for _, part := range []string{"wrr", "geo"} {
			all = append(all, dataIn(asMap(policy)[part])...)
		}
		for _, failover := range asList(asMap(policy)["primary_backup"]) {
			all = append(all, targetsIn(asMap(failover)["primary"])...)
			all = append(all, dataIn(asMap(failover)["backup_geo"])...)
		}
	}
	return all
}

// dataIn returns all data of the items of a routing policy.
func dataIn(items any) []any {
	var all []any
	for _, item := range asList(items) {
		all = append(all, asList(asMap(item)["rrdatas"])...)
		all = append(all, targetsIn(asMap(item)["health_checked_targets"])...)
	}
	return all
}

// targetsIn returns the addresses of load balancers whose health is checked.
func targetsIn(targets any) []any {
	var all []any
	for _, one := range asList(targets) {
		for _, balancer := range asList(asMap(one)["internal_load_balancers"]) {
			all = append(all, asMap(balancer)["ip_address"])
		}
		all = append(all, asList(asMap(one)["external_endpoints"])...)
	}
	return all
}
