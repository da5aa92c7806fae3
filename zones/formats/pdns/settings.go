// Package pdns reads the configurations of PowerDNS: pdns.conf of the authoritative
// server, with the named.conf of its bind backend, and recursor.conf of the Recursor, in
// its old form and in YAML.
package pdns

import (
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// setting is the value of a setting, and where it was last said.
type setting struct {
	value string
	place holdings.Place
}

// settings are a configuration's, by name.
type settings map[string]setting

// list returns the items of a setting that is a list, with commas between them.
func (s settings) list(key string) []string { return split(s[key].value, ",") }

// yes reports whether a setting is switched on: by any value but "no" and "off", as the
// Recursor takes it.
func (s settings) yes(key string) bool {
	said, there := s[key]
	return there && !slices.Contains([]string{"no", "off"}, strings.ToLower(said.value))
}

// split returns the parts of a text that are not blank.
func split(text, separators string) []string {
	var parts []string
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(separators, c) }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// parser gathers settings.
type parser struct {
	b    *holdings.Builder
	what string // the server, for messages
	all  settings
}

// read reads the settings of a configuration, and of those in the directory that it
// includes, which count after all of its own.
func (p *parser) read(r io.Reader, in formats.Input) error {
	p.all = make(settings)
	if err := p.file(r, in); err != nil {
		return err
	}
	include := p.all["include-dir"]
	if include.value == "" {
		return nil
	}
	return in.Include(p.b, formats.Mention{
		What: "include-dir", Path: include.value, Kind: formats.Folder, Place: include.place,
		Skip: func(name string) bool {
			return !strings.HasSuffix(name, ".conf") || strings.HasPrefix(path.Base(name), ".")
		},
		Consequence: ", and " + p.what + " does not start without it",
	}, p.file)
}

// file reads one file. A backslash at a line's end continues it.
func (p *parser) file(r io.Reader, in formats.Input) error {
	before := ""
	var begin holdings.Place
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		if before == "" {
			begin = at
		}
		if rest, continues := strings.CutSuffix(strings.TrimRight(line, " \t"), `\`); continues {
			before += rest
			return nil
		}
		line, before = before+line, ""
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			p.line(line, begin)
		}
		return nil
	})
}

// line reads a setting: "+=" adds to what was said before.
func (p *parser) line(line string, at holdings.Place) {
	key, value, found := strings.Cut(line, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if !found {
		value = "yes"
	}
	if own, adds := strings.CutSuffix(key, "+"); adds {
		key = strings.TrimSpace(own)
		if before := p.all[key].value; before != "" {
			value = before + "," + value
		}
	}
	p.all[strings.TrimPrefix(key, "--")] = setting{value, at}
}

// note notes the settings that could matter and are not read, with the reason.
func (p *parser) note(matters map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(matters)) {
		if s := p.all[key]; s.value != "" && s.value != "no" {
			p.b.Unread(s.place, "%s is not read: %s", key, matters[key])
		}
	}
}
