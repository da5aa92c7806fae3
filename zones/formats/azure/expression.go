package azure

import (
	"strconv"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// expression is read from its start to its end. A part of it that is not known is [rrset.Unknown], so
// that what does not depend on it is known all the same.
type expression struct {
	scope
	rest  string
	calls int // that are not closed yet
}

// maxCalls is how deep calls may be within each other.
const maxCalls = 100

// value reads a literal or a call, with the members that are taken of it. It reports whether that is
// an expression at all.
func (e *expression) value() (any, bool) {
	e.rest = strings.TrimLeft(e.rest, " \t\r\n")
	if strings.HasPrefix(e.rest, "'") {
		return e.quoted()
	}
	end := strings.IndexFunc(e.rest, func(c rune) bool {
		return !strings.ContainsRune("_-", c) && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z')
	})
	word := e.rest[:max(end, 0)]
	if end < 0 {
		word = e.rest
	}
	e.rest = strings.TrimLeft(e.rest[len(word):], " \t\r\n")
	if number, err := strconv.Atoi(word); err == nil {
		return float64(number), true
	}
	if !e.take("(") || e.calls >= maxCalls {
		return nil, false
	}
	e.calls++
	args, ok := e.arguments()
	e.calls--
	if !ok {
		return nil, false
	}
	value := e.call(strings.ToLower(word), args)
	if weigh(value, maxWeight) <= 0 {
		value = rrset.Unknown
	}
	return e.members(value)
}

// take reads a sign, if it comes next.
func (e *expression) take(sign string) bool {
	rest, is := strings.CutPrefix(strings.TrimLeft(e.rest, " \t\r\n"), sign)
	if is {
		e.rest = rest
	}
	return is
}

// quoted reads a literal, in which two quotes stand for one.
func (e *expression) quoted() (any, bool) {
	var out strings.Builder
	for e.rest = e.rest[1:]; ; {
		part, rest, found := strings.Cut(e.rest, "'")
		if !found {
			return nil, false
		}
		out.WriteString(part)
		e.rest = rest
		if !strings.HasPrefix(rest, "'") {
			return out.String(), true
		}
		out.WriteByte('\'')
		e.rest = rest[1:]
	}
}

// arguments reads the arguments of a call up to its end.
func (e *expression) arguments() (args []any, ok bool) {
	for !e.take(")") {
		value, ok := e.value()
		if !ok {
			return nil, false
		}
		args = append(args, value)
		if e.take(",") {
			continue
		}
		if !e.take(")") {
			return nil, false
		}
		return args, true
	}
	return args, true
}
