package pdns

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// refused is what the Recursor does with what is not known here, which may be a newer version's.
const refused = "and the Recursor does not start with what it does not know"

// itemKeys are the keys that the items of lists have, by the list.
var itemKeys = map[string][]string{
	"auth_zones": {"zone", "file"}, "forward_zones": forwardKeys, "forward_zones_recurse": forwardKeys,
}

var forwardKeys = []string{"zone", "forwarders", "recurse", "notify_allowed"}

// checkDocument notes the sections and the keys that are not known, those that stand twice, and
// values that are none.
func (y *yamlForm) checkDocument(document *yaml.Node, file string) {
	seen := make(map[string]bool)
	for key, section := range listing.Mapping(document) {
		at := holdings.Place{File: file, Line: key.Line}
		switch {
		case !sections[key.Value]:
			y.b.Unread(at, "%s is not read: it is no section of the Recursor, %s", lines.Shown(key.Value), refused)
		case seen[key.Value]:
			y.b.Unread(at, "%s stands twice, and the Recursor does not start with that", key.Value)
		default:
			y.checkSection(key.Value, section, file)
		}
		seen[key.Value] = true
	}
}

func (y *yamlForm) checkSection(name string, section *yaml.Node, file string) {
	known, seen := strings.Fields(recursorNames), make(map[string]bool)
	for key := range listing.Mapping(section) {
		y.resolves = y.resolves || key.Value == "system_resolver_ttl"
	}
	kinds := kindsOf(recursorKinds)
	for key, value := range listing.Mapping(section) {
		at, old := holdings.Place{File: file, Line: key.Line}, strings.ReplaceAll(key.Value, "_", "-")
		kind := kinds[old]
		if kind == "" {
			kind = kinds[name+"-"+old]
		}
		switch {
		case !slices.Contains(known, old):
			y.b.Unread(at, "%s is not read: the section %s has no such key as far as is known here, %s", lines.Shown(key.Value), name, refused)
		case seen[key.Value]:
			y.b.Unread(at, "%s stands twice, and the Recursor does not start with that", key.Value)
		case numeric[kind] && !isWhole(value):
			y.b.Unread(at, "%s: %s is no number, and the Recursor does not start with it", key.Value, lines.Shown(value.Value))
		case itemKeys[key.Value] != nil:
			y.checkItems(key.Value, value, file)
		}
		seen[key.Value] = true
	}
}

// numeric are the kinds of settings that are numbers in YAML.
var numeric = map[string]bool{"number": true, "natural": true, "count": true}

func isWhole(value *yaml.Node) bool {
	_, err := strconv.ParseInt(value.Value, 10, 64)
	return value.Kind == yaml.ScalarNode && err == nil
}

// checkItems looks at the items of a list.
func (y *yamlForm) checkItems(list string, items *yaml.Node, file string) {
	for _, item := range items.Content {
		for key, value := range listing.Mapping(item) {
			at := holdings.Place{File: file, Line: key.Line}
			if !slices.Contains(itemKeys[list], key.Value) {
				y.b.Unread(at, "%s is not read: what %s lists has no such key as far as is known here, %s", lines.Shown(key.Value), list, refused)
			}
			for _, server := range value.Content {
				if why := endpoint(server.Value); key.Value == "forwarders" && why != "" && !y.resolves {
					y.b.Unread(holdings.Place{File: file, Line: server.Line}, "forwarders: %s, and the Recursor does not start with it", why)
				}
			}
		}
	}
}

// forwardList reads a file of zones that are asked of others: in YAML a list like that of
// forward_zones, and else one in lines.
func (y *yamlForm) forwardList(file setting) {
	if !strings.HasSuffix(file.value, ".yml") {
		y.forwardFile("forward_zones_file", file)
		return
	}
	y.in.Follow(y.b, formats.Mention{
		What: "forward_zones_file", Path: file.value, Place: file.place, Consequence: needed,
	}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		return listing.Documents(r, in.Name, func(document *yaml.Node) error {
			var all []yamlForward
			if err := document.Decode(&all); err != nil {
				return holdings.Place{File: in.Name, Line: document.Line}.Errorf("%w", err)
			}
			y.checkItems("forward_zones", document, in.Name)
			for i, f := range all {
				y.forward(f.Zone, f.Forwarders, holdings.Place{File: in.Name, Line: document.Content[i].Line})
			}
			return nil
		})
	})
}
