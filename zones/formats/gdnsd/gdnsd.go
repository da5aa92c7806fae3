// Package gdnsd reads the configuration of gdnsd 3: gdnsd.config(5). Its zones are the files
// of a directory, whose names are theirs, and of which the configuration says nothing.
package gdnsd

import (
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is gdnsd's configuration, which is read and not written.
var Format = formats.Format{
	Name: "gdnsd", Read: read, Detect: detect,
	Reads: "config of gdnsd 3: the zones in the directory \"zones\" beside it, by the names of their files, with @Z and @F. What a plugin answers, by DYNA and DYNC records, is not known.",
}

// sections are all that a configuration has.
var (
	sections = regexp.MustCompile(`^\s*"?(options|service_types|plugins)"?\s*(=>|=)`)
	included = regexp.MustCompile(`^\s*\$include\b`)
	// listening finds the addresses to listen at, in one line.
	listening = regexp.MustCompile(`^[^#]*\blisten\s*=>?\s*(?:\[([^\]#]*)\]|([^\s,\[{}#]+))`)
)

// read reads the zones beside a configuration.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	at := holdings.Place{File: in.Name, Line: 1}
	err := lines.Each(r, in.Name, func(line string, place holdings.Place) error {
		if sections.MatchString(line) && at.Line == 1 {
			at = place
		}
		if match := listening.FindStringSubmatch(line); match != nil {
			b.Listens(place, "gdnsd", strings.FieldsFunc(match[1]+match[2], func(c rune) bool { return strings.ContainsRune(" \t,\"'", c) })...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	in.Follow(b, formats.Mention{
		What: "the directory of zones", Path: "zones", Kind: formats.Folder, Beside: true, Place: at, Wanted: true, Skip: hidden,
		Consequence: ", and gdnsd answers no question without one",
	}, func(b *holdings.Builder, r io.Reader, in formats.Input) error {
		origin, err := originOf(in.Name)
		if err != nil {
			b.NotStarted("gdnsd", at, "%s in its directory of zones is not the name of a zone", lines.Shown(base(in.Name)))
			return nil
		}
		zone := zonefile.Named{Origin: origin, Server: zonefile.GDNSD, File: formats.Mention{Path: in.Name, Place: at}}
		return zone.Content(b, r, in)
	})
	return nil
}

// base returns the last part of a path.
func base(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

// hidden reports whether a file is none of a zone.
func hidden(name string) bool { return strings.HasPrefix(base(name), ".") }

// originOf returns the zone of a file, by its name, in which an @ stands for a slash.
func originOf(name string) (string, error) {
	return holdings.CanonicalName(strings.ReplaceAll(base(name), "@", "/"))
}

// detect knows a configuration by the first line that says something.
func detect(head formats.Head) formats.Certainty {
	for line := range head.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
		case sections.MatchString(line):
			return formats.Surely
		case included.MatchString(line):
			return formats.Likely
		default:
			return formats.No
		}
	}
	return formats.No
}
