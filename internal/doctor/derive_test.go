package doctor_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/plan"
)

// subjectOf returns what a topology wants of a VPC.
func subjectOf(t *testing.T, text, vpc string, databases ...string) doctor.Subject {
	t.Helper()
	top, p, _, err := plan.ReadTopology(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	v, there := p.VPC(vpc)
	if !there {
		t.Fatalf("there is no VPC %q", vpc)
	}
	return doctor.NewSubject(top, v, doctor.Choice{Databases: databases, MadeUp: "made-up"})
}

const twoRegions = `
regions:
  east: {orchestras: ["0000"], extra_names: ["*.graph.example.org", "one.example.org"]}
  west: {orchestras: ["0042"]}
  far: {orchestras: ["0077"]}
vpcs:
  apps:
    clients: [10.0.0.0/16]
    links: {east: [10.10.10.10], west: [10.20.10.10]}
  lone:
    clients: [10.1.0.0/16]
    links: {east: [10.10.10.10]}
custom_endpoints: {in-east: east, in-west: west, in-far: far}
`

// TestNames: each name has the region and the expectation that the plan has for it.
func TestNames(t *testing.T) {
	s := subjectOf(t, twoRegions, "apps", "ABCD1234", "ffff.production-orch-0042.neo4j.io")
	for name, want := range map[string]doctor.Name{
		"production-orch-0000.neo4j.io":          {Role: doctor.RoleApex, Region: "east", Expect: doctor.ExpectLink},
		"made-up.production-orch-0000.neo4j.io":  {Role: doctor.RoleMadeUp, Region: "east", Expect: doctor.ExpectLink},
		"abcd1234.production-orch-0042.neo4j.io": {Role: doctor.RoleDatabase, Region: "west", Expect: doctor.ExpectLink, Guessed: true},
		"ffff.production-orch-0042.neo4j.io":     {Role: doctor.RoleDatabase, Region: "west", Expect: doctor.ExpectLink},
		"production-orch-0077.neo4j.io":          {Role: doctor.RoleUnlinked, Region: "far", Expect: doctor.ExpectNoLink},
		"production-orch-9999.neo4j.io":          {Role: doctor.RoleUnlinked, Expect: doctor.ExpectNoLink},
		"made-up.graph.example.org":              {Role: doctor.RoleMadeUp, Region: "east", Expect: doctor.ExpectLink},
		"one.example.org":                        {Role: doctor.RoleExtra, Region: "east", Expect: doctor.ExpectLink},
		"in-west.endpoints.neo4j.io":             {Role: doctor.RoleEndpoint, Region: "west", Expect: doctor.ExpectLink},
		"d-in-west.endpoints.neo4j.io":           {Role: doctor.RoleFurther, Region: "west", Base: "in-west.endpoints.neo4j.io", Expect: doctor.ExpectLink},
		"in-far.endpoints.neo4j.io":              {Role: doctor.RoleEndpoint, Region: "far", Expect: doctor.ExpectNoLink},
		"made-up.endpoints.neo4j.io":             {Role: doctor.RoleNobody, Expect: doctor.ExpectNoLink},
		"api.neo4j.io":                           {Role: doctor.RoleControl, Expect: doctor.ExpectPublic},
		"p-1.production-orch-0042.neo4j.io":      {Role: doctor.RoleRouting, Region: "west", Expect: doctor.ExpectLink},
		"p-1.production-orch-1111.neo4j.io":      {Role: doctor.RoleRouting, Expect: doctor.ExpectNoLink},
	} {
		want.Name = name
		if diff := cmp.Diff(want, s.Find(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestNamesOfWildcard: where a wildcard is planned, a made-up endpoint leads to its
// region.
func TestNamesOfWildcard(t *testing.T) {
	s := subjectOf(t, strings.Replace(twoRegions, "in-west: west, in-far: far", "", 1), "lone")
	want := doctor.Name{Name: "made-up.endpoints.neo4j.io", Role: doctor.RoleMadeUp, Region: "east", Expect: doctor.ExpectLink}
	if diff := cmp.Diff(want, s.Find(want.Name)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSpots: each base name at each address of its own link, and no further name.
func TestSpots(t *testing.T) {
	s := subjectOf(t, strings.Replace(twoRegions, "west: [10.20.10.10]", "west: [10.20.10.10, 10.20.11.10]", 1), "apps")
	var west []string
	for _, spot := range s.Spots(doctor.PortBolt) {
		if n := s.Find(spot.Name); n.Region == "west" {
			west = append(west, spot.Name+" "+spot.Addr.String())
		}
	}
	want := []string{
		"made-up.production-orch-0042.neo4j.io 10.20.10.10", "made-up.production-orch-0042.neo4j.io 10.20.11.10",
		"in-west.endpoints.neo4j.io 10.20.10.10", "in-west.endpoints.neo4j.io 10.20.11.10",
	}
	if diff := cmp.Diff(want, west); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
