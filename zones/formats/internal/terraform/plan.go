package terraform

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// In a plan the id of a zone that is yet to be made is not known. The configuration
// beside it says of what each attribute is made: by its references, and no more.

// configModule is a module of the configuration beside a plan.
type configModule struct {
	Resources []configResource
	Calls     map[string]moduleCall `json:"module_calls"`
	Outputs   map[string]struct{ Expression expression }
	Variables map[string]struct{ Default any }
}

// configResource is a resource as a module declares it, whatever it makes of it.
type configResource struct {
	Mode, Type, Name string
	Expressions      map[string]expression
	ForEach          expression `json:"for_each_expression"`
}

// moduleCall is a call of another module.
type moduleCall struct {
	Expressions map[string]expression
	Module      configModule
	ForEach     expression `json:"for_each_expression"`
}

// expression is a value, or what it is made of.
type expression struct {
	Constant   any                     `json:"constant_value"`
	References []string                `json:"references"`
	Blocks     []map[string]expression `json:"-"`
}

// UnmarshalJSON implements json.Unmarshaler: those of blocks are lists.
func (e *expression) UnmarshalJSON(text []byte) error {
	type raw expression
	_ = json.Unmarshal(text, (*raw)(e))
	_ = json.Unmarshal(text, &e.Blocks)
	return nil
}

// plan finds the zones to which the records of a plan refer.
type plan struct {
	root      configModule
	variables map[string]struct{ Value any } // of the root, by name
	instances map[string][]instance          // by module, mode, kind and name
}

func newPlan(root configModule, variables map[string]struct{ Value any }, all []instance) *plan {
	p := &plan{root: root, variables: variables, instances: make(map[string][]instance)}
	for _, i := range all {
		at := placeOf(i.module, i.mode == modeData, i.kind, i.name)
		p.instances[at] = append(p.instances[at], i)
	}
	return p
}

// is reports whether there is a plan with its configuration.
func (p *plan) is() bool { return p != nil && len(p.root.Resources)+len(p.root.Calls) > 0 }

func placeOf(module string, data bool, kind, name string) string {
	if data {
		kind = modeData + "." + kind
	}
	return module + " " + kind + "." + name
}

// frame is a module as one call makes it.
type frame struct {
	config  *configModule
	address string
	call    *moduleCall // nil for the root
	key     string      // of the call
	above   *frame
}

// frameOf returns the frame of a module by its address.
func (p *plan) frameOf(address string) (*frame, bool) {
	f := &frame{config: &p.root}
	steps := stepsOf(address)
	for i := 0; i+1 < len(steps); i += 2 {
		inner, ok := f.enter(steps[i+1].name, steps[i+1].key)
		if steps[i].name != "module" || !ok {
			return nil, false
		}
		f = inner
	}
	return f, true
}

// enter returns the frame of a module that is called.
func (f *frame) enter(name, key string) (*frame, bool) {
	call, ok := f.config.Calls[name]
	address := "module." + name
	if f.address != "" {
		address = f.address + "." + address
	}
	return &frame{config: &call.Module, address: address + bracketed(key), call: &call, key: key, above: f}, ok
}

// zoneOf returns the instance of a kind to which an attribute of a planned one refers. It
// is false where that can be several ones, or cannot be told.
func (p *plan) zoneOf(i instance, attribute, kind string) (instance, bool) {
	f, ok := p.frameOf(i.module)
	if !ok {
		return instance{}, false
	}
	for _, declared := range f.config.Resources {
		if declared.Type == i.kind && declared.Name == i.name && (declared.Mode == modeData) == (i.mode == modeData) {
			s := search{plan: p, kind: kind, found: make(map[string]instance)}
			s.in(f, declared.Expressions[attribute], each{frame: f, key: i.key, of: declared.ForEach})
			return s.only()
		}
	}
	return instance{}, false
}

// source returns what an attribute of a planned instance, or of its blocks, is made of: the first
// thing to which it refers, in the module where that is given.
func (p *plan) source(i instance, attribute string) string {
	f, known := p.frameOf(i.module)
	if !known {
		return unknownSource
	}
	for _, declared := range f.config.Resources {
		if declared.Type != i.kind || declared.Name != i.name {
			continue
		}
		references := referencesOf(declared.Expressions, attribute)
		for len(references) > 0 {
			given, is := f.given(references[0])
			if !is {
				return strings.TrimPrefix(f.address+"."+references[0], ".")
			}
			f, references = f.above, given.References
		}
	}
	return unknownSource
}

// unknownSource is what stands for something of which a plan does not say what it is made of.
const unknownSource = "what is not known before the plan is applied"

// given returns what a call of a module gives to the variable to which a reference leads.
func (f *frame) given(reference string) (expression, bool) {
	steps := stepsOf(reference)
	if f.call == nil || len(steps) != 2 || steps[0].name != "var" {
		return expression{}, false
	}
	given, is := f.call.Expressions[steps[1].name]
	return given, is
}

// referencesOf returns to what an attribute refers, or that of the first block that has it.
func referencesOf(all map[string]expression, attribute string) []string {
	if one, is := all[attribute]; is {
		return one.References
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, block := range all[name].Blocks {
			if references := referencesOf(block, attribute); len(references) > 0 {
				return references
			}
		}
	}
	return nil
}

// step is a part of an address or a reference: a name, and the key in brackets behind it.
type step struct{ name, key string }

// stepsOf cuts an address, such as module.dns["a.b"].aws_route53_zone.z[0], into its parts.
func stepsOf(text string) []step {
	var steps []step
	for text != "" {
		end := strings.IndexAny(text, ".[")
		if end < 0 {
			end = len(text)
		}
		s := step{name: text[:end]}
		text = text[end:]
		for strings.HasPrefix(text, "[") {
			s.key, text = keyIn(text[1:])
		}
		steps = append(steps, s)
		text = strings.TrimPrefix(text, ".")
	}
	return steps
}

// keyIn returns the key in brackets with which a text begins, and what is behind it.
func keyIn(text string) (key, rest string) {
	if strings.HasPrefix(text, `"`) {
		decoder := json.NewDecoder(strings.NewReader(text))
		if decoder.Decode(&key) == nil {
			rest = text[decoder.InputOffset():]
			return key, strings.TrimPrefix(rest, "]")
		}
	}
	key, rest, _ = strings.Cut(text, "]")
	return key, rest
}

// bracketed writes a key behind a name, as an address has it.
func bracketed(key string) string {
	if key == "" {
		return ""
	}
	if strings.Trim(key, "0123456789") == "" {
		return "[" + key + "]"
	}
	quoted, _ := json.Marshal(key) // a string always has JSON
	return "[" + string(quoted) + "]"
}
