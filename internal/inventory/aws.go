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
	"github.com/auralink/auralink/internal/pattern"
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
	if match := vpceService().FindStringSubmatch(name); match != nil {
		return match[1]
	}
	return ""
}

// isOwn reports whether a service is AWS's own. Any other may be Aura's, also one that is
// written otherwise than all that were seen.
func isOwn(name string) bool { return ownService.MatchString(name) && !strings.Contains(name, "vpce") }

// vpceService matches the name of an endpoint service that is not of AWS itself, and has
// its region.
var vpceService = pattern.Lazily(`^(?:cn\.)?com\.amazonaws\.vpce\.([a-z0-9-]+)\.vpce-svc-[0-9a-z]+$`)

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
		Service: serviceName(raw.ServiceName), State: awsState(raw.State), Said: said(raw.State, raw.FailureReason, raw.LastError.Code, raw.LastError.Message),
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
		if its := endpointLabel().FindStringSubmatch(entry.DNSName); its != nil && its[1] != e.ID {
			return "", errMixed("%s has a name of %s in its DnsEntries", e.ID, its[1])
		}
		e.DNSNames = append(e.DNSNames, clean(dnsname.TrimDot(dnsname.Lower(entry.DNSName))))
		e = e.leadingTo(entry.DNSName)
	}
	return raw.OwnerID, b.endpoint(e)
}

// endpointLabel matches the name that AWS has for an endpoint, and has its ID.
var endpointLabel = pattern.Lazily(`^(?:\*\.)?(vpce-[0-9a-z]+)-[^.]+\.vpce-svc-`)

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

// service is one of AWS's, with the names that the cloud resolves for it.
type service struct {
	names []string // sorted
	at    holdings.Place
}

// serviceName returns the name of a service, in lower case as it is compared.
func serviceName(text string) string { return strings.ToLower(strings.TrimSpace(clean(text))) }

// addAWSService notes the names that a service has: they tell its orchestra, where Aura
// sets them.
func (b *Builder) addAWSService(text json.RawMessage, at holdings.Place) (string, error) {
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
	s := service{at: at}
	for _, n := range append(raw.PrivateDNSNames, name{raw.PrivateDNSName}) {
		if n.PrivateDNSName != "" {
			s.names = append(s.names, dnsname.TrimDot(dnsname.Lower(n.PrivateDNSName)))
		}
	}
	slices.Sort(s.names)
	s.names = slices.Compact(s.names)
	return "", keep(b.services, serviceName(raw.ServiceName), s, joinedServices, func(s service) holdings.Place { return s.at })
}

func (b *Builder) addAWSIdentity(text json.RawMessage, _ holdings.Place) (string, error) {
	var raw struct{ Account string }
	err := json.Unmarshal(text, &raw)
	b.account(AWS, raw.Account)
	return "", err
}
