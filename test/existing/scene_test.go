package existing_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

const (
	oneLink = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps: {links: {east: [10.10.10.10, "fd00:1::7"]}}
custom_endpoints: {foo: east, bar: east}
`
	twoLinks = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps: {links: {east: [10.10.10.10, "fd00:1::7"], west: [10.20.10.10]}}
custom_endpoints: {foo: east, bar: west}
`
)

// planned returns the plan for the first VPC of a topology.
func planned(t *testing.T, topology string) plan.VPC {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(topology))
	if err != nil {
		t.Fatalf("%v\n%s", err, findings.Report())
	}
	return p.VPCs[0]
}

// withAllServers are the topologies that are loaded into each kind of server; one
// kind will do for the others.
var withAllServers = []string{"002-two-regions.yaml", "004-extra-names.yaml"}

// numbered returns the numbered topologies of package zones, by name.
func numbered(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../../zones/formats/all/testdata/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no topologies: %v", err)
	}
	topologies := make(map[string]string)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		topologies[filepath.Base(path)] = string(text)
	}
	return topologies
}

// shapes are those that a view is loaded in.
var shapes = []zones.Shape{zones.ShapePerName, zones.ShapeOneZone}

// exported returns the zones of a view, for a server to load.
func exported(t *testing.T, view zones.View, shape zones.Shape) []peers.Zone {
	t.Helper()
	loaded, err := peers.Exported(view, shape)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// compared says what differs between what a server has and the plan, a line for
// each change.
func compared(vpc plan.VPC, set *holdings.Set) string {
	regions := diff.RegionsOf(vpc.Links)
	report := diff.Compare(diff.Side{Set: set, Regions: regions}, diff.Side{Set: holdings.FromView(vpc.View), Regions: regions})
	var b strings.Builder
	for _, f := range report.Flips {
		b.WriteString("flip " + f.Family + "\n")
	}
	for c := range report.Changes() {
		b.WriteString(string(c.Kind) + " " + c.Name)
		if c.Moves() {
			b.WriteString(" moves")
		}
		if c.Moves() && c.Own() {
			b.WriteString(" by itself")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
