package zones_test

import (
	"fmt"
	"iter"
	"maps"
	"net/netip"
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
			for domain := range readView(t, "testdata/"+tt.topology+".yaml").Domains() {
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

// TestClientRefusals: what a target has no room for is refused, and the user is
// told what there is room for.
func TestClientRefusals(t *testing.T) {
	servers := func(n int) []netip.Addr {
		var all []netip.Addr
		for i := range n {
			all = append(all, netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}))
		}
		return all
	}
	tests := []struct {
		name, format string
		names        int
		servers      []netip.Addr
		want         string
	}{
		{"eight servers", "openvpn", 1, servers(8), ""},
		{"nine servers", "openvpn", 1, servers(9), "9 DNS servers were given, and there is room for 8"},
		{"256 domains", "wireguard", 256, servers(1), ""},
		{"257 domains", "wireguard", 257, servers(1), "it has 257 domains, and there is room for 256"},
		{"256 domains", "systemd-resolved", 256, servers(1), ""},
		{"257 domains", "systemd-resolved", 257, servers(1), "it has 257 domains, and there is room for 256"},
		{"three servers", "macos-resolver", 1, servers(3), ""},
		{"four servers", "macos-resolver", 1, servers(4), "4 DNS servers were given, and there is room for 3"},
		{"two servers", "aws-client-vpn", 1, servers(2), ""},
		{"three servers", "aws-client-vpn", 1, servers(3), "3 DNS servers were given, and there is room for 2"},
		{"IPv6", "aws-client-vpn", 1, []netip.Addr{netip.IPv6LinkLocalAllNodes()}, "an endpoint takes the IPv4 addresses of DNS servers alone"},
		{"1000 domains", "route53-resolver", 1000, servers(6), ""},
		{"1001 domains", "route53-resolver", 1001, servers(6), "it has 1001 domains, and there is room for 1000"},
		{"seven servers", "route53-resolver", 1, servers(7), "7 DNS servers were given, and there is room for 6"},
		{"800 domains", "azure-resolver", 800, servers(6), ""},
		{"801 domains", "azure-resolver", 801, servers(6), "it has 801 domains, and there is room for 800"},
		{"seven servers", "azure-resolver", 1, servers(7), "7 DNS servers were given, and there is room for 6"},
	}
	for _, tt := range tests {
		t.Run(tt.format+" "+tt.name, func(t *testing.T) {
			view := zones.View{Name: "apps", TTL: 30}
			for i := range tt.names {
				owner := zones.Owner{Name: fmt.Sprintf("n%04d.example.org.", i)}
				view.Zones = append(view.Zones, zones.Zone{Origin: owner.Name, Owners: []zones.Owner{owner}})
			}
			format, _ := zones.FormatNamed(tt.format)
			_, err := format.Files(view, zones.Options{Servers: tt.servers, Values: needed[tt.format]})
			want := ""
			if tt.want != "" {
				want = "format " + tt.format + " cannot express this view: " + tt.want
			}
			if got := fmt.Sprint(err); err == nil && want != "" || err != nil && got != want {
				t.Errorf("error %q, want %q", got, want)
			}
		})
	}
}

// TestParametersOfScripts: what ends up in a script is what it should be, and
// nothing that a shell would run.
func TestParametersOfScripts(t *testing.T) {
	tests := []struct{ format, parameter, value, wrong string }{
		{"octodns", "target", "a: b", "the name of a provider: letters, digits, and any of - _ ."},
		{"external-dns", "namespace", "Default", "a namespace: lower-case letters, digits and hyphens"},
		{"aws-client-vpn", "endpoint-id", "cvpn-endpoint-0a1b2c3d; reboot", "the id of a Client VPN endpoint, such as cvpn-endpoint-0a1b2c3d"},
		{"route53-resolver", "vpc-id", "vpc-$(reboot)", "the id of a VPC, such as vpc-0a1b2c3d"},
		{"route53-resolver", "resolver-endpoint-id", "rslvr-in-0a1b2c3d", "the id of an outbound endpoint, such as rslvr-out-0a1b2c3d4e5f67890"},
		{"gcp-inbound", "network", "net'work", "the name of a network: lower-case letters, digits and hyphens"},
	}
	for _, tt := range tests {
		t.Run(tt.format+" "+tt.parameter, func(t *testing.T) {
			format, _ := zones.FormatNamed(tt.format)
			o := options(format, "")
			o.Values = maps.Clone(o.Values)
			if o.Values == nil {
				o.Values = make(map[string]string)
			}
			o.Values[tt.parameter] = tt.value
			_, err := format.Files(zones.View{Name: "apps"}, o)
			if want := fmt.Sprintf("parameter %s: %q is not %s", tt.parameter, tt.value, tt.wrong); err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}
}
