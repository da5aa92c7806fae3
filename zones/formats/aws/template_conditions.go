package aws

import (
	"reflect"
)

// conditions are those of a template, by their names.
type conditions map[string]any

// maxConditions is how many conditions may stand for each other.
const maxConditions = 50

// holds returns whether a condition holds, and whether that is known: it is of literals alone.
// Parameters may have any value.
func (c conditions) holds(name string) (holds, known bool) {
	return c.test(map[string]any{"Condition": name}, 0)
}

// test tests a condition that is within others so deep.
func (c conditions) test(value any, deep int) (holds, known bool) {
	object, _ := value.(map[string]any)
	if deep > maxConditions || len(object) != 1 {
		return false, false
	}
	for function, argument := range object {
		list, _ := argument.([]any)
		switch function {
		case "Condition":
			name, _ := argument.(string)
			return c.test(c[name], deep+1)
		case "Fn::Equals":
			if len(list) == 2 {
				return reflect.DeepEqual(list[0], list[1]), isLiteral(list[0]) && isLiteral(list[1])
			}
		case "Fn::Not":
			if len(list) == 1 {
				holds, known = c.test(list[0], deep+1)
				return !holds, known
			}
		case "Fn::And":
			return c.every(list, true, deep)
		case "Fn::Or":
			return c.every(list, false, deep)
		}
	}
	return false, false
}

// every returns a value where all conditions have it, and its contrary where one has that.
func (c conditions) every(list []any, value bool, deep int) (holds, known bool) {
	known = len(list) > 0
	for _, one := range list {
		switch its, is := c.test(one, deep+1); {
		case is && its != value:
			return !value, true
		case !is:
			known = false
		}
	}
	return value, known
}

// isLiteral reports whether a value is no function.
func isLiteral(value any) bool {
	_, text := value.(string)
	_, number := value.(float64)
	_, truth := value.(bool)
	return text || number || truth
}
