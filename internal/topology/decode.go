package topology

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// rawTopology mirrors the file. Its types are also what the JSON Schema is
// generated from: see schema_test.go.
type rawTopology struct {
	Regions   table[rawRegion] `yaml:"regions"`
	VPCs      table[rawVPC]    `yaml:"vpcs"`
	Endpoints table[scalar]    `yaml:"custom_endpoints"`
	TTL       scalar           `yaml:"ttl"`
}

type rawRegion struct {
	Orchestras list `yaml:"orchestras"`
	ExtraNames list `yaml:"extra_names"`
}

type rawVPC struct {
	Clients list        `yaml:"clients"`
	Links   table[list] `yaml:"links"`
	Mode    scalar      `yaml:"mode"`
}

// scalar is one value as written. The zero scalar stands for a key that is not
// in the file.
type scalar struct {
	text string
	at   position
	tag  yamlTag
}

func (s scalar) present() bool { return s.tag != tagNone }

// yamlTag is the kind of a scalar as YAML resolves it.
type yamlTag uint8

const (
	tagNone yamlTag = iota // not in the file
	tagNull
	tagString
	tagInt
	tagOther // a float, a boolean, a time stamp
)

// list is a sequence of strings.
type list struct {
	items []scalar
	at    position
}

func (l list) present() bool { return l.at.line > 0 }

// table is a mapping in the order of the file, whose keys are names.
type table[T any] struct {
	entries []entry[T]
	at      position
}

type entry[T any] struct {
	key   scalar
	value T
}

// Limits on what is decoded. A topology of 1,000,000 custom endpoints with the
// longest labels has under 128 MiB and 2,000,000 nodes; a node costs about 200
// octets while decoding.
const (
	// maxOctets is the largest file, in octets.
	maxOctets = 128 << 20
	// maxNodes bounds the YAML nodes of a file, counted before decoding.
	maxNodes = 5_000_000
	// maxDepth bounds nesting; a topology needs 4: vpcs, apps, links, list.
	maxDepth = 16
)

// ErrTooLarge is returned for a file beyond the limits on octets or nodes.
var ErrTooLarge = errors.New("topology is too large")

// readSource reads all of r, up to the limits.
func readSource(r io.Reader) (*source, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxOctets+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxOctets {
		return nil, fmt.Errorf("%w: more than %d octets", ErrTooLarge, maxOctets)
	}
	if n := countNodes(text); n > maxNodes {
		return nil, fmt.Errorf("%w: about %d values, more than %d", ErrTooLarge, n, maxNodes)
	}
	return &source{text: text}, nil
}

// countNodes returns an upper bound on the YAML nodes in text: no node begins
// without one of these before it, but for the document's root.
func countNodes(text []byte) int {
	n := 2
	for _, separator := range []string{"\n", ",", "[", "{", ": ", ":\t", "- ", "-\t", "? "} {
		n += bytes.Count(text, []byte(separator))
	}
	return n
}

// decoder turns YAML nodes into raw values and notes what does not fit.
type decoder struct {
	*collector
	path []string
}

// decode reads the one document of the source.
func (d *decoder) decode() rawTopology {
	var raw rawTopology
	root, ok := d.load()
	if !ok {
		return raw
	}
	decodeStruct(d, root, &raw)
	return raw
}

// load parses the source into the node of its one document's content.
func (d *decoder) load() (*yaml.Node, bool) {
	loader, err := yaml.NewLoader(bytes.NewReader(d.source.text),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		panic(fmt.Sprintf("topology: yaml options: %v", err)) // constant options
	}
	var document, second yaml.Node
	switch err := loader.Load(&document); {
	case errors.Is(err, io.EOF):
		d.errorf(CodeEmpty, position{}, "", "write regions and vpcs", "the file is empty")
		return nil, false
	case err != nil:
		d.syntax(err)
		return nil, false
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		d.syntax(err)
		return nil, false
	default:
		d.errorf(CodeUnsupported, at(&second), "", "keep one topology to a file", "a second YAML document")
		return nil, false
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) != 1 {
		d.errorf(CodeEmpty, position{}, "", "write regions and vpcs", "the file is empty")
		return nil, false
	}
	return document.Content[0], true
}

// syntax notes what the YAML library says is wrong.
func (d *decoder) syntax(err error) {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		d.errorf(CodeSyntax, position{}, "", "", "%v", err)
		return
	}
	mark := load.Mark
	if mark.Line == 0 {
		mark = load.ContextMark
	}
	code := CodeSyntax
	if strings.Contains(load.Message, "depth") {
		code = CodeTooDeep
	}
	message := load.Message
	if load.ContextMsg != "" {
		message = load.ContextMsg + ": " + message
	}
	where := position{line: clampInt32(mark.Line), column: clampInt32(mark.Column)}
	d.errorf(code, where, "", "compare with the reference in the README", "not valid YAML: %s", message)
}

// at returns where a node begins.
func at(n *yaml.Node) position {
	return position{line: clampInt32(n.Line), column: clampInt32(n.Column)}
}

func clampInt32(n int) int32 { return int32(min(max(n, 0), math.MaxInt32)) }

// where returns the path to what is being decoded.
func (d *decoder) where() string { return strings.Join(d.path, ".") }

// within decodes something below key.
func (d *decoder) within(key string, decode func()) {
	d.path = append(d.path, key)
	decode()
	d.path = d.path[:len(d.path)-1]
}

// decodable is a raw value that knows how it is written.
type decodable interface {
	decode(d *decoder, n *yaml.Node)
}

var (
	_ decodable = (*rawRegion)(nil)
	_ decodable = (*rawVPC)(nil)
	_ decodable = (*scalar)(nil)
	_ decodable = (*list)(nil)
	_ decodable = (*table[scalar])(nil)
)

func (r *rawRegion) decode(d *decoder, n *yaml.Node) { decodeStruct(d, n, r) }

func (v *rawVPC) decode(d *decoder, n *yaml.Node) { decodeStruct(d, n, v) }

func (s *scalar) decode(d *decoder, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode {
		d.mismatch(n, "one value")
		return
	}
	*s = newScalar(n)
}

func newScalar(n *yaml.Node) scalar {
	return scalar{text: n.Value, at: at(n), tag: tagOf(n)}
}

func tagOf(n *yaml.Node) yamlTag {
	switch n.ShortTag() {
	case "!!null":
		return tagNull
	case "!!str":
		return tagString
	case "!!int":
		return tagInt
	default:
		return tagOther
	}
}

func (l *list) decode(d *decoder, n *yaml.Node) {
	if isNull(n) {
		l.at = at(n)
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.mismatch(n, "a list")
		return
	}
	l.at = at(n)
	l.items = make([]scalar, 0, len(n.Content))
	for i, item := range n.Content {
		d.within(fmt.Sprint(i), func() {
			if item.Kind != yaml.ScalarNode || tagOf(item) != tagString {
				d.mismatch(item, "a string")
				return
			}
			l.items = append(l.items, newScalar(item))
		})
	}
}

func (t *table[T]) decode(d *decoder, n *yaml.Node) {
	if isNull(n) {
		t.at = at(n)
		return
	}
	if n.Kind != yaml.MappingNode {
		d.mismatch(n, "a mapping")
		return
	}
	t.at = at(n)
	t.entries = make([]entry[T], 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.mismatch(key, "a name")
			continue
		}
		t.entries = append(t.entries, entry[T]{key: newScalar(key)})
		last := &t.entries[len(t.entries)-1]
		d.within(key.Value, func() { any(&last.value).(decodable).decode(d, value) })
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && tagOf(n) == tagNull }

// decodeStruct decodes a mapping whose keys are the yaml tags of the struct
// that into points to.
func decodeStruct(d *decoder, n *yaml.Node, into any) {
	if isNull(n) && len(d.path) > 0 {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.mismatch(n, "a mapping")
		return
	}
	fields := fieldsByKey(reflect.ValueOf(into).Elem())
	seen := make(map[string]int, len(fields))
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field, known := fields[key.Value]
		if key.Kind != yaml.ScalarNode || !known {
			d.unknownKey(key, reflect.TypeOf(into).Elem())
			continue
		}
		if line, again := seen[key.Value]; again {
			d.errorf(CodeDuplicate, at(key), d.where(), "keep one of them",
				"key %q stands twice, first in line %d", key.Value, line)
			continue
		}
		seen[key.Value] = key.Line
		d.within(key.Value, func() { field.decode(d, value) })
	}
}

func fieldsByKey(v reflect.Value) map[string]decodable {
	fields := make(map[string]decodable, v.NumField())
	for i, key := range keysOf(v.Type()) {
		fields[key] = v.Field(i).Addr().Interface().(decodable)
	}
	return fields
}

// keysOf returns the keys of a raw struct, in the order of its fields.
func keysOf(t reflect.Type) []string {
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i] = t.Field(i).Tag.Get("yaml")
	}
	return keys
}

func (d *decoder) unknownKey(key *yaml.Node, of reflect.Type) {
	hint := "known here: " + strings.Join(keysOf(of), ", ")
	d.errorf(CodeUnknownKey, at(key), d.where(), hint, "unknown key %q", key.Value)
}

// mismatch notes that a node is not what belongs there.
func (d *decoder) mismatch(n *yaml.Node, want string) {
	if n.Kind == yaml.AliasNode {
		d.errorf(CodeUnsupported, at(n), d.where(), "write the value out", "aliases (*%s) are not supported", n.Value)
		return
	}
	hint := ""
	if n.Kind == yaml.ScalarNode && want == "a string" && n.Value != "" {
		hint = fmt.Sprintf("put it in quotes: %q", n.Value)
	}
	d.errorf(CodeWrongType, at(n), d.where(), hint, "expected %s, found %s", want, describe(n))
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		return describeScalar(n)
	default:
		return "something else"
	}
}

func describeScalar(n *yaml.Node) string {
	switch tagOf(n) {
	case tagNull:
		return "nothing"
	case tagString:
		return fmt.Sprintf("the string %q", n.Value)
	case tagInt:
		return fmt.Sprintf("the number %s", n.Value)
	default:
		return fmt.Sprintf("the value %s", n.Value)
	}
}
