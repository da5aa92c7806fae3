package windows

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	listed "github.com/auralink/auralink/zones/formats/internal/listing"
)

// readJSON reads what ConvertTo-Json writes.
func (l *listing) readJSON(r io.Reader) error {
	var stop error // which has its place
	err := listed.Each(r, l.in.Name, []string{"value"}, func(item listed.Item) error {
		var members map[string]any
		if err := item.Decode(&members); err != nil {
			return err
		}
		f := make(fields)
		for name, value := range members {
			switch name = strings.ToLower(name); {
			case strings.HasPrefix(name, "cim"): // what is in it stands beside it
			case name == "recorddata":
				f.data(value)
			default:
				f[name] = text(value)
			}
		}
		stop = l.add(f, item.At)
		return stop
	}, nil)
	if stop != nil {
		return stop
	}
	return err
}

// property is how an instance is written that is deeper than ConvertTo-Json goes: its
// properties one after the other.
var property = regexp.MustCompile(`(\w+) = "((?:[^"\\]|\\.)*)"`)

// data takes what a record's data has: a text, an object, or an instance of CIM, whose
// properties are written out or told in a line.
func (f fields) data(value any) {
	object, is := value.(map[string]any)
	if !is {
		f["recorddata"] = text(value)
		return
	}
	for name, value := range object {
		switch name = strings.ToLower(name); {
		case name == "ciminstanceproperties":
			f.properties(value)
		case !strings.HasPrefix(name, "cim"):
			f[name] = text(value)
		}
	}
}

// properties takes the properties of an instance.
func (f fields) properties(value any) {
	switch v := value.(type) {
	case string:
		for _, match := range property.FindAllStringSubmatch(v, -1) {
			f[strings.ToLower(match[1])] = match[2]
		}
	case []any:
		for _, one := range v {
			f.properties(one)
		}
	case map[string]any:
		if name, is := v["Name"].(string); is {
			f[strings.ToLower(name)] = text(v["Value"])
		}
	}
}

// text returns a value as text: an address and a time are objects.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case map[string]any:
		for name, member := range v {
			switch strings.ToLower(name) {
			case "ipaddresstostring", "totalseconds":
				return text(member)
			}
		}
		return ""
	case float64, bool:
		return fmt.Sprint(v)
	default:
		return ""
	}
}
