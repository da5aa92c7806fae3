// Package plist writes Apple's property lists, in XML.
package plist

import (
	"bufio"
	"crypto/sha1"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Dict is a dictionary whose entries keep their order.
type Dict []Entry

// Entry is a key, and its value: a Dict, an Array, a string, an int or a bool.
type Entry struct {
	Key   string
	Value any
}

// Array is a list of values.
type Array []any

// Strings returns the list of texts.
func Strings(all []string) (list Array) {
	for _, one := range all {
		list = append(list, one)
	}
	return list
}

const head = xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n"

// Write writes a list.
func Write(w io.Writer, value any) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s<plist version=\"1.0\">\n", head)
	writeValue(out, "", value)
	fmt.Fprint(out, "</plist>\n")
	return out.Flush() // the first error of all writes
}

func writeValue(out *bufio.Writer, indent string, value any) {
	switch v := value.(type) {
	case Dict:
		writeEach(out, indent, "dict", len(v), func(i int) {
			fmt.Fprintf(out, "%s\t<key>%s</key>\n", indent, escaped(v[i].Key))
			writeValue(out, indent+"\t", v[i].Value)
		})
	case Array:
		writeEach(out, indent, "array", len(v), func(i int) { writeValue(out, indent+"\t", v[i]) })
	case string:
		fmt.Fprintf(out, "%s<string>%s</string>\n", indent, escaped(v))
	case int:
		fmt.Fprintf(out, "%s<integer>%d</integer>\n", indent, v)
	case bool:
		fmt.Fprintf(out, "%s<%t/>\n", indent, v)
	default:
		panic(fmt.Sprintf("plist: a %T is no value", value))
	}
}

func writeEach(out *bufio.Writer, indent, element string, count int, write func(i int)) {
	if count == 0 {
		fmt.Fprintf(out, "%s<%s/>\n", indent, element)
		return
	}
	fmt.Fprintf(out, "%s<%s>\n", indent, element)
	for i := range count {
		write(i)
	}
	fmt.Fprintf(out, "%s</%s>\n", indent, element)
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // into memory
	return b.String()
}

// space is the namespace of our UUIDs, a random one.
var space = [16]byte{0x6f, 0x1d, 0xd6, 0x7a, 0x52, 0x4b, 0x4c, 0x0e, 0x9b, 0x3e, 0x2f, 0x90, 0x41, 0xc8, 0x77, 0x35}

// UUID returns the UUID of a name, which is the same each time (RFC 9562, version 5).
func UUID(name string) string {
	sum := sha1.Sum(append(space[:], name...))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]))
}

// Payload is one of the settings of a configuration profile.
type Payload struct {
	// Type is Apple's name of the kind of settings, and Label ours, of a word.
	Type, Label string
	// Title is what people read.
	Title string
	// Settings are those of the kind.
	Settings Dict
}

// Profile is a configuration profile, as devices install it.
type Profile struct {
	// Identifier names the profile: one that is installed later under the same takes
	// its place.
	Identifier string
	// Title and Description are what people read.
	Title, Description string
	// Scope is "System" for all users of a Mac; "" where there is but one.
	Scope    string
	Payloads []Payload
}

// Write writes a profile.
func (p Profile) Write(w io.Writer) error {
	var payloads Array
	for _, one := range p.Payloads {
		identifier := p.Identifier + "." + one.Label
		payloads = append(payloads, append(Dict{
			{"PayloadType", one.Type},
			{"PayloadVersion", 1},
			{"PayloadIdentifier", identifier},
			{"PayloadUUID", UUID(identifier)},
			{"PayloadDisplayName", one.Title},
		}, one.Settings...))
	}
	profile := Dict{
		{"PayloadDescription", p.Description}, // first, for who looks whose file it is
		{"PayloadType", "Configuration"},
		{"PayloadVersion", 1},
		{"PayloadIdentifier", p.Identifier},
		{"PayloadUUID", UUID(p.Identifier)},
		{"PayloadDisplayName", p.Title},
	}
	if p.Scope != "" {
		profile = append(profile, Entry{"PayloadScope", p.Scope})
	}
	return Write(w, append(profile, Entry{"PayloadContent", payloads}))
}
