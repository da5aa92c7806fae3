package azure

import (
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// scope is what the expressions of a template refer to. What is not in it is not known.
type scope struct {
	variables, parameters *named
	// symbolic is for a template of the language version 2.0.
	symbolic bool
	group    string // the resource group into which resources go; "" for that of the file
	body     *body
	deep     int // how many templates and resources it is within
	chain    int // how many variables and parameters it is evaluated for
}

const (
	// maxScopes is how deep templates and resources may be within each other: Resource Manager
	// takes five templates, and a resource has a few parts.
	maxScopes = 20
	// maxChain is how many variables may stand for each other.
	maxChain = 50
	// maxWeight is how much a value may have in it, as [weigh] counts.
	maxWeight = 10_000
)

// inner returns the scope of what is within another thing.
func (s scope) inner() scope {
	s.deep++
	return s
}

// named are the variables or parameters of a template. Case does not tell names apart.
type named struct {
	raw   map[string]any // as the template has them, by names in lower case
	known map[string]any // what they stand for, as far as they were asked for
}

// newNamed returns variables or parameters that are not evaluated yet. One whose name is there
// twice is not known.
func newNamed(raw map[string]any) *named {
	n := &named{raw: make(map[string]any), known: make(map[string]any)}
	for name, value := range raw {
		key := strings.ToLower(name)
		if _, twice := n.raw[key]; twice {
			n.known[key] = rrset.Unknown
		}
		n.raw[key] = value
	}
	return n
}

// value returns what a name stands for in a scope. One that leads back to itself is not known.
func (n *named) value(name string, s scope) (any, bool) {
	if n == nil || s.chain >= maxChain {
		return nil, false
	}
	key := strings.ToLower(name)
	value, asked := n.known[key]
	if !asked {
		raw, there := n.raw[key]
		if !there {
			return nil, false
		}
		n.known[key] = rrset.Unknown
		s.chain++
		if value = s.whole(raw); weigh(value, maxWeight) <= 0 {
			value = rrset.Unknown
		}
		n.known[key] = value
	}
	return value, value != any(rrset.Unknown)
}

// weigh returns what is left of a weight when what a value has in it is taken off: nothing, or
// less, where that is more.
func weigh(value any, left int) int {
	left--
	switch v := value.(type) {
	case string:
		return left - len(v)/64
	case []any:
		for _, item := range v {
			if left = weigh(item, left); left <= 0 {
				break
			}
		}
	case map[string]any:
		for _, item := range v {
			if left = weigh(item, left); left <= 0 {
				break
			}
		}
	}
	return left
}

// member returns a member of an object. Case does not tell names apart.
func member(object map[string]any, name string) (any, bool) {
	if value, is := object[name]; is {
		return value, true
	}
	for other, value := range object {
		if strings.EqualFold(other, name) {
			return value, true
		}
	}
	return nil, false
}

// isExpression reports whether a text of a template stands for something else.
func isExpression(text string) bool {
	return strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") && !strings.HasPrefix(text, "[[")
}

// text returns what a text of a template stands for, and whether that is known.
func (s scope) text(text string) (string, bool) {
	value, known := s.evaluate(text)
	if !known {
		return "", false
	}
	out, is := value.(string)
	return out, is
}

// evaluate returns what a text of a template stands for, and whether that is known: it is of
// literals, variables, parameters that are given, and of functions of those.
func (s scope) evaluate(text string) (any, bool) {
	if !isExpression(text) {
		return strings.TrimPrefix(text, "["), !strings.HasPrefix(text, "[") || strings.HasPrefix(text, "[[")
	}
	e := expression{scope: s, rest: strings.TrimSpace(text[1 : len(text)-1])}
	value, ok := e.value()
	return value, ok && e.rest == "" && value != any(rrset.Unknown)
}

// whole returns a value of a template with what its texts stand for: [rrset.Unknown] for what is
// not known, but nil for what is no text.
func (s scope) whole(value any) any {
	switch v := value.(type) {
	case string:
		if value, known := s.evaluate(v); known {
			return value
		}
		return rrset.Unknown
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = s.whole(item)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, item := range v {
			if all[name] = s.whole(item); strings.EqualFold(name, "ttl") && all[name] == any(rrset.Unknown) {
				all[name] = nil
			}
		}
		return all
	default:
		return value
	}
}
