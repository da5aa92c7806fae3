package terraform

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// records gives the zones and records among resources to a builder.
type records struct {
	b         *holdings.Builder
	instances []instance
	made      map[reference]instance // by kind, name and key
	zones     map[string]zone        // by kind and id, and by reference
	told      map[string]bool        // zones that are elsewhere
	rules     *rrset.Rules
}

// zone is a zone that a resource is.
type zone struct {
	origin string // an absolute name
	public bool   // everybody sees it
	rules  bool   // it is a response policy, and no zone
}

func newRecords(b *holdings.Builder, instances []instance) *records {
	r := &records{b: b, instances: instances, made: make(map[reference]instance), zones: make(map[string]zone), rules: rrset.NewRules(b)}
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
	r.rules.End()
}

// The kinds of resources that are zones.
const (
	awsZone    = "aws_route53_zone"
	googleZone = "google_dns_managed_zone"
	azureZone  = "azurerm_private_dns_zone"
)

// addZone claims the zone that a resource is, if it is one that only networks see.
func (r *records) addZone(i instance) {
	private, name := false, ""
	switch i.kind {
	case awsZone:
		private, name = len(asList(i.values["vpc"])) > 0 || i.values["private_zone"] == true, r.text(i.values["name"])
	case googleZone:
		private, name = i.values["visibility"] == "private", r.text(i.values["dns_name"])
	case azureZone:
		private, name = true, r.text(i.values["name"])
	default:
		return
	}
	origin, err := holdings.CanonicalName(name)
	if err != nil {
		r.unread(i, "the zone has a name that is not known")
		return
	}
	r.know(i, zone{origin: origin, public: !private})
	switch {
	case !private:
		r.b.Note(i.at, "zone %s is public: it is left out, and so are its records", name)
	case len(asList(i.values["forwarding_config"])) > 0:
		rrset.Referred(r.b, name, holdings.Referral{Servers: r.forwarders(i)}, i.at)
	case len(asList(i.values["peering_config"])) > 0:
		rrset.Referred(r.b, name, holdings.Referral{File: "the DNS of the network with which zone " + name + " is peered"}, i.at)
	default:
		rrset.Identify(r.b, name, cmp.Or(r.text(i.values["zone_id"]), r.text(i.values["id"]), i.name+" "+i.key+" "+i.at.File), i.at)
		rrset.Zone(r.b, name, i.at)
		r.rules.Zone(name)
	}
}

// know remembers a zone by all by which records may refer to it.
func (r *records) know(i instance, z zone) {
	ids := map[string][]string{awsZone: {"zone_id", "id"}, googleZone: {"name", "id"}, azureZone: {"name"}}
	for _, id := range ids[i.kind] {
		if text := r.text(i.values[id]); text != "" {
			r.zones[i.kind+" "+text] = z
		}
	}
	r.zones[fmt.Sprint(reference{kind: i.kind, name: i.name, key: i.key})] = z
}

// forwarders returns the servers to which a zone forwards.
func (r *records) forwarders(i instance) string {
	var all []string
	for _, config := range asList(i.values["forwarding_config"]) {
		for _, target := range asList(asMap(config)["target_name_servers"]) {
			if address := cmp.Or(r.text(asMap(target)["ipv4_address"]), r.text(asMap(target)["domain_name"])); address != "" {
				all = append(all, address)
			}
		}
	}
	return cmp.Or(strings.Join(all, ", "), "other servers")
}

// addRecords adds what a resource has for a name.
func (r *records) addRecords(i instance) {
	switch i.kind {
	case "aws_route53_record":
		r.addAWS(i)
	case "google_dns_record_set":
		if z, made := r.zoneOf(i, googleZone, i.values["managed_zone"]); made && !z.public {
			r.addSet(i, z, r.text(i.values["name"]), r.text(i.values["type"]), i.values["rrdatas"])
		}
	case "aws_route53_resolver_rule":
		r.addForward(i)
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

// addForward adds a rule of Route 53 Resolver.
func (r *records) addForward(i instance) {
	if r.text(i.values["rule_type"]) != "FORWARD" {
		return
	}
	var servers []string
	for _, target := range asList(i.values["target_ip"]) {
		servers = append(servers, cmp.Or(r.text(asMap(target)["ip"]), r.text(asMap(target)["ipv6"]), "another server"))
	}
	if domain := r.text(i.values["domain_name"]); domain != "" {
		r.rules.Forward(domain, servers, i.at)
		return
	}
	r.unread(i, "the rule forwards a domain that is not known")
}

// addAWS adds a record of Route 53. Its name may lack that of its zone.
func (r *records) addAWS(i instance) {
	z, made := r.zoneOf(i, awsZone, i.values["zone_id"])
	if !made || z.public {
		return
	}
	name := r.text(i.values["fqdn"])
	if name == "" {
		if name = r.text(i.values["name"]); name != "" {
			name = r.whole(i, name, z)
		}
	}
	if aliases := asList(i.values["alias"]); len(aliases) > 0 {
		target := r.text(asMap(aliases[0])["name"])
		if target == "" {
			target = rrset.Unknown
		}
		r.addSet(i, z, name, "ALIAS", target)
		return
	}
	r.addSet(i, z, name, r.text(i.values["type"]), i.values["records"])
}

// whole returns the whole name of what may lack its zone; "" where that is not known.
func (r *records) whole(i instance, name string, z zone) string {
	absolute := dnsname.Lower(dnsname.Absolute(dnsname.TrimDot(name)))
	switch {
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
func (r *records) addAzure(i instance, kind string, values any) {
	z, made := r.zoneOf(i, azureZone, i.values["zone_name"])
	if !made {
		return
	}
	if zone := r.text(i.values["zone_name"]); z.origin == "" && zone != "" {
		z.origin = dnsname.Lower(dnsname.Absolute(zone))
	}
	name := r.text(i.values["fqdn"])
	if relative := r.text(i.values["name"]); name == "" && relative != "" && z.origin != "" {
		name = strings.TrimPrefix(relative+"."+dnsname.TrimDot(z.origin), "@.")
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
	for _, local := range asList(i.values["local_data"]) {
		for _, data := range asList(asMap(local)["local_datas"]) {
			set := asMap(data)
			i.values = set
			r.addSet(i, zone{rules: true}, name, r.text(set["type"]), set["rrdatas"])
		}
	}
}

// zoneOf returns the zone that a record refers to, by reference or by its id: the zero one
// where it is not known. False means that the module does not make it, so that Terraform
// refuses the module.
func (r *records) zoneOf(i instance, kind string, value any) (z zone, made bool) {
	ref, ok := value.(reference)
	if !ok {
		id := r.text(value)
		z, known := r.zones[kind+" "+id]
		if !known {
			z, known = r.zones[kind+" "+id[strings.LastIndexByte(id, '/')+1:]]
		}
		r.elsewhere(i, id, known)
		return z, true
	}
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

// addSet adds the values of one type that a resource has for a name.
func (r *records) addSet(i instance, z zone, name, kind string, values any) {
	if name == "" || kind == "" {
		r.unread(i, "the record has a name or a type that is not known")
		return
	}
	set := rrset.RRset{Name: name, Type: kind, Zone: z.origin, Rule: z.rules}
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

// unread notes what is not read of a resource.
func (r *records) unread(i instance, what string) {
	r.b.Unread(i.at, "%s.%s is not read: %s", i.kind, i.name, what)
}

// text returns a value that is a text, or "".
func (r *records) text(value any) string {
	text, _ := value.(string)
	return text
}
