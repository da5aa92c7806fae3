package coredns

import (
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

var (
	mapKind = regexp.MustCompile(`(?m)^\s*(- )?kind: ["']?ConfigMap["']?\s*$`)
	mapKey  = regexp.MustCompile(`(?m)^\s+["']?(Corefile|[\w.-]+\.server)["']?:\s*[|>"']`)
)

// isMap reports whether a file is a ConfigMap of Kubernetes that has a Corefile in it.
func isMap(head formats.Head) bool {
	if head.Document() {
		return head.Has("Corefile") && head.Has("ConfigMap")
	}
	return mapKind.MatchString(string(head)) && mapKey.MatchString(string(head))
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
	var entries []*entry
	if err := listing.Documents(content, in.Name, func(document *yaml.Node) error {
		entries = append(entries, entriesIn(document)...)
		return nil
	}); err != nil {
		return err
	}
	return readMaps(b, entries, in)
}

// entry is an entry of a ConfigMap, which a Corefile may import as a file.
type entry struct {
	name     string
	text     *yaml.Node
	imported bool
}

// entriesIn returns the entries of a ConfigMap, or of a list of them.
func entriesIn(node *yaml.Node) []*entry {
	var all []*entry
	for key, value := range listing.Mapping(node) {
		switch key.Value {
		case "items":
			for _, item := range value.Content {
				all = append(all, entriesIn(item)...)
			}
		case "data":
			for name, text := range listing.Mapping(value) {
				all = append(all, &entry{name: name.Value, text: text})
			}
		}
	}
	return all
}

// readMaps reads the Corefiles of ConfigMaps: that of its key with what it imports, and those
// that clouds have the cluster's CoreDNS import as further servers, if no Corefile here does.
func readMaps(b *holdings.Builder, entries []*entry, in formats.Input) error {
	for _, e := range entries {
		if e.name == "Corefile" {
			if err := readCorefile(b, e.reader(), in, entries); err != nil {
				return err
			}
		}
	}
	for _, e := range entries {
		at := holdings.Place{File: in.Name, Line: e.text.Line}
		switch {
		case e.name == "Corefile" || e.imported:
		case strings.HasSuffix(e.name, ".server"):
			if err := readCorefile(b, e.reader(), in, entries); err != nil {
				return err
			}
		case strings.HasSuffix(e.name, ".override"): // clouds import these into the server block of all names
			b.Unread(at, "%s is not read: what it has counts where a Corefile imports it", e.name)
		default:
			b.Note(at, "%s is not read: what it has counts where a Corefile imports it", e.name)
		}
	}
	return nil
}

// reader returns what reads an entry, so that its places are those of the file.
func (e *entry) reader() io.Reader {
	before := strings.Repeat("\n", max(e.text.Line-1, 0))
	if e.text.Style&yaml.LiteralStyle != 0 {
		before += "\n" // its text begins in the line after
	}
	return strings.NewReader(before + e.text.Value)
}

// importing returns the entries that a pattern of files stands for, wherever they are mounted.
func importing(pattern string, entries []*entry) []*entry {
	var all []*entry
	for _, e := range entries {
		if is, err := path.Match(path.Base(pattern), e.name); err == nil && is && e.name != "Corefile" {
			all = append(all, e)
		}
	}
	return all
}

// custom reports whether the ConfigMap is there that clouds have a Corefile import from.
func custom(entries []*entry) bool {
	return slices.ContainsFunc(entries, func(e *entry) bool {
		return strings.HasSuffix(e.name, ".server") || strings.HasSuffix(e.name, ".override")
	})
}
