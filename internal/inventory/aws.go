package inventory

import (
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// tags are those of AWS.
type tags []struct{ Key, Value string }

func (t tags) name() string {
	for _, tag := range t {
		if tag.Key == "Name" {
			return clean(tag.Value)
		}
	}
	return ""
}

// words returns all that people have written into the tags.
func (t tags) words() []string {
	var words []string
	for _, tag := range t {
		words = append(words, tag.Key, tag.Value)
	}
	return words
}

// ownService matches the name of a service of AWS's own, or of an endpoint service.
var ownService = regexp.MustCompile(`^(?:cn\.)?(?:com\.amazonaws|aws\.[a-z]+|aws)\.[a-z0-9-]+(?:\.[a-z0-9.-]+)?$`)

// regionOf returns the region of a service that is not AWS's own, or "".
func regionOf(name string) string {
	if match := service.FindStringSubmatch(name); match != nil {
		return match[1]
	}
	return ""
}

// isOwn reports whether a service is AWS's own. Any other may be Aura's, also one that is
// written otherwise than all that were seen.
func isOwn(name string) bool { return ownService.MatchString(name) && !strings.Contains(name, "vpce") }

// service matches the name of an endpoint service that is not of AWS itself, and has
// its region.
var service = regexp.MustCompile(`^(?:cn\.)?com\.amazonaws\.vpce\.([a-z0-9-]+)\.vpce-svc-[0-9a-z]+$`)

// zoneName matches an availability zone, and has its region.
var zoneName = regexp.MustCompile(`^([a-z]+(?:-[a-z]+)+-[0-9]+)[a-z]?$`)

func (b *Builder) addAWSEndpoint(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		VpcEndpointID       string `json:"VpcEndpointId"`
		VpcEndpointType     string
		VpcID               string `json:"VpcId"`
		ServiceName         string
		ServiceRegion       string
		State               string
		FailureReason       string
		SubnetIDs           []string `json:"SubnetIds"`
		NetworkInterfaceIDs []string `json:"NetworkInterfaceIds"`
		DNSEntries          []struct {
			DNSName string `json:"DnsName"`
		} `json:"DnsEntries"`
		OwnerID   string `json:"OwnerId"`
		Tags      tags
		LastError struct{ Code, Message string }
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	e := Endpoint{
		Cloud: AWS, ID: clean(raw.VpcEndpointID), Name: raw.Tags.name(), Account: b.account(AWS, raw.OwnerID), Network: clean(raw.VpcID),
		Service: strings.ToLower(strings.TrimSpace(clean(raw.ServiceName))), State: awsState(raw.State), Said: said(raw.State, raw.FailureReason, raw.LastError.Code, raw.LastError.Message),
		Unread: cleaned(raw.NetworkInterfaceIDs), Subnets: cleaned(raw.SubnetIDs), At: at,
	}
	if e.ID == "" {
		return "", errors.New("it has no VpcEndpointId")
	}
	// An endpoint with interfaces is a private one, whatever it is said to be.
	private := raw.VpcEndpointType != "Gateway" || len(raw.NetworkInterfaceIDs) > 0
	if private && (!isOwn(e.Service) || calledAura(append(raw.Tags.words(), e.Service)...)) {
		e.Evidence, e.ServiceRegion = Possible, cmp.Or(clean(raw.ServiceRegion), regionOf(e.Service))
	}
	e = e.calledBy(raw.Tags.words()...)
	for _, entry := range raw.DNSEntries {
		e.DNSNames = append(e.DNSNames, clean(dnsname.TrimDot(dnsname.Lower(entry.DNSName))))
		e = e.leadingTo(entry.DNSName)
	}
	return raw.OwnerID, b.endpoint(e)
}

func awsState(text string) State {
	switch strings.ToLower(text) {
	case "available":
		return Accepted
	case "pending", "pendingacceptance":
		return Pending
	case "rejected":
		return Rejected
	case "":
		return Unsaid
	default: // deleting, deleted, failed, expired, partial
		return Broken
	}
}

// said joins what a cloud says of a state.
func said(texts ...string) string {
	var parts []string
	for _, text := range texts {
		if text = clean(text); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

func (b *Builder) addAWSInterface(text json.RawMessage, _ holdings.Place) (string, error) {
	var raw struct {
		NetworkInterfaceID string `json:"NetworkInterfaceId"`
		VpcID              string `json:"VpcId"`
		SubnetID           string `json:"SubnetId"`
		AvailabilityZone   string
		AvailabilityZoneID string `json:"AvailabilityZoneId"`
		OwnerID            string `json:"OwnerId"`
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
	if err != nil {
		return "", err
	}
	b.interfaces[clean(raw.NetworkInterfaceID)] = Interface{
		ID: clean(raw.NetworkInterfaceID), Network: clean(raw.VpcID), Subnet: clean(raw.SubnetID), Addrs: holdings.SortedAddrs(its),
		Zone: clean(raw.AvailabilityZone), ZoneID: clean(raw.AvailabilityZoneID),
	}
	return raw.OwnerID + " " + regionOfZone(raw.AvailabilityZone), nil
}

func regionOfZone(zone string) string {
	if match := zoneName.FindStringSubmatch(zone); match != nil {
		return match[1]
	}
	return ""
}

func (b *Builder) addAWSVPC(text json.RawMessage, at holdings.Place) (string, error) {
	type association struct {
		CidrBlock          string
		IPv6CidrBlock      string `json:"Ipv6CidrBlock"`
		CidrBlockState     struct{ State string }
		IPv6CidrBlockState struct{ State string } `json:"Ipv6CidrBlockState"`
	}
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
	texts := []string{raw.CidrBlock}
	for _, a := range slices.Concat(raw.CidrBlockAssociation, raw.IPv6Association) {
		if a.CidrBlockState.State == "disassociated" || a.IPv6CidrBlockState.State == "disassociated" {
			continue
		}
		texts = append(texts, a.CidrBlock, a.IPv6CidrBlock)
	}
	its, err := ranges(texts...)
	if err != nil {
		return "", err
	}
	b.networks[clean(raw.VpcID)] = &Network{Cloud: AWS, ID: clean(raw.VpcID), Name: raw.Tags.name(), Account: b.account(AWS, raw.OwnerID), Ranges: its, At: at}
	return raw.OwnerID, nil
}

func (b *Builder) addAWSSubnet(text json.RawMessage, at holdings.Place) (string, error) {
	var raw struct {
		SubnetID           string `json:"SubnetId"`
		VpcID              string `json:"VpcId"`
		CidrBlock          string
		AvailabilityZone   string
		AvailabilityZoneID string `json:"AvailabilityZoneId"`
		OwnerID            string `json:"OwnerId"`
		IPv6Association    []struct {
			IPv6CidrBlock string `json:"Ipv6CidrBlock"`
		} `json:"Ipv6CidrBlockAssociationSet"`
		Tags tags
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	texts := []string{raw.CidrBlock}
	for _, a := range raw.IPv6Association {
		texts = append(texts, a.IPv6CidrBlock)
	}
	its, err := ranges(texts...)
	if err != nil {
		return "", err
	}
	b.subnets[clean(raw.SubnetID)] = Subnet{
		Cloud: AWS, ID: clean(raw.SubnetID), Network: clean(raw.VpcID), Name: raw.Tags.name(), Ranges: its,
		Zone: clean(raw.AvailabilityZone), ZoneID: clean(raw.AvailabilityZoneID), At: at,
	}
	return raw.OwnerID + " " + regionOfZone(raw.AvailabilityZone), nil
}

// addAWSService notes the names that a service has: they tell its orchestra, where Aura
// sets them.
func (b *Builder) addAWSService(text json.RawMessage, _ holdings.Place) (string, error) {
	type name struct {
		PrivateDNSName string `json:"PrivateDnsName"`
	}
	var raw struct {
		ServiceName     string
		PrivateDNSName  string `json:"PrivateDnsName"`
		PrivateDNSNames []name `json:"PrivateDnsNames"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return "", err
	}
	for _, n := range append(raw.PrivateDNSNames, name{raw.PrivateDNSName}) {
		if n.PrivateDNSName != "" {
			key := clean(raw.ServiceName)
			b.services[key] = append(b.services[key], n.PrivateDNSName)
		}
	}
	return "", nil
}

func (b *Builder) addAWSIdentity(text json.RawMessage, _ holdings.Place) (string, error) {
	var raw struct{ Account string }
	err := json.Unmarshal(text, &raw)
	b.account(AWS, raw.Account)
	return "", err
}
