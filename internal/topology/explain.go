package topology

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The YAML library says where it could not go on, which is seldom where the mistake
// is. This file looks for the mistakes that people make, line by line, and takes the
// first whose remedy gets the library further.

// slip is a mistake in YAML and its remedy: what to put in the place of the octets
// from at to end.
type slip struct {
	at, end       int
	remedy        string
	message, hint string
	// shown is where it is shown, if that is not where the remedy goes.
	shown     int
	elsewhere bool
}

// maxExplained is the largest text whose mistakes are sought, in octets; maxSlips is
// how many remedies are tried, of the first ones and of others.
const (
	maxExplained = 64 << 10
	maxSlips     = 30
)

// explain returns the mistake because of which the library could not go on in a line,
// if it is found.
func explain(text []byte, noticed int) (slip, bool) {
	if len(text) > maxExplained {
		return slip{}, false
	}
	slips := slipsIn(string(text))
	for _, s := range likely(text, slips, noticed) {
		mended := string(text[:s.at]) + s.remedy + string(text[s.end:])
		if line, wrong := wrongIn(mended); !wrong || line > noticed+strings.Count(s.remedy, "\n") {
			return s, true
		}
	}
	return slip{}, false
}

// likely returns the slips that are tried: the first ones, and of the others those that are closest
// to the line in which the library could not go on.
func likely(text []byte, slips []slip, noticed int) []slip {
	first, others := slips[:min(len(slips), maxSlips)], slices.Clone(slips[min(len(slips), maxSlips):])
	away := func(s slip) int {
		lines := bytes.Count(text[:s.at], []byte("\n")) + 1 - noticed
		return max(lines, -lines)
	}
	slices.SortStableFunc(others, func(a, b slip) int { return away(a) - away(b) })
	return slices.Concat(first, others[:min(len(others), maxSlips)])
}

// slipIn returns the mistake because of which YAML takes a key and its value for one
// string, if n is that.
func (d *decoder) slipIn(n *yaml.Node) (slip, bool) {
	line := d.source.line(n.Line)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || n.Style != 0 || len(line) > maxExplained {
		return slip{}, false
	}
	from := d.source.offset(line, n.Column-1)
	if strings.TrimLeft(string(line[:from]), " ") != "" {
		return slip{}, false
	}
	slips := slipsIn(string(line))
	if len(slips) == 0 {
		return slip{}, false
	}
	return slips[0], true
}

// wrongIn returns the line in which the library cannot go on with a text.
func wrongIn(text string) (line int, wrong bool) {
	feed, refused := feedOf(&source{text: []byte(text)})
	if refused != nil {
		return 0, true
	}
	var limit depthLimit
	loader, err := yaml.NewLoader(feed.reader(), yaml.WithPlugin(&limit))
	if err != nil {
		return 0, true
	}
	var document yaml.Node
	err = loader.Load(&document)
	if load, ok := err.(*yaml.LoadError); ok { //nolint:errorlint // the library returns it as it is
		return max(load.Mark.Line, load.ContextMark.Line), true
	}
	return 0, err != nil
}

// withoutComment cuts off a comment and the blanks before it.
func withoutComment(line string) string {
	if at := strings.Index(line, " #"); at >= 0 {
		line = line[:at]
	}
	return strings.TrimRight(line, " \t")
}

// startOf returns the offset of a line.
func (r *reading) startOf(number int) int {
	at := 0
	for range number - 1 {
		at += strings.IndexByte(r.text[at:], '\n') + 1
	}
	return at
}

func (r *reading) lineOf(at int) int { return strings.Count(r.text[:at], "\n") + 1 }

// place shows a slip elsewhere than where its remedy goes.
func (s *slip) place(at int) { s.shown, s.elsewhere = at, true }

// blankLike returns the offset of a character that looks like a blank or a quote and
// is none, outside of comments, and what to write instead.
func (s *source) blankLike() (at int, instead string) {
	if isASCII(s.text) {
		return 0, ""
	}
	comment := false
	for i := 0; i < len(s.text); {
		c, size := utf8.DecodeRune(s.text[i:])
		switch {
		case c == '\n':
			comment = false
		case c == '#' && (i == 0 || s.text[i-1] <= ' '):
			comment = true
		case comment:
		case strings.ContainsRune("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", c):
			return i, "a space"
		case strings.ContainsRune("\u200b\u200c\u200d\u2060", c):
			return i, "nothing"
		}
		i += size
	}
	return 0, ""
}

func isASCII(text []byte) bool {
	return bytes.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf }) < 0
}

// misplaced complains of a key of the file among regions or VPCs, with a value that is none
// of theirs: what looks like a region or a VPC of that name is one.
func (d *decoder) misplaced(key, value *yaml.Node, of reflect.Type) bool {
	if len(d.path) != 1 || of != reflect.TypeFor[rawRegion]() && of != reflect.TypeFor[rawVPC]() || !isTopKey(key.Value) {
		return false
	}
	for i := 0; value.Kind == yaml.MappingNode && i < len(value.Content); i += 2 {
		if slices.Contains(keysOf(of), value.Content[i].Value) {
			return false
		}
	}
	d.within(key.Value, func() {
		d.errorf(CodeUnknownKey, at(key), d.where(), fmt.Sprintf("indent %s with 0 spaces", key.Value), "%s is a key of the file, and stands among %s", key.Value, d.path[0])
	})
	return true
}
