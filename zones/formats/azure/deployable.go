package azure

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// body is what a template, or one that a deployment has in itself, must have so that Resource Manager
// takes it.
type body struct {
	profiled bool                      // it says of which version its resources are
	beyond   bool                      // it is for more than a resource group
	names    map[string]bool           // what others may wait for, in lower case
	unknown  bool                      // some names are not known
	made     map[string]holdings.Place // resources, by type and name in lower case
	waiting  []waiting
}

// waiting is a resource that waits for others; or, of what is in a zone, for none.
type waiting struct {
	of    string
	zone  string // "" for what is in none
	waits []string
	at    holdings.Place
}

// bodyOf returns what is known of a template before its resources are read.
func (t *template) bodyOf(text templateBody, at holdings.Place) *body {
	if text.Resources != nil && text.Version == nil {
		t.refuse(at, "the template has no contentVersion")
	}
	schema := strings.ToLower(text.Schema)
	return &body{
		profiled: text.Profile != "", names: make(map[string]bool), made: make(map[string]holdings.Place),
		beyond: strings.Contains(schema, "subscriptiondeployment") || strings.Contains(schema, "managementgroupdeployment") || strings.Contains(schema, "tenantdeployment"),
	}
}

// refuse notes why Resource Manager refuses a template as a whole.
func (t *template) refuse(at holdings.Place, format string, args ...any) {
	t.b.NotMade(".", at, "%s: Resource Manager refuses the template, and nothing of it is made", fmt.Sprintf(format, args...))
}

// checkDeployable notes what keeps a resource, and with it the template, from being deployed.
func (t *template) checkDeployable(one made) {
	in := one.scope.body
	if in == nil || one.Extension != nil || one.Import != nil {
		return
	}
	what := strings.TrimSpace(one.Type + " " + one.Name)
	switch {
	case one.Type == "":
		t.refuse(one.at, "the resource %s has no type", one.Name)
	case one.Name == "":
		t.refuse(one.at, "a resource of the type %s has no name", one.Type)
	case one.Version == nil && !in.profiled:
		t.refuse(one.at, "%s has no apiVersion", what)
	case !one.versioned():
		t.refuse(one.at, "%s has the apiVersion %q, which is none", what, one.Version)
	}
	name, known := one.scope.text(one.Name)
	if !known {
		in.unknown = true
	} else {
		t.checkName(one, name)
	}
	if one.matters() && !one.Existing {
		t.checkPlace(one, what)
	}
	in.wait(one, name, known)
}

// versionPattern is what versions of Azure's APIs are like.
var versionPattern = pattern.Lazily(`^\d{4}-\d\d-\d\d(-[A-Za-z]+)?$`)

// versioned reports whether a resource may have a version: what an expression makes is not known.
func (one made) versioned() bool {
	text, is := one.Version.(string)
	version, known := one.scope.text(text)
	return one.Version == nil || is && (!known || versionPattern().MatchString(version))
}

// checkName notes a name that does not go with its type, or that another resource has as well.
func (t *template) checkName(one made, name string) {
	in := one.scope.body
	_, kinds, _ := strings.Cut(one.Type, "/")
	if strings.Count(kinds, "/") != strings.Count(name, "/") || slices.Contains(strings.Split(name, "/"), "") {
		t.refuse(one.at, "the name %s has not as many parts as its type %s", name, one.Type)
	}
	key := strings.ToLower(one.Type + " " + name + " " + one.Group + " " + fmt.Sprint(one.Scope))
	if _, twice := in.made[key]; twice && one.Condition == nil && one.Copy == nil {
		t.refuse(one.at, "%s %s is there twice", one.Type, name)
	}
	if !one.Existing {
		in.made[key] = one.at
	}
}

// checkPlace notes a resource of private DNS that is not where Azure has those.
func (t *template) checkPlace(one made, what string) {
	if one.scope.body.beyond && one.scope.group == "" {
		t.refuse(one.at, "%s is for a resource group, and the template is for more than one", what)
	}
	if kind := one.kind(); kind != "" && kind != "VIRTUALNETWORKLINKS" || strings.EqualFold(one.Type, armRules) {
		return
	}
	text, is := one.Location.(string)
	where, known := one.scope.text(text)
	switch {
	case one.Location == nil:
		t.refuse(one.at, `%s has no location, which is "global"`, what)
	case is && strings.EqualFold(strings.ReplaceAll(text, " ", ""), "[resourceGroup().location]"):
		t.refuse(one.at, `%s is to be where its resource group is, and private DNS is "global"`, what)
	case is && known && !strings.EqualFold(where, "global"):
		t.refuse(one.at, `%s has the location %q, and private DNS is "global"`, what, where)
	}
}

// wait notes for what a resource waits, and by which names others may wait for it.
func (in *body) wait(one made, name string, known bool) {
	if known {
		in.names[strings.ToLower(name)] = true
		in.names[strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])] = true
		in.names[strings.ToLower(one.Type+" "+name)] = true
		in.names[strings.ToLower(idOf(one.Type, name))] = true
	}
	if loop, is := one.Copy.(map[string]any); is {
		its, _ := loop["name"].(string)
		in.names[strings.ToLower(its)] = true
	}
	if one.unmade() || one.Existing {
		return
	}
	w := waiting{of: strings.TrimSpace(one.Type + " " + one.Name), at: one.at}
	if kind := one.kind(); known && one.matters() && kind != "" && !strings.EqualFold(one.Type, armRules) {
		w.zone, _, _ = strings.Cut(name, "/")
	}
	list, is := one.DependsOn.([]any)
	if one.DependsOn != nil && !is {
		w.zone = "" // an expression makes it
	}
	for _, item := range list {
		w.waits = append(w.waits, one.scope.dependency(fmt.Sprint(item)))
	}
	if strings.Contains(fmt.Sprint(one.Properties), "reference(") {
		w.zone = "" // it waits for what it refers to
	}
	in.waiting = append(in.waiting, w)
}

// symbols notes the names that a template has for its resources.
func (in *body) symbols(text json.RawMessage) {
	var all map[string]json.RawMessage
	_ = json.Unmarshal(text, &all) // a list has none
	for name := range all {
		in.names[strings.ToLower(name)] = true
	}
}

// idOf returns the part of a resource's id that tells its type and its name.
func idOf(kind, name string) string {
	provider, kinds, _ := strings.Cut(kind, "/")
	id := provider
	types, names := strings.Split(kinds, "/"), strings.Split(name, "/")
	for i := range min(len(types), len(names)) {
		id += "/" + types[i] + "/" + names[i]
	}
	return id
}

// dependency returns the name by which a resource waits for another one, in lower case; "" where that
// is not known.
func (s scope) dependency(text string) string {
	if args, is := strings.CutPrefix(text, "[resourceId("); is {
		value, _ := s.evaluate("[createArray(" + args)
		list, _ := value.([]any)
		texts, known := textsOf(list)
		i := slices.IndexFunc(texts, func(text string) bool { return strings.Contains(text, "/") })
		if !known || i < 0 || unknownIn(list) {
			return ""
		}
		return strings.ToLower(texts[i] + " " + strings.Join(texts[i+1:], "/"))
	}
	name, known := s.text(text)
	if text == "" || strings.HasPrefix(text, "[") && !isExpression(text) { // which is a literal
		return "the text " + strconv.Quote(text)
	}
	if !known || strings.HasPrefix(name, "/subscriptions/") {
		return ""
	}
	return strings.ToLower(name)
}

// endBody notes what waits for something that a template has not, and what does not wait for its zone.
func (t *template) endBody(in *body) {
	some := false
	for _, w := range in.waiting {
		if w.zone != "" {
			some = some || len(w.waits) > 0
		}
		for _, name := range w.waits {
			if name != "" && !in.unknown && !in.names[name] {
				t.refuse(w.at, "%s waits for %s (dependsOn), which the template has not", w.of, name)
			}
		}
	}
	zones := slices.Collect(maps.Keys(in.names))
	for _, w := range in.waiting {
		if w.zone != "" && len(w.waits) == 0 && some && slices.Contains(zones, strings.ToLower(armZone+" "+w.zone)) {
			t.b.NotMade(zoneOr(w.zone), w.at, "%s does not wait for its zone (dependsOn), as others do: Resource Manager makes both at once, and fails where the zone is not there yet", w.of)
		}
	}
}

// zoneOr returns a zone's name for what counts below it; the root where it is none.
func zoneOr(name string) string {
	if origin, err := holdings.CanonicalName(name); err == nil && name != rrset.Unknown {
		return dnsname.Lower(origin)
	}
	return "."
}
