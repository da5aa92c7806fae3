package zones_test

import (
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

func TestDomains(t *testing.T) {
	single := func(name string) zones.Domain { return zones.Domain{Name: name, Single: true} }
	whole := func(name string) zones.Domain { return zones.Domain{Name: name} }
	tests := []struct {
		name, topology string
		want           []zones.Domain
	}{
		{"a wildcard is its whole domain", "001-single-region", []zones.Domain{
			whole("endpoints.neo4j.io."), whole("production-orch-0000.neo4j.io."),
		}},
		{"without the endpoint of a region that is not linked", "003-unlinked", []zones.Domain{
			single("a-foo.endpoints.neo4j.io."),
			single("a-a-foo.endpoints.neo4j.io."), single("b-a-foo.endpoints.neo4j.io."),
			single("c-a-foo.endpoints.neo4j.io."), single("d-a-foo.endpoints.neo4j.io."),
			single("foo.endpoints.neo4j.io."),
			single("b-foo.endpoints.neo4j.io."), single("c-foo.endpoints.neo4j.io."), single("d-foo.endpoints.neo4j.io."),
			whole("production-orch-0000.neo4j.io."),
		}},
		{"names below a wildcard are in its domain", "004-extra-names", []zones.Domain{
			whole("graph.example.org."), single("single.example.net."), whole("staging-orch-0003.neo4j.io."),
		}},
		{"so is an orchestra", "030-nested-zones", []zones.Domain{
			single("my-endpoint-abcdef-123456.endpoints.neo4j.io."),
			single("a-my-endpoint-abcdef-123456.endpoints.neo4j.io."), single("b-my-endpoint-abcdef-123456.endpoints.neo4j.io."),
			single("c-my-endpoint-abcdef-123456.endpoints.neo4j.io."), single("d-my-endpoint-abcdef-123456.endpoints.neo4j.io."),
			whole("example.org."), single("single.example.net."), single("x.single.example.net."),
		}},
		{"no links", "005-no-links", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []zones.Domain
			for domain := range model.ReadView(t, "formats/all/testdata/"+tt.topology+".yaml").Domains() {
				got = append(got, domain)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("domains (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDomainsCoverTheView: every name of the view is in a domain; each domain
// has a name of the view; and what else is in one has no other region.
func TestDomainsCoverTheView(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		for i, vpc := range p.VPCs {
			checkEveryNameIn(t, vpc)
			checkNoOtherIn(t, m, m.VPCs[i], vpc)
		}
	})
}

func checkEveryNameIn(t *rapid.T, vpc plan.VPC) {
	used := make(map[zones.Domain]bool)
	for _, zone := range vpc.View.Zones {
		for owner := range zone.All() {
			name := strings.Replace(owner.Name, "*", "any.thing", 1)
			domain, ok := domainOf(vpc.View.Domains(), name)
			if !ok {
				t.Fatalf("VPC %s: %s is in no domain", vpc.Name, name)
			}
			used[domain] = true
		}
	}
	for domain := range vpc.View.Domains() {
		if !used[domain] {
			t.Fatalf("VPC %s: domain %v has no name of the view", vpc.Name, domain)
		}
	}
}

// checkNoOtherIn asks the oracle about names that are in a domain: none may be
// in a region that the VPC does not link. A name that is in no region at all is
// the parent of a wildcard, and has no addresses.
func checkNoOtherIn(t *rapid.T, m model.Topology, v model.VPC, vpc plan.VPC) {
	for _, name := range m.Names() {
		domain, ok := domainOf(vpc.View.Domains(), name+".")
		if !ok || domain.Name == name+"." && !domain.Single {
			continue
		}
		linked := 0
		for _, region := range m.RegionsOf(name) {
			if len(v.Links[region]) > 0 {
				linked++
			}
		}
		if linked == 0 {
			t.Fatalf("VPC %s: %s is in %v, and in no linked region", vpc.Name, name, domain)
		}
	}
}

// domainOf returns the domain that has a name.
func domainOf(domains iter.Seq[zones.Domain], name string) (zones.Domain, bool) {
	for domain := range domains {
		if name == domain.Name || !domain.Single && strings.HasSuffix(name, "."+domain.Name) {
			return domain, true
		}
	}
	return zones.Domain{}, false
}
