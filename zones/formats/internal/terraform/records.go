package terraform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// records gives the zones and records among resources to a builder.
type records struct {
	b         *holdings.Builder
	instances []instance
	made      map[reference]instance // by kind, name and key
	zones     map[string]zone        // by kind and id, by reference, and by address
	told      map[string]bool        // zones that are elsewhere
	plan      *plan
	places    rrset.Places
	aliases   rrset.Aliases
	links     *rrset.Links
	states    *states // that are read together
}

// zone is a zone that a resource is.
type zone struct {
	origin string // an absolute name
	public bool   // everybody sees it
	rules  bool   // it is a response policy, and no zone
	id     string // tells it from others of its name
	in     string // the project or resource group that has it; "" where that is not known
}

func newRecords(b *holdings.Builder, instances []instance) *records {
	r := &records{b: b, instances: instances, made: make(map[reference]instance), zones: make(map[string]zone), places: rrset.NewPlaces(b), links: rrset.LinksOf(b), aliases: rrset.NewAliases(b)}
	for _, i := range instances {
		r.made[reference{kind: i.kind, name: i.name, key: i.key}] = i
	}
	return r
}

func (r *records) addZones() {
	for _, i := range r.instances {
		r.addZone(i)
	}
}

func (r *records) addAllRecords() {
	for _, i := range r.instances {
		r.addRecords(i)
	}
	r.places.End()
	r.aliases.End()
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
		vpcs := i.values["vpc"]
		private, name = len(asList(vpcs)) > 0 || notKnown(i.values, "vpc") || i.values["private_zone"] == true, r.text(i.values["name"])
	case googleZone:
		private, name = i.values["visibility"] == "private", r.text(i.values["dns_name"])
	case azureZone:
		private, name = true, r.text(i.values["name"])
	case "azurerm_dns_zone":
		name = r.text(i.values["name"])
	default:
		return
	}
	origin, err := holdings.CanonicalName(name)
	if err != nil {
		r.unread(i, "the zone has a name that is not known")
		return
	}
	r.know(i, zone{origin: origin, public: !private, id: r.identity(i), in: r.in(i, i.kind)})
	if private && !r.later(i, origin) {
		rrset.Identify(r.b, name, r.identity(i), i.at)
	}
	r.claimZone(i, name, private)
}

// identity returns what tells a zone from others of its name.
func (r *records) identity(i instance) string {
	return cmp.Or(i.id(), r.states.ids[i.sameZone()], i.address()+" "+i.at.File)
}

// claimZone claims a zone for those who answer its names.
func (r *records) claimZone(i instance, name string, private bool) {
	switch {
	case !private:
		r.b.Note(i.at, "zone %s is public: it is left out, and so are its records", name)
	case len(asList(i.values["forwarding_config"])) > 0:
		rrset.Referred(r.b, name, holdings.Referral{Servers: r.forwarders(i)}, i.at)
	case len(asList(i.values["peering_config"])) > 0:
		rrset.Referred(r.b, name, holdings.Referral{File: "the DNS of the network with which zone " + name + " is peered"}, i.at)
	case len(asList(i.values["service_directory_config"])) > 0:
		rrset.Referred(r.b, name, holdings.Referral{File: "Service Directory"}, i.at)
	default:
		if i.kind == googleZone {
			r.checkDots(i, "dns_name")
		}
		rrset.Zone(r.b, name, i.at)
		rrset.Private(r.b, name, i.at)
		r.seeNetworks(i, name)
	}
}

// later reports whether a zone is looked up once it is made: the plan makes one of its name.
func (r *records) later(i instance, origin string) bool {
	return i.mode == modeData && i.values["zone_id"] == nil && slices.ContainsFunc(r.instances, func(made instance) bool {
		name, err := holdings.CanonicalName(r.text(made.values["name"]))
		return made.kind == i.kind && made.mode != modeData && err == nil && name == origin
	})
}

// know remembers a zone by all by which records may refer to it.
func (r *records) know(i instance, z zone) {
	ids := map[string][]string{awsZone: {"zone_id", "id"}, googleZone: {"name", "id"}, azureZone: {"name"}}
	for _, id := range ids[i.kind] {
		if text := r.text(i.values[id]); text != "" {
			r.zones[i.kind+" "+text], r.states.byID[r.global(i, i.kind, text)] = z, z
		}
	}
	r.zones[fmt.Sprint(reference{kind: i.kind, name: i.name, key: i.key})] = z
	r.zones[i.address()] = z
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
	case awsExclusive:
		r.addExclusive(i)
	case "google_dns_record_set":
		r.checkDots(i, "name")
		if z, made := r.zoneOf(i, googleZone, "managed_zone"); made && !z.public {
			r.addSet(i, z, r.text(i.values["name"]), r.text(i.values["type"]), googleData(i.values))
		}
	case awsZone, "aws_route53_zone_association":
		r.addVPCs(i)
	case "azurerm_private_dns_zone_virtual_network_link":
		r.addLink(i)
	case "aws_route53_resolver_rule", "aws_route53_resolver_rule_association":
		r.addForward(i)
	case "azurerm_private_dns_resolver_forwarding_rule":
		r.addAzureForward(i)
	case "google_dns_response_policy_rule":
		r.addRule(i)
	case "google_dns_response_policy":
		r.addPolicy(i)
	case "google_dns_policy":
		r.addServerPolicy(i)
	default:
		if kind, ok := azureKinds[i.kind]; ok {
			r.addAzure(i, kind)
			return
		}
		r.addOther(i)
	}
}

// azureKinds are the types of the records of Azure's private zones, by their resources.
var azureKinds = map[string]string{
	"azurerm_private_dns_a_record": "A", "azurerm_private_dns_aaaa_record": "AAAA", "azurerm_private_dns_cname_record": "CNAME",
	"azurerm_private_dns_mx_record": "MX", "azurerm_private_dns_ptr_record": "PTR",
	"azurerm_private_dns_srv_record": "SRV", "azurerm_private_dns_txt_record": "TXT",
}

// addSet adds the values of one type that a resource has for a name.
func (r *records) addSet(i instance, z zone, name, kind string, values any) {
	if name == "" || kind == "" {
		r.unread(i, "the record has a name or a type that is not known")
		return
	}
	set := rrset.RRset{Name: name, Type: kind, Zone: z.origin, ZoneID: z.id, Rule: z.rules}
	if ttl, known := wholeNumber(i.values["ttl"]); known && ttl < 1<<31 {
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
	r.checkSet(i, z, set)
	rrset.Add(r.b, set, i.at)
}

// unread notes what is not read of a resource.
func (r *records) unread(i instance, what string) {
	r.b.Unread(i.at, "%s is not read: %s", i, what)
}

// text returns a value that is a text, or "".
func (r *records) text(value any) string {
	text, _ := value.(string)
	return text
}
