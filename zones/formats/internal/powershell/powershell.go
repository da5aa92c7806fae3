// Package powershell cuts scripts of PowerShell into their statements, and tells which words
// of them are literal. It runs nothing.
package powershell

import (
	"regexp"
	"strings"
)

// Word is a word of a script: what it stands for, if it is literal.
type Word struct {
	// Values are several of a list. Of what is not literal they are for messages alone.
	Values []string
	// Literal says that no variable and no command makes it.
	Literal bool
	// Quoted says that it stands in quotes.
	Quoted bool
}

// Text returns the only value of a word, or "".
func (w Word) Text() string {
	if len(w.Values) != 1 {
		return ""
	}
	return w.Values[0]
}

// Statement is a statement of a script, or a part of one between bars.
type Statement struct {
	Words []Word
	Line  int // from 1
	// Block says that it stands in a block that need not be run, or runs more than once.
	Block bool
	// Piped says that it takes what another one gives.
	Piped bool
}

// lexer cuts a script of PowerShell into statements.
type lexer struct {
	text  string
	at    int
	line  int
	all   []Statement
	now   Statement
	open  []bool // of each block that is open: whether it need not be run
	joins bool   // the next value is one more of a list
	begun []int  // the lines in which the open blocks begin

	unclosed int // the line in which something begins that nothing closes
}

// Statements returns the statements of a script, and the line in which a quotation, a
// comment or a block begins that nothing closes, so that PowerShell runs none of it; else 0.
func Statements(text string) (all []Statement, unclosed int) {
	l := &lexer{text: text, line: 1}
	for l.at < len(l.text) {
		l.next()
	}
	l.end(false)
	if len(l.begun) > 0 && l.unclosed == 0 {
		l.unclosed = l.begun[len(l.begun)-1]
	}
	return l.all, l.unclosed
}

// end ends a statement.
func (l *lexer) end(piped bool) {
	if len(l.now.Words) > 0 {
		l.all = append(l.all, l.now)
	}
	l.now, l.joins = Statement{Piped: piped}, false
}

// next reads what comes next.
func (l *lexer) next() {
	rest := l.text[l.at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "<#"):
		l.skip(rest, "#>")
	case c == '#':
		l.skipLine(rest)
	case strings.HasPrefix(rest, "`\n"), strings.HasPrefix(rest, "`\r\n"):
		l.skip(rest, "\n")
	case c == '\n':
		l.newLine()
	case c == ' ', c == '\t', c == '\r':
		l.at++
	case c == ';':
		l.at++
		l.end(false)
	case c == '|':
		l.at++
		l.end(true)
	case c == ',':
		l.at++
		l.joins = true
	case c == '{', c == '}':
		l.brace(c)
	case c == ')':
		l.at++
	default:
		l.add(l.word())
	}
}

// newLine ends a statement, unless it goes on: behind a comma or a bar.
func (l *lexer) newLine() {
	l.at++
	l.line++
	if !l.joins && (len(l.now.Words) > 0 || !l.now.Piped) {
		l.end(false)
	}
}

// skipLine goes on at the end of the line.
func (l *lexer) skipLine(rest string) {
	n := strings.IndexByte(rest, '\n')
	if n < 0 {
		n = len(rest)
	}
	l.at += n
}

// skip goes on behind an end, or at that of the text.
func (l *lexer) skip(rest, end string) {
	n := strings.Index(rest, end)
	if n < 0 {
		n, l.unclosed = len(rest), l.line
	} else {
		n += len(end)
	}
	l.line += strings.Count(rest[:n], "\n")
	l.at += n
}

// brace opens or closes a block. What stands before it says whether it is run: that of try
// is, once.
func (l *lexer) brace(c byte) {
	l.at++
	if c == '}' {
		l.end(false)
		l.open, l.begun = l.open[:max(0, len(l.open)-1)], l.begun[:max(0, len(l.begun)-1)]
		return
	}
	once := len(l.now.Words) == 1 && strings.EqualFold(l.now.Words[0].Text(), "try") && !l.now.Piped
	l.end(false)
	l.open, l.begun = append(l.open, !once), append(l.begun, l.line)
}

// add adds a word to the statement.
func (l *lexer) add(w Word) {
	if len(l.now.Words) == 0 {
		l.now.Line = l.line
		for _, block := range l.open {
			l.now.Block = l.now.Block || block
		}
	}
	if n := len(l.now.Words); l.joins && n > 0 {
		last := &l.now.Words[n-1]
		last.Values = append(last.Values[:len(last.Values):len(last.Values)], w.Values...)
		last.Literal = last.Literal && w.Literal
		l.joins = false
		return
	}
	l.joins = false
	l.now.Words = append(l.now.Words, w)
}

// bareEnd ends a word without quotes.
const bareEnd = " \t\r\n;|,{}()\"'"

// word reads a word.
func (l *lexer) word() Word {
	rest := l.text[l.at:]
	switch {
	case strings.HasPrefix(rest, "@'"), strings.HasPrefix(rest, `@"`):
		end := "\n" + rest[1:2] + "@"
		l.skip(rest, end)
		return Word{Values: []string{""}, Quoted: true}
	case rest[0] == '\'', rest[0] == '"':
		return l.quoted(rest)
	case rest[0] == '(', strings.HasPrefix(rest, "@("), strings.HasPrefix(rest, "$("):
		return l.parenthesis(rest)
	}
	n := strings.IndexAny(rest, bareEnd)
	if n < 0 {
		n = len(rest)
	}
	n = max(n, 1)
	l.at += n
	text := rest[:n]
	return Word{Values: []string{text}, Literal: !strings.ContainsAny(text, "$@`") || text == "@"}
}

// quoted reads a word in quotes. In double ones there may be variables.
func (l *lexer) quoted(rest string) Word {
	var b strings.Builder
	quote := rest[0]
	i := 1
	for ; i < len(rest); i++ {
		c := rest[i]
		switch {
		case c == '`' && quote == '"' && i+1 < len(rest):
			i++
			c = rest[i]
		case c == quote && strings.HasPrefix(rest[i+1:], string(quote)):
			i++
		case c == quote:
			l.at += i + 1
			l.line += strings.Count(rest[:i], "\n")
			text := b.String()
			return Word{Values: []string{text}, Literal: quote == '\'' || !strings.Contains(text, "$"), Quoted: true}
		}
		b.WriteByte(c)
	}
	l.at, l.unclosed = len(l.text), l.line
	return Word{Values: []string{b.String()}, Quoted: true}
}

// parenthesis reads what is in parentheses: a list of literals, or what is not literal.
func (l *lexer) parenthesis(rest string) Word {
	inner := &lexer{text: rest[strings.IndexByte(rest, '(')+1:], line: l.line}
	w := Word{Literal: rest[0] != '$'}
	for inner.at < len(inner.text) && inner.text[inner.at] != ')' {
		switch c := inner.text[inner.at]; {
		case c == '{', c == '}', c == ';', c == '|':
			inner.at++
			w.Literal = false
		case strings.IndexByte("#`, \t\r\n", c) >= 0, strings.HasPrefix(inner.text[inner.at:], "<#"):
			inner.next()
		default:
			one := inner.word()
			w.Literal = w.Literal && one.Literal && (one.Quoted || number.MatchString(one.Text()))
			w.Values = append(w.Values, one.Values...)
		}
	}
	l.at += len(rest) - len(inner.text) + min(inner.at+1, len(inner.text))
	l.line = inner.line
	l.unclosed = max(l.unclosed, inner.unclosed)
	if !w.Literal {
		w.Values = []string{"(...)"}
	}
	return w
}

// number matches what is a value without quotes: a number, an address.
var number = regexp.MustCompile(`^[0-9A-Fa-f.:]+$`)
