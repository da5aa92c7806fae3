package jsontext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// Within calls found for the value to which a path of members leads in one that stands at a
// place; not at all where there is none. Case does not tell members apart.
func Within(text json.RawMessage, at holdings.Place, path []string, found func(json.RawMessage, holdings.Place)) error {
	if len(path) == 0 {
		found(text, at)
		return nil
	}
	s := NewStreamAt(bytes.NewReader(text), at)
	return s.Object(func(name string) error {
		var value json.RawMessage
		at, err := s.Value(&value)
		if err != nil || !strings.EqualFold(name, path[0]) {
			return err
		}
		return Within(value, at, path[1:], found)
	})
}

// Each calls item for each item of a list, or for each value of an object, that stands at a
// place. What is neither is an error.
func Each(text json.RawMessage, at holdings.Place, item func(json.RawMessage, holdings.Place)) error {
	s := NewStreamAt(bytes.NewReader(text), at)
	token, err := s.Token()
	if err != nil {
		return err
	}
	each := func() error {
		var one json.RawMessage
		at, err := s.Value(&one)
		if err == nil {
			item(one, at)
		}
		return err
	}
	switch token {
	case json.Delim('['):
		return s.Items(each)
	case json.Delim('{'):
		return s.Members(func(string) error { return each() })
	default:
		return fmt.Errorf("%v %w", token, errJSON)
	}
}
