package terraform

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// records gives the zones and records among resources to a builder.
type records struct {
	b         *holdings.Builder
	instances []instance
	made      map[reference]instance // by kind, name and key
	public    map[string]bool        // ids of zones that everybody sees
}

func newRecords(b *holdings.Builder, instances []instance) *records {
	r := &records{b: b, instances: instances, made: make(map[reference]instance), public: make(map[string]bool)}
	for _, i := range instances {
		r.made[reference{kind: i.kind, name: i.name, key: i.key}] = i
	}
	return r
}

// add adds all zones, and then all records.
func (r *records) add() {
	for _, i := range r.instances {
		r.addZone(i)
	}
	for _, i := range r.instances {
		r.addRecords(i)
	}
}

// addZone claims the zone that a resource is, if it is one that only networks see.
func (r *records) addZone(i instance) {
	private, name := false, ""
	switch i.kind {
	case "aws_route53_zone":
		private, name = len(asList(i.values["vpc"])) > 0 || i.values["private_zone"] == true, r.text(i.values["name"])
	case "google_dns_managed_zone":
		private, name = i.values["visibility"] == "private", r.text(i.values["dns_name"])
	case "azurerm_private_dns_zone":
		private, name = true, r.text(i.values["name"])
	default:
		return
	}
	switch {
	case name == "":
		r.b.Note(i.at, "%s.%s has a name that is not known", i.kind, i.name)
	case !private:
		for _, id := range []string{"zone_id", "id", "name"} {
			if text := r.text(i.values[id]); text != "" {
				r.public[i.kind+" "+text] = true
			}
		}
		r.public[fmt.Sprint(reference{kind: i.kind, name: i.name, key: i.key})] = true
		r.b.Note(i.at, "zone %s is public: it is left out, and so are its records", name)
	case len(asList(i.values["forwarding_config"])) > 0 || len(asList(i.values["peering_config"])) > 0:
		r.b.Note(i.at, "zone %s is answered by other servers: audit these", name)
	default:
		rrset.Zone(r.b, name, i.at)
	}
}

// addRecords adds what a resource has for a name.
func (r *records) addRecords(i instance) {
	switch i.kind {
	case "aws_route53_record":
		r.addAWS(i)
	case "google_dns_record_set":
		if !r.isPublic("google_dns_managed_zone", i.values["managed_zone"]) {
			r.addSet(i, r.text(i.values["name"]), r.text(i.values["type"]), i.values["rrdatas"])
		}
	case "google_dns_response_policy_rule":
		r.addRule(i)
	case "azurerm_private_dns_a_record":
		r.addAzure(i, "A", i.values["records"])
	case "azurerm_private_dns_aaaa_record":
		r.addAzure(i, "AAAA", i.values["records"])
	case "azurerm_private_dns_cname_record":
		r.addAzure(i, "CNAME", i.values["record"])
	}
}

// addAWS adds a record of Route 53. Its name may lack that of its zone.
func (r *records) addAWS(i instance) {
	if r.isPublic("aws_route53_zone", i.values["zone_id"]) {
		return
	}
	name := r.text(i.values["fqdn"])
	if name == "" {
		name = r.text(i.values["name"])
		zone, made := r.zoneOf(i, i.values["zone_id"])
		if !made {
			return
		}
		if origin := r.text(zone.values["name"]); origin != "" && name != "" && !dnsname.AtOrBelow(dnsname.Absolute(name), dnsname.Absolute(origin)) {
			name += "." + origin
		}
	}
	if aliases := asList(i.values["alias"]); len(aliases) > 0 {
		target := r.text(asMap(aliases[0])["name"])
		if target == "" {
			target = rrset.Unknown
		}
		r.addSet(i, name, "ALIAS", target)
		return
	}
	r.addSet(i, name, r.text(i.values["type"]), i.values["records"])
}

// addAzure adds a record of Azure Private DNS, whose name is relative to its zone.
func (r *records) addAzure(i instance, kind string, values any) {
	name := r.text(i.values["fqdn"])
	if name == "" {
		zone := r.text(i.values["zone_name"])
		if ref, ok := i.values["zone_name"].(reference); ok {
			target, made := r.zoneOf(i, ref)
			if !made {
				return
			}
			zone = r.text(target.values["name"])
		}
		name = r.text(i.values["name"]) + "." + zone
		if zone == "" {
			name = ""
		}
		name = strings.TrimPrefix(name, "@.")
	}
	r.addSet(i, name, kind, values)
}

// addRule adds a rule of a response policy.
func (r *records) addRule(i instance) {
	r.b.OnlyAddresses(i.at.File) // a rule is for one name, and says nothing of what it lacks
	name := r.text(i.values["dns_name"])
	if r.text(i.values["behavior"]) == "bypassResponsePolicy" {
		if canonical, err := holdings.CanonicalName(name); err == nil {
			r.b.Add(canonical, holdings.Data{Action: holdings.Passthru, TTL: holdings.NoTTL}, i.at)
		}
		return
	}
	for _, local := range asList(i.values["local_data"]) {
		for _, data := range asList(asMap(local)["local_datas"]) {
			set := asMap(data)
			i.values = set
			r.addSet(i, name, r.text(set["type"]), set["rrdatas"])
		}
	}
}

// zoneOf returns the zone that a record refers to. False means that the module does not
// make it, so that Terraform refuses the module.
func (r *records) zoneOf(i instance, value any) (zone instance, made bool) {
	ref, ok := value.(reference)
	if !ok {
		return instance{}, true
	}
	ref.attribute = ""
	zone, made = r.made[ref]
	if !made && ref.key != "" {
		r.b.Note(i.at, "there is no %s.%s[%q], which it refers to: left out", ref.kind, ref.name, ref.key)
	}
	return zone, made || ref.key == ""
}

// isPublic reports whether a record's zone, by its id, is one that everybody sees.
func (r *records) isPublic(kind string, id any) bool {
	if ref, ok := id.(reference); ok {
		ref.attribute = ""
		return r.public[fmt.Sprint(ref)]
	}
	text := r.text(id)
	return text != "" && r.public[kind+" "+text]
}

// addSet adds the values of one type that a resource has for a name.
func (r *records) addSet(i instance, name, kind string, values any) {
	if name == "" || kind == "" {
		r.b.Note(i.at, "%s.%s has a name or a type that is not known: left out", i.kind, i.name)
		return
	}
	set := rrset.RRset{Name: name, Type: kind}
	if ttl, ok := i.values["ttl"].(float64); ok && ttl >= 0 && ttl <= 1<<31 {
		set.TTL = rrset.Seconds(uint32(ttl))
	}
	for _, value := range asList(values) {
		text := r.text(value)
		if text == "" {
			text = rrset.Unknown
		}
		set.Values = append(set.Values, text)
	}
	if len(set.Values) == 0 {
		set.Values = []string{rrset.Unknown}
	}
	rrset.Add(r.b, set, i.at)
}

// text returns a value that is a text, or "".
func (r *records) text(value any) string {
	text, _ := value.(string)
	return text
}
