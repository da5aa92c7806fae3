package topology

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// sameAsWords are what people call the key same_as, in lower case and without what is
// between its words.
var sameAsWords = []string{"sameas", "same", "like", "as", "from", "copy"}

func isSameAs(word string) bool {
	return slices.Contains(sameAsWords, strings.NewReplacer("_", "", "-", "", ":", "").Replace(strings.ToLower(word)))
}

// isOtherVPC reports whether a name is that of a VPC in which the decoder is not.
func (d *decoder) isOtherVPC(name string) bool {
	return len(d.path) > 1 && d.path[0] == "vpcs" && d.path[1] != name && slices.Contains(d.vpcs[:min(len(d.vpcs), maxSpelled)], name)
}

// sameAsIn returns the pair that says that the links are those of another VPC, if a
// node has the name of one and, at most, a word for the key before it; else "".
func (d *decoder) sameAsIn(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode && n.Kind != yaml.SequenceNode || len(n.Value) > maxRight || len(n.Content) > 1 {
		return ""
	}
	found := items(n)
	if len(found) == 2 && isSameAs(found[0]) {
		found = found[1:]
	}
	if len(found) != 1 || !d.isOtherVPC(found[0]) || slices.Contains(d.regions, found[0]) {
		return ""
	}
	return sameAsKey + ": " + flowScalar(found[0], false)
}

// likeAnother complains of a key among links that is no region and has the name of a
// VPC, and reports whether it does.
func (d *decoder) likeAnother(links, key, value *yaml.Node) bool {
	pair := ""
	if key.Kind == yaml.ScalarNode && isSameAs(key.Value) {
		pair = d.sameAsIn(value)
	}
	if pair == "" || slices.Contains(d.regions, key.Value) {
		return false
	}
	place, hint := at(key), "write "+pair
	if len(links.Content) == 2 && links.Style&yaml.FlowStyle != 0 {
		place, hint = at(links), "write {"+pair+"}"
	}
	d.errorf(CodeWrongType, place, d.where(), hint, "the links of another VPC have the key %s, and its name as a string", sameAsKey)
	return true
}

// sameAsHint is what to do about an unknown key of a VPC that names another one, or "".
func (d *decoder) sameAsHint(vpc, key, value *yaml.Node) string {
	if !isSameAs(key.Value) {
		return ""
	}
	pair := d.sameAsIn(value)
	switch {
	case pair == "":
		return ""
	case keyIndex(vpc, "links") >= 0:
		return "move it into links of this VPC, as " + pair
	default:
		return "write links: {" + pair + "}"
	}
}
