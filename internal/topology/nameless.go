package topology

import (
	"fmt"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"
)

// nameless complains of the keys of a VPC that stand where the labels of VPCs do, and reports
// whether there are no others.
func (d *decoder) nameless(vpcs *yaml.Node) bool {
	known := keysOf(reflect.TypeFor[rawVPC]())
	for i := 0; i+1 < len(vpcs.Content); i += 2 {
		key, value := vpcs.Content[i], vpcs.Content[i+1]
		if !slices.Contains(known, key.Value) || isNull(value) || value.Kind == yaml.MappingNode && len(value.Content) == 0 || slices.ContainsFunc(keysIn(value), func(k string) bool { return slices.Contains(known, k) }) {
			return false
		}
	}
	if len(vpcs.Content) == 0 {
		return false
	}
	d.errorf(CodeWrongType, at(vpcs), d.where(), labelHint(vpcs), "%s stands where the label of a VPC does", vpcs.Content[0].Value)
	return true
}

// labelHint says how keys of a VPC get its label.
func labelHint(vpcs *yaml.Node) string {
	switch width := (vpcs.Column - 1) / 2; {
	case vpcs.Style&yaml.FlowStyle != 0 && len(flow(vpcs)) <= maxRight:
		return "write {apps: " + flow(vpcs) + "}, with a label of yours for apps"
	case vpcs.Style&yaml.FlowStyle != 0, width == 0:
		return "write a label of yours for the VPC before its keys"
	case width == 1:
		return "put the line apps: before it, indented with 1 space; apps is a label of yours for the VPC"
	default:
		return fmt.Sprintf("put the line apps: before it, indented with %d spaces; apps is a label of yours for the VPC", width)
	}
}
