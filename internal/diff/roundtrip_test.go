package diff_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/records"
	"github.com/auralink/auralink/internal/topologytest"
	"github.com/auralink/auralink/zones"
)

// values are what formats must be told.
var values = map[string]map[string]string{
	"route53": {"vpc-id": "vpc-0a1b2c3d", "vpc-region": "us-east-1"},
	"hosts":   {"partial": "yes"},
}

// TestOwnExport: compared with its own export, in each format that can be read
// and in either shape, a view differs in nothing. A hosts file has no wildcards:
// there it differs in them, and in nothing else.
func TestOwnExport(t *testing.T) {
	for _, format := range zones.Formats() {
		if !records.ReadableFormat(format.Name) {
			continue
		}
		t.Run(format.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m, p := topologytest.DrawPlan(t)
				for _, vpc := range p.VPCs {
					before, refused := exported(t, format, vpc.View)
					if refused {
						continue
					}
					regions := diff.RegionsOf(vpc.Links)
					r := diff.Compare(diff.Side{Set: before, Regions: regions}, diff.Side{Set: records.FromView(vpc.View), Regions: regions})
					for c := range r.Changes() {
						if format.Name == "hosts" && c.Kind == diff.Added && strings.HasPrefix(c.Name, "*.") {
							continue
						}
						t.Fatalf("VPC %s: %+v\n%s", vpc.Name, c, m.YAML())
					}
					if format.Name != "hosts" {
						resolveSame(t, before, records.FromView(vpc.View), m)
					}
				}
			})
		})
	}
}

// resolveSame: a name has the same addresses in what was read as in the view,
// whether by a record of its own or by a wildcard.
func resolveSame(t *rapid.T, read, view *records.Set, m topologytest.Model) {
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
func exported(t *rapid.T, format zones.Format, view zones.View) (set *records.Set, refused bool) {
	options := zones.Options{Values: values[format.Name]}
	if format.Shaped {
		options.Shape = rapid.SampledFrom([]zones.Shape{zones.ShapePerName, zones.ShapeOneZone}).Draw(t, "shape")
	}
	files, err := format.Files(view, options)
	var refusal *zones.Refusal
	if errors.As(err, &refusal) {
		return nil, true
	}
	if err != nil {
		t.Fatal(err)
	}
	b := records.NewBuilder()
	for file := range files {
		kind := records.FormatKind(format.Name, file.Name)
		if kind == "" {
			continue
		}
		var text bytes.Buffer
		if err := file.Write(&text, 1); err != nil {
			t.Fatal(err)
		}
		if found := records.Detect(text.Bytes()); found != kind && found != "" {
			t.Fatalf("%s is taken for %q:\n%s", file.Name, found, text.String())
		}
		if err := b.Read(&text, records.Input{Name: file.Name, Kind: kind}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Set(), false
}
