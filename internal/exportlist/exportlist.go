// Package exportlist reads the file that says what is exported from a topology: for
// each directory the VPC, the format, and what the format is told.
//
// It decodes strictly, and says all that is wrong at once, each with its place. What
// a VPC or a format is it does not know: that is for those who have the plan. The
// package is pure.
package exportlist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
)

// MaxOctets is the most that a list may have.
const MaxOctets = 1 << 20

// maxDepth is what a list needs: the file, exports, an export, servers, and no more.
const maxDepth = 8

// CodeExports is the code of all findings in a list.
const CodeExports topology.Code = "exports"

// Beside returns the path of the list that stands beside a topology: for
// "dns/topology.yaml" it is "dns/topology.exports.yaml".
func Beside(topologyPath string) string {
	return strings.TrimSuffix(topologyPath, path.Ext(topologyPath)) + ".exports.yaml"
}

// Entry is one export.
type Entry struct {
	// VPC is the VPC's name; it may be left out where there is only one.
	VPC string
	// Format is the format's name.
	Format string
	// Out is the directory, as a path with slashes from that of the list. It is
	// below it, or it.
	Out string
	// Shape is that of individual records, if the format has a choice.
	Shape string
	// Servers are the DNS servers to which clients are sent.
	Servers []netip.Addr
	// Values are those of the format's parameters.
	Values map[string]string
	// Place is where the entry begins.
	Place topology.Place
}

// list is what the text is decoded by.
type list struct {
	lines    []string
	findings topology.Findings
}

// Parse reads a list. With an error among the findings the entries are those that
// could be read.
func Parse(text []byte) ([]Entry, topology.Findings) {
	l := &list{lines: strings.Split(string(text), "\n")}
	if len(text) > MaxOctets {
		l.errorf(topology.Place{}, "split the topology", "the list has more than %d octets", MaxOctets)
		return nil, l.findings
	}
	var document yaml.Node
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(limits{}))
	if err == nil {
		err = loader.Load(&document)
	}
	if err != nil || len(document.Content) == 0 {
		l.syntax(err)
		return nil, l.findings
	}
	if err := loader.Load(new(yaml.Node)); !errors.Is(err, io.EOF) {
		l.errorf(topology.Place{}, "keep one list to a file", "the list has a second YAML document")
	}
	entries := l.entries(document.Content[0])
	l.findings.Sort()
	return entries, l.findings
}

// limits is the plugin of the YAML library that bounds nesting.
type limits struct{}

// CheckDepth refuses what is nested deeper than a list is.
func (limits) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > maxDepth {
		return fmt.Errorf("more than %d levels of nesting", maxDepth)
	}
	return nil
}

// CheckAlias allows aliases, which are refused when they are decoded.
func (limits) CheckAlias(int, int) error { return nil }

// example is what a list looks like.
const example = "such as: exports: [{vpc: apps, format: bind, out: zones/apps}]"

// syntax notes what is no YAML.
func (l *list) syntax(err error) {
	var load *yaml.LoadError
	switch {
	case errors.As(err, &load):
		l.errorf(l.place(load.Mark.Line, load.Mark.Column), example, "the list is not YAML: %s", load.Message)
	case err != nil && !strings.Contains(err.Error(), "EOF"):
		l.errorf(topology.Place{}, example, "the list is not YAML: %v", err)
	default:
		l.errorf(topology.Place{}, example, "the list is empty")
	}
}

func (l *list) errorf(at topology.Place, hint, format string, args ...any) {
	l.findings = append(l.findings, topology.Finding{
		Severity: topology.SeverityError, Code: CodeExports, Place: at,
		Message: oneLine(fmt.Sprintf(format, args...)), Hint: oneLine(hint),
	})
}

// oneLine returns a text without control characters.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

// place returns a place with the text of its line.
func (l *list) place(line, column int) topology.Place {
	if line < 1 || line > len(l.lines) {
		return topology.Place{}
	}
	source := []rune(oneLine(l.lines[line-1]))
	return topology.Place{Line: line, Column: max(column, 1), Source: string(source[:min(len(source), 120)])}
}

func (l *list) at(n *yaml.Node) topology.Place { return l.place(n.Line, n.Column) }

// entries reads the document.
func (l *list) entries(root *yaml.Node) []Entry {
	var entries []Entry
	for key, value := range l.mapping(root, "the list", []string{"exports"}) {
		_ = key // the only one
		if value.Kind != yaml.SequenceNode {
			l.errorf(l.at(value), example, "exports is %s, and not a list", kindOf(value))
			continue
		}
		for _, item := range value.Content {
			entries = append(entries, l.entry(item))
		}
	}
	l.overlaps(entries)
	return entries
}

// overlaps notes directories that two exports have.
func (l *list) overlaps(entries []Entry) {
	seen := make(map[string]int)
	for _, e := range entries {
		if first, twice := seen[e.Out]; twice && e.Out != "" {
			l.errorf(e.Place, "a directory of its own for each export", "the directory %q has the export of line %d already", e.Out, first)
		}
		seen[e.Out] = e.Place.Line
	}
}

// keys are those of an entry.
var keys = []string{"vpc", "format", "out", "shape", "server", "set"}

// entry reads one export.
func (l *list) entry(n *yaml.Node) Entry {
	e := Entry{Place: l.at(n)}
	for key, value := range l.mapping(n, "an export", keys) {
		switch key {
		case "vpc":
			e.VPC = l.text(value, key)
		case "format":
			e.Format = l.text(value, key)
		case "out":
			e.Out = l.directory(value)
		case "shape":
			e.Shape = l.text(value, key)
		case "server":
			e.Servers = l.servers(value)
		case "set":
			e.Values = l.values(value)
		}
	}
	if n.Kind != yaml.MappingNode {
		return e
	}
	for _, needed := range []struct{ key, value string }{{"format", e.Format}, {"out", e.Out}} {
		if needed.value == "" && !has(n, needed.key) {
			l.errorf(e.Place, "add it: "+needed.key+": …", "the export has no %s", needed.key)
		}
	}
	return e
}

// has reports whether a mapping has a key.
func has(n *yaml.Node, key string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

// directory reads where an export goes: below the list, so that nobody who proposes
// a list can have files written elsewhere.
func (l *list) directory(n *yaml.Node) string {
	text := l.text(n, "out")
	if text == "" {
		return ""
	}
	clean := path.Clean(text)
	if path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") || strings.ContainsAny(clean, `\`) {
		l.errorf(l.at(n), "a directory below that of the list, such as zones/apps", "out %q leads out of the list's directory", text)
		return ""
	}
	return clean
}

// servers reads one address, or several.
func (l *list) servers(n *yaml.Node) []netip.Addr {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	var servers []netip.Addr
	for _, item := range items {
		text := l.text(item, "server")
		addr, err := netip.ParseAddr(text)
		if err != nil && text != "" {
			l.errorf(l.at(item), "an address, such as 10.0.0.53", "server %q is not an IP address", text)
		}
		if err == nil {
			servers = append(servers, addr.Unmap())
		}
	}
	return servers
}

// values reads a format's parameters.
func (l *list) values(n *yaml.Node) map[string]string {
	values := make(map[string]string)
	for name, value := range l.mapping(n, "set", nil) {
		values[name] = l.text(value, name)
	}
	return values
}

// text reads a word or a number, as it is written.
func (l *list) text(n *yaml.Node, key string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		l.errorf(l.at(n), "write "+key+": VALUE", "%s is %s, and not a text", key, kindOf(n))
		return ""
	}
	if n.Value == "" || n.Value != oneLine(n.Value) {
		l.errorf(l.at(n), "write it in one line", "%s is %q", key, n.Value)
		return ""
	}
	return n.Value
}

// mapping iterates over a mapping's keys, each once, and notes those that are not
// known; a nil known takes any.
func (l *list) mapping(n *yaml.Node, what string, known []string) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		if n.Kind != yaml.MappingNode {
			l.errorf(l.at(n), example, "%s is %s, and not a mapping", what, kindOf(n))
			return
		}
		seen := make(map[string]bool)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			switch {
			case n.Content[i].Kind != yaml.ScalarNode:
				l.errorf(l.at(n.Content[i]), example, "a key of %s is %s, and not a text", what, kindOf(n.Content[i]))
				continue
			case seen[key]:
				l.errorf(l.at(n.Content[i]), "keep one of them", "%s has %q twice", what, key)
				continue
			case known != nil && !slices.Contains(known, key):
				l.errorf(l.at(n.Content[i]), unknownHint(key, known), "%s has no key %q", what, key)
				continue
			}
			seen[key] = true
			if !yield(key, n.Content[i+1]) {
				return
			}
		}
	}
}

func unknownHint(key string, known []string) string {
	hint := "it has " + strings.Join(known, ", ")
	if question := spell.DidYouMean(key, known); question != "" {
		return question + " " + hint
	}
	return hint
}

// kindOf says what a node is.
func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	case n.Tag == "!!null":
		return "empty"
	default:
		return fmt.Sprintf("%q", n.Value)
	}
}
