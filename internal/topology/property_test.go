package topology_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/topology"
)

// draft is a topology file to be written, as any other format would have it.
// JSON is YAML too, and encoding/json writes mappings sorted.
type draft struct {
	Regions   map[string]draftRegion `json:"regions"`
	VPCs      map[string]draftVPC    `json:"vpcs"`
	Endpoints map[string]string      `json:"custom_endpoints"`
	TTL       int                    `json:"ttl"`
}

type draftRegion struct {
	Orchestras []string `json:"orchestras"`
	ExtraNames []string `json:"extra_names"`
}

type draftVPC struct {
	Clients []string            `json:"clients"`
	Links   map[string][]string `json:"links"`
	Mode    string              `json:"mode"`
}

// subset draws some of the values.
func subset(t *rapid.T, label string, atLeast int, values ...string) []string {
	order := rapid.Permutation(values).Draw(t, label)
	return order[:rapid.IntRange(atLeast, len(values)).Draw(t, label+" size")]
}

// numbered returns n names.
func numbered(format string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf(format, i)
	}
	return names
}

// drawDraft draws a topology without errors.
func drawDraft(t *rapid.T) draft {
	d := draft{
		Regions:   make(map[string]draftRegion),
		VPCs:      make(map[string]draftVPC),
		Endpoints: make(map[string]string),
		TTL:       rapid.IntRange(1, 86400).Draw(t, "ttl"),
	}
	regions := subset(t, "regions", 1, "east", "west", "eu.1", "AP_2")
	for i, region := range regions {
		d.Regions[region] = draftRegion{
			Orchestras: subset(t, "orchestras", 0, numbered(fmt.Sprintf("%d%%03d", i), 3)...),
			ExtraNames: subset(t, "extra names", 0, fmt.Sprintf("db%d.example.org", i), "*.example.org", fmt.Sprintf("*.g%d.example.org.", i)),
		}
	}
	for i, vpc := range subset(t, "VPCs", 1, "apps", "batch", "vpn") {
		links := make(map[string][]string)
		for j, region := range subset(t, "links", 0, regions...) {
			links[region] = subset(t, "addresses", 1, fmt.Sprintf("10.%d.%d.1", i, j), fmt.Sprintf("fd00:%d:%d::1", i, j), "192.168.0.1")
		}
		d.VPCs[vpc] = draftVPC{
			Clients: subset(t, "clients", 1, fmt.Sprintf("10.%d.0.0/16", i), fmt.Sprintf("10.%d.1.0/24", i), fmt.Sprintf("fd00:%d::/32", i)),
			Links:   links,
			Mode:    rapid.SampledFrom([]string{"auto", "individual", "wildcard"}).Draw(t, "mode"),
		}
	}
	for _, endpoint := range subset(t, "endpoints", 0, numbered("my-endpoint-%02d", 8)...) {
		region := rapid.SampledFrom(regions).Draw(t, "region")
		d.Endpoints[endpoint] = region
		if rapid.Bool().Draw(t, "derived as well") {
			d.Endpoints["c-"+endpoint] = region
		}
	}
	return d
}

// shuffled writes a draft as block-style YAML, its entries in a drawn order and
// its names in drawn case.
func shuffled(t *rapid.T, d draft) string {
	var sections []string
	add := func(format string, args ...any) { sections = append(sections, fmt.Sprintf(format, args...)) }
	add("regions:\n%s", entries(t, d.Regions, func(name string, r draftRegion) string {
		return fmt.Sprintf("  %s:\n    extra_names: %s\n    orchestras: %s\n", name, flow(t, r.ExtraNames), flow(t, r.Orchestras))
	}))
	add("vpcs:\n%s", entries(t, d.VPCs, func(name string, v draftVPC) string {
		links := entries(t, v.Links, func(region string, addrs []string) string {
			if rapid.Bool().Draw(t, "mapping") {
				return fmt.Sprintf("      %s:\n        addresses: %s\n", region, flow(t, addrs))
			}
			return fmt.Sprintf("      %s: %s\n", region, flow(t, addrs))
		})
		return fmt.Sprintf("  %s:\n    mode: %s\n    links:\n%s    clients: %s\n", name, v.Mode, links, flow(t, v.Clients))
	}))
	add("custom_endpoints:\n%s", entries(t, d.Endpoints, func(label, region string) string {
		return fmt.Sprintf("  %s: %s\n", anyCase(t, label), region)
	}))
	add("ttl: %d # seconds\n", d.TTL)
	return strings.Join(rapid.Permutation(sections).Draw(t, "sections"), "")
}

// entries writes the entries of a mapping in a drawn order.
func entries[V any](t *rapid.T, m map[string]V, write func(string, V) string) string {
	keys := slices.Sorted(maps.Keys(m))
	if len(keys) == 0 {
		return ""
	}
	var b strings.Builder
	for _, key := range rapid.Permutation(keys).Draw(t, "order of keys") {
		b.WriteString(write(key, m[key]))
	}
	return b.String()
}

// flow writes a list in a drawn order.
func flow(t *rapid.T, items []string) string {
	if len(items) == 0 {
		return "[]"
	}
	var quoted []string
	for _, text := range rapid.Permutation(items).Draw(t, "order of items") {
		quoted = append(quoted, "'"+anyCase(t, text)+"'")
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// anyCase draws the case of a name.
func anyCase(t *rapid.T, name string) string {
	if rapid.Bool().Draw(t, "upper case") {
		return strings.ToUpper(name)
	}
	return name
}

// TestOrderDoesNotMatter states that what a file says does not depend on the
// order in which it says it, nor on YAML's styles, nor on the case of names.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := drawDraft(rt)
		sorted, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		first, firstFindings := parse(t, string(sorted))
		if first == nil {
			rt.Fatalf("%s\n%s", sorted, firstFindings.Report())
		}
		checkInvariants(t, first)
		text := shuffled(rt, d)
		second, secondFindings := parse(t, text)
		if diff := cmp.Diff(first, second, withoutPlace); diff != "" {
			rt.Fatalf("the same in another order (-sorted +shuffled):\n%s\n%s", diff, text)
		}
		if diff := cmp.Diff(said(firstFindings), said(secondFindings)); diff != "" {
			rt.Fatalf("its findings (-sorted +shuffled):\n%s\n%s", diff, text)
		}
	})
}

// said returns what findings say, without the places.
func said(findings topology.Findings) []string {
	var said []string
	for _, f := range findings {
		if f.Code == topology.CodeTooManyFindings {
			continue
		}
		said = append(said, strings.ToLower(fmt.Sprint(f.Severity, f.Code, f.VPC, f.Message)))
	}
	slices.Sort(said)
	return said
}
