// Package mutations_test spoils exports, in every format that can be read back, and
// holds that the audit and the comparison report each of them: all that is wrong,
// and nothing else. What is wrong is decided by package model, from the one rule
// alone, and not by what is tested.
package mutations_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// world is a topology, one of its VPCs, and what is the same for both.
type world struct {
	model    model.Topology
	topology *topology.Topology
	vpc      *plan.VPC
	at       model.VPC
	rng      *rand.Rand
}

var drawn = rapid.Custom(model.Draw)

// worldOf returns the world of a seed; there is none where the topology drawn is
// invalid, or its VPC has no names.
func worldOf(seed int) (*world, bool) {
	m := drawn.Example(seed)
	for i := range m.VPCs {
		if m.VPCs[i].Mode == "wildcard" {
			m.VPCs[i].Mode = ""
		}
	}
	t, p, _, err := plan.ReadTopology(strings.NewReader(m.YAML()))
	if err != nil {
		return nil, false
	}
	rng := rand.New(rand.NewPCG(uint64(seed), 12))
	i := rng.IntN(len(p.VPCs))
	if len(p.VPCs[i].View.Zones) == 0 {
		return nil, false
	}
	return &world{model: m, topology: t, vpc: &p.VPCs[i], at: m.VPCs[i], rng: rng}, true
}

// way is a format and a shape.
type way struct {
	format formats.Format
	shape  zones.Shape
}

func (w way) String() string { return strings.TrimSpace(w.format.Name + " " + string(w.shape)) }

// zoneless reports whether the format's target has rules for names and no zones: it hides
// nothing.
func (w way) zoneless() bool {
	return w.format.Name == "gcp-response-policy" || w.format.Name == "terraform-google"
}

// covers reports whether a wildcard above a name that has no records of its own answers
// for it in the format's target, whatever else exists between the two: so the response
// policies of Cloud DNS do it, which know no zones.
func (w way) covers(name string, v zones.View) bool {
	if !w.zoneless() || owns(v, name) {
		return false
	}
	for _, above, ok := strings.Cut(strings.TrimPrefix(name, "*."), "."); ok; _, above, ok = strings.Cut(above, ".") {
		if owns(v, "*."+above) {
			return true
		}
	}
	return false
}

// needed is what formats must be told.
var needed = map[string]map[string]string{
	"route53": {"vpc-id": "vpc-0a1b2c3d", "vpc-region": "us-east-1"},
	"hosts":   {"partial": "yes"},
	"octodns": {"target": "route53"},
}

// ways returns all formats that can be read back, in all shapes.
func ways() []way {
	var all []way
	for _, f := range readable() {
		if !f.Shaped {
			all = append(all, way{format: f})
			continue
		}
		all = append(all, way{f, zones.ShapePerName}, way{f, zones.ShapeOneZone})
	}
	return all
}

// readable returns the formats that can be read back. A hosts file has no wildcards,
// so that it differs from nearly every view as it is.
func readable() []formats.Format {
	return slices.DeleteFunc(all.Formats(), func(f formats.Format) bool { return !f.CanReadBack() || f.Name == "hosts" })
}

// file is a file of an export.
type file struct {
	name string
	text []byte
}

// export writes a view; nil where the format refuses it.
func (w way) export(t *testing.T, view zones.View) []file {
	t.Helper()
	written, err := w.format.Files(view, formats.Options{Shape: w.shape, Values: needed[w.format.Name]})
	var refusal *formats.Refusal
	if errors.As(err, &refusal) {
		return nil
	}
	if err != nil {
		t.Fatalf("%s: %v", w, err)
	}
	files := []file{}
	for f := range written {
		var text bytes.Buffer
		if err := f.Write(&text, 1); err != nil {
			t.Fatal(err)
		}
		files = append(files, file{f.Name, text.Bytes()})
	}
	return files
}

// read reads files back.
func (w way) read(files []file) (*holdings.Set, error) {
	b := holdings.NewBuilder()
	for _, f := range files {
		read := w.format.BackReader(f.name)
		if read == nil {
			continue
		}
		if err := read(b, bytes.NewReader(f.text), formats.Input{Name: f.name, Tree: tree(files)}); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return b.Set(), nil
}

// tree has the files of an export, which name each other.
type tree []file

// Find implements formats.Tree.
func (t tree) Find(m formats.Mention) (formats.Found, error) {
	for _, f := range t {
		if strings.EqualFold(f.name, path.Base(m.Path)) { // the case of names may have been changed
			return formats.Found{Names: []string{f.name}}, nil
		}
	}
	return formats.Found{}, fs.ErrNotExist
}

// Open implements formats.Tree.
func (t tree) Open(name string) (io.ReadCloser, error) {
	for _, f := range t {
		if f.name == name {
			return io.NopCloser(bytes.NewReader(f.text)), nil
		}
	}
	return nil, fs.ErrNotExist
}
