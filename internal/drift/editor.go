package drift

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// change is one in a line.
type change struct {
	line, from, to int // octets
	with           string
}

// editor gathers changes of lines.
type editor struct {
	lines   [][]byte
	changes []change
	after   map[int][]string // lines to put behind one
	without map[int]bool     // lines to leave out
}

func newEditor(lines [][]byte) *editor {
	return &editor{lines: lines, after: make(map[int][]string), without: make(map[int]bool)}
}

var errWriting = errors.New("its addresses are written in a way that is not edited: write them yourself")

// list has a list become one of other addresses.
func (e *editor) list(n *yaml.Node, addrs []netip.Addr) error {
	var stale []*yaml.Node
	fresh := slices.Clone(addrs)
	for _, item := range n.Content {
		addr, ok := topology.Addr(item.Value)
		if !ok {
			return errWriting
		}
		if at := slices.Index(fresh, addr); at >= 0 {
			fresh = slices.Delete(fresh, at, at+1)
		} else {
			stale = append(stale, item)
		}
	}
	for len(stale) > 0 && len(fresh) > 0 {
		from, to, err := e.span(stale[0])
		if err != nil {
			return err
		}
		e.changes = append(e.changes, change{stale[0].Line - 1, from, to, written(fresh[0], stale[0].Style != 0)})
		stale, fresh = stale[1:], fresh[1:]
	}
	flow := n.Style&yaml.FlowStyle != 0
	for _, item := range stale {
		if err := e.remove(n, item, stale, flow); err != nil {
			return err
		}
	}
	return e.add(n.Content[len(n.Content)-1], fresh, flow)
}

// written returns an address as it is written, in quotes where others are or where it
// has colons.
func written(addr netip.Addr, quoted bool) string {
	if quoted || addr.Is6() {
		return `"` + addr.String() + `"`
	}
	return addr.String()
}

// span returns where a scalar is in its line.
func (e *editor) span(n *yaml.Node) (from, to int, err error) {
	if n.Line < 1 || n.Line > len(e.lines) { // YAML has further line breaks
		return 0, 0, errWriting
	}
	line := e.lines[n.Line-1]
	runes := []rune(string(line))
	if n.Column < 1 || n.Column > len(runes) {
		return 0, 0, errWriting
	}
	from = len(string(runes[:n.Column-1]))
	text := n.Value
	if quote := line[from]; quote == '"' || quote == '\'' {
		text = string(quote) + text + string(quote)
	}
	if !bytes.HasPrefix(line[from:], []byte(text)) {
		return 0, 0, errWriting
	}
	return from, from + len(text), nil
}

// remove takes an item from a list: with its line or, in brackets, with the comma that is between it and
// another one in the line.
func (e *editor) remove(n, item *yaml.Node, removed []*yaml.Node, flow bool) error {
	from, to, err := e.span(item)
	switch at := slices.Index(n.Content, item); {
	case err != nil:
		return err
	case !flow:
		e.without[item.Line-1] = true
		return nil
	case at < len(removed) && slices.Equal(n.Content[:at], removed[:at]): // none before it stays
		if at+1 == len(n.Content) || n.Content[at+1].Line != item.Line {
			return errWriting
		}
		to, _, err = e.span(n.Content[at+1])
	case n.Content[at-1].Line != item.Line:
		return errWriting
	default:
		_, from, err = e.span(n.Content[at-1])
	}
	e.changes = append(e.changes, change{item.Line - 1, from, to, ""})
	return err
}

// add puts addresses behind the last item of a list.
func (e *editor) add(last *yaml.Node, fresh []netip.Addr, flow bool) error {
	from, to, err := e.span(last)
	if err != nil {
		return err
	}
	for _, addr := range fresh {
		text := written(addr, last.Style != 0)
		if flow {
			e.changes = append(e.changes, change{last.Line - 1, to, to, ", " + text})
			continue
		}
		e.after[last.Line-1] = append(e.after[last.Line-1], string(e.lines[last.Line-1][:from])+text)
	}
	return nil
}

// takes adds the changes of another editor of the same lines.
func (e *editor) takes(other *editor) {
	e.changes = append(e.changes, other.changes...)
	maps.Copy(e.without, other.without)
	maps.Copy(e.after, other.after)
}

// text returns all lines with their changes. The last line ends as it did, and lines that are put behind it
// are none the less lines of their own.
func (e *editor) text() []byte {
	slices.SortStableFunc(e.changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.from, b.from)) })
	var b strings.Builder
	for i, line := range e.lines {
		text, ending := cutEnding(string(line))
		if !e.without[i] {
			b.WriteString(e.line(i, text))
		}
		for n, more := range e.after[i] {
			if n > 0 || !e.without[i] {
				b.WriteString(cmp.Or(ending, e.ending()))
			}
			b.WriteString(more)
		}
		if !e.without[i] || len(e.after[i]) > 0 {
			b.WriteString(ending)
		}
	}
	return []byte(b.String())
}

// ending returns how lines end: as the first one does.
func (e *editor) ending() string {
	_, ending := cutEnding(string(e.lines[0]))
	return cmp.Or(ending, "\n")
}

// cutEnding cuts the end of a line from it, which the last one may lack.
func cutEnding(line string) (text, ending string) {
	text = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	return text, line[len(text):]
}

// line returns a line with its changes, and its comment in the column where it was, as
// far as there is room.
func (e *editor) line(i int, line string) string {
	var b strings.Builder
	at, grown := 0, 0
	for _, c := range e.changes {
		if c.line != i {
			continue
		}
		b.WriteString(line[at:max(at, c.from)] + c.with)
		grown += len(c.with) - (c.to - c.from)
		at = max(at, c.to)
	}
	rest := line[at:]
	if comment := strings.Index(rest, " #"); grown != 0 && comment >= 0 {
		value := strings.TrimRight(rest[:comment+1], " ")
		blanks := comment + 1 - len(value)
		rest = value + strings.Repeat(" ", max(1, blanks-grown)) + rest[comment+1:]
	}
	return b.String() + rest
}
