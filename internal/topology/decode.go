package topology

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// decoder turns YAML nodes into raw values and notes what does not fit.
type decoder struct {
	*collector
	file    FileKind // what is read
	path    []string
	regions []string                // the names under regions, for hints
	vpcs    []string                // the names under vpcs, for hints
	anchors map[*yaml.Node][]string // the path to what has an anchor
	quiet   bool                    // nobody asks why the YAML library could not go on
}

// decode reads the one document of the source, and reports whether there is
// anything in it to validate.
func (d *decoder) decode() (raw rawTopology, ok bool) {
	d.file = topologyFile
	root, ok := d.load()
	if !ok {
		return raw, false
	}
	d.regions, d.vpcs = namesIn(root, "regions"), namesIn(root, "vpcs")
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
	if reflect.TypeFor[T]() == reflect.TypeFor[rawVPC]() && d.nameless(n) {
		return
	}
	t.entries = make([]entry[T], 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !d.isKey(key) {
			continue
		}
		if d.misplaced(key, value, reflect.TypeFor[T]()) {
			if isNull(value) {
				break // what follows is below it
			}
			continue
		}
		if d.outdented(n, i, reflect.TypeFor[T]()) {
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
	seen := make(map[string]*yaml.Node, len(fields))
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !d.isKey(key) {
			continue
		}
		field, known := fields[key.Value]
		first, again := seen[key.Value]
		switch {
		case !known:
			d.unknownKey(n, i, reflect.TypeOf(into).Elem())
		case again && isNull(first):
			d.emptyKey(first, key)
			d.value(key.Value, field, value)
		case again:
			d.repeatedKey(key, first.Line)
		default:
			seen[key.Value] = &yaml.Node{Kind: value.Kind, Tag: value.Tag, Value: value.Value, Style: value.Style, Line: key.Line, Column: key.Column}
			d.value(key.Value, field, value)
		}
	}
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
