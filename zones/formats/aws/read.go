package aws

import (
	"cmp"
	"encoding/json"
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// templateResource is a resource of a template.
type templateResource struct {
	Type       string
	Condition  string // under which alone there is the resource; "" for always
	Properties struct {
		templateSet
		RecordSets json.RawMessage
		Rules      json.RawMessage `json:"FirewallRules"`
		VPCs       json.RawMessage

		HostedZoneID   templateRef `json:"HostedZoneId"`
		HostedZoneName text

		DomainName, RuleType text
		TargetIPs            json.RawMessage `json:"TargetIps"`
		ResolverRuleID       templateRef     `json:"ResolverRuleId"`
		VPCID                text            `json:"VPCId"`
	}

	name string
	text json.RawMessage // all of it
	at   holdings.Place
}

// templateRef is what refers to a resource of the template.
type templateRef struct{ Ref string }

// UnmarshalJSON implements json.Unmarshaler: the id of a zone that is elsewhere, and what
// other functions make, refer to none. Fn::GetAtt has the resource before the attribute.
func (t *templateRef) UnmarshalJSON(value []byte) error {
	var raw struct {
		Ref    string
		GetAtt any `json:"Fn::GetAtt"`
	}
	if json.Unmarshal(value, &raw) != nil {
		return nil
	}
	t.Ref = raw.Ref
	switch of := raw.GetAtt.(type) {
	case string:
		t.Ref, _, _ = strings.Cut(of, ".")
	case []any:
		if len(of) > 0 {
			t.Ref, _ = of[0].(string)
		}
	}
	return nil
}

// template gives what a template has to a builder. Its records may stand before their
// zones.
type template struct {
	b       *holdings.Builder
	zones   map[string]string // origins by resource
	public  map[string]bool
	records []templateRecord

	resources           []templateResource
	conditions          conditions
	rules, associations []templateResource // of Route 53 Resolver
	unknownVPCs         bool               // some VPCs that see zones are not known
	references          references
}

// templateRecord is a record set and the resource that has it.
type templateRecord struct {
	templateSet
	ref  string // the zone's resource, or ""
	zone string // the zone's name, or ""
	at   holdings.Place
}

// readTemplate reads the private hosted zones and their records in a template of
// CloudFormation that is written in JSON or YAML. What its functions make is not known.
func readTemplate(b *holdings.Builder, r io.Reader, in formats.Input) error {
	r, err := listing.AsJSON(r, in.Name)
	if err != nil {
		return err
	}
	s := jsontext.NewStream(r, in.Name)
	t := &template{b: b, zones: make(map[string]string), public: make(map[string]bool), references: newReferences()}
	defer t.end()
	read := func(section string) (map[string]any, error) { return t.references.read(s, section) }
	return s.Wrap(s.Documents(func(open json.Delim) error {
		if open != '{' {
			return s.Items(s.Skip)
		}
		return s.Members(func(name string) error {
			switch name {
			case "Transform":
				t.references.expanded = true
				return t.readTransform(s)
			case "Parameters", "Mappings", "Outputs":
				_, err := read(name)
				return err
			case "Conditions":
				t.conditions, err = read(name)
				return err
			case "Resources":
			default:
				return s.Skip()
			}
			return s.Object(func(name string) error { return t.read(s, name) })
		})
	}))
}

func (t *template) read(s *jsontext.Stream, name string) error {
	if strings.HasPrefix(name, "Fn::") {
		t.references.expanded = true
		t.b.Unread(s.Place(), "%s makes resources that are not known here", name)
		return s.Skip()
	}
	var text json.RawMessage
	at, err := s.Value(&text)
	if err != nil {
		return err
	}
	t.references.see(name, text, at)
	resource := templateResource{name: name, text: text, at: at}
	if err := json.Unmarshal(text, &resource); err != nil {
		return at.Errorf("%w", formats.Plain(err))
	}
	t.resources = append(t.resources, resource)
	t.checkMembers(resource)
	return nil
}

// addResources adds what the resources make whose conditions hold, and returns the others.
func (t *template) addResources() (unmade map[string]bool) {
	unmade = make(map[string]bool)
	for _, r := range t.resources {
		holds, known := true, true
		if r.Condition != "" {
			holds, known = t.conditions.holds(r.Condition)
		}
		switch {
		case known && !holds:
			unmade[r.name] = true
			t.b.Note(r.at, "%s is made under condition %s, which does not hold: it is left out", r.name, r.Condition)
			continue
		case !known && strings.HasPrefix(r.Type, "AWS::Route53"):
			t.b.Unread(r.at, "%s is made under condition %s alone: whether it is there, is not known", r.name, r.Condition)
		}
		t.addResource(r)
	}
	return unmade
}

// addResource adds what a resource makes.
func (t *template) addResource(r templateResource) {
	p := &r.Properties
	record := templateRecord{templateSet: p.templateSet, ref: p.HostedZoneID.Ref, zone: string(p.HostedZoneName), at: r.at}
	if p.HostedZoneName != "" {
		t.checkZoneName(r)
	}
	switch r.Type {
	case "AWS::Route53::HostedZone":
		t.addZone(r.name, string(p.Name), p.VPCs, r.at)
	case "AWS::Route53::RecordSet":
		t.records = append(t.records, record)
	case "AWS::Route53::RecordSetGroup":
		t.addGroup(record, r)
	case "AWS::Route53Resolver::ResolverRule":
		t.rules = append(t.rules, r)
	case "AWS::Route53Resolver::ResolverRuleAssociation":
		t.associations = append(t.associations, r)
	default:
		t.addOther(r)
	}
}

// addOther notes what makes zones or records, or blocks them, in a way that is not read.
func (t *template) addOther(r templateResource) {
	switch {
	case r.Type == "AWS::CloudFormation::Stack", r.Type == "AWS::Serverless::Application":
		t.b.Unread(r.at, "%s is a stack of its own, which is not followed: audit its template as well", r.name)
	case r.Type == "AWS::Route53Resolver::FirewallRuleGroup":
		if rules := r.Properties.Rules; len(rules) > 0 && !harmlessRules(rules) {
			t.b.Unread(r.at, "%s has rules of DNS Firewall, which are not read: they may block names, or answer them otherwise", r.name)
		}
	case r.Type == "AWS::ServiceDiscovery::PrivateDnsNamespace":
		name := string(r.Properties.Name)
		t.b.UnreadBelow(zoneOr(name), r.at, "%s makes a private hosted zone %s of its own, whose records Cloud Map makes: which network sees which zone, is not known", r.name, name)
	case r.Type == "AWS::Route53Profiles::ProfileResourceAssociation":
		t.addTied(r)
	case r.Type == "AWS::EC2::DHCPOptions" || r.Type == "AWS::EC2::VPC":
		t.addNetwork(r)
	case ownType.MatchString(r.Type) && recordsOfOwn.Match(r.text):
		t.b.Unread(r.at, "%s is a resource of the type %s, which may make records: what it makes, is not known", r.name, r.Type)
	}
}

// ownType finds the types of resources that somebody's own program makes, and recordsOfOwn what
// such a resource has that is for DNS.
var (
	ownType      = regexp.MustCompile(`^Custom::|^AWS::CloudFormation::(CustomResource|Macro)$|::MODULE$`)
	recordsOfOwn = regexp.MustCompile(`(?i)route ?53|hosted ?zone|record ?set|neo4j\.io`)
)

// addGroup adds the record sets of a group.
func (t *template) addGroup(of templateRecord, group templateResource) {
	listed := false
	_ = jsontext.Within(group.text, of.at, []string{"Properties", "RecordSets"}, func(text json.RawMessage, at holdings.Place) {
		if listed = len(text) > 0 && text[0] == '['; listed {
			_ = jsontext.Each(text, at, func(text json.RawMessage, at holdings.Place) { t.addSet(of, text, at) })
		}
	})
	if !listed {
		t.b.Unread(of.at, "a function makes the record sets of %s: which they are, is not known", group.name)
	}
}

// addSet adds one of the record sets of a group. What a function makes is not known.
func (t *template) addSet(of templateRecord, text json.RawMessage, at holdings.Place) {
	of.templateSet, of.at = templateSet{}, at
	if json.Unmarshal(text, &of.templateSet) != nil || of.Name == "" && of.Type == "" {
		t.b.Unread(at, "a function makes a record set of a group: what it is, is not known")
		return
	}
	t.checkSet(text, at)
	t.records = append(t.records, of)
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
	t.references.end(t.b, t.addResources())
	t.addRules()
	told, aliases, places, routed := make(map[string]bool), rrset.NewAliases(t.b), rrset.NewPlaces(t.b), rrset.NewRouted(t.b, "CloudFormation")
	for _, r := range t.records {
		if t.public[r.ref] {
			continue
		}
		zone := cmp.Or(t.zones[r.ref], r.zone)
		if key := r.ref + " " + r.zone; t.zones[r.ref] == "" && !t.named(zone) && !told[key] {
			told[key] = true
			rrset.Elsewhere(t.b, cmp.Or(r.zone, "of "+string(r.Name)), r.at)
		}
		id := ""
		if t.zones[r.ref] != "" {
			id = identity(r.ref, r.at)
		}
		r.add(t.b, aliases, zone, id, r.at)
		r.seePlace(places, r.at)
		routed.See(cmp.Or(r.ref, r.zone), r.routing(), r.at)
	}
	aliases.End()
	places.End()
}

// seePlace notes a record set that is for clients in some places alone.
func (t templateSet) seePlace(places rrset.Places, at holdings.Place) {
	switch {
	case t.GeoLocation != nil:
		places.See(string(t.Name), string(t.Type), string(t.GeoLocation.CountryCode), at)
	case t.CidrRoutingConfig != nil:
		places.See(string(t.Name), string(t.Type), string(t.CidrRoutingConfig.LocationName), at)
	}
}

// readTTL reads the TTL, which all but aliases have; what a function makes is not known.
func (t templateSet) readTTL(b *holdings.Builder, set *rrset.RRset, at holdings.Place) {
	if json.Unmarshal(t.TTL, &set.TTL) == nil {
		return
	}
	var literal any
	_ = json.Unmarshal(t.TTL, &literal) // nil where there is none
	_, made := literal.(map[string]any)
	if !made && t.AliasTarget == nil {
		b.UnreadBelow(zoneOr(strings.TrimPrefix(set.Name, "*.")), at, "the %s of %s has no TTL that is a number of seconds, and no alias: Route 53 takes no such record set", set.Type, dnsname.TrimDot(set.Name))
	}
}

func (t templateSet) add(b *holdings.Builder, aliases rrset.Aliases, zone, id string, at holdings.Place) {
	if t.Name == rrset.Unknown || t.Type == rrset.Unknown || t.Name == "" || t.Type == "" {
		b.Unread(at, "a record set has a name or a type that is an expression: left out")
		return
	}
	set := rrset.RRset{Name: string(t.Name), Type: string(t.Type), Zone: zone, ZoneID: id}
	t.readTTL(b, &set, at)
	for _, value := range t.ResourceRecords {
		set.Values = append(set.Values, string(value))
	}
	if t.AliasTarget != nil {
		set = aliases.Of(set, string(t.AliasTarget.DNSName), at)
	}
	rrset.Add(b, set, at)
}
