// Package report writes what others have found: as text, as Markdown for comments
// on changes, and as JSON for programs. It judges nothing.
package report

import (
	"regexp"

	"github.com/auralink/auralink/zones/formats"
)

// option is how the texts of a format name one of its options.
var option = regexp.MustCompile(`(^|[ (])([a-z][a-z-]*)=([A-Za-z-]+)`)

// Flags returns a text of a format's, or of its refusals, with the options that it
// names as they are given on a command line.
func Flags(f formats.Format, text string) string {
	return option.ReplaceAllStringFunc(text, func(match string) string {
		parts := option.FindStringSubmatch(match)
		before, name, value := parts[1], parts[2], parts[3]
		if f.Shaped && name == "shape" {
			return before + "--shape " + value
		}
		for _, p := range f.Parameters {
			if p.Name == name {
				return before + "--set " + name + "=" + value
			}
		}
		return match
	})
}
