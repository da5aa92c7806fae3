package drift

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// ErrElsewhere is the error for a link that is not written where it is used.
var ErrElsewhere = errors.New("its links are those of another VPC (same_as)")

// Unwritten is an edit that was not made, and why.
type Unwritten struct {
	Edit
	Err error
}

// Update returns the text of a topology with the addresses of links replaced where they
// stand: all else stays, and comments stay in their columns. Edits that cannot be made are left,
// so that the text means nothing else than the topology with the addresses of the others.
func Update(text []byte, edits []Edit) (updated []byte, left []Unwritten) {
	updated, left = together(text, edits)
	if !slices.ContainsFunc(left, func(u Unwritten) bool { return errors.Is(u.Err, errMeans) }) {
		return updated, left
	}
	updated, left = text, nil
	for len(edits) > 0 { // those that cannot be made without each other are together
		its := slices.Clone(edits[:1])
		edits = slices.DeleteFunc(slices.Clone(edits[1:]), func(e Edit) bool {
			twin := withEdit(its, e)
			if twin {
				its = append(its, e)
			}
			return twin
		})
		after, not := together(updated, its)
		updated, left = after, append(left, not...)
	}
	return updated, left
}

// together makes edits at once.
func together(text []byte, edits []Edit) (updated []byte, left []Unwritten) {
	var made []Edit
	all := newEditor(bytes.SplitAfter(text, []byte("\n")))
	document, err := parsed(text)
	for _, edit := range edits {
		own, err := newEditor(all.lines), err
		if err == nil {
			err = own.edit(document, edit, edits)
		}
		if err != nil {
			left = append(left, Unwritten{edit, err})
			continue
		}
		all.takes(own)
		made = append(made, edit)
	}
	updated = all.text()
	if err := same(text, updated, made); err != nil {
		for _, edit := range made {
			left = append(left, Unwritten{edit, err})
		}
		return text, left
	}
	return updated, left
}

// parsed returns the nodes of a topology.
func parsed(text []byte) (*yaml.Node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil || len(document.Content) == 0 {
		return nil, fmt.Errorf("reading the topology: %w", cmp.Or(err, errors.New("it is empty")))
	}
	return document.Content[0], nil
}

// edit has one link have other addresses. If that of another VPC is meant by it (same_as), it is written there.
func (e *editor) edit(document *yaml.Node, edit Edit, edits []Edit) error {
	links := path(document, "vpcs", edit.VPC, "links")
	if links == nil {
		return errWriting
	}
	at := path(links, edit.Region)
	if other := path(links, "same_as"); at == nil && other != nil {
		edit.VPC = other.Value
		if !slices.ContainsFunc(edits, func(o Edit) bool { return o.VPC == edit.VPC && withEdit([]Edit{o}, edit) }) {
			return ErrElsewhere
		}
		return newEditor(e.lines).edit(document, edit, edits)
	}
	if at != nil && at.Kind == yaml.MappingNode {
		at = path(at, "addresses")
	}
	if at == nil || at.Kind != yaml.SequenceNode || len(at.Content) == 0 {
		return errWriting
	}
	return e.list(at, edit.Addrs)
}

// withEdit reports whether a link of the same region gets the same addresses.
func withEdit(edits []Edit, as Edit) bool {
	return slices.ContainsFunc(edits, func(e Edit) bool { return e.Region == as.Region && slices.Equal(e.Addrs, as.Addrs) })
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
