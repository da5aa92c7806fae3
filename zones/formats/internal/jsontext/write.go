// Package jsontext writes JSON documents piece by piece, of any size.
package jsontext

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"iter"
)

// Object is a JSON object whose members keep their order.
type Object []Member

// Member is a name, which is a string, and its value: an object, a list, or what
// encoding/json takes.
type Member [2]any

// List is a JSON array whose items are made while it is written.
type List iter.Seq[any]

// Inline is a value that is written on one line, as suits the items of a list of
// millions.
type Inline struct{ Value any }

// Members is a JSON object whose members are made while it is written.
type Members iter.Seq[Member]

// ListOf returns the list of what item makes of each.
func ListOf[T any](all iter.Seq[T], item func(T) any) List {
	return func(yield func(any) bool) {
		for t := range all {
			if !yield(item(t)) {
				return
			}
		}
	}
}

// MembersOf returns the object of what each makes a member of.
func MembersOf[T any](all iter.Seq[T], each func(T) Member) Members {
	return func(yield func(Member) bool) {
		for t := range all {
			if !yield(each(t)) {
				return
			}
		}
	}
}

// Write writes a value, indented, and a line feed. Lists and members may
// be any number: none is kept.
func Write(w io.Writer, value any) error {
	out := bufio.NewWriter(w)
	if err := writeValue(out, "\n", value); err != nil {
		return err
	}
	_ = out.WriteByte('\n')
	return out.Flush() // the first error of all writes
}

// writeValue writes a value; newline begins each of its lines but the first.
func writeValue(out *bufio.Writer, newline string, value any) error {
	switch v := value.(type) {
	case Object:
		return writeEach(out, newline, '{', '}', func(yield func(Member) bool) {
			for _, m := range v {
				if !yield(m) {
					return
				}
			}
		})
	case Members:
		return writeEach(out, newline, '{', '}', iter.Seq[Member](v))
	case List:
		return writeEach(out, newline, '[', ']', func(yield func(Member) bool) {
			for item := range v {
				if !yield(Member{nil, item}) {
					return
				}
			}
		})
	case Inline:
		text, err := json.Marshal(v.Value)
		_, _ = out.Write(text)
		return err
	default:
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false) // "<" and ">" are not for a browser here
		encoder.SetIndent(newline[1:], "  ")
		err := encoder.Encode(value)
		_, _ = out.Write(bytes.TrimRight(text.Bytes(), "\n"))
		return err
	}
}

// writeEach writes the members of an object, or the items of a list.
func writeEach(out *bufio.Writer, newline string, start, end byte, members iter.Seq[Member]) error {
	_ = out.WriteByte(start)
	inner, empty := newline+"  ", true
	for m := range members {
		if !empty {
			_ = out.WriteByte(',')
		}
		empty = false
		if _, err := out.WriteString(inner); err != nil {
			return err
		}
		if start == '{' {
			name, err := json.Marshal(m[0])
			if err != nil {
				return err
			}
			_, _ = out.Write(name)
			_, _ = out.WriteString(": ")
		}
		if err := writeValue(out, inner, m[1]); err != nil {
			return err
		}
	}
	if !empty {
		_, _ = out.WriteString(newline)
	}
	return out.WriteByte(end)
}
