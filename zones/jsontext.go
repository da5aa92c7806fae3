package zones

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"iter"
)

// object is a JSON object whose members keep their order.
type object []member

// member is a name and its value: an object, a list, or what encoding/json takes.
type member struct {
	name  string
	value any
}

// list is a JSON array whose items are made while it is written.
type list iter.Seq[any]

// inline is a value that is written on one line, as suits the items of a list of
// millions.
type inline struct{ value any }

// members is a JSON object whose members are made while it is written.
type members iter.Seq[member]

// listOf returns the list of what item makes of each.
func listOf[T any](all iter.Seq[T], item func(T) any) list {
	return func(yield func(any) bool) {
		for t := range all {
			if !yield(item(t)) {
				return
			}
		}
	}
}

// membersOf returns the object of what each makes a member of.
func membersOf[T any](all iter.Seq[T], each func(T) member) members {
	return func(yield func(member) bool) {
		for t := range all {
			if !yield(each(t)) {
				return
			}
		}
	}
}

// writeJSON writes a value, indented, and a line feed. Lists and members may
// be any number: none is kept.
func writeJSON(w io.Writer, value any) error {
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
	case object:
		return writeEach(out, newline, '{', '}', func(yield func(member) bool) {
			for _, m := range v {
				if !yield(m) {
					return
				}
			}
		})
	case members:
		return writeEach(out, newline, '{', '}', iter.Seq[member](v))
	case list:
		return writeEach(out, newline, '[', ']', func(yield func(member) bool) {
			for item := range v {
				if !yield(member{value: item}) {
					return
				}
			}
		})
	case inline:
		text, err := json.Marshal(v.value)
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
func writeEach(out *bufio.Writer, newline string, start, end byte, members iter.Seq[member]) error {
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
			name, err := json.Marshal(m.name)
			if err != nil {
				return err
			}
			_, _ = out.Write(name)
			_, _ = out.WriteString(": ")
		}
		if err := writeValue(out, inner, m.value); err != nil {
			return err
		}
	}
	if !empty {
		_, _ = out.WriteString(newline)
	}
	return out.WriteByte(end)
}
