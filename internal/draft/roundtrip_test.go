package draft_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/draft"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// written shows the topologies of the round trip.
var written = flag.Bool("written", false, "print each topology of the round trip")

// needed is what formats must be told.
var needed = map[string]map[string]string{
	"route53":          {"vpc-id": "vpc-0a1b2c3d4e5f60718", "vpc-region": "us-east-1"},
	"octodns":          {"target": "route53"},
	"aws-client-vpn":   {"endpoint-id": "cvpn-endpoint-0a1b2c3d4e5f67890"},
	"route53-resolver": {"resolver-endpoint-id": "rslvr-out-0a1b2c3d4e5f67890", "vpc-id": "vpc-0a1b2c3d4e5f67890"},
	"gcp-inbound":      {"network": "apps"},
}

func options(format formats.Format, shape zones.Shape) formats.Options {
	o := formats.Options{Shape: shape, Values: needed[format.Name]}
	if format.Servers {
		o.Servers = []netip.Addr{netip.MustParseAddr("10.0.0.53")}
	}
	return o
}

// TestRoundTrip: a draft from each export of each numbered topology plans, and its plan
// answers every name of the export as the export does. What it answers beyond that is
// below a name that the export has a wildcard for.
func TestRoundTrip(t *testing.T) {
	topologies, err := filepath.Glob("../../zones/formats/all/testdata/*.yaml")
	if err != nil || len(topologies) < 10 {
		t.Fatalf("the numbered topologies: %d, error %v", len(topologies), err)
	}
	trips := 0
	for _, path := range topologies {
		view := model.ReadView(t, path)
		for _, format := range all.Formats() {
			if !format.CanReadBack() {
				continue
			}
			for _, shape := range shapesOf(format) {
				exported, ok := exportOf(t, format, view, shape)
				if !ok || len(view.Zones) == 0 {
					continue
				}
				trips++
				name := strings.TrimSuffix(filepath.Base(path), ".yaml") + "/" + format.Name + "/" + string(shape)
				t.Run(name, func(t *testing.T) { trip(t, view, exported) })
			}
		}
	}
	if trips < 100 {
		t.Errorf("only %d exports were read back", trips)
	}
}

func shapesOf(format formats.Format) []zones.Shape {
	if !format.Shaped {
		return []zones.Shape{""}
	}
	return []zones.Shape{zones.ShapePerName, zones.ShapeOneZone}
}

// exportOf reads what a format writes of a view; false where it refuses to.
func exportOf(t *testing.T, format formats.Format, view zones.View, shape zones.Shape) (*holdings.Set, bool) {
	t.Helper()
	files, err := format.Files(view, options(format, shape))
	if err != nil {
		return nil, false
	}
	b := holdings.NewBuilder()
	for file := range files {
		read := format.BackReader(file.Name)
		if file.Snippet || read == nil {
			continue
		}
		var text bytes.Buffer
		if err := file.Write(&text, 1); err != nil {
			t.Fatal(err)
		}
		if err := read(b, &text, formats.Input{Name: file.Name}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Set(), true
}

func trip(t *testing.T, view zones.View, exported *holdings.Set) {
	d, err := draft.New(draft.Input{Sources: []draft.Source{{Name: "export", VPC: view.Name, Ours: true, Set: exported}}})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := d.Write(&text); err != nil {
		t.Fatal(err)
	}
	if *written {
		t.Log("\n" + text.String())
	}
	_, p, _, err := plan.ReadTopology(bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatalf("it does not plan: %v\n%s", err, text.String())
	}
	if len(p.VPCs) != 1 || p.VPCs[0].Name != view.Name {
		t.Fatalf("VPCs %v, and not %s", p.Names(), view.Name)
	}
	planned := holdings.FromView(p.VPCs[0].View)
	original := holdings.FromView(view)
	for _, difference := range differences(exported, original, planned) {
		t.Error(difference)
	}
	if t.Failed() {
		t.Log("\n" + text.String())
	}
}

// differences returns the names that the plan answers otherwise than the export, or
// that it answers and neither the export nor the first topology does.
func differences(exported, original, planned *holdings.Set) []string {
	var all []string
	compare := func(want *holdings.Set, name string, ask func(*holdings.Set, uint16) holdings.Answer) {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			a, b := ask(want, qtype), ask(planned, qtype)
			if !slices.Equal(a.Addrs, b.Addrs) {
				all = append(all, fmt.Sprintf("%s %s: %v, and the draft's plan has %v", name, dns.Type(qtype), a.Addrs, b.Addrs))
			}
		}
	}
	for e := range exported.All() {
		name := e.Name()
		if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
			compare(exported, name, func(s *holdings.Set, qtype uint16) holdings.Answer { return s.ResolveBelow(parent, qtype) })
			continue
		}
		if e.Data().Answers() {
			compare(exported, name, func(s *holdings.Set, qtype uint16) holdings.Answer { return s.Resolve(name, qtype) })
		}
	}
	for e := range planned.All() {
		name := e.Name()
		if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
			compare(original, name, func(s *holdings.Set, qtype uint16) holdings.Answer { return s.ResolveBelow(parent, qtype) })
			continue
		}
		compare(original, name, func(s *holdings.Set, qtype uint16) holdings.Answer { return s.Resolve(name, qtype) })
	}
	return all
}
