package listing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

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

func eachYAML(r io.Reader, file string, members []string, do func(Item) error, page func(*More)) error {
	list := 0
	return Documents(r, file, func(document *yaml.Node) error {
		items, more, listed := itemsOf(document, file, members)
		if listed {
			list++
		}
		for _, node := range items {
			item, err := itemOf(node, file)
			if err != nil {
				return err
			}
			item.List = list
			if err := do(item); err != nil {
				return err
			}
		}
		if listed {
			page(more)
		}
		return nil
	})
}

// itemsOf returns the items of a document, what it says of a page behind it, and whether they
// are a list.
func itemsOf(document *yaml.Node, file string, members []string) (items []*yaml.Node, more *More, listed bool) {
	if document.Kind == yaml.SequenceNode {
		return document.Content, nil, true
	}
	for name, value := range Mapping(document) {
		switch {
		case slices.Contains(members, name.Value):
			items, listed = value.Content, true
		case slices.Contains(nextPage, name.Value) && value.Value != "" && value.ShortTag() != "!!null":
			more = &More{At: holdings.Place{File: file, Line: document.Line}, Member: name.Value, Token: value.Value}
		}
	}
	if !listed {
		return []*yaml.Node{document}, nil, false
	}
	return items, more, true
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
