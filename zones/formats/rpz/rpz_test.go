package rpz_test

import (
	"bytes"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// policies are the records of a response policy zone, by owner relative to it.
type policies map[string][]dns.RR

// TestPoliciesMeanTheView: a response policy zone means what the view does, however
// a resolver reads it: by the longest rule that matches, or by the wildcard at the
// closest encloser alone (RFC 4592).
func TestPoliciesMeanTheView(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		for _, view := range p.Views() {
			rules := policiesOf(t, view)
			for _, name := range m.Names() {
				want := model.Resolve(view, name)
				for way, rrs := range map[string][]dns.RR{"longest rule": rules.longest(name), "closest encloser": rules.closest(name)} {
					got := model.Addrs(rrs)
					slices.SortFunc(got, netip.Addr.Compare)
					if diff := cmp.Diff(want.Addrs, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
						t.Fatalf("VPC %s: %s by %s (-view +policy):\n%s\n%s", view.Name, name, way, diff, m.YAML())
					}
					if want.Owned != (len(rrs) > 0) {
						t.Fatalf("VPC %s: %s by %s has the rule %v; the view owns it: %v\n%s", view.Name, name, way, rrs, want.Owned, m.YAML())
					}
				}
			}
		}
	})
}

// policiesOf writes a view as a response policy zone and reads that.
func policiesOf(t *rapid.T, view zones.View) policies {
	format, _ := all.Named("rpz")
	all, err := format.Files(view, formats.Options{Values: map[string]string{"zone": "p"}})
	if err != nil {
		t.Fatal(err)
	}
	rules := make(policies)
	for file := range all {
		if file.Snippet {
			continue
		}
		var text bytes.Buffer
		if err := file.Write(&text, 1); err != nil {
			t.Fatal(err)
		}
		parser := dns.NewZoneParser(&text, "", file.Name)
		for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
			if owner := strings.TrimSuffix(rr.Header().Name, ".p."); owner != "p." {
				rules[owner] = append(rules[owner], rr)
			}
		}
		if err := parser.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return rules
}

// longest returns the records of the longest rule that matches.
func (p policies) longest(name string) []dns.RR {
	if rrs, ok := p[name]; ok {
		return rrs
	}
	for name != "" {
		_, name, _ = strings.Cut(name, ".")
		if rrs, ok := p["*."+name]; ok {
			return rrs
		}
	}
	return nil
}

// closest returns the records by RFC 4592.
func (p policies) closest(name string) []dns.RR {
	if rrs, ok := p[name]; ok {
		return rrs
	}
	exists := func(name string) bool {
		for owner := range p {
			if owner == name || strings.HasSuffix(owner, "."+name) {
				return true
			}
		}
		return name == ""
	}
	if exists(name) {
		return nil
	}
	for !exists(name) {
		_, name, _ = strings.Cut(name, ".")
	}
	return p["*."+name]
}

// TestPolicyZoneName: a name of 255 octets has no room for the policy zone's, and
// one that has just enough is written.
func TestPolicyZoneName(t *testing.T) {
	label := strings.Repeat("l", 61)
	origin := label + "." + label + "." + label + "." + strings.Repeat("l", 40) + ".example." // 235 octets
	view := zones.View{Name: "v", TTL: 30, Zones: []zones.Zone{{Origin: origin, Owners: []zones.Owner{
		{Name: "*." + origin, Addresses: zones.Addresses{Region: "east", Addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}},
	}}}}
	tests := []struct {
		name, zone string
		refused    bool
	}{
		{"just enough", strings.Repeat("z", 16), false},
		{"an octet too long", strings.Repeat("z", 17), true},
		{"with a final dot", strings.Repeat("z", 16) + ".", false},
	}
	format, _ := all.Named("rpz")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := format.Files(view, formats.Options{Values: map[string]string{"zone": tt.zone}})
			var refusal *formats.Refusal
			if errors.As(err, &refusal) != tt.refused || err != nil && !tt.refused {
				t.Fatalf("error %v", err)
			}
			if _, fits := dns.IsDomainName("*." + origin + dns.Fqdn(tt.zone)); !tt.refused && !fits {
				t.Error("the name is too long for DNS")
			}
		})
	}
}
