package topology

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const (
	// deepest is what a topology needs: the file, vpcs, apps, links, a link, its addresses.
	deepest = 6
	// maxDepth bounds nesting, with room for mistakes that have better messages.
	maxDepth = 16
)

// depthLimit is the plugin of the YAML library that bounds nesting. It notes
// that it did, for the library keeps of its error only the text.
type depthLimit struct{ exceeded bool }

var _ yaml.LoaderLimitsPlugin = (*depthLimit)(nil)

// CheckDepth refuses what is nested deeper than maxDepth.
func (l *depthLimit) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth <= maxDepth {
		return nil
	}
	l.exceeded = true
	return fmt.Errorf("more than %d levels", maxDepth)
}

// CheckAlias allows all aliases: they are decoded as such, never expanded.
func (l *depthLimit) CheckAlias(int, int) error { return nil }

// load parses the source into the node of its one document's content.
func (d *decoder) load() (*yaml.Node, bool) {
	feed, refused := feedOf(d.source)
	if refused != nil {
		d.errorf(refused.code, d.source.positionAt(refused.at), "", refused.hint, "%s", refused.message)
		return nil, false
	}
	var limit depthLimit
	loader, err := yaml.NewLoader(feed.reader(), yaml.WithPlugin(&limit))
	if err != nil {
		panic(fmt.Sprintf("topology: yaml options: %v", err)) // constant options
	}
	var document, second yaml.Node
	switch err := loader.Load(&document); {
	case errors.Is(err, io.EOF):
		d.empty()
		return nil, false
	case err != nil:
		d.syntax(err, limit.exceeded, feed)
		return nil, false
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		d.syntax(err, limit.exceeded, feed)
		return nil, false
	default:
		feed.relocate(&second)
		d.errorf(CodeUnsupported, at(&second), "", "leave out the line ---: a file has one topology", "a second YAML document")
		return nil, false
	}
	if len(document.Content) != 1 || isNull(document.Content[0]) {
		d.empty()
		return nil, false
	}
	feed.relocate(document.Content[0])
	return document.Content[0], true
}

// feedOf returns what the YAML library shall see of a source, or why it shall see
// nothing.
func feedOf(s *source) (*feed, *refusal) {
	if at, wrong := s.illegal(); wrong != "" {
		return nil, &refusal{CodeSyntax, at, wrong, "save the file as plain UTF-8 text"}
	}
	if at, instead := s.blankLike(); instead != "" {
		c, _ := utf8.DecodeRune(s.text[at:])
		return nil, &refusal{CodeSyntax, at, fmt.Sprintf("character %U looks like a blank and is none", c), "put " + instead + " in its place"}
	}
	if at, found := s.directive(); found {
		return nil, &refusal{CodeUnsupported, at, "YAML directives are not supported", "leave it out"}
	}
	return inspect(s.text)
}

func (d *decoder) empty() {
	d.errorf(CodeEmpty, position{}, "", "declare each Aura region: write "+exampleRegions(rawTopology{})+"; and then each of your networks, under vpcs", "the file is empty")
}

// syntax notes what the YAML library says is wrong.
func (d *decoder) syntax(err error, tooDeep bool, feed *feed) {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		d.errorf(CodeSyntax, position{}, "", "", "not valid YAML: %s", err.Error())
		return
	}
	where := d.whereWrong(load, feed)
	if tooDeep {
		d.errorf(CodeTooDeep, where, "", fmt.Sprintf("a topology has no more than %d", deepest),
			"more than %d levels of nesting", maxDepth)
		return
	}
	if s, found := explain(d.source.text, int(where.line)); found {
		place := s.at
		if s.elsewhere {
			place = s.shown
		}
		d.errorf(CodeSyntax, d.source.positionAt(place), "", s.hint, "not valid YAML: %s", s.message)
		return
	}
	message := load.Message
	if load.ContextMsg != "" {
		message = load.ContextMsg + ": " + message
	}
	d.errorf(CodeSyntax, where, "", d.syntaxHint(where), "not valid YAML: %s", message)
}

// whereWrong returns the place to show: where the mistake was noticed or, since
// the end of the file shows nothing, where that begins which the file leaves
// open, or else where its text ends.
func (d *decoder) whereWrong(load *yaml.LoadError, feed *feed) position {
	for _, mark := range []yaml.Mark{load.Mark, load.ContextMark} {
		line, column := feed.place(mark.Line, mark.Column)
		if len(d.source.line(line)) > 0 {
			return positionOf(line, column)
		}
	}
	return d.source.positionAt(len(bytes.TrimRight(d.source.text, " \t\r\n")))
}

func (d *decoder) syntaxHint(where position) string {
	line := d.source.line(int(where.line))
	at := line[d.source.offset(line, int(where.column)-1):]
	switch {
	case bytes.HasPrefix(at, []byte{'\t'}):
		return "indent with spaces: YAML does not allow tabs"
	case bytes.HasPrefix(at, []byte{'%'}):
		return "put what begins with % in quotes"
	default:
		return "compare with the reference in the README"
	}
}
