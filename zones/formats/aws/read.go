package aws

import (
	"cmp"
	"encoding/json"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// text is a value of a template: literal, or [rrset.Unknown] where a function makes it.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(value []byte) error {
	var literal string
	if json.Unmarshal(value, &literal) != nil {
		literal = rrset.Unknown
	}
	*t = text(literal)
	return nil
}

// templateSet is an AWS::Route53::RecordSet, or one of a group's.
type templateSet struct {
	Name, Type      text
	TTL             json.RawMessage
	ResourceRecords []text
	AliasTarget     *struct{ DNSName text }
}

// templateResource is a resource of a template.
type templateResource struct {
	Type       string
	Condition  string // under which alone there is the resource; "" for always
	Properties struct {
		templateSet
		RecordSets []templateSet
		VPCs       json.RawMessage

		HostedZoneID   templateRef `json:"HostedZoneId"`
		HostedZoneName text

		DomainName, RuleType text
		TargetIPs            json.RawMessage `json:"TargetIps"`
	}
}

// templateRef is what refers to a resource of the template.
type templateRef struct{ Ref string }

// UnmarshalJSON implements json.Unmarshaler: the id of a zone that is elsewhere, and what
// other functions make, refer to none.
func (t *templateRef) UnmarshalJSON(value []byte) error {
	type raw templateRef
	_ = json.Unmarshal(value, (*raw)(t))
	return nil
}

// template gives what a template has to a builder. Its records may stand before their
// zones.
type template struct {
	b       *holdings.Builder
	zones   map[string]string // origins by resource
	public  map[string]bool
	rules   *rrset.Rules
	records []templateRecord
}

// templateRecord is a record set and the resource that has it.
type templateRecord struct {
	templateSet
	ref  string // the zone's resource, or ""
	zone string // the zone's name, or ""
	at   holdings.Place
}

// readTemplate reads the private hosted zones and their records in a template of
// CloudFormation that is written in JSON. What its functions make is not known.
func readTemplate(b *holdings.Builder, r io.Reader, in formats.Input) error {
	s := jsontext.NewStream(r, in.Name)
	t := &template{b: b, zones: make(map[string]string), public: make(map[string]bool), rules: rrset.NewRules(b)}
	defer t.end()
	return s.Wrap(s.Documents(func(open json.Delim) error {
		if open != '{' {
			return s.Items(s.Skip)
		}
		return s.Members(func(name string) error {
			if name != "Resources" {
				return s.Skip()
			}
			return s.Object(func(name string) error { return t.read(s, name) })
		})
	}))
}

func (t *template) read(s *jsontext.Stream, name string) error {
	var resource templateResource
	at, err := s.Value(&resource)
	if err != nil {
		return err
	}
	p := &resource.Properties
	if resource.Condition != "" && strings.HasPrefix(resource.Type, "AWS::Route53") {
		t.b.Unread(at, "%s is made under condition %s alone: whether it is there, is not known", name, resource.Condition)
	}
	record := templateRecord{templateSet: p.templateSet, ref: p.HostedZoneID.Ref, zone: string(p.HostedZoneName), at: at}
	switch resource.Type {
	case "AWS::Route53::HostedZone":
		t.zones[name] = string(p.Name)
		if len(p.VPCs) == 0 {
			t.public[name] = true
			t.b.Note(at, "zone %s is public: it is left out, and so are its records", p.Name)
			return nil
		}
		rrset.Identify(t.b, string(p.Name), name+" "+at.File, at)
		rrset.Zone(t.b, string(p.Name), at)
		t.rules.Zone(string(p.Name))
	case "AWS::Route53Resolver::ResolverRule":
		t.addRule(resource, at)
	case "AWS::Route53::RecordSet":
		t.records = append(t.records, record)
	case "AWS::Route53::RecordSetGroup":
		for _, set := range p.RecordSets {
			record.templateSet = set
			t.records = append(t.records, record)
		}
	}
	return nil
}

// addRule adds a rule of Route 53 Resolver.
func (t *template) addRule(resource templateResource, at holdings.Place) {
	p := resource.Properties
	if p.RuleType != "FORWARD" {
		return
	}
	var targets []struct{ IP, IPv6 text }
	servers := []string{"other servers"}
	if json.Unmarshal(p.TargetIPs, &targets) == nil && len(targets) > 0 {
		servers = nil
		for _, target := range targets {
			servers = append(servers, string(cmp.Or(target.IP, target.IPv6)))
		}
	}
	t.rules.Forward(string(p.DomainName), servers, at)
}

// named reports whether the template makes a zone of that name.
func (t *template) named(zone string) bool {
	for _, made := range t.zones {
		if strings.EqualFold(dnsname.TrimDot(made), dnsname.TrimDot(zone)) {
			return true
		}
	}
	return false
}

// end adds the records.
func (t *template) end() {
	t.rules.End()
	told := make(map[string]bool)
	for _, r := range t.records {
		if t.public[r.ref] {
			continue
		}
		zone := cmp.Or(t.zones[r.ref], r.zone)
		if key := r.ref + " " + r.zone; t.zones[r.ref] == "" && !t.named(zone) && !told[key] {
			told[key] = true
			rrset.Elsewhere(t.b, cmp.Or(r.zone, "of "+string(r.Name)), r.at)
		}
		r.add(t.b, zone, r.at)
	}
}

func (t templateSet) add(b *holdings.Builder, zone string, at holdings.Place) {
	if t.Name == rrset.Unknown || t.Type == rrset.Unknown {
		b.Unread(at, "a record set has a name or a type that is an expression: left out")
		return
	}
	set := rrset.RRset{Name: string(t.Name), Type: string(t.Type), Zone: zone}
	_ = json.Unmarshal(t.TTL, &set.TTL) // one that is an expression is not known
	for _, value := range t.ResourceRecords {
		set.Values = append(set.Values, string(value))
	}
	if t.AliasTarget != nil {
		set.Type, set.Values = "ALIAS", []string{string(t.AliasTarget.DNSName)}
	}
	rrset.Add(b, set, at)
}

// detectTemplate knows a template that has something of Route 53.
func detectTemplate(head formats.Head) formats.Certainty {
	if head.HasPrefix("AWS::Route53::") && strings.Contains(string(head), `"Resources"`) {
		return formats.Surely
	}
	return formats.No
}
