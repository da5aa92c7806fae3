package terraform

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// addNetwork notes what keeps the hosts of a network from its private zones, and reports whether a
// resource is one that could.
func (r *records) addNetwork(i instance) bool {
	switch i.kind {
	case "aws_vpc", "aws_default_vpc", "aws_ec2_vpc", "aws_ec2_default_vpc": // Pulumi's have the service in them
		if id := r.text(i.values["id"]); r.sees(awsZone, "vpc", "vpc_id", id) {
			r.off(i, "enable_dns_support")
			r.off(i, "enable_dns_hostnames")
		}
	case "aws_vpc_dhcp_options", "aws_ec2_vpc_dhcp_options":
		if r.anyHas(i) {
			r.otherServers(i, i.values["domain_name_servers"])
		}
	case "azurerm_virtual_network", "azurerm_network_virtual_network":
		if id := r.text(i.values["id"]); r.sees("azurerm_private_dns_zone_virtual_network_link", "", "virtual_network_id", id) {
			r.otherServers(i, i.values["dns_servers"])
		}
	default:
		return false
	}
	return true
}

// off notes an attribute without which a VPC is not answered from private zones.
func (r *records) off(i instance, attribute string) {
	if i.values[attribute] == false {
		r.b.Unread(i.at, "%s has %s off: nobody there is answered from private hosted zones", i, attribute)
	}
}

// otherServers notes servers that hosts ask and that are not the cloud's own.
func (r *records) otherServers(i instance, servers any) {
	var others []string
	for _, server := range asList(servers) {
		if text := r.text(server); !rrset.CloudDNS[text] && text != "" {
			others = append(others, text)
		}
	}
	if len(others) > 0 {
		r.b.Unread(i.at, "%s has hosts ask %s, and not the cloud's own DNS, which has the private zones: audit these servers", i, strings.Join(others, ", "))
	}
}

// sees reports whether a resource of a kind has a network by its id, in an attribute, which may be
// in blocks; or one that is not known.
func (r *records) sees(kind, blocks, attribute, id string) bool {
	return slices.ContainsFunc(r.instances, func(i instance) bool {
		all := []any{i.values}
		if blocks != "" {
			all = asList(i.values[blocks])
		}
		return i.kind == kind && slices.ContainsFunc(all, func(one any) bool {
			its := r.text(asMap(one)[attribute])
			return its == "" || id == "" || strings.EqualFold(its, id)
		})
	})
}

// anyHas reports whether a VPC that sees a zone may have DHCP options.
func (r *records) anyHas(options instance) bool {
	id, known := r.text(options.values["id"]), false
	for _, i := range r.instances {
		if its := r.text(i.values["dhcp_options_id"]); !strings.HasSuffix(i.kind, "vpc_dhcp_options_association") || its != "" && id != "" && its != id {
			continue
		}
		if known = true; r.sees(awsZone, "vpc", "vpc_id", r.text(i.values["vpc_id"])) {
			return true
		}
	}
	return !known && r.sees(awsZone, "vpc", "vpc_id", "")
}
