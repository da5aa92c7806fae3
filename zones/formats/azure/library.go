package azure

import (
	"reflect"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// choice returns what a function makes that needs not all of its arguments: those may be unknown.
// It reports whether the function is one of these.
func choice(name string, args []any) (any, bool) {
	switch {
	case name == "if" && len(args) == 3:
		switch args[0] {
		case true:
			return args[1], true
		case false:
			return args[2], true
		}
		if args[1] != any(rrset.Unknown) && reflect.DeepEqual(args[1], args[2]) {
			return args[1], true
		}
	case name == "and":
		return every(args, true), true
	case name == "or":
		return every(args, false), true
	case name == "coalesce":
		for _, arg := range args {
			if arg != nil {
				return arg, true
			}
		}
	default:
		return nil, false
	}
	return rrset.Unknown, true
}

// every returns a value where all have it, and its contrary where one has that, be others unknown.
func every(args []any, value bool) any {
	result := any(value)
	for _, arg := range args {
		switch arg {
		case value:
		case !value:
			return !value
		default:
			result = rrset.Unknown
		}
	}
	return result
}

// function makes a value of so many arguments or more, all of which are known.
type function struct {
	args int
	make func(args []any) (any, bool)
}

// functions are those of Resource Manager that say something of values alone.
var functions = map[string]function{
	"true":         {0, constant(true)},
	"false":        {0, constant(false)},
	"null":         {0, constant(nil)},
	"createarray":  {0, func(args []any) (any, bool) { return slices.Clone(args), true }},
	"createobject": {0, createObject},
	"not":          {1, not},
	"bool":         {1, truth},
	"equals":       {2, equals},
	"empty":        {1, func(args []any) (any, bool) { n, known := length(args[0]); return n == 0, known }},
	"length":       {1, func(args []any) (any, bool) { n, known := length(args[0]); return float64(n), known }},
	"first":        {1, func(args []any) (any, bool) { return end(args[0], false) }},
	"last":         {1, func(args []any) (any, bool) { return end(args[0], true) }},
	"array":        {1, array},
	"contains":     {2, contains},
	"string":       {1, func(args []any) (any, bool) { texts, known := textsOf(args[:1]); return strings.Join(texts, ""), known }},
	"tolower":      {1, text1(strings.ToLower)},
	"toupper":      {1, text1(strings.ToUpper)},
	"trim":         {1, text1(strings.TrimSpace)},
	"replace":      {3, replace},
	"split":        {2, split},
	"join":         {2, join},
	"startswith":   {2, text2(strings.HasPrefix)},
	"endswith":     {2, text2(strings.HasSuffix)},
}

func constant(value any) func([]any) (any, bool) {
	return func([]any) (any, bool) { return value, true }
}

// text1 returns a function of one text.
func text1(of func(string) string) func([]any) (any, bool) {
	return func(args []any) (any, bool) {
		text, is := args[0].(string)
		return of(text), is
	}
}

// text2 returns a function that compares two texts, in whatever case.
func text2(of func(a, b string) bool) func([]any) (any, bool) {
	return func(args []any) (any, bool) {
		a, one := args[0].(string)
		b, two := args[1].(string)
		return of(strings.ToLower(a), strings.ToLower(b)), one && two
	}
}

func not(args []any) (any, bool) {
	value, is := args[0].(bool)
	return !value, is
}

func truth(args []any) (any, bool) {
	switch v := args[0].(type) {
	case bool:
		return v, true
	case float64:
		return v != 0, true
	case string:
		is := strings.EqualFold(v, "true")
		return is, is || strings.EqualFold(v, "false")
	default:
		return nil, false
	}
}

func equals(args []any) (any, bool) { return reflect.DeepEqual(args[0], args[1]), true }

// length returns how much is in a value, and whether it can have something in it.
func length(value any) (int, bool) {
	switch v := value.(type) {
	case string:
		return len(v), true
	case []any:
		return len(v), true
	case map[string]any:
		return len(v), true
	default:
		return 0, v == nil
	}
}

// end returns the first or the last item of a list, or letter of a text.
func end(value any, last bool) (any, bool) {
	n, known := length(value)
	if !known || n == 0 {
		return nil, false
	}
	at := 0
	if last {
		at = n - 1
	}
	switch v := value.(type) {
	case string:
		return v[at : at+1], true
	case []any:
		return v[at], true
	default:
		return nil, false
	}
}

func array(args []any) (any, bool) {
	if list, is := args[0].([]any); is {
		return list, true
	}
	return args[:1:1], true
}

func contains(args []any) (any, bool) {
	switch v := args[0].(type) {
	case string:
		part, is := args[1].(string)
		return strings.Contains(v, part), is
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return reflect.DeepEqual(item, args[1]) }), true
	case map[string]any:
		name, is := args[1].(string)
		_, there := member(v, name)
		return there, is
	default:
		return nil, false
	}
}

func createObject(args []any) (any, bool) {
	all := make(map[string]any)
	for i := 0; i+1 < len(args); i += 2 {
		name, is := args[i].(string)
		if !is {
			return nil, false
		}
		all[name] = args[i+1]
	}
	return all, len(args)%2 == 0
}

func replace(args []any) (any, bool) {
	texts, known := textsOf(args[:3])
	if !known || texts[1] == "" || len(texts[0])*max(len(texts[2]), 1) > maxText {
		return nil, false
	}
	return strings.ReplaceAll(texts[0], texts[1], texts[2]), true
}

func split(args []any) (any, bool) {
	texts, known := textsOf(args[:2]) // a list of separators is none
	if !known || texts[1] == "" {
		return nil, false
	}
	var all []any
	for part := range strings.SplitSeq(texts[0], texts[1]) {
		all = append(all, part)
	}
	return all, true
}

func join(args []any) (any, bool) {
	list, is := args[0].([]any)
	between, also := args[1].(string)
	texts, known := textsOf(list)
	return strings.Join(texts, between), is && also && known
}
