package topology

import (
	"fmt"
	"iter"
	"strings"
)

// brackets goes over the brackets and quotes of a line.
func (r *reading) brackets(at int, line string) {
	for i, length := range outside(line) {
		switch c := line[i]; c {
		case '"', '\'':
			if length == 0 {
				r.unclosedQuote(at+i, line[i:])
			}
		case '[', '{':
			r.open = append(r.open, opening{c, at + i})
		case ']', '}', ')':
			r.closing(at+i, c)
		case ',':
			if len(r.open) > 0 && strings.HasPrefix(strings.TrimLeft(line[i+1:], " "), ",") {
				r.add(at+i, at+i+1, "", "leave it out", "two commas with nothing between them")
			}
		}
	}
}

// outside goes over the characters of a line that stand neither in quotes nor in a comment.
// What is in quotes is one of them, with its length; one that is not closed has the length
// 0, and is the last.
func outside(line string) iter.Seq2[int, int] {
	return func(yield func(at, length int) bool) {
		for at := 0; at < len(line); {
			length := 1
			switch c := line[at]; {
			case c == '#' && (at == 0 || line[at-1] == ' '):
				return
			case c == '"' || c == '\'':
				var closed bool
				if length, closed = quotedAt(line, at); !closed {
					yield(at, 0)
					return
				}
			}
			if !yield(at, length) {
				return
			}
			at += length
		}
	}
}

// quotedAt returns how long what a quote in a line opens is, and whether it is closed
// there: not only by the quote that opens the next item. A quote within a plain
// scalar opens nothing.
func quotedAt(line string, at int) (length int, closed bool) {
	if at > 0 && strings.IndexByte(" [{,:-", line[at-1]) < 0 {
		return 1, true
	}
	quote, rest := line[at], line[at+1:]
	closing := strings.IndexByte(rest, quote)
	inner := strings.IndexAny(rest, "],}")
	if closing < 0 || inner >= 0 && inner < closing && strings.HasPrefix(strings.TrimLeft(rest[inner:], "]}, "), string(quote)) {
		return 0, false
	}
	return closing + 2, true
}

// closing takes a bracket that closes one.
func (r *reading) closing(at int, c byte) {
	n := len(r.open)
	switch {
	case n == 0 && c != ')':
		r.add(at, at+1, "", "leave it out", "%q closes nothing", string(c))
	case n > 0 && c != partner(r.open[n-1].kind):
		right := string(partner(r.open[n-1].kind))
		r.add(at, at+1, right, "write "+right, "%q does not close what %q in line %d opens", string(c), string(r.open[n-1].kind), r.lineOf(r.open[n-1].at))
		r.open = r.open[:n-1]
	case n > 0:
		r.open = r.open[:n-1]
	}
}

func partner(open byte) byte {
	if open == '[' {
		return ']'
	}
	return '}'
}

// unclosed notes brackets that are open where a line with a key begins.
func (r *reading) unclosed(at int) {
	before := strings.TrimRight(r.text[:at], " \t\r\n")
	if strings.HasSuffix(before, ",") || strings.HasSuffix(before, "{") || strings.HasSuffix(before, "[") {
		return // it goes on
	}
	first := r.open[0]
	closing := ""
	for i := len(r.open) - 1; i >= 0; i-- {
		closing += string(partner(r.open[i].kind))
	}
	r.add(len(before), len(before), closing, fmt.Sprintf("put %s at the end of line %d", closing, r.lineOf(len(before))),
		"the bracket %s that opens here is not closed", string(first.kind))
	r.slips[len(r.slips)-1].place(first.at)
	r.open = nil
}

// unclosedQuote notes a quote that is not closed in its line.
func (r *reading) unclosedQuote(at int, rest string) {
	end := len(rest)
	if n := strings.IndexAny(rest[1:], "],}#"); n >= 0 {
		end = n + 1
	}
	text := strings.TrimRight(rest[1:end], " ")
	other := map[byte]string{'\'': `"`, '"': "'"}[rest[0]]
	if inner, closed := strings.CutSuffix(text, other); closed && inner != "" && !strings.Contains(inner, other) {
		mended := rest[:1] + inner + rest[:1]
		r.add(at, at+1+len(text), mended, "close it with the quote that opens it: write "+mended, "the quote that opens here is closed by another one")
		return
	}
	mended := rest[:1] + text + rest[:1]
	r.add(at, at+1+len(text), mended, "close it: write "+mended, "the quote that opens here is not closed")
}
