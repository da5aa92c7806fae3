package topology

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The generator is our own rather than a library's: what a reflecting library
// makes of table, list and scalar has to be said type by type all the same, and
// that is all there is to it.

// node is a JSON Schema, with the keywords that are used.
type node struct {
	Schema      string           `json:"$schema,omitempty"`
	ID          string           `json:"$id,omitempty"`
	Ref         string           `json:"$ref,omitempty"`
	Title       string           `json:"title,omitempty"`
	Description string           `json:"description,omitempty"`
	Type        any              `json:"type,omitempty"` // a string or strings
	AnyOf       []*node          `json:"anyOf,omitempty"`
	Enum        []Mode           `json:"enum,omitempty"`
	Default     any              `json:"default,omitempty"`
	Minimum     int              `json:"minimum,omitempty"`
	Maximum     int              `json:"maximum,omitempty"`
	Pattern     string           `json:"pattern,omitempty"`
	MinItems    int              `json:"minItems,omitempty"`
	MaxItems    int              `json:"maxItems,omitempty"`
	UniqueItems bool             `json:"uniqueItems,omitempty"`
	Items       *node            `json:"items,omitempty"`
	Required    []string         `json:"required,omitempty"`
	MinMembers  int              `json:"minProperties,omitempty"`
	Names       *node            `json:"propertyNames,omitempty"`
	OneOf       []*node          `json:"oneOf,omitempty"`
	Members     map[string]*node `json:"properties,omitempty"`
	Others      any              `json:"additionalProperties,omitempty"` // false or a *node
	Defs        map[string]*node `json:"$defs,omitempty"`
}

// Parts of patterns. Names are taken in upper case as well.
const (
	letterDigit = `[A-Za-z0-9]`
	octet       = `(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])`
	ipv4        = `(` + octet + `\.){3}` + octet
	ipv6        = `[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(` + ipv4 + `)?`
	bits4       = `([12]?[0-9]|3[0-2])`
	bits6       = `([1-9]?[0-9]|1[01][0-9]|12[0-8])`
	// What else is taken for what it can only mean: see spelling.go.
	uri  = `[A-Za-z][A-Za-z0-9+.-]*://[^ ]+`
	port = `(:[0-9]+)?/?`
)

// labelPattern matches a host label of at most longest octets.
func labelPattern(longest int) string {
	return fmt.Sprintf(`%s([A-Za-z0-9-]{0,%d}%[1]s)?`, letterDigit, longest-2)
}

// hostPattern matches a host name of at least the given number of labels.
func hostPattern(labels string) string {
	return fmt.Sprintf(`%s(\.%[1]s)%s\.?`, labelPattern(maxLabel), labels)
}

// anyCase matches a text in lower or upper case.
func anyCase(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z':
			fmt.Fprintf(&b, "[%c%c]", c-('a'-'A'), c)
		case c == '.':
			b.WriteString(`\.`)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func whole(alternatives ...string) string { return "^(" + strings.Join(alternatives, "|") + ")$" }

// definitions are the values that the schema tags name.
func definitions() map[string]*node {
	of := func(pattern, description string) *node {
		return &node{Type: "string", Pattern: pattern, Description: description}
	}
	return map[string]*node{
		"name": of(whole(fmt.Sprintf(`%s[A-Za-z0-9_.-]{0,%d}`, letterDigit, maxLabel-1)),
			"A label of your own for a region or a VPC."),
		"label": of(whole(labelPattern(maxEndpointLabel)+`(\.`+anyCase(endpointsParent)+`\.?)?`+port, uri),
			fmt.Sprintf("One host label of at most %d octets, as the Aura console shows it.", maxEndpointLabel)),
		"orchestra": of(whole(labelPattern(maxLabel-len(orchestraPrefix))+port, hostPattern("+")+port, uri),
			"The bare id of an orchestra, or its whole host name."),
		"extra_name": of(whole(`(\*\.)?`+hostPattern("*")+port, uri),
			"A host name, or a wildcard."),
		"range": of(whole(ipv4+`(/`+bits4+`)?`, ipv6+`(/`+bits6+`)?`, ipv4+`/`+ipv4, ipv4+` *- *`+ipv4, ipv6+` *- *`+ipv6),
			"An address range such as 10.0.0.0/16 or fd00:1::/64, or a single address."),
		"address": of(whole(ipv4+`(/32)?`, ipv4+port, ipv6+`(/128)?`, `\[`+ipv6+`\]`+port, uri),
			"An address of a private endpoint, such as 10.10.10.10 or fd00:1::7."),
		"acceptance": of(whole(`[0-9a-f]{32} -> [0-9a-f]{32}`), "The digest of the text that is replaced, and of this one."),
		"mode":       {Type: "string", Enum: []Mode{ModeAuto, ModeIndividual, ModeWildcard}, Default: ModeAuto},
		"serial":     {Type: "integer", Minimum: 1, Maximum: math.MaxUint32},
		"ttl":        {Type: "integer", Minimum: minTTL, Maximum: maxTTL, Default: DefaultTTL},
	}
}

// generate returns the schema of the file, indented.
func generate(t *testing.T) []byte {
	t.Helper()
	root := schemaOf(t, reflect.TypeFor[rawTopology](), nil)
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.ID = "https://github.com/auralink/auralink/topology.schema.json"
	root.Title = "auralink topology"
	root.Description = "Which Aura regions there are, which networks reach them by which private endpoints, and where each custom endpoint lives."
	root.Defs = definitions()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(root); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// words are the tag schema of a field: key=value or key.
type words map[string]string

func wordsOf(tag reflect.StructTag) words {
	w := make(words)
	for word := range strings.SplitSeq(tag.Get("schema"), ",") {
		key, value, _ := strings.Cut(word, "=")
		w[key] = value
	}
	return w
}

// ref refers to the definition that the tag names under key.
func (w words) ref(key string) *node { return &node{Ref: "#/$defs/" + w[key]} }

// has reports whether the tag has the word.
func (w words) has(word string) bool {
	_, ok := w[word]
	return ok
}

// schemaOf returns the schema of a raw type, where w is the tag of the field
// that has it. What may be left out may be null, too.
func schemaOf(t *testing.T, typ reflect.Type, w words) *node {
	t.Helper()
	switch {
	case typ == reflect.TypeFor[list]() && w.has("filled"):
		return &node{Type: "array", MinItems: 1, UniqueItems: true, Items: w.ref("values")}
	case typ == reflect.TypeFor[link]():
		return &node{AnyOf: []*node{schemaOf(t, reflect.TypeFor[list](), w), schemaOf(t, reflect.TypeFor[rawLink](), nil)}}
	case typ == reflect.TypeFor[list]():
		return &node{Type: []string{"array", "null"}, UniqueItems: true, Items: w.ref("values")}
	case typ == reflect.TypeFor[rawLinks]():
		n := tableSchema(t, reflect.TypeFor[table[link]](), w)
		n.Members = map[string]*node{sameAsKey: {
			OneOf: []*node{w.ref("keys"), n.Others.(*node)}, Description: "The name of another VPC, which has these links.",
		}}
		return n
	case typ == reflect.TypeFor[text](), typ == reflect.TypeFor[integer]():
		return w.ref("values")
	case strings.HasPrefix(typ.Name(), "table["):
		return tableSchema(t, typ, w)
	default:
		return structSchema(t, typ)
	}
}

func tableSchema(t *testing.T, typ reflect.Type, w words) *node {
	t.Helper()
	entries, _ := typ.FieldByName("entries")
	value, _ := entries.Type.Elem().FieldByName("value")
	n := &node{Type: []string{"object", "null"}, Names: w.ref("keys"), Others: schemaOf(t, value.Type, w)}
	if w.has("required") {
		n.Type, n.MinMembers = "object", 1
	}
	return n
}

func structSchema(t *testing.T, typ reflect.Type) *node {
	t.Helper()
	n := &node{Type: []string{"object", "null"}, Members: make(map[string]*node), Others: false}
	for i := range typ.NumField() {
		field := typ.Field(i)
		key, w := field.Tag.Get("yaml"), wordsOf(field.Tag)
		member := schemaOf(t, field.Type, w)
		member.Description = field.Tag.Get("doc")
		if member.Description == "" {
			t.Errorf("%s.%s has no tag doc", typ.Name(), field.Name)
		}
		n.Members[key] = member
		if w.has("required") {
			n.Type, n.Required = "object", append(n.Required, key)
		}
	}
	return n
}

// TestSchema holds the schema that is checked in to the types.
func TestSchema(t *testing.T) {
	want := generate(t)
	if *Update {
		if err := os.WriteFile("topology.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(Schema())); diff != "" {
		t.Errorf("topology.schema.json is not what the types say; go generate mends it (-types +file):\n%s", diff)
	}
}

// TestSchemaIsACopy holds that a caller cannot change the schema.
func TestSchemaIsACopy(t *testing.T) {
	Schema()[0] = 'x'
	if got := Schema()[0]; got != '{' {
		t.Errorf("the schema begins with %q after a caller wrote into it", got)
	}
}
