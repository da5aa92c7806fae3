package graph_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/benchserver/scale"
	"github.com/auralink/auralink/zones"
)

//go:generate go test . -run ^TestPictures$ -update

var update = flag.Bool("update", false, "write the goldens anew")

// TestPictures: pictures of topologies and of changes, in both forms.
func TestPictures(t *testing.T) {
	three, before, wildcard := planOf(t, "three"), planOf(t, "three-before"), planOf(t, "wildcard")
	pictures := map[string]*graph.Picture{
		"three":        graph.New(three),
		"wildcard":     graph.New(wildcard),
		"change":       graph.Compare(before, three, graph.Scope{}),
		"change-batch": graph.Compare(before, three, graph.Scope{Changes: true, VPC: "batch"}),
		"second-link":  graph.Compare(wildcard, three, graph.Scope{Changes: true}),
		"many":         graph.New(planFrom(t, scale.Size{Endpoints: 600, VPCs: 300, Regions: 6})),
	}
	for name, p := range pictures {
		golden(t, "testdata/"+name+".svg", written(t, p.WriteSVG))
		golden(t, "testdata/"+name+".mmd", written(t, p.WriteMermaid))
	}
	// What the README shows.
	golden(t, "../../docs/second-link.svg", written(t, graph.Compare(planFile(t, "../../docs/one-link.yaml"), planFile(t, "../../docs/two-links.yaml"), graph.Scope{}).WriteSVG))
}

// TestShowsEveryChange: of two topologies of which any answer, client or decision differs,
// the picture shows a change; of the same one it shows none.
func TestShowsEveryChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, before := model.DrawPlan(t)
		edits := model.Edits()
		edited := m
		for range rapid.IntRange(1, 3).Draw(t, "edits") {
			edited = edits[rapid.IntRange(0, len(edits)-1).Draw(t, "edit")].Of(t, edited)
		}
		after, _, err := plan.Read(strings.NewReader(edited.YAML()))
		if err != nil {
			return // an edit may make a topology that cannot be used
		}
		for _, scope := range []graph.Scope{{}, {Changes: true}} {
			shown := graph.Compare(before, after, scope).Changes()
			if differs(before, after) && !shown {
				t.Fatalf("%+v: no change is shown\nbefore:\n%s\nafter:\n%s", scope, m.YAML(), edited.YAML())
			}
			if m.YAML() == edited.YAML() && shown {
				t.Fatalf("%+v: a change is shown of\n%s", scope, m.YAML())
			}
		}
		if graph.New(after).Changes() {
			t.Fatalf("a change is shown of one topology:\n%s", edited.YAML())
		}
	})
}

// differs reports whether any VPC's names or clients do.
func differs(before, after *plan.Plan) bool {
	j := guard.Compare(before, after)
	if len(j.Clients)+len(j.Renamed)+len(j.Violations) > 0 {
		return true
	}
	for _, name := range append(before.Names(), after.Names()...) {
		if !diff.Compare(sideOf(before, name), sideOf(after, name)).Same() {
			return true
		}
	}
	return false
}

func sideOf(p *plan.Plan, name string) diff.Side {
	vpc, there := p.VPC(name)
	if !there {
		return diff.Side{Set: holdings.NewBuilder().Set()}
	}
	return diff.Side{Set: holdings.FromView(vpc.View), Regions: diff.RegionsOf(vpc.Links)}
}

// TestBounded: a picture is small whatever the topology, below what GitHub draws of Mermaid, and
// says of all VPCs and names how many there are.
func TestBounded(t *testing.T) {
	for _, size := range []scale.Size{
		{Endpoints: 10, VPCs: 3, Regions: 3},
		{Endpoints: 5000, VPCs: 300, Regions: 6},
		{Endpoints: 5000, VPCs: 300, Regions: 60},
		{Endpoints: 100_000, VPCs: 1000, Regions: 300},
	} {
		small, large := planFrom(t, scale.Size{Endpoints: 3, VPCs: 2, Regions: 2}), planFrom(t, size)
		for name, p := range map[string]*graph.Picture{
			"alone": graph.New(large), "added": graph.Compare(small, large, graph.Scope{}), "removed": graph.Compare(large, small, graph.Scope{Changes: true}),
		} {
			text := written(t, p.WriteMermaid)
			if len(p.Edges) > 280 || len(text) > 50_000 {
				t.Errorf("%s, %s: %d edges and %d octets", size, name, len(p.Edges), len(text))
			}
			vpcs := 0
			for _, i := range p.In(graph.VPCs) {
				vpcs += p.Boxes[i].Stands
			}
			if vpcs != size.VPCs {
				t.Errorf("%s, %s: stands for %d VPCs", size, name, vpcs)
			}
			names := 0
			for _, i := range p.In(graph.Names) {
				names += p.Boxes[i].Stands
			}
			if names < size.Endpoints {
				t.Errorf("%s, %s: stands for %d names", size, name, names)
			}
		}
	}
}

// TestNothingOverlaps: boxes are beside or below each other, and their texts within them.
func TestNothingOverlaps(t *testing.T) {
	pictures := []*graph.Picture{
		graph.New(planOf(t, "three")), graph.New(hostile()),
		graph.Compare(planOf(t, "three-before"), planOf(t, "three"), graph.Scope{}),
		graph.New(planFrom(t, scale.Size{Endpoints: 600, VPCs: 300, Regions: 6})),
		graph.New(planFrom(t, scale.Size{Endpoints: 600, VPCs: 300, Regions: 40})),
	}
	for n, p := range pictures {
		for _, wrong := range graph.Overlaps(p) {
			t.Errorf("picture %d: %s", n, wrong)
		}
	}
}

// hostileNames are what a name could be that no topology has.
var hostileNames = []string{
	`</text><script>alert(1)</script>`, `"]; click b0 "javascript:alert(1)"`, "```\n# heading", "a\u202egnp.exe", "]]>", "&lt;b&gt;", "x\x00y", strings.Repeat("界", 200),
}

// hostile is a plan that is made by hand, of names that are markup elsewhere.
func hostile() *plan.Plan {
	p := &plan.Plan{Table: &zones.EndpointTable{Prefixes: topology.Prefixes[:]}}
	for i, name := range hostileNames {
		mode := plan.Wildcard
		if i%2 > 0 {
			mode = plan.Individual
		}
		addrs := []netip.Addr{netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})}
		p.Regions = append(p.Regions, topology.Region{Name: fmt.Sprint(i, name), Orchestras: []string{name + "."}})
		p.Table.Endpoints = append(p.Table.Endpoints, zones.Endpoint{Label: fmt.Sprint(i, name), Region: int32(i)})
		p.VPCs = append(p.VPCs, plan.VPC{
			Name: fmt.Sprint(i, name), Endpoints: plan.Decision{Family: name + ".", Mode: mode, Reason: plan.Reason(name), Regions: []string{name}},
			Links: []zones.Addresses{{Region: fmt.Sprint(i, name), Addrs: addrs}},
		})
	}
	return p
}

// TestNarrow: long names make a drawing higher, and not wider than a window.
func TestNarrow(t *testing.T) {
	const text = `regions:
  azure-germanywestcentral-production-analytics: {orchestras: ["0042"], extra_names: ["*.graph.internal.a-very-long-company-name.example.org"]}
  aws-us-west-1: {orchestras: ["0043"]}
vpcs:
  apps-production-frankfurt-shared-services: {clients: [10.0.0.0/16], links: {azure-germanywestcentral-production-analytics: [10.0.0.1, "fd00:1234:5678:9abc:def0:1234:5678:9abc"], aws-us-west-1: [10.0.0.2]}}
  batch: {clients: [10.1.0.0/16], links: {aws-us-west-1: [10.1.0.1]}}
custom_endpoints:
  custom-ep-pro-32-3rhw-9gff-with-a-name-of-sixty-one-octets-xx: azure-germanywestcentral-production-analytics
  foo: aws-us-west-1
`
	read := func(text string) *plan.Plan {
		p, _, err := plan.Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	now := read(text)
	before := read(strings.Replace(text, "foo: aws", "foo: azure-germanywestcentral-production-analytics #", 1))
	for name, picture := range map[string]*graph.Picture{
		"long names": graph.New(now), "a change": graph.Compare(before, now, graph.Scope{}), "three": graph.New(planOf(t, "three")),
		"many": graph.New(planFrom(t, scale.Size{Endpoints: 1000, VPCs: 300, Regions: 12})),
	} {
		if width := graph.Width(picture); width > 1200 {
			t.Errorf("%s: %d pixels wide", name, width)
		}
		if wrong := graph.Overlaps(picture); len(wrong) > 0 {
			t.Errorf("%s: %s", name, strings.Join(wrong, "\n"))
		}
	}
}

// TestGuardedIsNotSafe: a change that a server holds back is not called safe in its
// drawing, though the new topology is fine by itself.
func TestGuardedIsNotSafe(t *testing.T) {
	read := func(extra string) *plan.Plan {
		text := `{regions: {east: {orchestras: ["0000"]}}, vpcs: {apps: {` + extra + `links: {east: [10.0.0.1]}}}, custom_endpoints: {foo: east}}`
		p, _, err := plan.Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	picture := graph.Compare(read("mode: individual, "), read(""), graph.Scope{Changes: true})
	drawn := written(t, picture.WriteSVG)
	if len(picture.Sentences) == 0 || strings.Contains(drawn, "is safe") || !strings.Contains(drawn, "a server holds this back (wildcard)") {
		t.Errorf("%q is drawn as\n%s", picture.Sentences, drawn)
	}
}

// TestHostileNames: names are text, whatever is in them.
func TestHostileNames(t *testing.T) {
	for n, p := range []*graph.Picture{graph.New(hostile()), graph.Compare(planOf(t, "three"), hostile(), graph.Scope{})} {
		document := written(t, p.WriteSVG)
		elements := map[string]bool{}
		decoder := xml.NewDecoder(strings.NewReader(document))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if start, is := token.(xml.StartElement); is {
				elements[start.Name.Local] = true
			}
		}
		want := map[string]bool{"svg": true, "title": true, "desc": true, "style": true, "rect": true, "text": true, "path": true, "circle": true, "g": true}
		if d := cmp.Diff(want, elements); d != "" {
			t.Errorf("picture %d has other elements (-want +got):\n%s", n, d)
		}
		if strings.ContainsAny(document, "\u202e\x00") {
			t.Errorf("picture %d turns texts round", n)
		}
		flowchart := written(t, p.WriteMermaid)
		for line := range strings.Lines(flowchart) {
			if strings.Count(line, `"`)%2 != 0 || strings.Contains(line, "```") || strings.Contains(line, "click") && !strings.Contains(line, "[\"") {
				t.Errorf("picture %d, in Mermaid: %s", n, line)
			}
			if text, _, _ := strings.Cut(strings.ReplaceAll(line, "<br>", ""), `"]`); strings.Contains(text, "<") && !strings.Contains(text, "-->") && strings.Contains(text, "[\"") {
				t.Errorf("picture %d has markup in Mermaid: %s", n, line)
			}
		}
	}
}

// TestAgain: equal plans give equal octets.
func TestAgain(t *testing.T) {
	size := scale.Size{Endpoints: 500, VPCs: 100, Regions: 30}
	first := written(t, graph.New(planFrom(t, size)).WriteSVG)
	for range 5 {
		if again := written(t, graph.New(planFrom(t, size)).WriteSVG); again != first {
			t.Fatal("another picture of the same topology")
		}
	}
}

func BenchmarkPicture(b *testing.B) {
	p := planFrom(b, scale.Size{Endpoints: 10_000, VPCs: 1000, Regions: 20})
	for b.Loop() {
		if err := graph.New(p).WriteSVG(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func written(tb testing.TB, write func(io.Writer) error) string {
	tb.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func planOf(tb testing.TB, name string) *plan.Plan { return planFile(tb, "testdata/"+name+".yaml") }

func planFile(tb testing.TB, path string) *plan.Plan {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	p, _, err := plan.Read(file)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func planFrom(tb testing.TB, size scale.Size) *plan.Plan {
	tb.Helper()
	var b strings.Builder
	if _, err := size.WriteTo(&b); err != nil {
		tb.Fatal(err)
	}
	p, _, err := plan.Read(strings.NewReader(b.String()))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-golden +got):\n%s", path, d)
	}
}

// TestExtraInSome: a wildcard that some of the VPCs have which link its region is said to
// be in so many.
func TestExtraInSome(t *testing.T) {
	const text = `
regions: {east: {extra_names: ["*.graph.example.org", "*.all.example.org"]}, west: {extra_names: ["*.graph.example.org"]}}
vpcs:
  both: {clients: [10.0.0.0/16], links: {east: [10.0.0.1], west: [10.0.0.2]}}
  third: {links: {east: [10.1.0.1], west: [10.1.0.1]}}
`
	p, _, err := plan.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	picture := graph.New(p)
	got := make(map[string]bool)
	for _, b := range picture.Boxes {
		for _, l := range b.Lines {
			if b.Layer == graph.Names {
				got[l.Text] = true
			}
		}
	}
	for _, want := range []string{"*.graph.example.org, in 1 VPC", "*.all.example.org"} {
		if !got[want] {
			t.Errorf("no line %q in %v", want, got)
		}
	}
}
