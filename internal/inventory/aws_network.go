package inventory

import (
	"cmp"
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
)

// zoneName matches an availability zone, and has its region.
var zoneName = regexp.MustCompile(`^([a-z]+(?:-[a-z]+)+-[0-9]+)[a-z]?$`)

// ofEndpoint matches what AWS writes into the description of an endpoint's interface, and has the endpoint's ID.
var ofEndpoint = pattern.Lazily(`^VPC Endpoint Interface (vpce-[0-9a-z]+)$`)

func (b *Builder) addAWSInterface(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		NetworkInterfaceID string `json:"NetworkInterfaceId"`
		VpcID              string `json:"VpcId"`
		SubnetID           string `json:"SubnetId"`
		AvailabilityZone   string
		AvailabilityZoneID string `json:"AvailabilityZoneId"`
		OwnerID            string `json:"OwnerId"`
		Description        string
		PrivateIPAddress   string `json:"PrivateIpAddress"`
		PrivateIPAddresses []struct {
			PrivateIPAddress string `json:"PrivateIpAddress"`
		} `json:"PrivateIpAddresses"`
		IPv6Addresses []struct {
			IPv6Address string `json:"Ipv6Address"`
		} `json:"Ipv6Addresses"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	texts := []string{raw.PrivateIPAddress}
	for _, a := range raw.PrivateIPAddresses {
		texts = append(texts, a.PrivateIPAddress)
	}
	for _, a := range raw.IPv6Addresses {
		texts = append(texts, a.IPv6Address)
	}
	its, err := addrs(texts...)
	switch {
	case err != nil:
		return "", err
	case raw.PrivateIPAddress != "" && len(raw.PrivateIPAddresses) > 0 && !slices.Contains(texts[1:], raw.PrivateIPAddress):
		return "", errMixed("%s is not among its PrivateIpAddresses", clean(raw.PrivateIPAddress))
	}
	in := Interface{
		ID: clean(raw.NetworkInterfaceID), Network: clean(raw.VpcID), Subnet: clean(raw.SubnetID), Addrs: its,
		Zone: clean(raw.AvailabilityZone), ZoneID: clean(raw.AvailabilityZoneID), At: at,
	}
	if its := ofEndpoint().FindStringSubmatch(raw.Description); its != nil {
		in.Endpoint = its[1]
	}
	return raw.OwnerID + " " + regionOfZone(raw.AvailabilityZone), b.keepInterface(in)
}

func regionOfZone(zone string) string {
	if match := zoneName.FindStringSubmatch(zone); match != nil {
		return match[1]
	}
	return ""
}

// association is a range of a VPC, or of a subnet.
type association struct {
	CidrBlock          string
	IPv6CidrBlock      string `json:"Ipv6CidrBlock"`
	CidrBlockState     struct{ State string }
	IPv6CidrBlockState struct{ State string } `json:"Ipv6CidrBlockState"`
}

// associated returns the ranges that a list says are there. What is still being added, or was to be and
// could not, has no addresses in it, and neither has what is being taken away: AWS wants it empty before.
func (b *Builder) associated(of string, first string, all []association) ([]netip.Prefix, error) {
	texts := []string{first}
	for _, a := range all {
		text, state := cmp.Or(a.CidrBlock, a.IPv6CidrBlock), cmp.Or(a.CidrBlockState.State, a.IPv6CidrBlockState.State)
		if state == "" || strings.EqualFold(state, "associated") {
			texts = append(texts, text)
			continue
		}
		if text == first {
			texts[0] = ""
		}
		if !strings.EqualFold(state, "disassociated") {
			b.notef("%s: %s is %s, and left out", of, clean(text), clean(state))
		}
	}
	return ranges(texts...)
}

func (b *Builder) addAWSVPC(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		VpcID                string `json:"VpcId"`
		CidrBlock            string
		CidrBlockAssociation []association `json:"CidrBlockAssociationSet"`
		IPv6Association      []association `json:"Ipv6CidrBlockAssociationSet"`
		OwnerID              string        `json:"OwnerId"`
		Tags                 tags
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	its, err := b.associated(clean(raw.VpcID), raw.CidrBlock, slices.Concat(raw.CidrBlockAssociation, raw.IPv6Association))
	if err != nil {
		return "", err
	}
	n := Network{Cloud: AWS, ID: clean(raw.VpcID), Name: raw.Tags.name(), Account: b.account(AWS, raw.OwnerID), Ranges: its, At: at}
	return raw.OwnerID, b.keepNetwork(n)
}

func (b *Builder) addAWSSubnet(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		SubnetID           string `json:"SubnetId"`
		VpcID              string `json:"VpcId"`
		CidrBlock          string
		AvailabilityZone   string
		AvailabilityZoneID string        `json:"AvailabilityZoneId"`
		OwnerID            string        `json:"OwnerId"`
		IPv6Association    []association `json:"Ipv6CidrBlockAssociationSet"`
		Tags               tags
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	its, err := b.associated(clean(raw.SubnetID), raw.CidrBlock, raw.IPv6Association)
	if err != nil {
		return "", err
	}
	s := Subnet{
		Cloud: AWS, ID: clean(raw.SubnetID), Network: clean(raw.VpcID), Name: raw.Tags.name(), Ranges: its,
		Zone: clean(raw.AvailabilityZone), ZoneID: clean(raw.AvailabilityZoneID), At: at,
	}
	return raw.OwnerID + " " + regionOfZone(raw.AvailabilityZone), b.keepSubnet(s)
}
