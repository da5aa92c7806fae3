package script

import (
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// Template is a script as it is kept, whose lines say what is loaded: it is read where the manifest
// of its export is gone.
type Template struct {
	// What is what the script says that it is, before "for the clients of VPC".
	What string
	// Text is the script, and Lines the place that has those lines.
	Text, Lines string
	// Read adds what a line says, and returns the names of the files that it names.
	Read func(b *holdings.Builder, in formats.Input, line Line) (files []string)
	// Values, where it is not nil, is told what stands in the script for the other places, by their
	// names, before its lines are read.
	Values func(b *holdings.Builder, values map[string]string)
	// Files is a pattern for the names of all files that it loads; "" where there are none.
	Files string

	once    sync.Once
	pattern *regexp.Regexp
}

// Line is one of those lines, by its fields.
type Line struct {
	Fields []string
	At     holdings.Place
}

// Is reports whether a file that begins with head is such a script.
func (t *Template) Is(head formats.Head) bool {
	return strings.HasPrefix(string(head), "#!/bin/sh\n# "+t.What+" for the clients of VPC ")
}

// maxText is the longest script that is read, in octets.
const maxText = 64 << 20

// ReadFile reads a script. What is not as [Write] writes it was edited: what it does then is not
// known.
func (t *Template) ReadFile(b *holdings.Builder, r io.Reader, in formats.Input) error {
	text, err := io.ReadAll(io.LimitReader(r, maxText))
	if err != nil {
		return err
	}
	lines, first, values, ours := t.match(string(text))
	if !ours {
		b.Unread(holdings.Place{File: in.Name, Line: 1}, "the script is not as this auralink writes it: what it loads is not known: export it again, or leave the file out")
		return nil
	}
	if t.Values != nil {
		t.Values(b, values)
	}
	loaded := make(map[string]bool)
	for i, line := range lines {
		if fields := strings.Fields(line); len(fields) > 0 {
			for _, name := range t.Read(b, in, Line{Fields: fields, At: holdings.Place{File: in.Name, Line: first + i}}) {
				loaded[name] = true
			}
		}
	}
	t.checkFiles(b, in, loaded)
	return nil
}

// checkFiles notes files beside the script that it does not load.
func (t *Template) checkFiles(b *holdings.Builder, in formats.Input, loaded map[string]bool) {
	if t.Files == "" || in.Tree == nil {
		return
	}
	found, err := in.Tree.Find(formats.Mention{Path: t.Files, Kind: formats.Pattern, Beside: true, From: []string{in.Name}})
	if err != nil {
		return // there are none
	}
	for _, path := range found.Names {
		if name := filepath.Base(path); !loaded[name] {
			b.Unread(holdings.Place{File: path}, "%s does not load this file: nobody is answered from it", in.Name)
		}
	}
}

// match returns the lines that stand for the place, the number of the first one, and what stands for
// the other places, if the text is what Write writes.
func (t *Template) match(text string) (lines []string, first int, values map[string]string, ours bool) {
	t.once.Do(func() { t.pattern = t.compile() })
	at := t.pattern.FindStringSubmatchIndex(text)
	if at == nil {
		return nil, 0, nil, false
	}
	values = make(map[string]string)
	for i, name := range t.pattern.SubexpNames() {
		if name != "" && at[2*i] >= 0 {
			values[name] = text[at[2*i]:at[2*i+1]]
		}
	}
	n := 2 * t.pattern.SubexpIndex("lines")
	return strings.Split(values["lines"], "\n"), 1 + strings.Count(text[:at[n]], "\n"), values, true
}

// value matches what Write puts into a line.
const value = `[A-Za-z0-9 .,:=_-]*`

// compile returns what matches the whole script.
func (t *Template) compile() *regexp.Regexp {
	var out strings.Builder
	out.WriteString(`\A`)
	named := make(map[string]bool)
	for line := range strings.Lines(t.Text) {
		switch {
		case strings.HasPrefix(line, "#@ if "):
			out.WriteString(`(?:`)
		case strings.HasPrefix(line, "#@ end"):
			out.WriteString(`)?`)
		case strings.TrimSpace(line) == "@"+t.Lines+"@":
			fmt.Fprintf(&out, `(?P<lines>(?:[^\n']*\n)*?)`)
		default:
			for {
				at := place.FindStringSubmatchIndex(line)
				if at == nil {
					break
				}
				name := line[at[2]:at[3]]
				out.WriteString(regexp.QuoteMeta(line[:at[0]]) + group(name, named[name]))
				named[name], line = true, line[at[1]:]
			}
			out.WriteString(regexp.QuoteMeta(line))
		}
	}
	out.WriteString(`\z`)
	return regexp.MustCompile(out.String())
}

// group returns what matches the value of a place; the first time by the place's name.
func group(name string, again bool) string {
	if again {
		return value
	}
	return "(?P<" + name + ">" + value + ")"
}

// Or returns a reader that reads such scripts, and leaves all other files to another one.
func (t *Template) Or(read formats.Reader) formats.Reader {
	return func(b *holdings.Builder, r io.Reader, in formats.Input) error {
		head, content, err := formats.Peek(r)
		if err != nil {
			return err
		}
		if t.Is(formats.NewHead(head)) {
			return t.ReadFile(b, content, in)
		}
		return read(b, content, in)
	}
}

// OrDetect is [Template.Or] for what knows the files.
func (t *Template) OrDetect(detect func(formats.Head) formats.Certainty) func(formats.Head) formats.Certainty {
	return func(head formats.Head) formats.Certainty {
		if t.Is(head) {
			return formats.Surely
		}
		return detect(head)
	}
}
