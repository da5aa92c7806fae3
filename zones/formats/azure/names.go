package azure

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
)

// parameterUsed finds the parameters and variables that expressions use.
var parameterUsed = pattern.Lazily(`(?i)\b(parameters|variables)\(\s*'([^']+)'\s*\)`)

// checkNames notes parameters and variables that a template uses and does not declare: Resource Manager
// refuses it as a whole. What templates in it declare is taken to be declared everywhere.
func (t *template) checkNames(body templateBody, parameters json.RawMessage, at holdings.Place) {
	declared, used := make(map[string]bool), make(map[string]bool)
	var resources, own any
	_ = json.Unmarshal(body.Resources, &resources)
	_ = json.Unmarshal(parameters, &own) // others declare none
	declare(map[string]any{"parameters": own, "variables": body.Variables}, declared)
	declare(resources, declared)
	use(resources, used)
	use(body.Variables, used)
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if !declared[name] {
			kind, name, _ := strings.Cut(name, " ")
			t.refuse(at, "the %s %q is used, and the template declares none of that name", strings.TrimSuffix(kind, "s"), name)
		}
	}
}

// declare notes the names of all parameters and variables that a value has, in lower case, behind
// what they are.
func declare(value any, into map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			declare(item, into)
		}
	case map[string]any:
		for name, item := range v {
			if all, is := item.(map[string]any); is && (strings.EqualFold(name, "parameters") || strings.EqualFold(name, "variables")) {
				for its, value := range all {
					into[strings.ToLower(name+" "+its)] = true
					declareLoops(its, value, strings.ToLower(name), into)
				}
			}
			declare(item, into)
		}
	}
}

// declareLoops notes the names of the variables that loops make.
func declareLoops(name string, value any, kind string, into map[string]bool) {
	loops, _ := value.([]any)
	for _, loop := range loops {
		its, _ := loop.(map[string]any)
		if made, is := its["name"].(string); is && strings.EqualFold(name, "copy") {
			into[strings.ToLower(kind+" "+made)] = true
		}
	}
}

// maxExpression is the longest expression of which it is looked at what it uses, in octets.
const maxExpression = 1 << 20

// use notes the names of all parameters and variables that the expressions of a value use, likewise.
func use(value any, into map[string]bool) {
	switch v := value.(type) {
	case string:
		if isExpression(v) && len(v) <= maxExpression {
			for _, match := range parameterUsed().FindAllStringSubmatch(v, -1) {
				into[strings.ToLower(match[1]+" "+match[2])] = true
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
