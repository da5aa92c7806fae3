package topology

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Links that are indented wrongly become keys of a VPC, or a VPC of their own. What
// is said of them here keeps them: to leave them out would make an outage.

// hasAddrs reports whether there is an address in a node.
func hasAddrs(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		_, err := netip.ParseAddr(n.Value)
		return err == nil
	}
	return slices.ContainsFunc(n.Content, hasAddrs)
}

// isLink reports whether a key that is unknown where it stands is a link: it is that of
// a region, or has addresses.
func (d *decoder) isLink(key, value *yaml.Node) bool {
	return slices.Contains(d.regions, key.Value) || hasAddrs(value)
}

// unknownHint is what to do about the unknown key at index i of a mapping.
func (d *decoder) unknownHint(n *yaml.Node, i int, of reflect.Type) string {
	if d.full(SeverityError) {
		return "" // it is not shown
	}
	key, value := n.Content[i], n.Content[i+1]
	if same := d.sameAsHint(n, key, value); same != "" && of == reflect.TypeFor[rawVPC]() {
		return same
	}
	if wrapper := d.wrapperHint(n, i, of); wrapper != "" {
		return wrapper
	}
	hint := keyHint(key.Value, keysOf(of))
	elsewhere, known := strings.CutPrefix(hint, "leave it out here: ")
	switch {
	case !d.isLink(key, value), strings.HasPrefix(hint, "did you mean") && !slices.Contains(d.regions, key.Value):
		return hint
	case known:
		return "move it: " + elsewhere
	case of == reflect.TypeFor[rawVPC]():
		return d.linkHint(n, i)
	default:
		return "move it into links of its VPC, under vpcs"
	}
}

// wrapperHint is what to do about a key of the file that has all of a topology below it, or that
// Kubernetes has in its objects; or "".
func (d *decoder) wrapperHint(root *yaml.Node, i int, of reflect.Type) string {
	key, value := root.Content[i], root.Content[i+1]
	switch {
	case of != reflect.TypeFor[rawTopology]():
		return ""
	case keyIndex(root, "apiVersion") >= 0 && keyIndex(root, "kind") >= 0:
		return "this is an object of Kubernetes: give the topology that is in it, in a file of its own"
	case value.Kind != yaml.MappingNode || (root.Style|value.Style)&yaml.FlowStyle != 0 || key.Line == value.Line:
		return ""
	case keyIndex(value, "regions") >= 0 || keyIndex(value, "vpcs") >= 0:
		return fmt.Sprintf("leave out the line, and indent all that is below it with %s less", countedSpaces(value.Column-1))
	default:
		return ""
	}
}

// linkHint is what to do about a link, at index i of a VPC, that is beside the key links
// and not below it.
func (d *decoder) linkHint(vpc *yaml.Node, i int) string {
	key := vpc.Content[i]
	j := keyIndex(vpc, "links")
	width := vpc.Column + 1
	switch {
	case vpc.Style&yaml.FlowStyle != 0 || j > i:
		return "move it into links of this VPC"
	case j < 0:
		return fmt.Sprintf("put the line links: before it, and indent it with %d spaces", width)
	case isNull(vpc.Content[j+1]):
	case vpc.Content[j+1].Kind != yaml.MappingNode || vpc.Content[j+1].Style&yaml.FlowStyle != 0:
		return "move it into links of this VPC"
	default:
		width = vpc.Content[j+1].Column - 1
	}
	for k := j + 2; k < i; k += 2 {
		if !d.isLink(vpc.Content[k], vpc.Content[k+1]) {
			return fmt.Sprintf("move it below links, in line %d, and indent it with %d spaces", vpc.Content[j].Line, width)
		}
	}
	return fmt.Sprintf("indent it with %d spaces: %s is a link, and belongs below links", width, flowScalar(key.Value, false))
}

// outdented complains of links at index i of the VPCs that belong to the one before it,
// and reports whether there are any.
func (d *decoder) outdented(vpcs *yaml.Node, i int, of reflect.Type) bool {
	key, value := vpcs.Content[i], vpcs.Content[i+1]
	if i < 2 || of != reflect.TypeFor[rawVPC]() || key.Value != "links" || value.Kind != yaml.MappingNode || (vpcs.Style|value.Style)&yaml.FlowStyle != 0 {
		return false
	}
	for j := 0; j < min(len(value.Content), 2*maxSpelled); j += 2 {
		if slices.Contains(keysOf(of), value.Content[j].Value) || !d.isLink(value.Content[j], value.Content[j+1]) {
			return false
		}
	}
	owner, vpc := vpcs.Content[i-2], vpcs.Content[i-1]
	width := vpcs.Column + 1
	if vpc.Kind == yaml.MappingNode {
		if vpc.Style&yaml.FlowStyle != 0 {
			return false
		}
		width = vpc.Column - 1
	}
	d.within(owner.Value, func() {
		d.errorf(CodeUnknownKey, at(key), d.where(),
			fmt.Sprintf("indent links with %d spaces, and what is below it with %d", width, width+value.Column-vpcs.Column),
			"links stands among the VPCs, and not in VPC %q", owner.Value)
	})
	return true
}
