package azure

import (
	"fmt"
	"io"
	"iter"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

const armName = "azure-arm"

// ARM is a template of Azure Resource Manager.
var ARM = formats.Format{
	Name:    armName,
	Group:   formats.GroupClouds,
	Summary: "an Azure Resource Manager template with private DNS zones, for az deployment group create",
	Form: shapeText + " The template's parameter is virtualNetworkId, unless virtual-network-id=ID,... says which networks " +
		"there are; the zones are in the resource group of the deployment.",
	Limits: limitsText + " A template takes 800 resources, and a zone needs three (four with IPv4 and IPv6), and one for each further network: a view with more is refused. " +
		"A deployment adds and replaces, and removes nothing in its usual mode (incremental): zones that are no longer planned have " +
		"to be deleted, as does a record set whose family the link has lost.",
	Shaped:     true,
	Parameters: []formats.Parameter{networkParameter},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if refusal := check(armName, v, o.Shape); refusal != nil {
			return nil, refusal
		}
		if armResources(v, o) > maxARMResources {
			return nil, &formats.Refusal{
				Format:  armName,
				Reason:  fmt.Sprintf("it needs more than the %d resources that a template takes", maxARMResources),
				Instead: "format terraform-azure, or azure-zone",
			}
		}
		return formats.Files(formats.File{
			Name:  formats.FileName(v.Name) + ".template.json",
			Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, armTemplate(v, o)) },
		}), nil
	},
	Read:        readTemplate,
	Reads:       "templates in JSON, also as Bicep makes them: nested resources, deployments with their templates, and expressions of literals and variables. What other functions and loops make is not known.",
	Detect:      detectTemplate,
	ReadBack:    map[string]formats.Reader{".template.json": readTemplate},
	Permissions: templatePermissions,
}

const (
	// maxARMResources is how many resources a template takes. So many of ours are
	// far from the other limit, 4 MB.
	maxARMResources = 800
	// armVersion is of the API of Microsoft.Network/privateDnsZones.
	armVersion = "2020-06-01"
	armZone    = "Microsoft.Network/privateDnsZones"
)

// armResources returns how many resources a view needs, or more than a template
// takes.
func armResources(v zones.View, o formats.Options) int {
	resources, links := 0, len(networksOf(v, o, armNetwork))
	for zone := range v.Shaped(o.Shape) {
		resources += 1 + links // the zone and its links
		for range zone.RRsets() {
			if resources++; resources > maxARMResources {
				return resources
			}
		}
	}
	return resources
}

// armNetwork is the expression for the template's parameter.
const armNetwork = "[parameters('virtualNetworkId')]"

func armTemplate(v zones.View, o formats.Options) jsontext.Object {
	template := jsontext.Object{
		{"$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"},
		{"contentVersion", "1.0.0.0"},
		{"metadata", jsontext.Object{{"description", formats.Sentence("Private DNS zones", v)}}},
	}
	if o.Values[networkParameter.Name] == "" {
		template = append(template, jsontext.Member{"parameters", jsontext.Object{{"virtualNetworkId", jsontext.Object{
			{"type", "string"},
			{"metadata", jsontext.Object{{"description", "The id of the virtual network that is linked to the zones"}}},
		}}}})
	}
	networks := networksOf(v, o, armNetwork)
	return append(template, jsontext.Member{"resources", jsontext.List(func(yield func(any) bool) {
		for zone := range v.Shaped(o.Shape) {
			for resource := range armZoneResources(v, zone, networks) {
				if !yield(resource) {
					return
				}
			}
		}
	})})
}

// armZoneResources returns a zone, its record sets, and its links, which wait for
// them: a zone without records answers NXDOMAIN.
func armZoneResources(v zones.View, zone zones.Zone, networks []network) iter.Seq[any] {
	name := dnsname.TrimDot(zone.Origin)
	return func(yield func(any) bool) {
		if !yield(armResource("", name, jsontext.Object{{"location", "global"}})) {
			return
		}
		for r := range zone.RRsets() {
			if !yield(armResource("/"+r.Type, name+"/"+zonefile.Relative(r.Name, zone.Origin), jsontext.Object{
				{"dependsOn", []string{armID("", name)}},
				{"properties", jsontext.Object{{"ttl", v.TTL}, armRecords(r)}},
			})) {
				return
			}
		}
		for _, n := range networks {
			if !yield(armResource("/virtualNetworkLinks", name+"/"+n.link, jsontext.Object{
				{"location", "global"},
				{"dependsOn", armRecordIDs(zone)},
				{"properties", jsontext.Object{
					{"registrationEnabled", false},
					{"virtualNetwork", jsontext.Object{{"id", n.id}}},
				}},
			})) {
				return
			}
		}
	}
}

// armRecordIDs returns the ids of a zone's record sets, or of the zone if it has
// none.
func armRecordIDs(zone zones.Zone) jsontext.List {
	name := dnsname.TrimDot(zone.Origin)
	if zone.IsEmpty() {
		return jsontext.List(slices.Values([]any{armID("", name)}))
	}
	return jsontext.ListOf(zone.RRsets(), func(r zones.RRset) any { return armID("/"+r.Type, name, zonefile.Relative(r.Name, zone.Origin)) })
}

// armResource returns a resource of a type below that of zones.
func armResource(below, name string, rest jsontext.Object) jsontext.Object {
	return append(jsontext.Object{{"type", armZone + below}, {"apiVersion", armVersion}, {"name", name}}, rest...)
}

// armID returns the expression for a resource's id.
func armID(below string, names ...string) string {
	id := "[resourceId('" + armZone + below + "'"
	for _, name := range names {
		id += ", '" + name + "'"
	}
	return id + ")]"
}

// armRecords returns the member that has the addresses of an RRset.
func armRecords(r zones.RRset) jsontext.Member {
	records, address := "aRecords", "ipv4Address"
	if r.Type == "AAAA" {
		records, address = "aaaaRecords", "ipv6Address"
	}
	all := make([]map[string]netip.Addr, len(r.Addrs))
	for i, addr := range r.Addrs {
		all[i] = map[string]netip.Addr{address: addr}
	}
	return jsontext.Member{records, all}
}
