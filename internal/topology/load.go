package topology

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/spell"
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
		d.errorf(CodeUnsupported, at(&second), "", "leave out the line "+d.markBefore(at(&second))+": a file has one "+d.file.Name, "a second YAML document")
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
		return nil, &refusal{CodeSyntax, at, wrong, s.legalHint(at)}
	}
	if at, instead := s.blankLike(); instead != "" {
		c, _ := utf8.DecodeRune(s.text[at:])
		hint := "put " + instead + " in its place"
		if more := bytes.Count(s.text, []byte(string(c))) - 1; more > 0 {
			hint += ", and in that of " + spell.Counted(more, "other", "others")
		}
		return nil, &refusal{CodeSyntax, at, fmt.Sprintf("character %U looks like a blank and is none", c), hint}
	}
	if at, found := s.directive(); found {
		return nil, &refusal{CodeUnsupported, at, "YAML directives are not supported", "leave it out"}
	}
	return inspect(s.text)
}

// markBefore returns the mark that begins the document at a place.
func (d *decoder) markBefore(where position) string {
	for line := int(where.line); line > 0; line-- {
		for _, mark := range []string{"---", "..."} {
			if bytes.HasPrefix(d.source.line(line), []byte(mark)) {
				return mark
			}
		}
	}
	return "---"
}

func (d *decoder) empty() {
	d.errorf(CodeEmpty, position{}, "", d.file.Empty, "the file is empty")
}

// syntax notes what the YAML library says is wrong.
func (d *decoder) syntax(err error, tooDeep bool, feed *feed) {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		d.errorf(CodeSyntax, position{}, "", d.file.Reference, "not valid YAML: %s", inOwnWords(err.Error()))
		return
	}
	where := d.whereWrong(load, feed)
	if tooDeep {
		d.errorf(CodeTooDeep, where, "", fmt.Sprintf("a %s has no more than %d", d.file.Name, d.file.Deepest),
			"more than %d levels of nesting", maxDepth)
		return
	}
	if d.quiet {
		d.errorf(CodeSyntax, where, "", "", "not valid YAML")
		return
	}
	if d.other() {
		return
	}
	if line, found := d.conflict(); found {
		d.errorf(CodeSyntax, positionOf(line, 1), "", "keep the lines of one side, and remove those of the other and the lines that begin with <<<<<<<, ======= and >>>>>>>", "not valid YAML: a conflict of a merge")
		return
	}
	if s, found := explain(d.source.text, int(where.line)); found {
		place := s.at
		if s.elsewhere {
			place = s.shown
		}
		d.errorf(CodeSyntax, d.source.positionAt(place), "", s.hint, "not valid YAML: %s", s.message)
		d.mended = string(d.source.text[:s.at]) + s.remedy + string(d.source.text[s.end:])
		return
	}
	hint := d.syntaxHint(where)
	if opened := d.openedAt(load, feed, where); opened != "" {
		hint = opened + "; " + hint
	}
	d.errorf(CodeSyntax, where, "", hint, "not valid YAML: %s", inOwnWords(load.Message))
}

// openedAt says where the bracket or the brace stands that is not closed where the library cannot go
// on; "" if that is in the same line, or nothing is open.
func (d *decoder) openedAt(load *yaml.LoadError, feed *feed, where position) string {
	if !strings.HasPrefix(load.Message, "did not find expected ','") || load.ContextMark.Line == 0 {
		return ""
	}
	number, column := feed.place(load.ContextMark.Line, load.ContextMark.Column)
	line := d.source.line(number)
	at := d.source.offset(line, column-1)
	if number >= int(where.line) || at >= len(line) {
		return ""
	}
	closing := map[byte]string{'[': "]", '{': "}"}[line[at]]
	if closing == "" {
		return ""
	}
	return fmt.Sprintf("close with %s what begins with %c in line %d", closing, line[at], number)
}

// conflict returns the line of the mark where a conflict of a merge begins.
func (d *decoder) conflict() (line int, found bool) {
	for text := range bytes.Lines(d.source.text) {
		line++
		if bytes.HasPrefix(text, []byte("<<<<<<< ")) {
			return line, true
		}
	}
	return 0, false
}

// whereWrong returns the place to show: where the mistake was noticed or, since
// the end of the file shows nothing, where that begins which the file leaves
// open, or else where its text ends.
func (d *decoder) whereWrong(load *yaml.LoadError, feed *feed) position {
	marks := []yaml.Mark{load.Mark, load.ContextMark}
	if strings.Contains(load.ContextMsg, "quoted scalar") {
		slices.Reverse(marks) // it begins where its quote opens
	}
	for _, mark := range marks {
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
		return d.file.Reference
	}
}
