package drift

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// ErrElsewhere is the error for a link that is not written where it is used.
var ErrElsewhere = errors.New("its links are those of another VPC (same_as)")

// Update returns the text of a topology with the addresses of links replaced where they
// stand: all else stays, and comments stay in their columns. It returns an error rather
// than a text that means anything else than the topology with these addresses.
func Update(text []byte, edits []Edit) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil || len(document.Content) == 0 {
		return nil, fmt.Errorf("reading the topology: %w", cmp.Or(err, errors.New("it is empty")))
	}
	e := &editor{lines: bytes.SplitAfter(text, []byte("\n"))}
	for _, edit := range edits {
		links := path(document.Content[0], "vpcs", edit.VPC, "links")
		if links == nil {
			return nil, fmt.Errorf("VPC %s: %w", edit.VPC, errWriting)
		}
		at := path(links, edit.Region)
		if other := path(links, "same_as"); at == nil && other != nil && withEdit(edits, other.Value, edit) {
			continue // it is written there
		}
		if at != nil && at.Kind == yaml.MappingNode {
			at = path(at, "addresses")
		}
		if at == nil || at.Kind != yaml.SequenceNode || len(at.Content) == 0 {
			return nil, fmt.Errorf("VPC %s, link %s: %w", edit.VPC, edit.Region, ErrElsewhere)
		}
		if err := e.list(at, edit.Addrs); err != nil {
			return nil, fmt.Errorf("VPC %s, link %s: %w", edit.VPC, edit.Region, err)
		}
	}
	updated := e.text()
	return updated, same(text, updated, edits)
}

// withEdit reports whether another VPC's link gets the same addresses.
func withEdit(edits []Edit, vpc string, as Edit) bool {
	return slices.ContainsFunc(edits, func(e Edit) bool {
		return e.VPC == vpc && e.Region == as.Region && slices.Equal(e.Addrs, as.Addrs)
	})
}

// path returns the value at keys below a mapping, or nil.
func path(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var value *yaml.Node
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				value = n.Content[i+1]
			}
		}
		if value == nil {
			return nil
		}
		n = value
	}
	return n
}

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

var errWriting = errors.New("its addresses are written in a way that is not edited: write them yourself")

// list has a list become one of other addresses.
func (e *editor) list(n *yaml.Node, addrs []netip.Addr) error {
	var stale []*yaml.Node
	fresh := slices.Clone(addrs)
	for _, item := range n.Content {
		addr, err := netip.ParseAddr(item.Value)
		if err != nil {
			return errWriting
		}
		if at := slices.Index(fresh, addr); at >= 0 {
			fresh = slices.Delete(fresh, at, at+1)
		} else {
			stale = append(stale, item)
		}
	}
	flow := n.Style&yaml.FlowStyle != 0
	for len(stale) > 0 && len(fresh) > 0 {
		from, to, err := e.span(stale[0])
		if err != nil {
			return err
		}
		e.changes = append(e.changes, change{stale[0].Line - 1, from, to, written(fresh[0], stale[0].Style != 0)})
		stale, fresh = stale[1:], fresh[1:]
	}
	for _, item := range stale {
		if err := e.remove(n, item, flow); err != nil {
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
	line := e.lines[n.Line-1]
	runes := []rune(string(line))
	if n.Column-1 > len(runes) {
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

// remove takes an item from a list.
func (e *editor) remove(n, item *yaml.Node, flow bool) error {
	from, to, err := e.span(item)
	if err != nil {
		return err
	}
	if !flow {
		if e.without == nil {
			e.without = make(map[int]bool)
		}
		e.without[item.Line-1] = true
		return nil
	}
	line := e.lines[item.Line-1]
	at := slices.Index(n.Content, item)
	if rest := bytes.TrimLeft(line[to:], " "); at+1 < len(n.Content) && bytes.HasPrefix(rest, []byte(",")) && n.Content[at+1].Line == item.Line {
		to, _, err = e.span(n.Content[at+1])
	} else if at > 0 && n.Content[at-1].Line == item.Line {
		_, from, err = e.span(n.Content[at-1])
	} else {
		err = errWriting
	}
	e.changes = append(e.changes, change{item.Line - 1, from, to, ""})
	return err
}

// add puts addresses behind the last item of a list.
func (e *editor) add(last *yaml.Node, fresh []netip.Addr, flow bool) error {
	from, to, err := e.span(last)
	if err != nil || len(fresh) == 0 {
		return err
	}
	for _, addr := range fresh {
		text := written(addr, last.Style != 0)
		if flow {
			e.changes = append(e.changes, change{last.Line - 1, to, to, ", " + text})
			continue
		}
		line := e.lines[last.Line-1]
		if e.after == nil {
			e.after = make(map[int][]string)
		}
		e.after[last.Line-1] = append(e.after[last.Line-1], string(line[:from])+text+ending(line))
	}
	return nil
}

func ending(line []byte) string {
	if bytes.HasSuffix(line, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// text returns all lines with their changes.
func (e *editor) text() []byte {
	slices.SortStableFunc(e.changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.from, b.from)) })
	var b strings.Builder
	for i, line := range e.lines {
		if !e.without[i] {
			b.WriteString(e.line(i, string(line)))
		}
		for _, more := range e.after[i] {
			b.WriteString(more)
		}
	}
	return []byte(b.String())
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

var errMeans = errors.New("the edited text would not mean what it should: write the addresses yourself")

// same reports whether the edited text means the topology with other addresses, and
// nothing else.
func same(before, after []byte, edits []Edit) error {
	want, _, err := topology.Parse(bytes.NewReader(before))
	if err != nil {
		return err
	}
	got, _, err := topology.Parse(bytes.NewReader(after))
	if err != nil {
		return fmt.Errorf("%w: %w", errMeans, err)
	}
	for _, edit := range edits {
		for v := range want.VPCs {
			vpc := &want.VPCs[v]
			for l := range vpc.Links {
				if vpc.Name == edit.VPC && want.Regions[vpc.Links[l].Region].Name == edit.Region {
					vpc.Links[l].Addrs = edit.Addrs
				}
			}
		}
	}
	for _, t := range []*topology.Topology{want, got} {
		for v := range t.VPCs {
			t.VPCs[v].ModeAt = topology.Place{} // lines may have come or gone
		}
	}
	if !reflect.DeepEqual(want, got) {
		return errMeans
	}
	return nil
}
