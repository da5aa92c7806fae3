package topology

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/spell"
)

// decoder turns YAML nodes into raw values and notes what does not fit.
type decoder struct {
	*collector
	path    []string
	regions []string                // the names under regions, for hints
	anchors map[*yaml.Node][]string // the path to what has an anchor
}

// decode reads the one document of the source, and reports whether there is
// anything in it to validate.
func (d *decoder) decode() (raw rawTopology, ok bool) {
	root, ok := d.load()
	if !ok {
		return raw, false
	}
	d.regions = regionsIn(root)
	if !d.plain(root) {
		return raw, false
	}
	decodeStruct(d, root, &raw)
	return raw, root.Kind == yaml.MappingNode
}

// at returns where a node begins.
func at(n *yaml.Node) position { return positionOf(n.Line, n.Column) }

// where returns the path to what is being decoded.
func (d *decoder) where() string {
	var b strings.Builder
	for i, step := range d.path {
		if i > 0 && !strings.HasPrefix(step, "[") {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// within does something one step further down the path.
func (d *decoder) within(step string, do func()) {
	d.path = append(d.path, step)
	do()
	d.path = d.path[:len(d.path)-1]
}

// decodable is a raw value that knows how it is written.
type decodable interface {
	decode(d *decoder, n *yaml.Node)
}

var (
	_ decodable = (*rawRegion)(nil)
	_ decodable = (*rawVPC)(nil)
	_ decodable = (*text)(nil)
	_ decodable = (*integer)(nil)
	_ decodable = (*list)(nil)
	_ decodable = (*link)(nil)
	_ decodable = (*table[text])(nil)
)

// value decodes n, which is one step further down, if it is written plainly.
func (d *decoder) value(step string, into decodable, n *yaml.Node) {
	d.within(step, func() {
		if d.plain(n) {
			into.decode(d, n)
		}
	})
}

func (r *rawRegion) decode(d *decoder, n *yaml.Node) { decodeStruct(d, n, r) }

func (v *rawVPC) decode(d *decoder, n *yaml.Node) { decodeStruct(d, n, v) }

func (l *link) decode(d *decoder, n *yaml.Node) {
	if n.Kind == yaml.MappingNode && !isNamedAddrs(n) {
		decodeStruct(d, n, &l.rawLink)
		return
	}
	l.listed = true
	l.Addresses.decode(d, n)
}

// isNamedAddrs reports whether a mapping is one of scalars by names of the user's own,
// such as those of availability zones: a list was meant.
func isNamedAddrs(n *yaml.Node) bool {
	known := keysOf(reflect.TypeFor[rawLink]())
	for i := 0; i+1 < len(n.Content); i += 2 {
		if slices.Contains(known, n.Content[i].Value) || n.Content[i+1].Kind != yaml.ScalarNode {
			return false
		}
	}
	return len(n.Content) > 0
}

func (t *text) decode(d *decoder, n *yaml.Node) { t.scalar = d.scalar(n, "!!str", "a string") }

func (i *integer) decode(d *decoder, n *yaml.Node) { i.scalar = d.scalar(n, "!!int", "a whole number") }

// scalar returns the scalar n, if YAML takes it for what is wanted.
func (d *decoder) scalar(n *yaml.Node, tag, want string) scalar {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != tag {
		d.mismatch(n, want)
		return scalar{}
	}
	return newScalar(n)
}

func newScalar(n *yaml.Node) scalar { return scalar{text: n.Value, at: at(n)} }

func (l *list) decode(d *decoder, n *yaml.Node) {
	l.at = at(n)
	if isNull(n) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.mismatch(n, "a list")
		return
	}
	l.items = make([]scalar, 0, len(n.Content))
	for i, child := range n.Content {
		var t text
		d.value(item("", i), &t, child)
		l.items = append(l.items, t.scalar)
	}
}

func (t *table[T]) decode(d *decoder, n *yaml.Node) {
	t.at = at(n)
	if isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.mismatch(n, "a mapping")
		return
	}
	t.entries = make([]entry[T], 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !d.isKey(key) || d.misplaced(key, value, reflect.TypeFor[T]()) {
			continue
		}
		t.entries = append(t.entries, entry[T]{key: newScalar(key)})
		last := &t.entries[len(t.entries)-1]
		d.value(key.Value, any(&last.value).(decodable), value)
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// decodeStruct decodes a mapping whose keys are the yaml tags of the struct
// that into points to.
func decodeStruct(d *decoder, n *yaml.Node, into any) {
	if isNull(n) {
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
		if !d.isKey(key) {
			continue
		}
		field, known := fields[key.Value]
		line, again := seen[key.Value]
		switch {
		case !known:
			d.unknownKey(key, reflect.TypeOf(into).Elem())
		case again:
			d.repeatedKey(key, line)
		default:
			seen[key.Value] = key.Line
			d.value(key.Value, field, value)
		}
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

// isKey reports whether n can be a key, and complains otherwise.
func (d *decoder) isKey(n *yaml.Node) bool {
	if !d.plain(n) {
		return false
	}
	if n.Kind != yaml.ScalarNode {
		d.mismatch(n, "a name")
		return false
	}
	return true
}

func (d *decoder) unknownKey(key *yaml.Node, of reflect.Type) {
	d.within(key.Value, func() {
		d.errorf(CodeUnknownKey, at(key), d.where(), keyHint(key.Value, keysOf(of)), "unknown key %q", key.Value)
	})
}

// keyHint says what an unknown key was meant to be, or where it stands.
func keyHint(key string, known []string) string {
	here := "known here: " + strings.Join(known, ", ")
	if near := spell.DidYouMean(key, known); near != "" {
		return near + " " + here
	}
	for _, place := range []struct {
		of    reflect.Type
		where string
	}{
		{reflect.TypeFor[rawRegion](), "in a region, under regions"},
		{reflect.TypeFor[rawVPC](), "in a VPC, under vpcs"},
		{reflect.TypeFor[rawLink](), "in a link, under links of a VPC"},
		{reflect.TypeFor[rawTopology](), "at the beginning of a line"},
	} {
		if slices.Contains(keysOf(place.of), key) {
			return fmt.Sprintf("leave it out here: %s stands %s; %s", key, place.where, here)
		}
	}
	return "leave it out; " + here
}

func (d *decoder) repeatedKey(key *yaml.Node, line int) {
	d.within(key.Value, func() {
		d.errorf(CodeDuplicate, at(key), d.where(), "keep one of them",
			"key %q stands twice, first in line %d", key.Value, line)
	})
}

// plain complains of what only YAML has: the reader of a topology shall see
// what it says where it says it. It reports whether n has a value of its own
// that can be judged further.
func (d *decoder) plain(n *yaml.Node) bool {
	refuse := func(what, hint string) {
		d.errorf(CodeUnsupported, at(n), d.where(), hint, "%s is not supported", what)
	}
	if n.Anchor != "" {
		d.anchored(n)
		refuse("anchor &"+n.Anchor, "leave it out: a value stands where it is used")
	}
	switch {
	case n.Kind == yaml.AliasNode:
		refuse("alias *"+n.Value, d.writeOut(n))
		return false
	case n.ShortTag() == "!!merge":
		refuse("merge key <<", "leave it out, and write the keys out")
		return false
	case n.Style&yaml.TaggedStyle != 0 || n.Tag == "!":
		refuse("tag "+n.Tag, "leave it out; what is in quotes is a string")
		return n.Kind != yaml.ScalarNode
	default:
		return true
	}
}

// anchored notes the path to a node that has an anchor.
func (d *decoder) anchored(n *yaml.Node) {
	if d.anchors == nil {
		d.anchors = make(map[*yaml.Node][]string)
	}
	d.anchors[n] = slices.Clone(d.path)
}

// writeOut says what to write in the place of an alias.
func (d *decoder) writeOut(alias *yaml.Node) string {
	if vpc := d.linksOf(alias); vpc != "" && d.key() == "links" {
		return "write {" + sameAsKey + ": " + vpc + "}"
	}
	if out := flow(alias); len(out) <= maxRight {
		return "write " + out
	}
	return "write the value out"
}

// mismatch notes that a node is not what belongs there.
func (d *decoder) mismatch(n *yaml.Node, want string) {
	if s, found := d.slipIn(n); found && want == "a mapping" {
		line := positionOf(n.Line, 1)
		d.errorf(CodeWrongType, line.after(d.source.line(n.Line)[:s.at]), d.where(), s.hint, "expected %s, found %s: %s", want, describe(n), s.message)
		return
	}
	d.errorf(CodeWrongType, at(n), d.where(), d.rightKind(n, want), "expected %s, found %s", want, describe(n))
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	default:
		return describeScalar(n)
	}
}

func describeScalar(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!str":
		return fmt.Sprintf("the string %q", shorten(n.Value, maxShown))
	case "!!int":
		return "the number " + n.Value
	default:
		return "the value " + n.Value
	}
}
