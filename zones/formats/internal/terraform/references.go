package terraform

import (
	"slices"
	"strings"
)

// search looks for what an expression refers to.
type search struct {
	*plan
	kind  string // of what is sought
	found map[string]instance
	// blind says that something was met of which it is not known where it leads.
	blind bool
	depth int
}

// each is what for_each and count mean to an expression.
type each struct {
	frame *frame // in which of is
	key   string
	of    expression
	// index is by what one is taken of all that an output has.
	index string
}

// only returns what was found, if that is one, and nothing else can be meant.
func (s *search) only() (instance, bool) {
	if s.blind || len(s.found) != 1 {
		return instance{}, false
	}
	for _, i := range s.found {
		return i, true
	}
	return instance{}, false
}

// maxDepth bounds how often an expression leads to another one.
const maxDepth = 30

// in looks at an expression of a module.
func (s *search) in(f *frame, e expression, by each) {
	s.depth++
	defer func() { s.depth-- }()
	if s.depth > maxDepth || f == nil {
		s.blind = true
		return
	}
	all := whole(e.References)
	for n, reference := range all {
		s.follow(f, stepsOf(reference), all[n+1:], by)
	}
}

// whole returns the references of an expression without those that are the beginning of
// the one before them: Terraform lists each with all that is shorter.
func whole(references []string) []string {
	var all []string
	for n, reference := range references {
		if n == 0 || !begins(reference, references[n-1]) {
			all = append(all, reference)
		}
	}
	return all
}

// begins reports whether a reference is the beginning of the one before it. A module behind
// one with its key is not: it is one of which an expression chooses the instance.
func begins(reference, before string) bool {
	rest, is := strings.CutPrefix(before, reference)
	module := strings.HasPrefix(reference, "module.") && len(stepsOf(reference)) == 2 && strings.HasPrefix(rest, "[")
	return is && rest != "" && !module
}

// follow looks at a reference; behind are those after it, which may be in its brackets.
func (s *search) follow(f *frame, steps []step, behind []string, by each) {
	switch {
	case len(steps) < 2:
		s.blind = true
	case steps[0].name == "each" && steps[1].name == "value":
		s.in(by.frame, by.of, each{})
	case steps[0].name == "each", steps[0].name == "count", steps[0].name == "path", steps[0].name == "terraform":
	case steps[0].name == "var":
		s.variable(f, steps[1].name)
	case steps[0].name == "module":
		s.output(f, steps[1:], behind, by)
	case steps[0].name == modeData && len(steps) > 2:
		s.resource(f, true, steps[1:], behind, by)
	default: // a local is not in a plan, and neither is anything of a resource of another kind
		s.resource(f, false, steps, behind, by)
	}
}

// resource looks at a reference to a resource. An instance whose id is known is none to
// which one that is not known refers.
func (s *search) resource(f *frame, data bool, steps []step, behind []string, by each) {
	if steps[0].name != s.kind {
		s.blind = true
		return
	}
	all := s.instances[placeOf(f.address, data, s.kind, steps[1].name)]
	key := steps[1].key
	if key == "" {
		key = s.keyBehind(all, behind, by)
	}
	for _, i := range all {
		if i.key == key && i.values["zone_id"] == nil {
			s.found[i.address()] = i
		}
	}
	if key == unknownKey {
		s.blind = true
	}
}

// unknownKey is the key of an instance that an expression chooses.
const unknownKey = "\x00"

// keyBehind returns the key that stands in brackets, by the references that are in them.
func (s *search) keyBehind(all []instance, behind []string, by each) string {
	switch {
	case len(all) == 0:
		return ""
	case len(all) == 1: // whichever way it is chosen
		return all[0].key
	case len(behind) == 0 && slices.ContainsFunc(all, func(i instance) bool { return i.key == by.index }):
		return by.index
	case len(behind) == 0:
		return unknownKey
	}
	key := unknownKey
	switch steps := stepsOf(behind[0]); {
	case behind[0] == "each.key", behind[0] == "count.index":
		key = by.key
	case steps[0].name == "each" && len(steps) > 1 && steps[1].name == "value":
		if text, ok := s.eachValue(by, steps[2:]).(string); ok {
			key = text
		}
	}
	if !slices.ContainsFunc(all, func(i instance) bool { return i.key == key }) {
		return unknownKey // a function has made another one of it
	}
	return key
}

// eachValue returns a part of the value for which there is an instance; nil where that is
// not known.
func (s *search) eachValue(by each, path []step) any {
	value := s.value(by.frame, by.of)
	if list, ok := value.([]any); ok && slices.Contains(list, any(by.key)) {
		value = map[string]any{by.key: by.key}
	}
	value = asMap(value)[by.key]
	for _, s := range path {
		value = asMap(value)[s.name]
	}
	return value
}

// value returns the value of an expression that is a literal or a variable; else nil.
func (s *search) value(f *frame, e expression) any {
	all := whole(e.References)
	if f == nil || len(all) == 0 {
		return e.Constant
	}
	steps := stepsOf(all[0])
	if len(all) > 1 || len(steps) < 2 || steps[0].name != "var" {
		return nil
	}
	value := s.variableValue(f, steps[1].name)
	for _, s := range steps[2:] {
		value = asMap(value)[s.name]
	}
	return value
}

// variableValue returns the value of a variable of a module; nil where it is not known.
func (s *search) variableValue(f *frame, name string) any {
	if f.call == nil {
		return s.variables[name].Value
	}
	if given, ok := f.call.Expressions[name]; ok {
		return s.value(f.above, given)
	}
	return f.config.Variables[name].Default
}

// variable looks at what a module is given by the call of it. Those of the root are values.
func (s *search) variable(f *frame, name string) {
	if f.call == nil {
		return
	}
	if given, ok := f.call.Expressions[name]; ok {
		s.in(f.above, given, each{frame: f.above, key: f.key, of: f.call.ForEach})
	}
}

// output looks at an output of a module that is called. Which one it is, is not said where
// an expression chooses the instance.
func (s *search) output(f *frame, steps []step, behind []string, by each) {
	key := steps[0].key
	if len(steps) < 2 && len(behind) > 0 && (behind[0] == "each.key" || behind[0] == "count.index") {
		key = by.key
	}
	inner, ok := f.enter(steps[0].name, key)
	if !ok || inner.config.Outputs == nil {
		s.blind = true
		return
	}
	for name, output := range inner.config.Outputs {
		switch {
		case len(steps) < 2:
			s.in(inner, output.Expression, each{})
		case steps[1].name == name:
			s.in(inner, output.Expression, each{index: steps[1].key})
		}
	}
}
