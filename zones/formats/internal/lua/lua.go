// Package lua finds the statements of a configuration that is a program in Lua, so far as
// they call functions and set variables with literals. It runs nothing.
package lua

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// Statement is a statement at the outermost level.
type Statement struct {
	// Text is the statement without comments, with blanks only where words would run
	// together, and with each string in double quotes.
	Text string
	// Source is the statement as it is written, with each run of blanks as one.
	Source string
	// Program says that its effect cannot be read off its literals: it is a condition, a
	// loop, a function, or a variable of its own.
	Program bool
	// Ends says that the program may end in it: what stands behind it may never be run.
	Ends  bool
	Place holdings.Place
}

// maxText is the longest program that is read, in octets.
const maxText = 8 << 20

var (
	errLong = fmt.Errorf("the program is longer than %d octets", maxText)
	errOpen = errors.New("a string or a comment is not closed")
)

// Statements returns the statements of a program.
func Statements(r io.Reader, file string) ([]Statement, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err == nil && len(text) > maxText {
		err = errLong
	}
	if err != nil {
		return nil, holdings.Place{File: file, Line: 1}.Errorf("%w", err)
	}
	l := lexer{text: string(text), line: 1}
	var all []Statement
	var s splitter
	for {
		t, err := l.next()
		if errors.Is(err, io.EOF) {
			s.returns = false // there is nothing behind that
			return s.end(all, l.text, file), nil
		}
		if err != nil {
			return nil, holdings.Place{File: file, Line: l.line}.Errorf("%w", err)
		}
		all = s.take(all, t, l.text, file)
	}
}

// splitter puts tokens together to statements.
type splitter struct {
	tokens   []token
	brackets int
	blocks   int // that an "end" or an "until" closes
	function int // how many blocks there are in the outermost function; 0 outside
	returns  bool
	stops    bool
}

// stopping are the functions that end a program, or may do so: those of Lua and of Knot Resolver.
var stopping = map[string]bool{"error": true, "assert": true, "exit": true, "yield": true, "panic": true, "quit": true}

// opening are the words by which a block begins. A "do" opens none where it belongs to a
// "for" or a "while".
var opening = map[string]bool{"if": true, "for": true, "while": true, "function": true, "repeat": true, "do": true}

// programs are the words that make a statement a Program.
var programs = map[string]bool{
	"if": true, "for": true, "while": true, "function": true, "repeat": true, "do": true, "local": true, "return": true, "goto": true, "break": true,
}

// operators are words that stand within an expression.
var operators = map[string]bool{"and": true, "or": true, "not": true}

func (s *splitter) take(all []Statement, t token, program, file string) []Statement {
	if s.brackets == 0 && s.blocks == 0 && s.begins(t) {
		all = s.end(all, program, file)
	}
	if t.text == ";" && s.brackets == 0 && s.blocks == 0 {
		return s.end(all, program, file)
	}
	s.leaves(t)
	s.add(t)
	return all
}

// add adds a token to the statement.
func (s *splitter) add(t token) {
	s.tokens = append(s.tokens, t)
	switch t.kind {
	case punctuation:
		s.bracket(t.text)
	case word:
		s.block(t.text)
	case quoted: // opens nothing
	}
}

// bracket counts an open bracket, or one that is closed.
func (s *splitter) bracket(text string) {
	switch {
	case strings.Contains("({[", text):
		s.brackets++
	case strings.Contains(")}]", text):
		s.brackets--
	}
}

// block counts a block that begins, or one that ends.
func (s *splitter) block(text string) {
	switch {
	case text == "do" && s.loops():
	case opening[text]:
		s.blocks++
		if text == "function" && s.function == 0 {
			s.function = s.blocks
		}
	case text == "end" || text == "until":
		s.blocks--
		if s.blocks < s.function {
			s.function = 0
		}
	}
}

// leaves looks for what ends the program. What stands in a function is not run by that, and
// names in brackets are names as well.
func (s *splitter) leaves(t token) {
	if s.function > 0 {
		return
	}
	if t.kind == quoted && (len(s.tokens) == 0 || s.tokens[len(s.tokens)-1].text != "[") {
		return
	}
	s.stops = s.stops || stopping[t.text]
	s.returns = s.returns || t.kind == word && (t.text == "return" || t.text == "goto")
}

// loops reports whether the next "do" belongs to a "for" or a "while" that has begun.
func (s *splitter) loops() bool {
	for i := len(s.tokens) - 2; i >= 0; i-- {
		switch t := s.tokens[i]; {
		case t.kind != word:
		case t.text == "for" || t.text == "while":
			return true
		case t.text == "do" || t.text == "end" || t.text == "then":
			return false
		}
	}
	return false
}

// begins reports whether a token begins a statement, after the tokens so far.
func (s *splitter) begins(t token) bool {
	if len(s.tokens) == 0 || t.kind != word || operators[t.text] {
		return false
	}
	last := s.tokens[len(s.tokens)-1]
	switch last.kind {
	case punctuation:
		return last.text == ")" || last.text == "}" || last.text == "]"
	case word:
		return !operators[last.text] && !programs[last.text]
	default:
		return true
	}
}

// textOf returns tokens as a statement's text.
func textOf(tokens []token) string {
	var text strings.Builder
	for i, t := range tokens {
		if i > 0 && t.kind == word && tokens[i-1].kind == word {
			text.WriteByte(' ')
		}
		if t.kind == quoted {
			text.WriteString(strconv.Quote(t.text))
		} else {
			text.WriteString(t.text)
		}
	}
	return text.String()
}

// end adds the statement that there is.
func (s *splitter) end(all []Statement, program, file string) []Statement {
	if len(s.tokens) == 0 {
		return all
	}
	one := Statement{Ends: s.stops || s.returns, Place: holdings.Place{File: file, Line: s.tokens[0].line}}
	for _, t := range s.tokens {
		one.Program = one.Program || t.kind == word && programs[t.text]
	}
	one.Text = textOf(s.tokens)
	one.Source = strings.Join(strings.Fields(program[s.tokens[0].begin:s.tokens[len(s.tokens)-1].end]), " ")
	*s = splitter{}
	return append(all, one)
}
