package draft_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/draft"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/inventory"
)

// TestNameServers: the name server of a zone is no private endpoint, unless a list or another name says
// that one is there. A zone's own name stays, whoever serves it.
func TestNameServers(t *testing.T) {
	const apart = "@ NS ns1\nns1 A 10.40.0.53\n@ A 10.40.1.5\n* A 10.40.1.5\n"
	tests := map[string]struct {
		origin, zone string
		lists        string // the address of a private endpoint
		links        []string
		has, hasNot  string
	}{
		"of an orchestra":          {origin: "production-orch-0105.neo4j.io.", zone: apart, links: []string{"10.40.1.5"}, has: `orchestras: ["0105"]`, hasNot: "10.40.0.53"},
		"of all endpoints":         {origin: "endpoints.neo4j.io.", zone: apart, links: []string{"10.40.1.5"}, hasNot: "ns1"},
		"among endpoints":          {origin: "endpoints.neo4j.io.", zone: "@ NS ns1\nns1 A 10.40.0.53\nmine A 10.40.1.5\n", links: []string{"10.40.1.5"}, has: "  mine: ", hasNot: "ns1"},
		"with a public address":    {origin: "production-orch-0105.neo4j.io.", zone: "@ NS ns1\nns1 A 198.51.100.53\n* A 10.40.1.5\n", links: []string{"10.40.1.5"}, has: `orchestras: ["0105"]`, hasNot: "198.51"},
		"two of them":              {origin: "production-orch-0105.neo4j.io.", zone: "@ NS ns1\n@ NS ns2\nns1 A 10.40.0.53\nns2 A 10.40.0.53\n* A 10.40.1.5\n", links: []string{"10.40.1.5"}, has: `orchestras: ["0105"]`},
		"an alias":                 {origin: "production-orch-0105.neo4j.io.", zone: "@ NS ns1\nns1 CNAME dc1.corp.example.\n* A 10.40.1.5\n", links: []string{"10.40.1.5"}, has: `orchestras: ["0105"]`, hasNot: "dc1"},
		"where an endpoint is":     {origin: "endpoints.neo4j.io.", zone: "@ NS ns1\nns1 A 10.40.1.5\nmine A 10.40.1.5\n", links: []string{"10.40.1.5"}, has: "  ns1: "},
		"a zone of one name":       {origin: "mine.endpoints.neo4j.io.", zone: "@ NS @\n@ A 10.40.1.5\n", links: []string{"10.40.1.5"}, has: "  mine: "},
		"an orchestra's own":       {origin: "production-orch-0105.neo4j.io.", zone: "@ NS @\n@ A 10.40.1.5\n", links: []string{"10.40.1.5"}, has: `orchestras: ["0105"]`},
		"where a list has one":     {origin: "endpoints.neo4j.io.", zone: apart, lists: "10.40.0.53", links: []string{"10.40.1.5", "10.40.0.53"}, has: "  ns1: "},
		"where a list has another": {origin: "endpoints.neo4j.io.", zone: apart, lists: "10.40.1.5", links: []string{"10.40.1.5"}, hasNot: "ns1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			text, links := drafted(t, tt.origin, tt.zone, tt.lists)
			if diff := cmp.Diff(tt.links, links); diff != "" {
				t.Errorf("links (-want +got):\n%s\n%s", diff, text)
			}
			if !strings.Contains(text, tt.has) || tt.hasNot != "" && strings.Contains(text, tt.hasNot) {
				t.Errorf("it should have %q, and not %q\n%s", tt.has, tt.hasNot, text)
			}
		})
	}
}

// drafted returns a draft that is made of a zone and of a private endpoint of Aura's with an address, if it
// is listed, and all addresses of its links.
func drafted(t *testing.T, origin, zone, listed string) (text string, links []string) {
	t.Helper()
	b := holdings.NewBuilder()
	b.Claim(holdings.Claim{Origin: origin, Zone: true, Place: holdings.Place{File: "db"}})
	parser := dns.NewZoneParser(strings.NewReader("$TTL 60\n"+zone), origin, "db")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		b.AddRR(rr.Header().Name, rr, origin, holdings.Place{File: "db"})
	}
	if err := parser.Err(); err != nil {
		t.Fatal(err)
	}
	in := draft.Input{Sources: []draft.Source{{Name: "db", Set: b.Set()}}}
	if listed != "" {
		in.Inventory = inventoryOf(t, listed)
	}
	d, err := draft.New(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range d.VPCs {
		for _, link := range v.Links {
			for _, addr := range link.Addrs {
				links = append(links, addr.String())
			}
		}
	}
	var out strings.Builder
	if _, err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String(), links
}

// inventoryOf returns what AWS lists of a private endpoint of Aura's with an address.
func inventoryOf(t *testing.T, addr string) *inventory.Inventory {
	t.Helper()
	b := inventory.NewBuilder()
	for _, list := range []string{
		`{"VpcEndpoints": [{"VpcEndpointId": "vpce-01", "VpcEndpointType": "Interface", "VpcId": "vpc-01", "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-01",
			"State": "available", "NetworkInterfaceIds": ["eni-01"], "Tags": [{"Key": "Name", "Value": "aura"}]}]}`,
		fmt.Sprintf(`{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-01", "InterfaceType": "vpc_endpoint", "VpcId": "vpc-01", "PrivateIpAddress": %q}]}`, addr),
	} {
		if err := b.Read(strings.NewReader(list), "list.json"); err != nil {
			t.Fatal(err)
		}
	}
	i, err := b.Inventory()
	if err != nil {
		t.Fatal(err)
	}
	return i
}
