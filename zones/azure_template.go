package zones

import (
	"fmt"
	"io"
	"iter"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

const azureARMName = "azure-arm"

// azureARM is a template of Azure Resource Manager.
var azureARM = Format{
	Name:    azureARMName,
	Group:   GroupClouds,
	Summary: "an Azure Resource Manager template with private DNS zones, for az deployment group create",
	Shape:   azureShape + " The template's parameter is virtualNetworkId; the zones are in the resource group of the deployment.",
	Limits: azureLimits + " A template takes 800 resources, and a zone needs three (four with IPv4 and IPv6): a view with more is refused. " +
		"A deployment adds and replaces, and removes nothing in its usual mode (incremental): zones that are no longer planned have " +
		"to be deleted, as does a record set whose family the link has lost.",
	Shaped: true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		if refusal := checkAzure(azureARMName, v, o.Shape); refusal != nil {
			return nil, refusal
		}
		if armResources(v, o.Shape) > maxARMResources {
			return nil, &Refusal{
				Format:  azureARMName,
				Reason:  fmt.Sprintf("it needs more than the %d resources that a template takes", maxARMResources),
				Instead: "format terraform-azure, or azure-zone",
			}
		}
		return files(File{
			Name:  fileName(v.Name) + ".template.json",
			Write: func(w io.Writer, _ uint32) error { return writeJSON(w, armTemplate(v, o.Shape)) },
		}), nil
	},
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
func armResources(v View, shape Shape) int {
	resources := 0
	for zone := range v.Shaped(shape) {
		resources += 2 // the zone and its link
		for range zone.RRsets() {
			if resources++; resources > maxARMResources {
				return resources
			}
		}
	}
	return resources
}

func armTemplate(v View, shape Shape) object {
	return object{
		{"$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"},
		{"contentVersion", "1.0.0.0"},
		{"metadata", object{{"description", writtenFor("Private DNS zones", v)}}},
		{"parameters", object{{"virtualNetworkId", object{
			{"type", "string"},
			{"metadata", object{{"description", "The id of the virtual network that is linked to the zones"}}},
		}}}},
		{"resources", list(func(yield func(any) bool) {
			for zone := range v.Shaped(shape) {
				for resource := range armZoneResources(v, zone) {
					if !yield(resource) {
						return
					}
				}
			}
		})},
	}
}

// armZoneResources returns a zone, its record sets, and its link, which waits for
// them: a zone without records answers NXDOMAIN.
func armZoneResources(v View, zone Zone) iter.Seq[any] {
	name := dnsname.TrimDot(zone.Origin)
	return func(yield func(any) bool) {
		if !yield(armResource("", name, object{{"location", "global"}})) {
			return
		}
		for r := range zone.RRsets() {
			if !yield(armResource("/"+r.Type, name+"/"+relative(r.Name, zone.Origin), object{
				{"dependsOn", []string{armID("", name)}},
				{"properties", object{{"ttl", v.TTL}, armRecords(r)}},
			})) {
				return
			}
		}
		yield(armResource("/virtualNetworkLinks", name+"/"+azureLinkName(v), object{
			{"location", "global"},
			{"dependsOn", armRecordIDs(zone)},
			{"properties", object{
				{"registrationEnabled", false},
				{"virtualNetwork", object{{"id", "[parameters('virtualNetworkId')]"}}},
			}},
		}))
	}
}

// armRecordIDs returns the ids of a zone's record sets, or of the zone if it has
// none.
func armRecordIDs(zone Zone) list {
	name := dnsname.TrimDot(zone.Origin)
	if zone.IsEmpty() {
		return list(slices.Values([]any{armID("", name)}))
	}
	return listOf(zone.RRsets(), func(r RRset) any { return armID("/"+r.Type, name, relative(r.Name, zone.Origin)) })
}

// armResource returns a resource of a type below that of zones.
func armResource(below, name string, rest object) object {
	return append(object{{"type", armZone + below}, {"apiVersion", armVersion}, {"name", name}}, rest...)
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
func armRecords(r RRset) member {
	records, address := "aRecords", "ipv4Address"
	if r.Type == "AAAA" {
		records, address = "aaaaRecords", "ipv6Address"
	}
	all := make([]map[string]netip.Addr, len(r.Addrs))
	for i, addr := range r.Addrs {
		all[i] = map[string]netip.Addr{address: addr}
	}
	return member{records, all}
}
