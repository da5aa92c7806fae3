package terraform

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// call returns what a function of Terraform's makes of its arguments. It is false for a function
// that is not known here, and for arguments that are not.
func call(name string, arguments []any) (any, bool) {
	switch name {
	case "toset", "tolist", "tomap":
		if len(arguments) != 1 {
			return nil, false
		}
		return arguments[0], true
	case "concat":
		var all []any
		for _, argument := range arguments {
			list, is := argument.([]any)
			if all = append(all, list...); !is {
				return nil, false
			}
		}
		return all, true
	case "join":
		var parts []any
		if len(arguments) == 2 {
			parts, _ = arguments[1].([]any)
		}
		separator, ok := textsOf(arguments[:min(1, len(arguments))])
		texts, all := textsOf(parts)
		if !ok || !all || parts == nil {
			return nil, false
		}
		return bounded(strings.Join(texts, separator[0]))
	default:
		texts, ok := textsOf(arguments)
		if !ok || len(texts) == 0 {
			return nil, false
		}
		return callText(name, texts)
	}
}

// ofText are the functions of one text.
var ofText = map[string]func(string) string{
	"lower": strings.ToLower, "upper": strings.ToUpper, "trimspace": strings.TrimSpace, "tostring": strings.Clone,
}

// callText returns what a function of texts makes of them.
func callText(name string, texts []string) (any, bool) {
	one, is := ofText[name]
	switch {
	case name == "format":
		return format(texts[0], texts[1:])
	case is && len(texts) == 1:
		return one(texts[0]), true
	case name == "trimsuffix" && len(texts) == 2:
		return strings.TrimSuffix(texts[0], texts[1]), true
	case name == "trimprefix" && len(texts) == 2:
		return strings.TrimPrefix(texts[0], texts[1]), true
	case name == "replace" && len(texts) == 3 && texts[1] != "" && !strings.HasPrefix(texts[1], "/"): // else a regular expression
		return bounded(strings.ReplaceAll(texts[0], texts[1], texts[2]))
	default:
		return nil, false
	}
}

// format writes arguments into a text in the places of %s, %d and %v.
func format(text string, arguments []string) (any, bool) {
	parts := strings.Split(text, "%")
	out := parts[0]
	for n := 1; n < len(parts); n++ {
		part := parts[n]
		switch {
		case part == "" && n+1 < len(parts): // %%
			n++
			out += "%" + parts[n]
		case part == "" || !strings.ContainsRune("sdv", rune(part[0])) || len(arguments) == 0:
			return nil, false
		default:
			out += arguments[0] + part[1:]
			arguments = arguments[1:]
		}
		if len(out) > maxText {
			return nil, false
		}
	}
	return out, len(arguments) == 0
}

// textsOf returns values as texts; false if one is neither a text nor a whole number.
func textsOf(values []any) ([]string, bool) {
	all := make([]string, len(values))
	for n, value := range values {
		text, is := textOf(value)
		if !is {
			return nil, false
		}
		all[n] = text
	}
	return all, true
}

// textOf returns a value as Terraform has it in a text.
func textOf(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case bool:
		return fmt.Sprint(v), true
	default:
		return "", false
	}
}

// bounded returns a text that is not too long.
func bounded(text string) (any, bool) { return text, len(text) <= maxText }
