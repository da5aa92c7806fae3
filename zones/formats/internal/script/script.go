// Package script writes scripts that are kept as files of their own, so that they
// can be read, and checked, as they stand.
//
// Such a file has places, as @NAME@: something else is written there. A place that
// has a line to itself stands for whole lines, be it none. What is between the
// lines "#@ if NAME" and "#@ end" is written only if that holds.
//
// What was written is read back by the lines of one place, where all the rest is as it
// was written: those say what the script loads.
package script

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"
)

// Parts are what is put into a script, by name: a string or a [Lines] for a place,
// a bool for a condition.
type Parts map[string]any

// Lines writes whole lines into a script.
type Lines func(out *bufio.Writer) error

// Each returns the lines that write writes for each of a sequence. Nothing is kept.
func Each[T any](all iter.Seq[T], write func(out *bufio.Writer, t T)) Lines {
	return func(out *bufio.Writer) error {
		for t := range all {
			write(out, t)
		}
		return nil
	}
}

var place = regexp.MustCompile(`@([A-Z][A-Z0-9_]*)@`)

// Write writes a script with its parts.
func Write(w io.Writer, text string, parts Parts) error {
	out := bufio.NewWriter(w)
	written := true
	for line := range strings.Lines(text) {
		switch condition, begins := strings.CutPrefix(line, "#@ if "); {
		case begins:
			written = parts[strings.TrimSpace(condition)].(bool)
		case strings.HasPrefix(line, "#@ end"):
			written = true
		case written:
			if err := parts.writeLine(out, line); err != nil {
				return err
			}
		}
	}
	return out.Flush() // the first error of all writes
}

// writeLine writes a line of the script, or what stands for it.
func (p Parts) writeLine(out *bufio.Writer, line string) error {
	if match := place.FindStringSubmatch(line); match != nil && match[0] == strings.TrimSpace(line) {
		if lines, ok := p[match[1]].(Lines); ok {
			return lines(out)
		}
	}
	for {
		at := place.FindStringSubmatchIndex(line)
		if at == nil {
			_, err := out.WriteString(line)
			return err
		}
		name := line[at[2]:at[3]]
		value, ok := p[name].(string)
		if !ok {
			return fmt.Errorf("the script has a place %s, and nothing to put there", name)
		}
		_, _ = out.WriteString(line[:at[0]])
		_, _ = out.WriteString(value)
		line = line[at[1]:]
	}
}
