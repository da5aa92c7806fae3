package coredns

import (
	"io"
	"regexp"
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
		return readCorefile(b, content, in)
	}
	return listing.Documents(content, in.Name, func(document *yaml.Node) error { return readMap(b, document, in) })
}

// readMap reads the Corefiles of a ConfigMap, or of a list of them: that of its key, and
// those that clouds have the cluster's CoreDNS import as further servers.
func readMap(b *holdings.Builder, node *yaml.Node, in formats.Input) error {
	for key, value := range listing.Mapping(node) {
		switch key.Value {
		case "items":
			for _, item := range value.Content {
				if err := readMap(b, item, in); err != nil {
					return err
				}
			}
		case "data":
			for name, text := range listing.Mapping(value) {
				if err := readEntry(b, name.Value, text, in); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// readEntry reads an entry of a ConfigMap. Its places are those of the file.
func readEntry(b *holdings.Builder, name string, text *yaml.Node, in formats.Input) error {
	if strings.HasSuffix(name, ".override") { // clouds import these into the server block of all names
		b.Unread(holdings.Place{File: in.Name, Line: text.Line}, "%s is not read: what it has counts where a Corefile imports it", name)
		return nil
	}
	if name != "Corefile" && !strings.HasSuffix(name, ".server") {
		b.Note(holdings.Place{File: in.Name, Line: text.Line}, "%s is not read: what it has counts where a Corefile imports it", name)
		return nil
	}
	before := strings.Repeat("\n", max(text.Line-1, 0))
	if text.Style&yaml.LiteralStyle != 0 {
		before += "\n" // its text begins in the line after
	}
	return readCorefile(b, strings.NewReader(before+text.Value), in)
}
