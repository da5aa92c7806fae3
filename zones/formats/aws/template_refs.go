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
// in which something refers to what is not declared.
type references struct {
	declared map[string]bool           // parameters and resources
	used     map[string]holdings.Place // where each is referred to first
	expanded bool                      // something else makes further resources
}

func newReferences() references {
	return references{declared: make(map[string]bool), used: make(map[string]holdings.Place)}
}

// readParameters reads the names of the parameters.
func (r *references) readParameters(s *jsontext.Stream) error {
	var all json.RawMessage
	if err := s.Decode(&all); err != nil {
		return err
	}
	var parameters map[string]json.RawMessage
	_ = json.Unmarshal(all, &parameters) // others declare none
	for name := range parameters {
		r.declared[name] = true
	}
	return nil
}

// see looks at a resource.
func (r *references) see(name string, text json.RawMessage, at holdings.Place) {
	r.declared[name] = true
	var value any
	if json.Unmarshal(text, &value) == nil {
		r.walk(value, at)
	}
}

// walk notes what a value refers to.
func (r *references) walk(value any, at holdings.Place) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			r.walk(item, at)
		}
	case map[string]any:
		for name, item := range v {
			if len(v) == 1 {
				r.use(name, item, at)
			}
			r.walk(item, at)
		}
	}
}

// substituted finds what Fn::Sub puts something for; "${!" is none.
var substituted = pattern.Lazily(`\$\{([A-Za-z0-9:]+)\}`)

// use notes what a function refers to.
func (r *references) use(function string, argument any, at holdings.Place) {
	text, is := argument.(string)
	switch {
	case function == "Ref" && is:
		r.note(text, at)
	case function == "Fn::Sub" && is:
		for _, match := range substituted().FindAllStringSubmatch(text, -1) {
			r.note(match[1], at)
		}
	}
}

func (r *references) note(name string, at holdings.Place) {
	if _, there := r.used[name]; !there && !strings.Contains(name, "::") {
		r.used[name] = at
	}
}

// end notes what refers to something that is not declared.
func (r *references) end(b *holdings.Builder) {
	if r.expanded {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(r.used)) {
		if !r.declared[name] {
			b.Unread(r.used[name], "%s is neither a parameter nor a resource of the template: CloudFormation refuses the template, and nothing of it is made", name)
		}
	}
}
