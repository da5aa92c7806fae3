package coredns

import (
	"encoding/base64"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

var (
	mapKind  = regexp.MustCompile(`(?m)^\s*(- )?kind: ["']?ConfigMap["']?\s*$`)
	mapKey   = regexp.MustCompile(`(?m)^\s+["']?(Corefile|[\w.-]+\.(server|override))["']?:\s*[|>"']`)
	jsonKey  = pattern.Lazily(`"(Corefile|[\w.-]+\.(server|override))"\s*:`)
	mapName  = pattern.Lazily(`(?m)\bname: ["']?coredns`)
	runsKind = pattern.Lazily(`(?m)^\s*(- )?["']?kind["']?: ["']?(Deployment|DaemonSet)\b`)
	runsDNS  = pattern.Lazily(`(?m)["']?image["']?: .*\bcoredns\b`)
)

// isMap reports whether a file is a ConfigMap of Kubernetes that has a Corefile in it, or parts of
// one; or what runs CoreDNS with such.
func isMap(head formats.Head) bool {
	if head.Document() {
		return head.Has("ConfigMap") && jsonKey().MatchString(string(head))
	}
	text := string(head)
	return mapKind.MatchString(text) && (mapKey.MatchString(text) || mapName().MatchString(text)) || runsKind().MatchString(text) && runsDNS().MatchString(text)
}

// read reads a Corefile, or those in ConfigMaps.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	head, content, err := formats.Peek(r)
	if err != nil {
		return holdings.Place{File: in.Name, Line: 1}.Errorf("%w", err)
	}
	if !isMap(formats.NewHead(head)) {
		if in.Encoding == formats.UTF16 { // it leaves a mark out
			in.Plain(b, "CoreDNS")
		}
		return readCorefile(b, content, in, nil)
	}
	all := objectsOf(b)
	return listing.Documents(content, in.Name, func(document *yaml.Node) error {
		all.add(document, in)
		return nil
	})
}

// entry is an entry of a ConfigMap, which a Corefile may import as a file.
type entry struct {
	name     string
	text     *yaml.Node
	in       formats.Input // of the file that has it
	imported bool
}

// configMap is a ConfigMap with its entries.
type configMap struct {
	name, namespace string
	entries         []*entry
}

// objects are the ConfigMaps of all files that are read together, and what mounts them.
type objects struct {
	b    *holdings.Builder
	maps []configMap
	pods []pod
}

// objectsOf returns the objects of all files that give to a builder.
func objectsOf(b *holdings.Builder) *objects {
	return holdings.Shared(b, "ConfigMaps", func() *objects { return &objects{b: b} })
}

// add adds an object of Kubernetes, or a list of them.
func (o *objects) add(node *yaml.Node, in formats.Input) {
	var m configMap
	kind := ""
	for key, value := range listing.Mapping(node) {
		switch key.Value {
		case "kind":
			kind = value.Value
		case "items":
			for _, item := range value.Content {
				o.add(item, in)
			}
		case "metadata":
			m.name, m.namespace = member(value, "name"), member(value, "namespace")
		case "data":
			for name, text := range listing.Mapping(value) {
				m.entries = append(m.entries, &entry{name: name.Value, text: text, in: in})
			}
		case "binaryData":
			for name, text := range listing.Mapping(value) {
				m.entries = append(m.entries, &entry{name: name.Value, text: decoded(text), in: in})
			}
		}
	}
	switch kind {
	case "Deployment", "DaemonSet":
		o.pods = append(o.pods, podOf(node, m.namespace))
	default:
		if len(m.entries) > 0 {
			o.maps = append(o.maps, m)
		}
	}
}

// member returns the text that a mapping has by a name; "" for none.
func member(node *yaml.Node, name string) string {
	for key, value := range listing.Mapping(node) {
		if key.Value == name {
			return value.Value
		}
	}
	return ""
}

// decoded returns a node of whose text the octets are in base 64.
func decoded(node *yaml.Node) *yaml.Node {
	text, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(node.Value)) // what is none has nothing
	return &yaml.Node{Kind: yaml.ScalarNode, Value: string(text), Line: node.Line}
}

// End reads the Corefiles of the ConfigMaps: each with what it imports of all that are mounted beside
// it; and, where there is none, what clouds have the cluster's own Corefile import as further servers.
func (o *objects) End() {
	corefiles := 0
	for _, m := range o.maps {
		for _, e := range m.entries {
			if e.name == corefileKey {
				corefiles++
				o.readCorefile(e, o.mounts(m))
			}
		}
	}
	for _, m := range o.maps {
		for _, e := range m.entries {
			if e.name != corefileKey && !e.imported {
				o.left(m, e, corefiles > 0)
			}
		}
	}
}

// corefileKey is the entry that CoreDNS is started with.
const corefileKey = "Corefile"

// readCorefile reads an entry. What cannot be read is told.
func (o *objects) readCorefile(e *entry, mounted []mounted) {
	if err := readCorefile(o.b, e.reader(), e.in, mounted); err != nil {
		why := err
		if inner := errors.Unwrap(err); inner != nil {
			why = inner
		}
		o.b.Unread(holdings.Place{File: e.in.Name, Line: e.text.Line}, "%s is not read: %v", e.name, why)
	}
}

// left notes an entry that no Corefile imports, or reads it where there is none.
func (o *objects) left(m configMap, e *entry, corefile bool) {
	at := holdings.Place{File: e.in.Name, Line: e.text.Line}
	server, override := strings.HasSuffix(e.name, ".server"), strings.HasSuffix(e.name, ".override")
	switch {
	case !server && !override:
		o.b.Note(at, "%s is not read: what it has counts where a Corefile imports it", e.name)
	case server && !corefile: // of which it is not known that anything imports it otherwise
		o.readCorefile(e, nil)
	case corefile && (m.name != custom || len(o.pods) > 0):
		o.b.Unread(at, "%s is imported by no Corefile that is read, as far as it is said where ConfigMap %s is mounted: what it has may count for nobody", e.name, m.name)
	case corefile:
		o.b.Unread(at, "%s is imported by no Corefile that is read: what it has counts for nobody", e.name)
	default: // clouds import these into the server block of all names
		o.b.Unread(at, "%s is not read: what it has counts where a Corefile imports it", e.name)
	}
}

// reader returns what reads an entry, so that its places are those of the file.
func (e *entry) reader() io.Reader {
	before := strings.Repeat("\n", max(e.text.Line-1, 0))
	if e.text.Style&yaml.LiteralStyle != 0 {
		before += "\n" // its text begins in the line after
	}
	return strings.NewReader(before + e.text.Value)
}

// importing returns the entries that a pattern of files stands for.
func importing(pattern string, all []mounted) []*entry {
	if !path.IsAbs(pattern) {
		pattern = path.Join(corefileDir, pattern)
	}
	var found []*entry
	for _, m := range all {
		if is, err := path.Match(path.Clean(pattern), m.path); err == nil && is && !slices.Contains(found, m.entry) {
			found = append(found, m.entry)
		}
	}
	return found
}
