package coredns

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// maxSnippets is how deep snippets may import others.
const maxSnippets = 50

// maxImports is how many imports there may be, with those of what is imported: snippets without
// anything in them make no tokens.
const maxImports = 100_000

var (
	errSnippets    = fmt.Errorf("snippets import each other more than %d deep", maxSnippets)
	errManyImports = fmt.Errorf("it has more than %d imports, with those of what it imports", maxImports)
)

// expand adds tokens, and in the place of an import what it imports. It keeps snippets,
// which say nothing by themselves.
func (c *corefile) expand(all []token, in formats.Input, depth int) error {
	if depth > maxSnippets {
		return holdings.Place{File: in.Name}.Errorf("%w", errSnippets)
	}
	braces, behind := 0, false
	for i := 0; i < len(all); i++ {
		t := all[i]
		t.first = t.first || behind
		behind = false
		if name, rest, is := snippet(all[i:]); is && braces == 0 && t.first {
			c.snippets[name] = rest
			i += len(rest) + 2 // the name, and both braces but for the one that is next
			continue
		}
		if t.text == "import" && (t.first || i > 0 && all[i-1].text == "{") && i+1 < len(all) {
			if c.imports++; c.imports > maxImports {
				return t.place.Errorf("%w", errManyImports)
			}
			c.checkImport(all[i:])
			if err := c.imported(all[i+1].text, t.place, in, depth); err != nil {
				return err
			}
			i++
			behind = true
			continue
		}
		braces += nesting(t.text)
		if len(c.tokens) >= maxTokens {
			return t.place.Errorf("%w", errManyTokens)
		}
		c.tokens = append(c.tokens, t)
	}
	return nil
}

// checkImport tells of an import with which CoreDNS does not start: it takes one pattern with one
// asterisk.
func (c *corefile) checkImport(all []token) {
	what, at := all[1].text, all[0].place
	switch {
	case all[1].first:
		c.refuse(at, "import: an argument is missing")
	case len(all) > 2 && !all[2].first:
		c.refuse(at, "import takes one argument, and %s stands behind it", lines.Shown(all[2].text))
	case strings.Count(what, "*") > 1 || strings.Count(what, "?") > 1 || strings.Contains(what, "[") && strings.Contains(what, "]"):
		c.refuse(at, "the pattern of import %s has more than one wildcard", lines.Shown(what))
	}
}

// nesting is by how much a word changes how deep those behind it are in braces.
func nesting(text string) int {
	switch text {
	case "{":
		return 1
	case "}":
		return -1
	default:
		return 0
	}
}

// snippet returns the name and the tokens of a snippet that tokens begin with.
func snippet(all []token) (name string, inside []token, is bool) {
	if len(all) < 2 || len(all[0].text) < 3 || all[0].text[0] != '(' || !strings.HasSuffix(all[0].text, ")") || all[1].text != "{" {
		return "", nil, false
	}
	braces := 0
	for i, t := range all[1:] {
		if braces += nesting(t.text); braces == 0 {
			return all[0].text[1 : len(all[0].text)-1], all[2 : 1+i], true
		}
	}
	return "", nil, false
}

// imported adds a snippet, or the files that match a pattern.
func (c *corefile) imported(what string, at holdings.Place, in formats.Input, depth int) error {
	if inside, there := c.snippets[what]; there {
		return c.expand(marked(inside), in, depth+1)
	}
	if entries := importing(what, c.entries); len(entries) > 0 {
		return c.mounted(entries, depth)
	}
	if customized(c.entries) && strings.ContainsAny(what, "*?[") {
		c.b.Note(at, "import %s is not read: no entry of the ConfigMaps is called so", lines.Shown(what))
		return nil
	}
	var stop error
	in.Follow(c.b, formats.Mention{
		InPlace: true, What: "import", Path: what, Kind: formats.Pattern, Beside: true, Elsewhere: c.entries != nil, Place: at, Consequence: ", and CoreDNS does not start without it",
	}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		all, err := tokens(r, in.Name)
		if err == nil {
			err = c.expand(marked(all), in, depth+1)
		}
		stop = errors.Join(stop, err)
		return nil
	})
	return stop
}

// customized reports whether the ConfigMap is there from which a Corefile imports.
func customized(all []mounted) bool {
	return slices.ContainsFunc(all, func(m mounted) bool {
		return strings.HasSuffix(m.path, ".server") || strings.HasSuffix(m.path, ".override")
	})
}

// mounted adds entries of ConfigMaps.
func (c *corefile) mounted(entries []*entry, depth int) error {
	for _, e := range entries {
		e.imported = true
		all, err := tokens(e.reader(), e.in.Name)
		if err == nil {
			err = c.expand(marked(all), e.in, depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// marked returns tokens of which the first begins a line.
func marked(all []token) []token {
	if all = slices.Clone(all); len(all) > 0 {
		all[0].first = true
	}
	return all
}
