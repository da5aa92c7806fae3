package listing

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// AsJSON returns what is read as JSON: JSON as it is, and YAML rewritten, each value in the
// line in which it stands there, and what an alias stands for in its place. A tag of one's
// own, as templates of CloudFormation have them, becomes the function that it is short for.
// YAML that is no YAML is an error with its place, and so is what aliases make too large.
func AsJSON(r io.Reader, file string) (io.Reader, error) {
	content := bufio.NewReader(r)
	first, err := firstOctet(content)
	if err != nil || first == '{' || first == '[' {
		return content, nil // the error comes again when more is read
	}
	w := &rewriter{file: file, line: 1}
	err = Documents(content, file, w.write)
	return &w.out, err
}

// rewriter writes YAML as JSON, and keeps the lines.
type rewriter struct {
	file string
	out  bytes.Buffer
	line int // in which it writes
	deep int // how many values are around the one that is written
}

// maxDeep bounds how deep values are in each other, for an alias may stand in itself.
const maxDeep = 1000

var errAlias = fmt.Errorf("its aliases stand for more than %d MiB, or for themselves", MaxYAML>>20)

// write writes a node.
func (w *rewriter) write(n *yaml.Node) error {
	w.deep++
	defer func() { w.deep-- }()
	if n.Line > w.line {
		w.out.WriteString(strings.Repeat("\n", n.Line-w.line))
		w.line = n.Line
	}
	if name, own := strings.CutPrefix(n.Tag, "!"); own && name != "" && name[0] != '!' {
		return w.function(name, n)
	}
	switch n.Kind {
	case yaml.MappingNode:
		return w.list("{}", n.Content)
	case yaml.SequenceNode:
		return w.list("[]", n.Content)
	case yaml.ScalarNode:
		return w.scalar(n)
	case yaml.AliasNode:
		if w.out.Len() > MaxYAML || w.deep > maxDeep {
			return holdings.Place{File: w.file, Line: n.Line}.Errorf("%w", errAlias)
		}
		return w.write(n.Alias)
	default:
		return nil // a document has one value
	}
}

// list writes a mapping, of which every second node is a value, or a sequence.
func (w *rewriter) list(brackets string, nodes []*yaml.Node) error {
	w.out.WriteByte(brackets[0])
	for i, n := range nodes {
		switch isValue := brackets == "{}" && i%2 == 1; {
		case isValue:
			w.out.WriteByte(':')
		case i > 0:
			w.out.WriteByte(',')
		}
		if brackets == "{}" && i%2 == 0 {
			if n.Kind != yaml.ScalarNode {
				return holdings.Place{File: w.file, Line: n.Line}.Errorf("%w", formats.ErrKey)
			}
			n = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: n.Value, Line: n.Line}
		}
		if err := w.write(n); err != nil {
			return err
		}
	}
	w.out.WriteByte(brackets[1])
	return nil
}

// scalar writes a scalar: a time is a text, as JSON has it.
func (w *rewriter) scalar(n *yaml.Node) error {
	var value any = n.Value
	switch n.ShortTag() {
	case "!!null", "!!bool", "!!int", "!!float":
		if err := n.Decode(&value); err != nil {
			return holdings.Place{File: w.file, Line: n.Line}.Errorf("%w", err)
		}
	}
	text, err := json.Marshal(value)
	if err != nil { // such as .inf
		text, err = json.Marshal(n.Value)
	}
	w.out.Write(text)
	return err
}

// function writes a value with a tag of its own as the function that has the value.
func (w *rewriter) function(name string, n *yaml.Node) error {
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	key, _ := json.Marshal(name) // a string always has JSON
	w.out.WriteByte('{')
	w.out.Write(key)
	w.out.WriteByte(':')
	plain := *n
	plain.Tag = ""
	if plain.Kind == yaml.ScalarNode {
		plain.Tag = "!!str"
	}
	err := w.write(&plain)
	w.out.WriteByte('}')
	return err
}
