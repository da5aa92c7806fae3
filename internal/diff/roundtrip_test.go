package diff_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// values are what formats must be told.
var values = map[string]map[string]string{
	"route53": {"vpc-id": "vpc-0a1b2c3d", "vpc-region": "us-east-1"},
	"hosts":   {"partial": "yes"},
	"octodns": {"target": "route53"},
}

// zoneless are formats whose target has no zones, or zones that are not in the files: a
// wildcard also covers what exists only as the parent of another name.
var zoneless = []string{"hosts", "gcp-response-policy", "terraform-google"}

// TestOwnExport: compared with its own export, in each format that can be read
// and in either shape, a view differs in nothing. A hosts file has no wildcards:
// there it differs in them, and in nothing else.
func TestOwnExport(t *testing.T) {
	for _, format := range all.Formats() {
		if !format.CanReadBack() {
			continue
		}
		t.Run(format.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m, p := model.DrawPlan(t)
				for _, vpc := range p.VPCs {
					before, refused := exported(t, format, vpc.View)
					if refused {
						continue
					}
					regions := diff.RegionsOf(vpc.Links)
					r := diff.Compare(diff.Side{Set: before, Regions: regions}, diff.Side{Set: holdings.FromView(vpc.View), Regions: regions})
					for c := range r.Changes() {
						if format.Name == "hosts" && c.Kind == diff.Added && strings.HasPrefix(c.Name, "*.") {
							continue
						}
						t.Fatalf("VPC %s: %+v\n%s", vpc.Name, c, m.YAML())
					}
					if !slices.Contains(zoneless, format.Name) {
						resolveSame(t, before, holdings.FromView(vpc.View), m)
					}
				}
			})
		})
	}
}

// TestOwnExportNumbered is the same for the numbered topologies of package zones,
// whose names are as long, and as deep within each other, as they can be.
func TestOwnExportNumbered(t *testing.T) {
	paths, err := filepath.Glob("../../zones/formats/all/testdata/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no topologies: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		after := sideOf(t, string(text))
		p, _, err := plan.Read(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range all.Formats() {
			if !format.CanReadBack() || format.Name == "hosts" {
				continue
			}
			for _, shape := range shapesOf(format) {
				before, refused := written(t, format, p.VPCs[0].View, shape)
				if refused {
					continue
				}
				for c := range diff.Compare(diff.Side{Set: before, Regions: after.Regions}, after).Changes() {
					t.Errorf("%s %s %s: %+v", filepath.Base(path), format.Name, shape, c)
				}
			}
		}
	}
}

// shapesOf returns the shapes that a format can be asked for.
func shapesOf(format formats.Format) []zones.Shape {
	if format.Shaped {
		return []zones.Shape{zones.ShapePerName, zones.ShapeOneZone}
	}
	return []zones.Shape{""}
}

// resolveSame: a name has the same addresses in what was read as in the view,
// whether by a record of its own or by a wildcard.
func resolveSame(t *rapid.T, read, view *holdings.Set, m model.Topology) {
	for _, name := range m.Names() {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			got, want := read.Resolve(name+".", qtype), view.Resolve(name+".", qtype)
			if !slices.Equal(got.Addrs, want.Addrs) {
				t.Fatalf("%s %s: %s %v, in the view %s %v\n%s", name, dns.Type(qtype), got.Outcome, got.Addrs, want.Outcome, want.Addrs, m.YAML())
			}
		}
	}
}

// exported writes a view in a format and reads it back.
func exported(t *rapid.T, format formats.Format, view zones.View) (set *holdings.Set, refused bool) {
	return written(t, format, view, rapid.SampledFrom(shapesOf(format)).Draw(t, "shape"))
}

// written writes a view in a format and a shape, and reads it back.
func written(t rapid.TB, format formats.Format, view zones.View, shape zones.Shape) (set *holdings.Set, refused bool) {
	options := formats.Options{Shape: shape, Values: values[format.Name]}
	files, err := format.Files(view, options)
	var refusal *formats.Refusal
	if errors.As(err, &refusal) {
		return nil, true
	}
	if err != nil {
		t.Fatal(err)
	}
	b := holdings.NewBuilder()
	for file := range files {
		read := format.BackReader(file.Name)
		if read == nil {
			continue
		}
		var text bytes.Buffer
		if err := file.Write(&text, 1); err != nil {
			t.Fatal(err)
		}
		if found, ok := all.Detect(text.Bytes()); ok && same(format.Read, read) && !same(found.Read, read) {
			t.Fatalf("%s is taken for %q:\n%s", file.Name, found.Syntax(), text.String())
		}
		if err := read(b, &text, formats.Input{Name: file.Name}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Set(), false
}

// same reports whether two readers are one and the same function.
func same(a, b formats.Reader) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}
