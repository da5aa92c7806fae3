package authority_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// individual returns a view with the endpoints one by one; each region has an
// address that says its number.
func individual(endpoints []zones.Endpoint, regions int) []zones.View {
	links := make([]zones.Addresses, regions)
	for i := range links {
		links[i] = zones.Addresses{
			Region: fmt.Sprint(i),
			Addrs:  []netip.Addr{netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})},
		}
	}
	table := &zones.EndpointTable{Endpoints: endpoints, Prefixes: []string{"a-", "b-"}}
	return []zones.View{{Name: "v", TTL: 30, Zones: []zones.Zone{{
		Origin:    "endpoints.neo4j.io.",
		Endpoints: &zones.Individual{Table: table, Links: links},
	}}}}
}

// regionOf asks for a label, and returns "" where the name does not exist.
func regionOf(t *testing.T, table *authority.Table, label string) string {
	t.Helper()
	var buf [wire.MaxName]byte
	name, err := wire.Pack(&buf, label+".endpoints.neo4j.io.")
	if err != nil {
		t.Fatal(err)
	}
	return table.Lookup(0, name, dns.TypeA).Region
}

// TestManyLabels has so many labels that all their tags are shared, and so many
// regions that their numbers need more than an octet.
func TestManyLabels(t *testing.T) {
	const count, regions = 20_000, 300
	endpoints := make([]zones.Endpoint, count)
	for i := range endpoints {
		endpoints[i] = zones.Endpoint{Label: fmt.Sprintf("label-%05d", i), Region: int32(i % regions)}
	}
	table, err := authority.Compile(individual(endpoints, regions), 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range endpoints {
		want := fmt.Sprint(i % regions)
		for _, label := range []string{e.Label, "a-" + e.Label, "b-" + e.Label} {
			if got := regionOf(t, table, label); got != want {
				t.Fatalf("%s is in region %q, want %s", label, got, want)
			}
		}
		for _, label := range []string{"c-" + e.Label, "a-a-" + e.Label, e.Label + "0", e.Label[1:]} {
			if got := regionOf(t, table, label); got != "" {
				t.Fatalf("%s is in region %s, want none", label, got)
			}
		}
	}
}

func TestLabelsOfEveryLength(t *testing.T) {
	var endpoints []zones.Endpoint
	for n := 1; n <= 63; n++ {
		endpoints = append(endpoints, zones.Endpoint{Label: strings.Repeat("x", n), Region: int32(n)})
	}
	table, err := authority.Compile(individual(endpoints, 64), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range endpoints {
		if got := regionOf(t, table, e.Label); got != fmt.Sprint(e.Region) {
			t.Errorf("%d octets: region %q", len(e.Label), got)
		}
	}
}

func TestNoLabels(t *testing.T) {
	table, err := authority.Compile(individual(nil, 1), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := regionOf(t, table, "a-x"); got != "" {
		t.Errorf("region %q, want none", got)
	}
}

func TestLabelsThatClaimOneName(t *testing.T) {
	_, err := authority.Compile(individual([]zones.Endpoint{{Label: "a-foo", Region: 1}, {Label: "foo", Region: 0}}, 2), 1)
	const want = `view "v": endpoints "foo" and "a-foo" declare one name for different regions`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if _, err := authority.Compile(individual([]zones.Endpoint{{Label: "a-foo"}, {Label: "foo"}}, 2), 1); err != nil {
		t.Errorf("in one region: %v", err)
	}
}
