// Package gdnsd reads the configuration of gdnsd 3: gdnsd.config(5). Its zones are the files
// of a directory, whose names are theirs, and of which the configuration says nothing.
package gdnsd

import (
	"errors"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// Format is gdnsd's configuration, which is read and not written.
var Format = formats.Format{
	Name: "gdnsd", Read: read, Detect: detect,
	Reads: "config of gdnsd 3: the zones in the directory \"zones\" beside it, by the names of their files, with @Z and @F, and what keeps it from starting. What a plugin answers, by DYNA and DYNC records, is not known.",
}

// sections are all that a configuration has.
var (
	sections = regexp.MustCompile(`^\s*"?(options|service_types|plugins)"?\s*(=>|=)`)
	included = regexp.MustCompile(`^\s*\$include\b`)
)

// read reads a configuration, and the zones beside it.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	at := holdings.Place{File: in.Name, Line: 1}
	root, err := parse(b, r, in)
	switch wrong := (*syntaxError)(nil); {
	case errors.As(err, &wrong):
		b.NotStarted("gdnsd", wrong.place, "%s", wrong.why)
		root = &value{kind: unknown, partial: true}
	case err != nil:
		return err
	case root.kind == array:
		b.NotStarted("gdnsd", at, "expected options, and not an array")
	default:
		checker{b}.sections(root)
		if len(root.items) > 0 {
			at = root.items[0].place
		}
	}
	z := &served{root: root, at: at}
	in.Follow(b, formats.Mention{
		What: "the directory of zones", Path: "zones", Kind: formats.Folder, Beside: true, Place: at, Wanted: true, Skip: hidden,
		Consequence: ", and gdnsd answers no question without one",
	}, z.read)
	z.nested(b)
	return nil
}

// base returns the last part of a path.
func base(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

// hidden reports whether a file is none of a zone.
func hidden(name string) bool { return strings.HasPrefix(base(name), ".") }

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
