// Package exportlist reads the file that says what is exported from a topology: for
// each directory the VPC, the format, and what the format is told.
//
// It decodes strictly, and says all that is wrong at once, each with its place. What
// a VPC or a format is it does not know: that is for those who have the plan. The
// package is pure.
package exportlist

import (
	"bytes"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// MaxOctets is the most that a list may have.
const MaxOctets = 1 << 20

// deepest is what a list needs: the file, exports, an export, servers.
const deepest = 4

// keyExports is the key of a list.
const keyExports = "exports"

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

	places map[string]topology.Place // where the values of its keys are
	names  map[string]topology.Place // where those of its parameters are
	wrong  []string                  // keys of which a finding tells
	unread bool                      // a finding tells of all of it
}

// list is what the text is decoded by.
type list struct {
	lines    []string
	findings topology.Findings
	now      Entry      // which is being read
	node     *yaml.Node // of it
}

// file is how topologies tell what is wrong with the YAML of a list.
var file = topology.FileKind{
	Name: "list of exports", Deepest: deepest,
	Empty:     "write exports: [" + exampleEntry + "]",
	Reference: "auralink export --help shows how the list is written",
}

// Parse reads a list. With an error among the findings the entries are those that
// could be read.
func Parse(text []byte) ([]Entry, topology.Findings) {
	l := &list{lines: strings.Split(string(bytes.TrimPrefix(text, []byte("\ufeff"))), "\n")}
	if len(text) > MaxOctets {
		l.errorf(topology.Place{}, "split the topology", "the list has more than %d octets", MaxOctets)
		return nil, l.findings
	}
	root, findings := topology.Document(text, file)
	for _, f := range findings {
		f.Code = CodeExports
		l.findings = append(l.findings, f)
	}
	if root == nil {
		return nil, l.findings
	}
	entries := l.entries(root)
	l.findings.Sort()
	return entries, l.findings
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
	source := []rune(oneLine(strings.TrimSuffix(l.lines[line-1], "\r")))
	return topology.Place{Line: line, Column: max(column, 1), Source: string(source[:min(len(source), 120)])}
}

func (l *list) at(n *yaml.Node) topology.Place { return l.place(n.Line, n.Column) }

// entries reads the document.
func (l *list) entries(root *yaml.Node) []Entry {
	if alone, short := topology.Flow(root); root.Kind == yaml.MappingNode && short && valueOf(root, keyExports) == nil && (valueOf(root, keyFormat) != nil || valueOf(root, keyOut) != nil) {
		l.errorf(l.at(root), "write exports: ["+alone+"]", "the file has the keys of an export, and no exports")
		return nil
	}
	var entries []Entry
	for _, value := range l.mapping(root, "the file", []string{keyExports}, fileHint) {
		if value.Kind != yaml.SequenceNode {
			l.errorf(l.at(value), listHint(value), "exports is %s, and not a list", kindOf(value))
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
	first := make(map[string]int)
	for i := range entries {
		e := &entries[i]
		line, twice := first[e.Out]
		switch {
		case e.Out == "":
		case twice:
			l.errorf(e.At(keyOut), "write "+otherThan(e, entries)+", or another directory of its own", "the directory %q has the export of line %d already", e.Out, line)
		default:
			first[e.Out] = e.Place.Line
		}
	}
}

// otherThan returns a directory like that of an entry which no entry has.
func otherThan(e *Entry, entries []Entry) string {
	for n := 2; ; n++ {
		out := fmt.Sprintf("%s-%d", e.Out, n)
		if n == 2 && plain.MatchString(e.Format) {
			out = e.Out + "-" + e.Format
		}
		if !slices.ContainsFunc(entries, func(other Entry) bool { return other.Out == out }) {
			return out
		}
	}
}
