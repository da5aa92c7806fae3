package tools

import (
	"errors"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// errNoZone is the error for a zone of octoDNS in a file that is not called so.
var errNoZone = errors.New("octoDNS calls the file of a zone by its name, such as endpoints.neo4j.io.yaml, and this is another name")

// octodnsTTL is the TTL of records that have none, of octoDNS's YamlProvider.
const octodnsTTL = 3600

// octodnsRecord is a record of octoDNS.
type octodnsRecord struct {
	Type   string      `yaml:"type"`
	TTL    *uint32     `yaml:"ttl"`
	Value  yaml.Node   `yaml:"value"`
	Values []yaml.Node `yaml:"values"`
	// Dynamic has pools of which one is answered with, and Geo values for some clients.
	Dynamic struct {
		Pools map[string]struct {
			Values []struct {
				Value yaml.Node `yaml:"value"`
			} `yaml:"values"`
		} `yaml:"pools"`
	} `yaml:"dynamic"`
	Geo map[string][]yaml.Node `yaml:"geo"`
	// Sync says where a record is synced, as octodns, or not at all.
	Sync struct {
		Ignored  bool     `yaml:"ignored"`
		Excluded []string `yaml:"excluded"`
		Included []string `yaml:"included"`
	} `yaml:"octodns"`
}

// all returns all values that may be answered.
func (r octodnsRecord) all() []yaml.Node {
	all := append(r.Values, r.Value)
	for _, pool := range slices.Sorted(maps.Keys(r.Dynamic.Pools)) {
		for _, value := range r.Dynamic.Pools[pool].Values {
			all = append(all, value.Value)
		}
	}
	for _, where := range slices.Sorted(maps.Keys(r.Geo)) {
		all = append(all, r.Geo[where]...)
	}
	return all
}

// readOctoDNS reads a zone of octoDNS's YamlProvider, which says nowhere what zone it
// is: its file is called so. A zone answers NXDOMAIN for what it lacks.
func readOctoDNS(b *holdings.Builder, r io.Reader, in formats.Input) error {
	origin := in.Origin
	if zone, ok := strings.CutSuffix(path.Base(strings.ReplaceAll(in.Name, `\`, "/")), ".yaml"); ok && strings.Contains(zone, ".") {
		origin = dnsname.Absolute(zone)
	}
	if origin == "" {
		return holdings.Place{File: in.Name, Line: 1}.Errorf("%w", errNoZone)
	}
	rrset.Zone(b, origin, holdings.Place{File: in.Name, Line: 1})
	return listing.Documents(r, in.Name, func(document *yaml.Node) error {
		for name, value := range listing.Mapping(document) {
			at := holdings.Place{File: in.Name, Line: name.Line}
			items := []*yaml.Node{value}
			if value.Kind == yaml.SequenceNode {
				items = value.Content
			}
			for _, item := range items {
				var record octodnsRecord
				if err := item.Decode(&record); err != nil {
					return at.Errorf("%w", err)
				}
				record.add(b, ownerIn(name.Value, origin), origin, at)
			}
		}
		return nil
	})
}

// ownerIn returns the absolute name of what is relative to a zone.
func ownerIn(name, origin string) string {
	if name == "" || name == "@" {
		return origin
	}
	return name + "." + origin
}

func (r octodnsRecord) add(b *holdings.Builder, name, zone string, at holdings.Place) {
	if r.Sync.Ignored {
		b.Note(at, "the %s of %s is left out: octoDNS ignores it", r.Type, dnsname.TrimDot(name))
		return
	}
	if canonical, err := holdings.CanonicalName(name); err == nil && len(r.Sync.Excluded)+len(r.Sync.Included) > 0 {
		b.UnreadBelow(strings.TrimPrefix(canonical, "*."), at, "the %s of %s is synced to some providers alone", r.Type, dnsname.TrimDot(name))
	}
	set := rrset.RRset{Name: name, Type: r.Type, Zone: zone, TTL: rrset.Seconds(octodnsTTL)}
	if r.TTL != nil {
		set.TTL = rrset.Seconds(*r.TTL)
	}
	for _, value := range r.all() {
		if value.Kind == yaml.ScalarNode {
			set.Values = append(set.Values, value.Value)
		}
	}
	rrset.Add(b, set, at)
}

var (
	octodnsLine  = regexp.MustCompile(`(?m)^\s+(- )?type: ["']?(A|AAAA|CNAME|ALIAS|TXT|MX|NS|SRV|CAA|PTR)["']?\s*$`)
	octodnsValue = regexp.MustCompile(`(?m)^\s+(- )?values?:`)
	notOctoDNS   = regexp.MustCompile(`(?m)^\s*(- )?(kind|apiVersion|rrdatas|fqdn|regions|vpcs|providers):`)
)

// detectOctoDNS knows a zone by its records.
func detectOctoDNS(head formats.Head) formats.Certainty {
	text := string(head)
	if !head.Document() && octodnsLine.MatchString(text) && octodnsValue.MatchString(text) && !notOctoDNS.MatchString(text) {
		return formats.Likely
	}
	return formats.No
}

// dnsEndpoints is a DNSEndpoint of ExternalDNS, or a list of them.
type dnsEndpoints struct {
	Kind     string `yaml:"kind"`
	Metadata struct {
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
}

// readDNSEndpoints reads DNSEndpoints, as YAML or as JSON, which is YAML too. Only ours
// say in which zone their records are. But a wildcard is in one, where it covers no
// name that exists (RFC 4592).
func readDNSEndpoints(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return listing.Documents(r, in.Name, func(document *yaml.Node) error { return addDNSEndpoints(b, document, in.Name) })
}

// addDNSEndpoints adds a DNSEndpoint, or a list of them.
func addDNSEndpoints(b *holdings.Builder, node *yaml.Node, file string) error {
	at := holdings.Place{File: file, Line: node.Line}
	var resource dnsEndpoints
	if err := node.Decode(&resource); err != nil {
		return at.Errorf("%w", err)
	}
	for i := range resource.Items {
		if err := addDNSEndpoints(b, &resource.Items[i], file); err != nil {
			return err
		}
	}
	if resource.Kind != "DNSEndpoint" {
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
		e.add(b, zone, at)
		if parent, wildcard := strings.CutPrefix(e.Name, "*."); wildcard && zone == "" {
			rrset.Zone(b, parent, at)
		}
	}
	return nil
}

func (e dnsEndpoint) add(b *holdings.Builder, zone string, at holdings.Place) {
	set := rrset.RRset{Name: e.Name, Type: e.Type, Zone: zone, Values: e.Targets}
	if e.TTL != nil {
		set.TTL = rrset.Seconds(*e.TTL)
	}
	rrset.Add(b, set, at)
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
	return listing.Each(r, in.Name, []string{"rrsets"}, func(item listing.Item) error {
		var set powerdnsSet
		if err := item.Decode(&set); err != nil {
			return err
		}
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
	})
}

// detectPowerDNS knows a zone by members that only its RRsets have.
func detectPowerDNS(head formats.Head) formats.Certainty {
	if head.Has("rrsets") && head.Has("content") && head.Has("records") {
		return formats.Surely
	}
	return formats.No
}
