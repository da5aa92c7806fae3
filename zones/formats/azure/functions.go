package azure

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// members reads what is taken of a value, such as .name or [0]; or .? and [?, which make null of what
// is not there.
func (e *expression) members(value any) (any, bool) {
	for {
		var index any
		switch {
		case e.take("."):
			e.take("?")
			end := strings.IndexAny(e.rest, ".[(), \t\r\n]")
			if end < 0 {
				end = len(e.rest)
			}
			index, e.rest = e.rest[:end], e.rest[end:]
		case e.take("["):
			e.take("?")
			var ok bool
			if index, ok = e.value(); !ok || !e.take("]") {
				return nil, false
			}
		default:
			return value, true
		}
		if its, there := at(value, index); there {
			value = its
		} else {
			value = rrset.Unknown
		}
	}
}

// at returns an item of a list by its number, or a member of an object by its name.
func at(value, index any) (any, bool) {
	switch index := index.(type) {
	case float64:
		if list, _ := value.([]any); index >= 0 && int(index) < len(list) {
			return list[int(index)], true
		}
	case string:
		object, _ := value.(map[string]any)
		return member(object, index)
	}
	return nil, false
}

// call returns what a function makes of its arguments; [rrset.Unknown] where that is not known.
func (e *expression) call(name string, args []any) any {
	if value, is := choice(name, args); is {
		return value
	}
	if makes := name == "createarray" || name == "createobject"; !makes && unknownIn(args) {
		return rrset.Unknown
	}
	if do, is := functions[name]; is && len(args) >= do.args {
		return knownOnly(do.make(args))
	}
	texts, known := textsOf(args)
	switch {
	case !known:
		return rrset.Unknown
	case name == "concat":
		return strings.Join(texts, "")
	case len(texts) == 0:
		return rrset.Unknown
	case name == "format":
		return knownOnly(formatted(texts[0], texts[1:]))
	case name == "variables":
		return knownOnly(e.variables.value(texts[0], e.scope))
	case name == "parameters":
		return knownOnly(e.parameters.value(texts[0], e.scope))
	default:
		return rrset.Unknown
	}
}

// knownOnly returns a value, or [rrset.Unknown] for one that is not known.
func knownOnly(value any, known bool) any {
	if !known {
		return rrset.Unknown
	}
	return value
}

// unknownIn reports whether something in a value is not known.
func unknownIn(value any) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, unknownIn)
	case map[string]any:
		for _, item := range v {
			if unknownIn(item) {
				return true
			}
		}
		return false
	default:
		return value == any(rrset.Unknown)
	}
}

// textsOf returns texts and numbers as texts; none if there are other values, or they are too long.
func textsOf(args []any) ([]string, bool) {
	texts := make([]string, len(args))
	length := 0
	for i, arg := range args {
		switch arg := arg.(type) {
		case string:
			texts[i] = arg
		case float64:
			texts[i] = strconv.FormatFloat(arg, 'f', -1, 64)
		default:
			return nil, false
		}
		length += len(texts[i])
	}
	return texts, length <= maxText
}

// maxText is the longest text that an expression is followed for, in octets: no name is as long.
const maxText = 16 << 10

// argument finds the place of an argument in a text, and braces.
var argument = regexp.MustCompile(`\{[0-9]{1,3}\}|[{}]`)

// formatted puts arguments into the places {0}, {1} and so on of a text. What .NET makes of other
// braces, such as {0:D4}, is not known.
func formatted(text string, args []string) (any, bool) {
	known, length := true, len(text)
	text = argument.ReplaceAllStringFunc(text, func(place string) string {
		number, err := strconv.Atoi(strings.Trim(place, "{}"))
		if known = known && err == nil && number < len(args) && length <= maxText; !known {
			return ""
		}
		length += len(args[number])
		return args[number]
	})
	return text, known
}
