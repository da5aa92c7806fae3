// Package lines reads files that mean something line by line.
package lines

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// Each calls do for each line of a file, without its end. Lines are bounded,
// for no configuration has longer ones.
func Each(r io.Reader, file string, do func(line string, at holdings.Place) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	at := holdings.Place{File: file}
	for lines.Scan() {
		at.Line++
		if err := do(string(bytes.TrimSuffix(lines.Bytes(), []byte("\r"))), at); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		at.Line++
		if errors.Is(err, bufio.ErrTooLong) {
			err = errLong
		}
		return at.Errorf("%w", err)
	}
	return nil
}

// maxLine is the longest line that is read, in octets.
const maxLine = 1 << 20

var errLong = fmt.Errorf("a line is longer than %d octets", maxLine)

// maxShown is how many octets of a value a message has.
const maxShown = 60

// Shown returns a value in quotes as messages show it: not more of it than its
// beginning.
func Shown(value string) string {
	if len(value) > maxShown {
		value = value[:maxShown] + "..."
	}
	return strconv.Quote(value)
}

// Unquote returns a value without the quotes around it.
func Unquote(value string) string {
	for _, quote := range []string{`"`, `'`} {
		if len(value) > 1 && strings.HasPrefix(value, quote) && strings.HasSuffix(value, quote) {
			return value[1 : len(value)-1]
		}
	}
	return value
}
