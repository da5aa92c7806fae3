package formats

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// ErrCut is the error for JSON that ends before it is whole.
var ErrCut = errors.New("it ends in the middle: was the output cut, or was it not written whole?")

// ErrKey is the error for YAML with a key that JSON cannot have.
var ErrKey = errors.New("a key is no text: put it in quotes")

// Plain returns the error of a JSON decoder in words for people who have never seen the
// decoder: what stands there, at which member, and what was expected. Other errors are
// returned as they are.
func Plain(err error) error {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrCut
	case errors.As(err, &wrongType):
		return plainType(wrongType)
	case errors.As(err, &syntax):
		return plainSyntax(syntax)
	}
	if match := unparsed.FindStringSubmatch(err.Error()); match != nil {
		what := "address"
		if match[1] == "Prefix" {
			what = "address range"
		}
		return fmt.Errorf("%q is no %s", match[2], what)
	}
	return err
}

// unparsed matches the errors of package netip.
var unparsed = regexp.MustCompile(`Parse(Addr|Prefix)\("([^"]*)"\)`)

// plainType says what stands where something else was expected.
func plainType(e *json.UnmarshalTypeError) error {
	found, _, _ := strings.Cut(e.Value, " ")
	stands := map[string]string{"number": "a number", "string": "a text", "bool": "true or false", "object": "an object", "array": "a list"}[found]
	if stands == "" {
		stands = found
	}
	where := "there"
	if e.Field != "" { // types that are embedded are a part of it: the last is the member
		where = "at " + e.Field[strings.LastIndexByte(e.Field, '.')+1:]
	}
	return fmt.Errorf("%s stands %s, and %s was expected", stands, where, kindName(e.Type))
}

// kindName returns what a value of a type is in a document.
func kindName(t reflect.Type) string {
	if t == reflect.TypeFor[netip.Addr]() || t == reflect.TypeFor[netip.Prefix]() {
		return "a text"
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Pointer:
		return kindName(t.Elem())
	case reflect.Struct, reflect.Map:
		return "an object"
	default:
		if t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64 {
			return "a number that fits there"
		}
		return "something else"
	}
}

// misplaced are where the decoder finds a character that is wrong, in its words and in ours.
var misplaced = []struct{ theirs, ours string }{
	{"looking for beginning of value", "where a value should begin"},
	{"looking for beginning of object key string", "where the name of a member should begin, in quotes"},
	{"after object key:value pair", "where a comma or the end of the object should be"},
	{"after object key", "where a colon should be"},
	{"after array element", "where a comma or the end of the list should be"},
	{"after top-level value", "behind the end of the document"},
	{"in literal", "in a word that is none of true, false and null"},
	{"in numeric literal", "in a number"},
	{"in string", "in a text"},
	{"in \\u", "in a text"},
}

// wrongCharacter matches the errors of the decoder about a character.
var wrongCharacter = regexp.MustCompile(`^invalid character (.+?) (looking|after|in) `)

// plainSyntax says what is no JSON.
func plainSyntax(e *json.SyntaxError) error {
	text := e.Error()
	if strings.HasPrefix(text, "unexpected end") {
		return ErrCut
	}
	match := wrongCharacter.FindStringSubmatch(text)
	if match == nil {
		return errors.New("it is not JSON from here on")
	}
	for _, m := range misplaced {
		if strings.Contains(text, m.theirs) {
			return fmt.Errorf("it is not JSON from here on: %s stands %s", match[1], m.ours)
		}
	}
	return fmt.Errorf("it is not JSON from here on: %s stands there", match[1])
}

// yamlAt matches where the YAML library finds something wrong, and what.
var yamlAt = regexp.MustCompile(`(?s)(?:\bline |\bL)(\d+)(?:\.C\d+)?[,:]? ?(.*)$`)

// PlainYAML returns the line of an error of the YAML library, or 0, and what is wrong
// without what the library says of itself.
func PlainYAML(err error) (line int, plain error) {
	match := yamlAt.FindStringSubmatch(err.Error())
	if match == nil {
		return 0, err
	}
	line, _ = strconv.Atoi(match[1]) // the pattern has only digits
	if match[2] == "" {
		return line, err
	}
	return line, errors.New(match[2])
}
