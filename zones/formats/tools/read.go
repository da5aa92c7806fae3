package tools

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// dnsEndpoints is a DNSEndpoint of ExternalDNS, or a list of them.
type dnsEndpoints struct {
	API      string `yaml:"apiVersion"`
	Kind     string `yaml:"kind"`
	Metadata struct {
		Name        string            `yaml:"name"`
		Generate    string            `yaml:"generateName"`
		Namespace   string            `yaml:"namespace"`
		Annotations map[string]string `yaml:"annotations"`
	} `yaml:"metadata"`
	Spec struct {
		Endpoints []yaml.Node `yaml:"endpoints"`
	} `yaml:"spec"`
	Items []yaml.Node `yaml:"items"`
}

// dnsEndpoint is one of the endpoints of a DNSEndpoint.
type dnsEndpoint struct {
	Name    string   `yaml:"dnsName"`
	Type    string   `yaml:"recordType"`
	TTL     *uint32  `yaml:"recordTTL"`
	Targets []string `yaml:"targets"`
	// Set tells it from others of that name and type.
	Set string `yaml:"setIdentifier"`
	// Specific are what only some providers do.
	Specific []struct {
		Name  string `yaml:"name"`
		Value string `yaml:"value"`
	} `yaml:"providerSpecific"`
}

// readDNSEndpoints reads DNSEndpoints, as YAML or as JSON, which is YAML too. Only ours
// say in which zone their records are. But a wildcard is in one, where it covers no
// name that exists (RFC 4592).
func readDNSEndpoints(b *holdings.Builder, r io.Reader, in formats.Input) error {
	places := rrset.NewPlaces(b)
	defer places.End()
	return listing.Documents(r, in.Name, func(document *yaml.Node) error { return addDNSEndpoints(b, places, document, in.Name) })
}

// addDNSEndpoints adds a DNSEndpoint, or a list of them.
func addDNSEndpoints(b *holdings.Builder, places rrset.Places, node *yaml.Node, file string) error {
	at := holdings.Place{File: file, Line: node.Line}
	var resource dnsEndpoints
	if err := node.Decode(&resource); err != nil {
		return at.Errorf("%w", err)
	}
	for i := range resource.Items {
		if err := addDNSEndpoints(b, places, &resource.Items[i], file); err != nil {
			return err
		}
	}
	if resource.Kind != "DNSEndpoint" {
		resource.leave(b, node, at)
		return nil
	}
	if !objectsOf(b).takes(resource, at) {
		return nil
	}
	zone := resource.Metadata.Annotations[zoneAnnotation]
	if zone != "" {
		rrset.Zone(b, zone, at)
	}
	for i := range resource.Spec.Endpoints {
		at.Line = resource.Spec.Endpoints[i].Line
		var e dnsEndpoint
		if err := resource.Spec.Endpoints[i].Decode(&e); err != nil {
			return at.Errorf("%w", err)
		}
		objectsOf(b).seeEndpoint(e, at)
		e.check(b, &resource.Spec.Endpoints[i], at)
		e.add(b, zone, at)
		e.seeSpecific(b, places, at)
		if parent, wildcard := strings.CutPrefix(e.Name, "*."); wildcard && zone == "" {
			rrset.Zone(b, parent, at)
		}
	}
	return nil
}

// publishing are kinds of which ExternalDNS makes records by their hosts.
var publishing = regexp.MustCompile(`^(Ingress|IngressRoute\w*|Gateway|\w+Route|VirtualService|VirtualServer|HTTPProxy|Host)$`)

// leave leaves out a resource of another kind. ExternalDNS makes records of those with an
// annotation of its own, and of those that have hosts.
func (r dnsEndpoints) leave(b *holdings.Builder, node *yaml.Node, at holdings.Place) {
	own := publishing.MatchString(r.Kind)
	for name := range r.Metadata.Annotations {
		own = own || strings.HasPrefix(name, "external-dns.alpha.kubernetes.io/")
	}
	if text, err := yaml.Marshal(node); own && err == nil {
		listing.Leave(b, text, at)
	}
}

func (e dnsEndpoint) add(b *holdings.Builder, zone string, at holdings.Place) {
	set := rrset.RRset{Name: e.Name, Type: e.Type, Zone: zone, Values: e.Targets}
	if e.TTL != nil {
		set.TTL = rrset.Seconds(*e.TTL)
	}
	rrset.Add(b, set, at)
}

// steady are properties of providers with which all clients get one of the targets that are
// read.
var steady = []string{"alias", "aws/weight", "aws/region", "aws/multi-value-answer", "aws/evaluate-target-health", "aws/health-check-id"}

// seeSpecific notes who is answered with an endpoint, as far as a provider tells clients apart.
func (e dnsEndpoint) seeSpecific(b *holdings.Builder, places rrset.Places, at holdings.Place) {
	name, err := holdings.CanonicalName(e.Name)
	for _, one := range e.Specific {
		switch {
		case err != nil, slices.Contains(steady, one.Name):
		case strings.HasPrefix(one.Name, "aws/geolocation-"):
			places.See(e.Name, e.Type, one.Value, at)
		default:
			b.UnreadBelow(strings.TrimPrefix(name, "*."), at, "the %s of %s has %s %q: what the provider makes of the record is not known here", e.Type, e.Name, one.Name, one.Value)
		}
	}
}

// endpointMembers are those of an endpoint. Case tells them apart.
var endpointMembers = []string{"dnsName", "labels", "providerSpecific", "recordTTL", "recordType", "setIdentifier", "targets"}

// check notes what Kubernetes or ExternalDNS does not take of an endpoint.
func (e dnsEndpoint) check(b *holdings.Builder, node *yaml.Node, at holdings.Place) {
	origin := "."
	if name, err := holdings.CanonicalName(e.Name); err == nil {
		origin = strings.TrimPrefix(name, "*.")
	}
	for key := range listing.Mapping(node) {
		if !slices.Contains(endpointMembers, key.Value) {
			b.UnreadBelow(origin, at, "the endpoint of %s has the member %s, which DNSEndpoints have not: kubectl refuses the object, and others leave it out", e.Name, key.Value)
		}
	}
	if e.Type != strings.ToUpper(e.Type) {
		b.UnreadBelow(origin, at, "the endpoint of %s has the type %s, which is not in capital letters: ExternalDNS makes no record of it", e.Name, e.Type)
	}
}

// detectDNSEndpoints knows them by their kind.
func detectDNSEndpoints(head formats.Head) formats.Certainty {
	if strings.Contains(string(head), "externaldns.k8s.io/") && strings.Contains(string(head), "DNSEndpoint") {
		return formats.Surely
	}
	return formats.No
}

// powerdnsSet is an RRSet object of PowerDNS's API.
type powerdnsSet struct {
	Name       string    `json:"name"`
	Type       string    `json:"type"`
	TTL        rrset.TTL `json:"ttl"`
	Changetype string    `json:"changetype"`
	Records    []struct {
		Content  string `json:"content"`
		Disabled bool   `json:"disabled"`
	} `json:"records"`
}

// readPowerDNS reads Zone objects of PowerDNS's API. The SOA claims a zone.
func readPowerDNS(b *holdings.Builder, r io.Reader, in formats.Input) error {
	listed := rrset.NewListed(b)
	defer listed.End()
	document := newPowerDNSDocument(b)
	return listing.EachWithin(r, in.Name, []string{"rrsets"}, func(item listing.Item) error {
		var set powerdnsSet
		if err := item.Decode(&set); err != nil {
			return err
		}
		document.see(set, item.At)
		if strings.EqualFold(set.Changetype, "DELETE") || set.Type == "" {
			return nil
		}
		r := rrset.RRset{Name: set.Name, Type: set.Type, TTL: set.TTL}
		for _, record := range set.Records {
			if !record.Disabled {
				r.Values = append(r.Values, record.Content)
			}
		}
		if len(r.Values) > 0 {
			listed.Within(item.List)
			listed.Add(r, item.At)
		}
		return nil
	}, func(item listing.Item) error {
		defer func() { document = newPowerDNSDocument(b) }()
		return document.end(item)
	})
}

// detectPowerDNS knows a zone by members that only its RRsets have.
func detectPowerDNS(head formats.Head) formats.Certainty {
	if head.Has("rrsets") && head.Has("content") && head.Has("records") {
		return formats.Surely
	}
	return formats.No
}
