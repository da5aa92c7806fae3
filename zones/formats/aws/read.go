package aws

import (
	"encoding/json"
	"io"
	"strings"

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
	Properties struct {
		templateSet
		RecordSets []templateSet
		VPCs       json.RawMessage
	}
}

// readTemplate reads the private hosted zones and their records in a template of
// CloudFormation that is written in JSON. What its functions make is not known.
func readTemplate(b *holdings.Builder, r io.Reader, in formats.Input) error {
	s := jsontext.NewStream(r, in.Name)
	return s.Wrap(s.Documents(func(open json.Delim) error {
		if open != '{' {
			return s.Items(s.Skip)
		}
		return s.Members(func(name string) error {
			if name != "Resources" {
				return s.Skip()
			}
			return s.Object(func(string) error { return readResource(b, s) })
		})
	}))
}

func readResource(b *holdings.Builder, s *jsontext.Stream) error {
	var resource templateResource
	at, err := s.Value(&resource)
	if err != nil {
		return err
	}
	switch resource.Type {
	case "AWS::Route53::HostedZone":
		if len(resource.Properties.VPCs) == 0 {
			b.Note(at, "zone %s is public: it is left out", resource.Properties.Name)
			return nil
		}
		rrset.Zone(b, string(resource.Properties.Name), at)
	case "AWS::Route53::RecordSet":
		resource.Properties.add(b, at)
	case "AWS::Route53::RecordSetGroup":
		for _, set := range resource.Properties.RecordSets {
			set.add(b, at)
		}
	}
	return nil
}

func (t templateSet) add(b *holdings.Builder, at holdings.Place) {
	if t.Name == rrset.Unknown || t.Type == rrset.Unknown {
		b.Note(at, "a record set has a name or a type that is an expression: left out")
		return
	}
	set := rrset.RRset{Name: string(t.Name), Type: string(t.Type)}
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
