package topology

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/spell"
)

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

// unknownKey complains of the key at index i of a mapping.
func (d *decoder) unknownKey(n *yaml.Node, i int, of reflect.Type) {
	key := n.Content[i]
	d.within(key.Value, func() {
		d.errorf(CodeUnknownKey, at(key), d.where(), d.unknownHint(n, i, of), "unknown key %q", key.Value)
	})
}

// keyHint says what an unknown key was meant to be, or where it stands.
func keyHint(key string, known []string) string {
	here := "known here: " + strings.Join(known, ", ")
	if near := spell.DidYouMean(key, known); near != "" && !strings.Contains(key, `"`) {
		return near + " " + here
	}
	if of := reflect.TypeFor[rawLink](); slices.Equal(known, keysOf(of)) {
		return fmt.Sprintf("did you mean %q? %s", known[0], here) // there is no other
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

// emptyKey complains of a key without a value that stands once more, with one.
func (d *decoder) emptyKey(first, key *yaml.Node) {
	d.within(key.Value, func() {
		d.errorf(CodeDuplicate, at(first), d.where(), "leave it out: it has nothing", "key %q stands twice, once more in line %d", key.Value, key.Line)
	})
}

func (d *decoder) repeatedKey(key *yaml.Node, line int) {
	d.within(key.Value, func() {
		d.errorf(CodeDuplicate, at(key), d.where(), "keep one of them",
			"key %q stands twice, first in line %d", key.Value, line)
	})
}

// mismatch notes that a node is not what belongs there.
func (d *decoder) mismatch(n *yaml.Node, want string) {
	if len(d.path) == 0 && !d.quiet && d.other() {
		return
	}
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
