package azure

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// template gives what a template has to a builder.
type template struct {
	b     *holdings.Builder
	zones map[string]bool           // that are made, in lower case
	used  map[string]holdings.Place // zones that have record sets, in lower case
	links *rrset.Links
}

// templateBody is a template, or one that a deployment has in itself.
type templateBody struct {
	Schema     string                    `json:"$schema"`
	Version    any                       `json:"contentVersion"`
	Profile    string                    `json:"apiProfile"`
	Language   string                    `json:"languageVersion"`
	Variables  map[string]any            `json:"variables"`
	Parameters map[string]map[string]any `json:"parameters"`
	Resources  json.RawMessage           `json:"resources"`
}

// made is a resource of a template, as it makes it.
type made struct {
	Type       string          `json:"type"`
	Name       string          `json:"name"`
	Condition  any             `json:"condition"`
	Copy       any             `json:"copy"`
	Existing   bool            `json:"existing"`
	Group      string          `json:"resourceGroup"`
	Properties map[string]any  `json:"properties"`
	Children   json.RawMessage `json:"resources"`
	Version    any             `json:"apiVersion"`
	Location   any             `json:"location"`
	DependsOn  any             `json:"dependsOn"`
	Scope      any             `json:"scope"`
	Extension  any             `json:"extension"`
	Import     any             `json:"import"`

	scope scope
	at    holdings.Place
}

// readTemplate reads the private DNS zones, their record sets and links, and the rules that
// forward, in a template, in what is nested in it, and in templates of the deployments that it
// has in itself. What an expression stands for is known as far as it is of literals.
func readTemplate(b *holdings.Builder, r io.Reader, in formats.Input) error {
	t := &template{b: b, zones: make(map[string]bool), used: make(map[string]holdings.Place), links: rrset.LinksOf(b)}
	s := jsontext.NewStream(r, in.Name)
	err := s.Wrap(s.Documents(func(open json.Delim) error {
		if open != '{' {
			return s.Items(s.Skip)
		}
		return t.readBody(s)
	}))
	for _, zone := range slices.Sorted(maps.Keys(t.used)) {
		if !t.zones[zone] {
			rrset.Elsewhere(b, zone, t.used[zone])
		}
	}
	return err
}

// readBody reads a template whose beginning was read. Its variables may stand behind its
// resources.
func (t *template) readBody(s *jsontext.Stream) error {
	var body templateBody
	at := s.Place()
	var parameters json.RawMessage
	err := s.Members(func(name string) (err error) {
		switch strings.ToLower(name) {
		case "$schema":
			return s.Decode(&body.Schema)
		case "contentversion":
			return s.Decode(&body.Version)
		case "apiprofile":
			return s.Decode(&body.Profile)
		case "languageversion":
			return s.Decode(&body.Language)
		case "variables":
			return s.Decode(&body.Variables)
		case "parameters":
			return s.Decode(&parameters)
		case "resources":
			at, err = s.Value(&body.Resources)
			return err
		default:
			return s.Skip()
		}
	})
	if err == nil {
		t.checkNames(body, parameters, at)
		its := t.bodyOf(body, at)
		t.addAll(body.Resources, at, nil, scope{variables: newNamed(body.Variables), symbolic: body.Language == symbolic, body: its})
		t.endBody(its)
	}
	return err
}

// addAll adds the resources of a list, or of an object that has them by names.
func (t *template) addAll(text json.RawMessage, at holdings.Place, parent *made, of scope) {
	if len(text) == 0 || string(text) == "null" {
		return
	}
	if of.deep > maxScopes {
		t.b.Unread(at, "resources are nested more than %d deep: they are not read", maxScopes)
		return
	}
	if of.body != nil {
		of.body.symbols(text)
	}
	err := jsontext.Each(text, at, func(text json.RawMessage, at holdings.Place) {
		one := made{scope: of, at: at}
		if json.Unmarshal(text, &one) != nil {
			t.b.Unread(at, "a resource is not read: it is not as templates have them")
			return
		}
		if parent != nil && !strings.Contains(one.Type, "/") {
			one.Type, one.Name = parent.Type+"/"+one.Type, joined(parent.Name, one.Name, of)
		}
		t.add(one, text)
	})
	if err != nil {
		t.b.Unread(at, "an expression makes the resources: which they are, is not known")
	}
}

// joined returns the name of a resource that is nested in another one, as an expression where
// one of them is not known.
func joined(parent, name string, of scope) string {
	above, known := of.text(parent)
	own, also := of.text(name)
	if !known || !also {
		return "[unknown()]"
	}
	return above + "/" + own
}

// add adds a resource, and what is nested in it.
func (t *template) add(one made, text json.RawMessage) {
	t.checkDeployable(one)
	switch deployment := strings.EqualFold(one.Type, "Microsoft.Resources/deployments"); {
	case one.Existing:
		return
	case one.unmade():
		if deployment || one.matters() {
			t.b.Note(one.at, "%s %s is made under a condition that does not hold: it is left out", one.Type, one.Name)
		}
		return
	case one.matters():
		t.addOwn(one)
	case deployment:
		t.addDeployment(one, text)
	default:
		t.addOther(one, text)
	}
	_ = jsontext.Within(text, one.at, []string{"resources"}, func(text json.RawMessage, at holdings.Place) {
		t.addAll(text, at, &one, one.scope.inner())
	})
}

// matters reports whether a resource has a say in private DNS.
func (one made) matters() bool {
	kind := strings.ToLower(one.Type)
	if strings.Contains(kind, "/providers/") { // of another service, such as a lock
		return false
	}
	return strings.HasPrefix(kind, strings.ToLower(armZone)) || strings.HasPrefix(kind, strings.ToLower(armRules))
}

// armRules are rules of a DNS Private Resolver.
const armRules = "Microsoft.Network/dnsForwardingRulesets/forwardingRules"

// addOwn adds a zone, or what is in one, or a rule.
func (t *template) addOwn(one made) {
	if one.conditional() {
		t.b.Unread(one.at, "%s %s is made under a condition alone: whether it is there, is not known", one.Type, one.Name)
	}
	if _, loop := member(one.Properties, "copy"); loop || one.Copy != nil {
		t.b.Unread(one.at, "%s %s is made by a loop (copy), which is not followed: audit what az network private-dns lists", one.Type, one.Name)
		return
	}
	var set records
	properties := one.scope.whole(one.Properties)
	if weigh(properties, maxWeight) <= 0 {
		t.b.Unread(one.at, "%s %s is larger than anything of Azure's: left out", one.Type, one.Name)
		return
	}
	text, err := json.Marshal(properties)
	if err != nil || json.Unmarshal(text, &set) != nil {
		t.b.Unread(one.at, "%s %s has properties that an expression makes: what they are, is not known", one.Type, one.Name)
		return
	}
	name, known := one.scope.text(one.Name)
	zone, own, _ := strings.Cut(name, "/")
	switch kind := one.kind(); {
	case strings.EqualFold(one.Type, armRules):
		t.addRule(set, one)
	case kind == "VIRTUALNETWORKLINKS":
		t.addLink(set, zone, one)
	case !known:
		t.b.Unread(one.at, "%s has a name that is an expression: left out", one.Type)
	case kind == "":
		t.addZone(name, one)
	default:
		t.addSet(set, kind, zone, own, one.at)
	}
}

// kind returns what a resource is in a zone, in capital letters; "" for the zone itself.
func (one made) kind() string {
	return strings.ToUpper(strings.TrimPrefix(one.Type[min(len(armZone), len(one.Type)):], "/"))
}

// addLink adds a link of a zone to a virtual network. The same expression for two networks stands for
// the same one.
func (t *template) addLink(set records, zone string, one made) {
	network := set.Network.ID
	switch network {
	case "":
		t.b.Unread(one.at, "%s %s has no virtual network (properties.virtualNetwork.id): Azure makes no such link", one.Type, one.Name)
	case rrset.Unknown:
		its, _ := member(one.Properties, "virtualNetwork")
		object, _ := its.(map[string]any)
		raw, _ := member(object, "id")
		network = rrset.Expression(strings.ToLower(fmt.Sprint(raw)))
		t.links.Link(zone, network)
	default:
		t.links.Link(zone, network)
	}
	if set.Registers == true {
		t.links.Register(zone, network, "link "+one.Name, one.at)
	}
}

// knownOr returns a text, or "" for one that is not known.
func knownOr(text string) string {
	if text == rrset.Unknown {
		return ""
	}
	return text
}

func (t *template) addZone(name string, one made) {
	at := one.at
	t.zones[strings.ToLower(name)] = true
	t.links.Zone(name, "another template", at)
	rrset.Identify(t.b, name, strings.TrimSpace("template "+at.File+" "+one.scope.group), at)
	rrset.Zone(t.b, name, at)
}

func (t *template) addSet(set records, kind, zone, name string, at holdings.Place) {
	if key := strings.ToLower(zone); t.used[key] == (holdings.Place{}) {
		t.used[key] = at
	}
	rrset.Add(t.b, rrset.RRset{Name: absolute(name, zone), Type: kind, Zone: zone, TTL: set.TTL, Values: set.values()}, at)
}

// addRule adds a rule of a DNS Private Resolver.
func (t *template) addRule(set records, one made) {
	switch {
	case strings.EqualFold(set.Rule, "Disabled"):
	case knownOr(set.Domain) == "":
		t.b.Unread(one.at, "a forwarding rule has a domain that is an expression: left out")
	default:
		set.forward(t.b, one.at)
	}
}

// detectTemplate knows a template with private DNS zones, or with rules that forward.
func detectTemplate(head formats.Head) formats.Certainty {
	text := strings.ToLower(string(head))
	if head.Document() && strings.Contains(text, "deploymenttemplate.json") && (strings.Contains(text, strings.ToLower(armZone)) || strings.Contains(text, "microsoft.network/dnsforwardingrulesets")) {
		return formats.Surely
	}
	return formats.No
}
