package terraform

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// module is a module in Terraform's JSON syntax.
type module struct {
	b         *holdings.Builder
	locals    map[string]any
	defaults  map[string]any               // the values of variables
	variables map[string]variable          // by name
	order     []string                     // the names of variables, as they are declared
	given     map[string]given             // to variables, by files beside the module
	blurred   bool                         // such a file could not be read
	places    map[[2]string]holdings.Place // of the parts of locals, by local and key
	resources []instance                   // whose values are not evaluated yet
	declared  map[[2]string]bool           // the kinds and names of resources
	scalars   map[string]any               // of the locals
	literal   map[reference]any            // what was asked for of resources
	repeated  map[int]map[string]any       // what these are for each of, by their numbers
}

func newModule(b *holdings.Builder) *module {
	return &module{b: b, locals: make(map[string]any), defaults: make(map[string]any), variables: make(map[string]variable), given: make(map[string]given), declared: make(map[[2]string]bool), places: make(map[[2]string]holdings.Place)}
}

// reference is an expression that is an attribute of another resource.
type reference struct{ kind, name, key, attribute string }

// scope is what expressions refer to: "each", "local", "var", the iterators of dynamic
// blocks, and the resources of the module.
type scope struct {
	names  map[string]any
	module *module
}

// scope returns what expressions of the module refer to, by its locals.
func (m *module) scope(locals map[string]any) scope {
	return scope{map[string]any{"local": locals, "var": m.defaults}, m}
}

// with returns the scope with one more name.
func (s scope) with(name string, key, value any) scope {
	inner := maps.Clone(s.names)
	inner[name] = map[string]any{"key": key, "value": value}
	return scope{inner, s.module}
}

// instances returns what the resources of the module make.
func (m *module) instances() []instance {
	m.resolve()
	var all []instance
	for _, r := range m.resources {
		all = append(all, m.instancesOf(r)...)
	}
	return all
}

func (m *module) instancesOf(r instance) []instance {
	outer := m.scope(m.locals)
	m.checkIgnored(r)
	m.checkArguments(r)
	r.raw = r.values
	each, repeated := r.values["for_each"]
	if count, counted := r.values["count"]; counted {
		if number, known := wholeNumber(evaluate(count, outer)); known && !repeated {
			return m.counted(r, number, outer)
		}
		if r.matters() {
			m.b.Unread(r.at, "%s.%s has a count, which is not followed: terraform show -json has what it makes", r.kind, r.name)
		}
	}
	if life, is := asMap(r.values["lifecycle"])["enabled"]; is && life != true && r.matters() { // of OpenTofu
		m.b.Unread(r.at, "%s.%s has lifecycle.enabled, which is not followed: tofu show -json has what it makes", r.kind, r.name)
	}
	if !repeated {
		r.values = asMap(evaluate(r.values, outer))
		return []instance{r}
	}
	elements := m.elements(each, outer)
	if elements == nil && !r.matters() {
		return nil
	}
	if elements == nil {
		m.b.Unread(r.at, "%s.%s is for each of %v, which is not followed: terraform show -json has what it makes", r.kind, r.name, each)
		return nil
	}
	local := localName(each)
	var all []instance
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		one := r
		one.key, one.values = key, asMap(evaluate(r.values, outer.with("each", key, elements[key])))
		if at, known := m.places[[2]string{local, key}]; known {
			one.at = at
		}
		all = append(all, one)
	}
	return all
}

// maxCount is how many instances of a resource there may be by a count.
const maxCount = 10_000

// counted returns as many instances of a resource as are asked for.
func (m *module) counted(r instance, number int, outer scope) []instance {
	if number == 0 && r.matters() {
		m.b.Note(r.at, "%s.%s has a count of 0: it is left out", r.kind, r.name)
	}
	if number > maxCount {
		m.b.Unread(r.at, "%s.%s has a count of more than %d: left out", r.kind, r.name, maxCount)
		return nil
	}
	var all []instance
	for n := range number {
		one := r
		one.key = strconv.Itoa(n)
		one.values = asMap(evaluate(r.values, outer.counting(n)))
		all = append(all, one)
	}
	return all
}

// counting returns the scope of one instance of those that there are by a count.
func (s scope) counting(number int) scope {
	inner := maps.Clone(s.names)
	inner["count"] = map[string]any{"index": float64(number)}
	return scope{inner, s.module}
}

// wholeNumber returns a number that is none or more, also as a text.
func wholeNumber(value any) (int, bool) {
	text, _ := textOf(value)
	number, err := strconv.Atoi(text)
	return number, err == nil && number >= 0
}

// elements returns what there is an instance for, by key; nil if that is not known.
func (m *module) elements(each any, s scope) map[string]any {
	switch value := evaluate(each, s).(type) {
	case map[string]any:
		return value
	case []any:
		elements := make(map[string]any, len(value))
		for _, item := range value {
			key, ok := s.known(item).(string)
			if elements[key] = key; !ok {
				return nil
			}
		}
		return elements
	default:
		return nil
	}
}

var localExpression = regexp.MustCompile(`^\$\{\s*(?:toset\()?\s*local\.([\w-]+)\s*\)?\s*\}$`)

// localName returns the local that an expression stands for, or "".
func localName(expression any) string {
	text, _ := expression.(string)
	if match := localExpression.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}

// evaluate returns a value with its expressions replaced by what they stand for: nil
// for those that are not known.
func evaluate(value any, s scope) any {
	switch v := value.(type) {
	case string:
		return evaluateText(v, s)
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = s.known(evaluate(item, s))
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for key, item := range v {
			switch key {
			case "//", "for_each":
			case "dynamic":
				for block, blocks := range asMap(item) {
					all[block] = dynamicBlocks(block, asMap(blocks), s)
				}
			default:
				all[key] = s.member(key, evaluate(item, s))
			}
		}
		return all
	default:
		return value
	}
}

// dynamicBlocks returns what a dynamic block makes.
func dynamicBlocks(block string, definition map[string]any, s scope) any {
	iterator := block
	if name, ok := definition["iterator"].(string); ok {
		iterator = name
	}
	var all []any
	switch each := evaluate(definition["for_each"], s).(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(each)) {
			all = append(all, evaluate(definition["content"], s.with(iterator, key, each[key])))
		}
	case []any:
		for i, item := range each {
			all = append(all, evaluate(definition["content"], s.with(iterator, float64(i), item)))
		}
	default:
		return nil
	}
	return all
}

// maxText is the longest text that is made of others, in octets: no name is as long.
const maxText = 16 << 10

var (
	wholeExpression = regexp.MustCompile(`^\$\{([^{}]*)\}$`)
	expressionPart  = regexp.MustCompile(`\$\{([^{}]*)\}`)
)

// evaluateText evaluates a text, which may be an expression, or have some in it.
func evaluateText(text string, s scope) any {
	if !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		return text
	}
	if match := wholeExpression.FindStringSubmatch(text); match != nil {
		return evaluateExpression(match[1], s)
	}
	if strings.Contains(text, "%{") || strings.Contains(text, "$${") {
		return nil
	}
	known := true
	out := expressionPart.ReplaceAllStringFunc(text, func(part string) string {
		value, ok := textOf(s.known(evaluateExpression(part[2:len(part)-1], s)))
		known = known && ok
		return value
	})
	if !known || strings.Contains(out, "${") || len(out) > maxText {
		return nil
	}
	return out
}

// asMap returns an object, or nil for anything else.
func asMap(value any) map[string]any {
	object, _ := value.(map[string]any)
	return object
}

// asList returns a list, or what there is as a list of one; nothing for nothing.
func asList(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}
