package route53

import (
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// vpcAttributes are what "aws ec2 describe-vpc-attribute" prints of a VPC, one at a time.
type vpcAttributes struct {
	Support   *struct{ Value bool } `json:"EnableDnsSupport"`
	Hostnames *struct{ Value bool } `json:"EnableDnsHostnames"`
}

func (v vpcAttributes) said() bool { return v.Support != nil || v.Hostnames != nil }

// addAttributes notes that private hosted zones do not answer a VPC, by its attributes.
func (d *reader) addAttributes(v vpcAttributes, at holdings.Place) {
	if v.Support != nil && !v.Support.Value {
		d.b.Unread(at, "enableDnsSupport is off: the VPC's own DNS answers nobody, and no private hosted zone does")
	}
	if v.Hostnames != nil && !v.Hostnames.Value {
		d.b.Unread(at, "enableDnsHostnames is off: the VPC is not answered from private hosted zones")
	}
}

// dhcpOptions is the list that "aws ec2 describe-dhcp-options" prints.
const dhcpOptions = "DhcpOptions"

// dhcpSet is a set of DHCP options.
type dhcpSet struct {
	ID             string `json:"DhcpOptionsId"`
	Configurations []struct {
		Key    string
		Values []struct{ Value string }
	} `json:"DhcpConfigurations"`
}

// addDHCPOptions notes that the hosts of a VPC ask other servers than its own DNS.
func (d *reader) addDHCPOptions(set dhcpSet, at holdings.Place) {
	var others []string
	for _, option := range set.Configurations {
		for _, value := range option.Values {
			if option.Key == "domain-name-servers" && !rrset.CloudDNS[value.Value] {
				others = append(others, value.Value)
			}
		}
	}
	if len(others) > 0 {
		d.b.Unread(at, "hosts with the DHCP options %s ask %s, and not the VPC's own DNS, which has its private hosted zones: audit these servers", set.ID, strings.Join(others, ", "))
	}
}
