package exportlist

import (
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// The keys of an entry.
const (
	keyVPC    = "vpc"
	keyFormat = "format"
	keyOut    = "out"
	keyShape  = "shape"
	keyServer = "server"
	keySet    = "set"
)

var keys = []string{keyVPC, keyFormat, keyOut, keyShape, keyServer, keySet}

// KeyOf returns the key of a parameter, which stands in set.
func KeyOf(parameter string) string { return keySet + "." + parameter }

// At returns where the value of a key is: where the entry is, if it has none.
func (e *Entry) At(key string) topology.Place {
	if at, found := e.places[key]; found {
		return at
	}
	return e.Place
}

// AtName returns where the name of a parameter stands.
func (e *Entry) AtName(parameter string) topology.Place { return e.names[parameter] }

// Told reports whether a finding says already what is wrong with a key.
func (e *Entry) Told(key string) bool {
	set, _, inSet := strings.Cut(key, ".")
	return e.unread || slices.Contains(e.wrong, key) || inSet && slices.Contains(e.wrong, set)
}

// entry reads one export.
func (l *list) entry(n *yaml.Node) Entry {
	l.now = Entry{Place: l.at(n), places: make(map[string]topology.Place), unread: n.Kind != yaml.MappingNode}
	l.node = n
	for key, value := range l.mapping(n, "an export", keys, entryHint) {
		l.now.places[key] = l.at(value)
		switch key {
		case keyVPC:
			l.now.VPC = l.text(value, key)
		case keyFormat:
			l.now.Format = l.text(value, key)
		case keyOut:
			l.now.Out = l.directory(value)
		case keyShape:
			l.now.Shape = l.text(value, key)
		case keyServer:
			l.now.Servers = l.servers(value)
		case keySet:
			l.now.Values = l.values(value)
		}
	}
	if n.Kind == yaml.MappingNode {
		l.needs(keyFormat, "bind, or another one that auralink formats lists")
		l.needs(keyOut, exampleOut+", or another directory below that of the list")
	}
	return l.now
}

// needs notes a key that the entry has not, and none that may be meant for it.
func (l *list) needs(key, value string) {
	if _, found := l.now.places[key]; !found && !slices.Contains(l.now.wrong, key) {
		l.errorf(l.now.Place, "add "+key+": "+value, "the export has no %s", key)
		l.now.wrong = append(l.now.wrong, key)
	}
}

// fault notes what is wrong with the value of a key.
func (l *list) fault(n *yaml.Node, key, hint, format string, args ...any) {
	l.errorf(l.at(n), hint, format, args...)
	l.now.wrong = append(l.now.wrong, key)
}

// directory reads where an export goes: below the list, so that nobody who proposes
// a list can have files written elsewhere.
func (l *list) directory(n *yaml.Node) string {
	text := l.text(n, keyOut)
	if text == "" {
		return ""
	}
	slashes := path.Clean(strings.ReplaceAll(text, `\`, "/"))
	switch {
	case path.IsAbs(slashes) || slashes == ".." || strings.HasPrefix(slashes, "../") || drive.MatchString(slashes):
		l.fault(n, keyOut, "write "+below(slashes)+", or another directory below that of the list", "out %q leads out of the list's directory", text)
	case strings.Contains(text, `\`):
		l.fault(n, keyOut, "write "+slashes, "out %q has a backslash: directories have slashes between them", text)
	default:
		return slashes
	}
	return ""
}

// drive matches the beginning of a path on a drive of Windows.
var drive = regexp.MustCompile(`^[A-Za-z]:`)

// below returns a directory below that of the list which is like another one.
func below(dir string) string {
	for _, step := range slices.Backward(strings.Split(dir, "/")) {
		if step != "" && step != "." && step != ".." && !drive.MatchString(step) {
			return step
		}
	}
	return exampleOut
}

// servers reads one address, or several.
func (l *list) servers(n *yaml.Node) []netip.Addr {
	items, several := []*yaml.Node{n}, "[%s]"
	if n.Kind == yaml.SequenceNode {
		items, several = n.Content, "%s"
	}
	var servers []netip.Addr
	for _, item := range items {
		addr, err := netip.ParseAddr(item.Value)
		switch {
		case isEmpty(item):
			l.fault(item, keyServer, emptyHint(keyServer), "server is empty")
		case item.Kind != yaml.ScalarNode:
			l.fault(item, keyServer, serversHint(scalars(item), several), "server is %s, and not an address", kindOf(item))
		case err != nil:
			l.fault(item, keyServer, serversHint([]string{item.Value}, several), "server %q is not an IP address", item.Value)
		default:
			servers = append(servers, addr.Unmap())
		}
	}
	return servers
}

// values reads a format's parameters.
func (l *list) values(n *yaml.Node) map[string]string {
	values := make(map[string]string)
	if n.Kind != yaml.MappingNode {
		l.now.wrong = append(l.now.wrong, keySet)
	}
	l.now.names = make(map[string]topology.Place)
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		l.now.names[n.Content[i].Value] = l.at(n.Content[i])
	}
	for name, value := range l.mapping(n, "set", nil, setHint) {
		l.now.places[KeyOf(name)] = l.at(value)
		values[name] = l.parameter(value, name)
	}
	return values
}

// parameter reads the value of a parameter: several are one text with commas.
func (l *list) parameter(n *yaml.Node, name string) string {
	switch texts := scalars(n); {
	case n.Kind == yaml.ScalarNode && !isEmpty(n):
		return l.text(n, KeyOf(name))
	case len(texts) > 0:
		l.fault(n, KeyOf(name), "write "+quoted(strings.Join(texts, ",")), "%s is %s, and not a text", name, kindOf(n))
	default:
		l.fault(n, KeyOf(name), "leave it out, or write "+name+": VALUE", "%s is empty", name)
	}
	return ""
}

// text reads a word or a number, as it is written.
func (l *list) text(n *yaml.Node, key string) string {
	switch texts := scalars(n); {
	case isEmpty(n):
		l.fault(n, key, emptyHint(key), "%s is empty", key)
	case n.Kind != yaml.ScalarNode && len(texts) > 1 && l.forEach(key) != "":
		l.errorf(l.now.Place, "write an export for each: "+l.forEach(key), "%s is %s, and not a text", key, kindOf(n))
		l.now.unread = true
	case n.Kind != yaml.ScalarNode:
		l.fault(n, key, textHint(key, texts), "%s is %s, and not a text", key, kindOf(n))
	case n.Value != oneLine(n.Value):
		l.fault(n, key, "write it in one line", "%s is %q", key, n.Value)
	default:
		return n.Value
	}
	return ""
}
