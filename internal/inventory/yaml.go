package inventory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// maxDepth is how deep objects are looked for: what the clouds print has four levels.
const maxDepth = 8

// yaml goes through the documents of a file. It is told apart from JSON by its first
// character alone, so that JSON is never read as YAML.
func (w *walker) yaml() error {
	limits := yaml.WithPlugin(depth{})
	loader, err := yaml.NewLoader(bytes.NewReader(w.text), limits)
	if err != nil {
		return holdings.Place{File: w.file}.Errorf("%w", err)
	}
	text := w.text
	defer func() { w.text = text }()
	for {
		var document yaml.Node
		err := loader.Load(&document)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			line, err := formats.PlainYAML(err)
			return holdings.Place{File: w.file, Line: line}.Errorf("it is neither JSON nor YAML: %w", err)
		case len(document.Content) == 0:
			continue
		}
		if err := w.document(document.Content[0]); err != nil {
			return err
		}
	}
}

// document looks for objects in a YAML document, as though it were JSON. What is found
// has no line.
func (w *walker) document(n *yaml.Node) error {
	if hasAlias(n) {
		return holdings.Place{File: w.file}.Errorf("it has an alias, as no cloud prints")
	}
	var value any
	if err := n.Decode(&value); err != nil {
		return holdings.Place{File: w.file}.Errorf("%w", err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return holdings.Place{File: w.file}.Errorf("%w", formats.ErrKey)
	}
	w.text = nil
	p := &page{}
	if err := w.value(text, 0, 0, p); err != nil {
		return err
	}
	w.builder.page(p, holdings.Place{File: w.file})
	return nil
}

// hasAlias reports whether there is an alias: a few of them can stand for very much.
func hasAlias(n *yaml.Node) bool {
	return n.Kind == yaml.AliasNode || slices.ContainsFunc(n.Content, hasAlias)
}

// depth bounds nesting.
type depth struct{}

// CheckDepth refuses what is nested deeper than anything that is read.
func (depth) CheckDepth(n int, _ *yaml.DepthContext) error {
	if n > maxLevels {
		return fmt.Errorf("it has more than %d levels", maxLevels)
	}
	return nil
}

// CheckAlias leaves aliases to hasAlias.
func (depth) CheckAlias(int, int) error { return nil }
