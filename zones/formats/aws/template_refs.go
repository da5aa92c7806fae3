package aws

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// references are what a template declares, and what refers to that. CloudFormation refuses a template
// in which something refers to what is not declared, or to itself by others.
type references struct {
	declared map[kind]map[string]bool
	types    map[string]string   // of resources
	needs    map[string][]string // resources, by what refers to them
	used     []use
	mappings map[string]any
	expanded bool // something else makes further resources
}

// kind is a kind of what a template declares.
type kind string

const (
	aParameter kind = "a parameter"
	aResource  kind = "a resource"
	aCondition kind = "a condition"
	aMapping   kind = "a mapping"
)

// use is what refers to something that has one of some kinds.
type use struct {
	name      string
	kinds     []kind
	attribute string   // of a resource; "" for none
	keys      []string // of a mapping, where they are known
	from      string   // the resource that refers to it; "" for none
	condition bool     // it is within a condition
	chosen    bool     // it is within a choice, which a condition may not take
	at        holdings.Place
}

func newReferences() references {
	declared := make(map[kind]map[string]bool)
	for _, k := range []kind{aParameter, aResource, aCondition, aMapping} {
		declared[k] = make(map[string]bool)
	}
	return references{declared: declared, types: make(map[string]string), needs: make(map[string][]string)}
}

// sections are those of a template whose names others refer to.
var sections = map[string]kind{"Parameters": aParameter, "Conditions": aCondition, "Mappings": aMapping}

// read reads a section: the names that it declares, and what it refers to. It returns what it has.
func (r *references) read(s *jsontext.Stream, section string) (map[string]any, error) {
	var text json.RawMessage
	at, err := s.Value(&text)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	_ = json.Unmarshal(text, &all) // others declare none
	for name := range all {
		if k, declares := sections[section]; declares {
			r.declared[k][name] = true
		}
	}
	switch section {
	case "Mappings":
		r.mappings = all
	case "Conditions", "Outputs":
		r.walk(all, use{at: at, condition: section == "Conditions"})
	}
	return all, nil
}

// see looks at a resource.
func (r *references) see(name string, text json.RawMessage, at holdings.Place) {
	r.declared[aResource][name] = true
	var value map[string]any
	if json.Unmarshal(text, &value) != nil {
		return
	}
	r.types[name], _ = value["Type"].(string)
	from := use{from: name, at: at}
	waits := from
	waits.chosen = true // for one that is not made there is nothing to wait
	for _, other := range listOf(value["DependsOn"]) {
		waits.note(r, other, aResource)
	}
	if condition, is := value["Condition"].(string); is {
		from.note(r, condition, aCondition)
	}
	for member, item := range value {
		if member != "Condition" {
			r.walk(item, from)
		}
	}
}

// listOf returns the texts of a list, or one text.
func listOf(value any) []string {
	if text, is := value.(string); is {
		return []string{text}
	}
	list, _ := value.([]any)
	var all []string
	for _, item := range list {
		if text, is := item.(string); is {
			all = append(all, text)
		}
	}
	return all
}

// walk notes what a value refers to.
func (r *references) walk(value any, from use) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			r.walk(item, from)
		}
	case map[string]any:
		for name, item := range v {
			its := from
			if len(v) == 1 {
				its.use(r, name, item)
			}
			its.chosen = its.chosen || name == "Fn::If"
			r.walk(item, its)
		}
	}
}

// substituted finds what Fn::Sub puts something for; "${!" is none.
var substituted = pattern.Lazily(`\$\{([A-Za-z0-9:.]+)\}`)

// use notes what a function refers to.
func (u use) use(r *references, function string, argument any) {
	text, is := argument.(string)
	list, _ := argument.([]any)
	first := ""
	if len(list) > 0 {
		first, _ = list[0].(string)
	}
	switch function {
	case "Ref":
		u.note(r, text, aParameter, aResource)
	case "Condition": // of other values it is a member
		if u.condition {
			u.note(r, text, aCondition)
		}
	case "Fn::If":
		u.note(r, first, aCondition)
	case "Fn::FindInMap":
		if keys := listOf(argument); len(keys) == 3 && len(list) == 3 {
			u.keys = keys[1:]
		}
		u.note(r, first, aMapping)
	case "Fn::GetAtt":
		u.get(r, argument)
	case "Fn::Sub":
		if is {
			u.substitute(r, text, nil)
		} else if len(list) == 2 {
			own, _ := list[1].(map[string]any)
			u.substitute(r, first, own)
		}
	}
}

// get notes the resource of which Fn::GetAtt has an attribute.
func (u use) get(r *references, argument any) {
	switch all := listOf(argument); len(all) {
	case 1:
		name, attribute, _ := strings.Cut(all[0], ".")
		u.attribute = attribute
		u.note(r, name, aResource)
	case 2:
		u.attribute = all[1]
		u.note(r, all[0], aResource)
	}
}

// substitute notes what the text of Fn::Sub refers to, but for names of its own.
func (u use) substitute(r *references, text string, own map[string]any) {
	for _, match := range substituted().FindAllStringSubmatch(text, -1) {
		name, attribute, dotted := strings.Cut(match[1], ".")
		_, its := own[match[1]]
		switch {
		case its:
		case dotted:
			of := u
			of.attribute = attribute
			of.note(r, name, aResource)
		default:
			u.note(r, name, aParameter, aResource)
		}
	}
}

// pseudo are the parameters that each template has.
var pseudo = map[string]bool{
	"AWS::AccountId": true, "AWS::NotificationARNs": true, "AWS::NoValue": true, "AWS::Partition": true,
	"AWS::Region": true, "AWS::StackId": true, "AWS::StackName": true, "AWS::URLSuffix": true,
}

// note notes a name that refers to something of one of some kinds.
func (u use) note(r *references, name string, kinds ...kind) {
	if name == "" || pseudo[name] && slices.Contains(kinds, aParameter) {
		return
	}
	u.name, u.kinds = name, kinds
	r.used = append(r.used, u)
	if u.from != "" && slices.Contains(kinds, aResource) {
		r.needs[u.from] = append(r.needs[u.from], name)
	}
}

// refused is what is said of a template that CloudFormation refuses.
const refused = ": CloudFormation refuses the template, and nothing of it is made"

// end notes what refers to something that is not declared, or to itself. Unmade are resources whose
// condition does not hold.
func (r *references) end(b *holdings.Builder, unmade map[string]bool) {
	if r.expanded {
		return
	}
	told := make(map[string]bool)
	for _, u := range r.used {
		if why := r.wrong(u, unmade); why != "" && !told[why] {
			told[why] = true
			b.NotMade(".", u.at, "%s"+refused, why)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.needs)) {
		if r.leads(name, name, make(map[string]bool)) {
			b.NotMade(".", r.placeOf(name), "%s refers to itself, directly or by others"+refused, name)
			return
		}
	}
}

// wrong returns what is wrong with what something refers to, or "".
func (r *references) wrong(u use, unmade map[string]bool) string {
	is := func(k kind) bool { return r.declared[k][u.name] }
	switch {
	case len(u.kinds) == 2 && !slices.ContainsFunc(u.kinds, is):
		return u.name + " is neither a parameter nor a resource of the template"
	case !slices.ContainsFunc(u.kinds, is):
		return u.name + " is not " + string(u.kinds[0]) + " of the template"
	case u.from != "" && !u.chosen && unmade[u.name] && !unmade[u.from]:
		return u.name + " is made under a condition that does not hold, and " + u.from + " refers to it"
	case len(u.keys) > 0 && !r.hasKeys(u.name, u.keys):
		return "mapping " + u.name + " has no key " + strings.Join(u.keys, ", ")
	case u.attribute != "" && !hasAttribute(r.types[u.name], u.attribute):
		return u.name + ", which is an " + r.types[u.name] + ", has no attribute " + u.attribute
	default:
		return ""
	}
}

// hasKeys reports whether a mapping has a value by two keys.
func (r *references) hasKeys(mapping string, keys []string) bool {
	all, _ := r.mappings[mapping].(map[string]any)
	its, _ := all[keys[0]].(map[string]any)
	_, there := its[keys[1]]
	return there
}

// attributes are those that resources have beside what Ref makes of them, of types that are known here.
var attributes = map[string][]string{
	"AWS::Route53::HostedZone":           {"Id", "NameServers"},
	"AWS::Route53Resolver::ResolverRule": {"Arn", "DomainName", "Name", "ResolverEndpointId", "ResolverRuleId", "TargetIps"},
}

// hasAttribute reports whether resources of a type may have an attribute.
func hasAttribute(of, attribute string) bool {
	all, known := attributes[of]
	return !known || slices.Contains(all, attribute)
}

// leads reports whether what a resource refers to leads to another one.
func (r *references) leads(from, to string, seen map[string]bool) bool {
	seen[from] = true
	for _, next := range r.needs[from] {
		if next == to || !seen[next] && r.leads(next, to, seen) {
			return true
		}
	}
	return false
}

// placeOf returns where a resource first refers to something.
func (r *references) placeOf(resource string) holdings.Place {
	i := slices.IndexFunc(r.used, func(u use) bool { return u.from == resource })
	return r.used[i].at
}
