package azure

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
)

// parameterUsed finds the parameters that expressions use.
var parameterUsed = pattern.Lazily(`(?i)parameters\(\s*'([^']+)'\s*\)`)

// checkNames notes parameters that a template uses and does not declare: Resource Manager refuses it as
// a whole. What templates in it declare is taken to be declared everywhere.
func (t *template) checkNames(body templateBody, parameters json.RawMessage, at holdings.Place) {
	declared, used := make(map[string]bool), make(map[string]bool)
	var resources, own any
	_ = json.Unmarshal(body.Resources, &resources)
	_ = json.Unmarshal(parameters, &own) // others declare none
	declare(map[string]any{"parameters": own}, declared)
	declare(resources, declared)
	use(resources, used)
	use(body.Variables, used)
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if !declared[name] {
			t.b.Unread(at, "the parameter %q is used, and the template declares none of that name: Resource Manager refuses the template, and nothing of it is made", name)
		}
	}
}

// declare notes the names of all parameters that a value has, in lower case.
func declare(value any, into map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			declare(item, into)
		}
	case map[string]any:
		for name, item := range v {
			if all, is := item.(map[string]any); is && strings.EqualFold(name, "parameters") {
				for parameter := range all {
					into[strings.ToLower(parameter)] = true
				}
			}
			declare(item, into)
		}
	}
}

// use notes the names of all parameters that the expressions of a value use, in lower case.
func use(value any, into map[string]bool) {
	switch v := value.(type) {
	case string:
		if isExpression(v) {
			for _, match := range parameterUsed().FindAllStringSubmatch(v, -1) {
				into[strings.ToLower(match[1])] = true
			}
		}
	case []any:
		for _, item := range v {
			use(item, into)
		}
	case map[string]any:
		for _, item := range v {
			use(item, into)
		}
	}
}
