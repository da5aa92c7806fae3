// Package listing reads what command lines and APIs print of the things that they
// list: JSON or YAML, one document or several, an item by itself, a list of them, or
// an object that has the list in one of its members.
package listing

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// Item is a thing that is listed.
type Item struct {
	text json.RawMessage
	// At is where it begins.
	At holdings.Place
	// List is the number of the list in which it is, from 1, or behind which it stands by
	// itself; 0 where there is none.
	List int
}

// Decode decodes the item, by the tags that are for JSON. A member of the wrong type
// is an error.
func (i Item) Decode(into any) error {
	if err := json.Unmarshal(i.text, into); err != nil {
		return i.At.Errorf("%w", formats.Plain(err))
	}
	return nil
}

// More is what a page says of the one behind it.
type More struct {
	At            holdings.Place // where the page begins
	Member, Token string         // what says it, and with what it is asked for
}

// Place returns where the page begins that says it; nil where none does.
func (m *More) Place() *holdings.Place {
	if m == nil {
		return nil
	}
	return &m.At
}

// nextPage are members by which a page says that another one follows.
var nextPage = []string{"nextPageToken", "nextLink", "NextToken"}

// Each calls do for each item. The members are those that may have a list of items.
// JSON is read item by item, YAML document by document. Behind each list Each calls page, if it
// is not nil, with what the list says of a page behind it; nil where there is none.
func Each(r io.Reader, file string, members []string, do func(Item) error, page func(*More)) error {
	return each(r, file, members, do, func(_ Item, more *More) error {
		if page != nil {
			page(more)
		}
		return nil
	})
}

// EachWithin is [Each] that calls ended for each object of JSON that has a list, once that was
// read: the item has its other members.
func EachWithin(r io.Reader, file string, members []string, do func(Item) error, ended func(Item) error) error {
	return each(r, file, members, do, func(item Item, _ *More) error { return ended(item) })
}

func each(r io.Reader, file string, members []string, do func(Item) error, ended func(Item, *More) error) error {
	content := bufio.NewReader(r)
	first, err := firstOctet(content)
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return holdings.Place{File: file, Line: 1}.Errorf("%w", err)
	case first == '{' || first == '[':
		return eachJSON(jsontext.NewStream(content, file), members, do, ended)
	default:
		return eachYAML(content, file, members, do, func(more *More) { _ = ended(Item{text: json.RawMessage("{}")}, more) })
	}
}

// firstOctet returns the first octet that is no blank, and leaves it to be read.
func firstOctet(content *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		head, err := content.Peek(n)
		if len(head) < n {
			return 0, err
		}
		if c := head[n-1]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, nil
		}
	}
}

func eachJSON(s *jsontext.Stream, members []string, do func(Item) error, ended func(Item, *More) error) error {
	list := 0
	item := func() error {
		var text json.RawMessage
		at, err := s.Value(&text)
		if err != nil {
			return err
		}
		return do(Item{text: text, At: at, List: list})
	}
	return s.Wrap(s.Documents(func(open json.Delim) error {
		if open == '[' {
			list++
			if err := s.Items(item); err != nil {
				return err
			}
			return ended(Item{text: json.RawMessage("{}")}, nil)
		}
		return eachMember(s, members, func() error {
			list++
			return s.Array(item)
		}, func(i Item) error {
			i.List = list
			return do(i)
		}, ended)
	}))
}

// eachMember reads an object: one with a list of items, or an item.
func eachMember(s *jsontext.Stream, members []string, array func() error, do func(Item) error, ended func(Item, *More) error) error {
	at := s.Place()
	listed := false
	self := make(map[string]json.RawMessage)
	err := s.Members(func(name string) error {
		if slices.Contains(members, name) {
			listed = true
			return array()
		}
		var text json.RawMessage
		err := s.Decode(&text)
		self[name] = text
		return err
	})
	if err != nil {
		return err
	}
	text, err := json.Marshal(self)
	if err != nil {
		return err
	}
	item := Item{text: text, At: at}
	if listed {
		return ended(item, moreOf(self, at))
	}
	return do(item)
}

// moreOf returns what the members of a page that are no list say of the page behind it, or nil.
func moreOf(self map[string]json.RawMessage, at holdings.Place) *More {
	for _, name := range nextPage {
		var token any
		if json.Unmarshal(self[name], &token) == nil && token != nil && token != "" {
			return &More{At: at, Member: name, Token: fmt.Sprint(token)}
		}
	}
	return nil
}
