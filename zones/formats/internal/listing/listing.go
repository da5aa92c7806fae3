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

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// Item is a thing that is listed.
type Item struct {
	text json.RawMessage
	// At is where it begins.
	At holdings.Place
	// List is the number of the list in which it is, from 1; all pages of a listing are
	// one, and so is what stands by itself behind it. 0 is for what is in none.
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

// ErrPage is the error for one of several pages of a listing.
var ErrPage = errors.New("this is one page of several, and none follows: what is on the others may lead anywhere")

// nextPage are members by which a page says that another one follows.
var nextPage = []string{"nextPageToken", "nextLink", "NextToken"}

// Each calls do for each item. The members are those that may have a list of items.
// JSON is read item by item, YAML document by document. The error is [ErrPage] where the
// last page says that another one follows.
func Each(r io.Reader, file string, members []string, do func(Item) error) error {
	content := bufio.NewReader(r)
	first, err := firstOctet(content)
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return holdings.Place{File: file, Line: 1}.Errorf("%w", err)
	case first == '{' || first == '[':
		return eachJSON(jsontext.NewStream(content, file), members, do)
	default:
		return eachYAML(content, file, members, do)
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

func eachJSON(s *jsontext.Stream, members []string, do func(Item) error) error {
	var page error // of the last document that has a list
	list := 0
	item := func() error {
		var text json.RawMessage
		at, err := s.Value(&text)
		if err != nil {
			return err
		}
		return do(Item{text: text, At: at, List: list})
	}
	begin := func() {
		if page == nil {
			list++
		}
	}
	err := s.Wrap(s.Documents(func(open json.Delim) error {
		if open == '[' {
			begin()
			return s.Items(item)
		}
		more, at, err := eachMember(s, members, begin, item, func(i Item) error {
			i.List = list
			return do(i)
		})
		page = nil
		if more != "" {
			page = at.Errorf("%s says that %w", more, ErrPage)
		}
		return err
	}))
	if err != nil {
		return err
	}
	return page
}

// eachMember reads an object: one with a list of items, or an item. Of a list it returns
// the member that says that another page follows, or "", and where the list begins.
func eachMember(s *jsontext.Stream, members []string, begin func(), item func() error, do func(Item) error) (more string, at holdings.Place, err error) {
	at = s.Place()
	listed := false
	self := make(map[string]json.RawMessage)
	err = s.Members(func(name string) error {
		if slices.Contains(members, name) {
			listed = true
			begin()
			return s.Array(item)
		}
		var text json.RawMessage
		err := s.Decode(&text)
		self[name] = text
		return err
	})
	if err != nil || listed {
		for _, name := range nextPage {
			if text := string(self[name]); text != "" && text != "null" && text != `""` {
				more = name
			}
		}
		return more, at, err
	}
	text, err := json.Marshal(self)
	if err != nil {
		return "", at, err
	}
	return "", at, do(Item{text: text, At: at})
}

// MaxYAML is the largest YAML that is read, in octets: its documents are read whole.
const MaxYAML = 64 << 20

// Limit returns a reader of YAML that fails where there is more than is read.
func Limit(r io.Reader) io.Reader { return &limited{r: r, left: MaxYAML} }

type limited struct {
	r    io.Reader
	left int
}

var errLarge = fmt.Errorf("it has more than %d MiB of YAML", MaxYAML>>20)

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= n; l.left < 0 {
		return 0, errLarge
	}
	return n, err
}

func eachYAML(r io.Reader, file string, members []string, do func(Item) error) error {
	return Documents(r, file, func(document *yaml.Node) error {
		items := []*yaml.Node{document}
		if document.Kind == yaml.SequenceNode {
			items = document.Content
		}
		for name, value := range Mapping(document) {
			if slices.Contains(members, name.Value) {
				items = value.Content
			}
		}
		for _, node := range items {
			item, err := itemOf(node, file)
			if err != nil {
				return err
			}
			if err := do(item); err != nil {
				return err
			}
		}
		return nil
	})
}

// Documents calls do for the root of each YAML document that has something in it.
func Documents(r io.Reader, file string, do func(*yaml.Node) error) error {
	decoder := yaml.NewDecoder(Limit(r))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return yamlError(file, err)
		}
		if len(document.Content) == 0 {
			continue
		}
		if err := do(document.Content[0]); err != nil {
			return err
		}
	}
}

// yamlError returns a parser's error with its place.
func yamlError(file string, err error) error {
	line, err := formats.PlainYAML(err)
	return holdings.Place{File: file, Line: max(line, 1)}.Errorf("it is no YAML from here on: %w", err)
}

// Mapping returns the keys and values of a YAML mapping; none of another node.
func Mapping(n *yaml.Node) func(yield func(name, value *yaml.Node) bool) {
	return func(yield func(name, value *yaml.Node) bool) {
		if n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// itemOf turns a YAML node into an item.
func itemOf(n *yaml.Node, file string) (Item, error) {
	at := holdings.Place{File: file, Line: n.Line}
	var value any
	if err := n.Decode(&value); err != nil {
		return Item{}, at.Errorf("%w", err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return Item{}, at.Errorf("%w", formats.ErrKey)
	}
	return Item{text: text, At: at}, nil
}
