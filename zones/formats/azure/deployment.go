package azure

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// symbolic is the version of the language in which resources have symbolic names.
const symbolic = "2.0"

// addDeployment adds what the template has that a deployment has in itself.
func (t *template) addDeployment(one made, text json.RawMessage) {
	if _, elsewhere := member(one.Properties, "templateLink"); elsewhere {
		t.b.Unread(one.at, "deployment %s has its template elsewhere, which is not followed: audit that as well", one.Name)
	}
	if one.Copy != nil || one.conditional() {
		t.b.Unread(one.at, "deployment %s is made by a loop or under a condition: what it makes, is not known", one.Name)
	}
	_ = jsontext.Within(text, one.at, []string{"properties", "template"}, func(text json.RawMessage, at holdings.Place) {
		var body templateBody
		if json.Unmarshal(text, &body) != nil {
			t.b.Unread(at, "the template of deployment %s is not read: it is not as templates are", one.Name)
			return
		}
		of := one.within(body)
		of.body = t.bodyOf(body, at)
		of.body.beyond = of.body.beyond || one.scope.body != nil && one.scope.body.beyond && one.Group == "" && one.Scope == nil
		_ = jsontext.Within(text, at, []string{"resources"}, func(text json.RawMessage, at holdings.Place) {
			t.addAll(text, at, nil, of)
		})
		t.endBody(of.body)
	})
}

// unmade reports whether the resource is not made, by its condition.
func (one made) unmade() bool { return one.Condition != nil && one.scope.whole(one.Condition) == false }

// conditional reports whether it is not known whether the resource is made.
func (one made) conditional() bool {
	return one.Condition != nil && one.scope.whole(one.Condition) != true
}

// within returns the scope of the template that a deployment has in itself. Its expressions are
// those of the template around it, unless it says otherwise, or that one has symbolic names.
func (one made) within(body templateBody) scope {
	of := one.scope.inner()
	of.group = cmp.Or(one.Group, of.group)
	options, _ := member(one.Properties, "expressionEvaluationOptions")
	evaluated, _ := options.(map[string]any)
	switch value, said := member(evaluated, "scope"); {
	case !said && !of.symbolic || sameText(value, "outer") || sameText(value, "notSpecified") && !of.symbolic:
	case !said || sameText(value, "inner") || sameText(value, "notSpecified"):
		of.variables, of.parameters = newNamed(body.Variables), one.given(body)
	default: // nothing is known
		of.variables, of.parameters = nil, nil
	}
	of.symbolic = body.Language == symbolic
	return of
}

// sameText reports whether a value is a text, in whatever case.
func sameText(value any, text string) bool {
	own, is := value.(string)
	return is && strings.EqualFold(own, text)
}

// given returns the parameters of the template that a deployment has in itself: what it gives
// them, or else their default values.
func (one made) given(body templateBody) *named {
	defaults := make(map[string]any)
	for name, definition := range body.Parameters {
		if value, is := member(definition, "defaultValue"); is {
			defaults[name] = value
		}
	}
	all := newNamed(defaults)
	parameters, _ := member(one.Properties, "parameters")
	object, _ := parameters.(map[string]any)
	for name, parameter := range object {
		all.known[strings.ToLower(name)] = one.scope.given(parameter)
	}
	return all
}

// given returns the value that a parameter of a deployment gets.
func (s scope) given(parameter any) any {
	object, _ := parameter.(map[string]any)
	value, is := member(object, "value")
	if !is || value == nil {
		return rrset.Unknown
	}
	if value = s.whole(value); weigh(value, maxWeight) <= 0 {
		return rrset.Unknown
	}
	return value
}
