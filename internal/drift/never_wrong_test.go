package drift_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/drift"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// TestUpdateNeverWrong: whatever endpoints were made anew, no link gets an address that an endpoint to
// another region has, or one in a network that is not its VPC's. What it has of such an endpoint is said,
// where the topology tells whose service it is.
func TestUpdateNeverWrong(t *testing.T) {
	edited, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		e := drawEstate(t)
		text := e.text()
		topo, _, err := topology.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		lists, err := e.lists(t)
		if err != nil {
			refused++
			return
		}
		subject := drift.Subject{Topology: topo, Inventory: lists, Named: drift.Named([]byte(text))}
		if rapid.Bool().Draw(t, "all are said to be Aura's") {
			for _, h := range e.regions {
				subject.Services = append(subject.Services, h.service)
			}
		}
		r := drift.Compare(subject)
		edited += len(r.Edits)
		for _, edit := range r.Edits {
			for _, addr := range edit.Addrs {
				if !e.has(edit, addr) {
					t.Fatalf("%s: %s gets %s\n%s\n%+v\n%+v", edit.VPC, edit.Region, addr, text, e.endpoints, r)
				}
			}
		}
		if _, left := drift.Update([]byte(text), r.Edits); len(left) > 0 {
			t.Fatalf("%v\n%s", left, text)
		}
		e.silent(t, r, text)
	})
	if edited == 0 || refused == 0 {
		t.Errorf("%d links were edited, and %d lists refused", edited, refused)
	}
}

// has reports whether an endpoint of a VPC's network to a region has an address. One in another network
// counts if its address is among the VPC's clients, and no other endpoint tells the VPC's network.
func (e estate) has(edit drift.Edit, addr netip.Addr) bool {
	vpc := edit.VPC
	if vpc == "peer" {
		vpc = "v0"
	}
	return slices.ContainsFunc(e.endpoints, func(p endpoint) bool {
		own := p.network == fmt.Sprintf("vpc-0%d", p.vpc) || addr.As4()[0] == 10 && !e.told(p.vpc)
		return fmt.Sprintf("v%d", p.vpc) == vpc && own && e.regions[p.region].label == edit.Region && (p.now == addr || p.since == addr)
	})
}

// told reports whether an endpoint tells the network of a VPC: it is there, with an address of a link.
func (e estate) told(vpc int) bool {
	return slices.ContainsFunc(e.endpoints, func(p endpoint) bool {
		return p.vpc == vpc && p.network != "vpc-0zzz" && slices.ContainsFunc(e.endpoints, func(q endpoint) bool {
			return q.vpc == vpc && (q.old == p.now || q.more == p.now && p.now.IsValid() || q.old == p.since || q.more == p.since && p.since.IsValid())
		})
	})
}

// silent fails for a link with the address of another region's endpoint of which nothing is found.
func (e estate) silent(t *rapid.T, r drift.Result, text string) {
	for _, p := range e.endpoints {
		for _, q := range e.endpoints {
			if !q.now.IsValid() || q.now != p.old && q.now != p.more || q.region == p.region || !e.regions[p.region].comment && !e.regions[q.region].comment {
				continue
			}
			label, vpc := e.regions[p.region].label, fmt.Sprintf("v%d", p.vpc)
			if !slices.ContainsFunc(r.Findings, func(f drift.Finding) bool {
				return f.Region == label && (f.VPC == vpc || strings.Contains(f.Message, "VPC "+vpc))
			}) {
				t.Fatalf("nothing is said of %s: %s\n%s\n%+v\n%+v", vpc, label, text, e.endpoints, r)
			}
		}
	}
}

// TestExchangedAddresses: two endpoints of a VPC have an address of each other's link, and one that is new: to
// which services the links lead cannot be told by them, and nothing of another VPC is written by it.
func TestExchangedAddresses(t *testing.T) {
	at := netip.MustParseAddr
	e := estate{vpcs: 2, regions: []home{{"r0", "com.amazonaws.vpce.us-east-1.vpce-svc-00", "us-east-1", false}, {"r1", "com.amazonaws.vpce.us-east-1.vpce-svc-01", "us-east-1", false}}}
	e.endpoints = []endpoint{
		{vpc: 0, region: 0, network: "vpc-00", old: at("10.0.0.10"), now: at("10.0.0.77")},
		{vpc: 0, region: 1, network: "vpc-00", old: at("10.0.1.10"), now: at("10.0.1.77")},
		{vpc: 1, region: 0, network: "vpc-01", old: at("10.1.0.10"), more: at("10.1.0.11"), now: at("10.1.0.79"), since: at("10.1.1.10")},
		{vpc: 1, region: 1, network: "vpc-01", old: at("10.1.1.10"), now: at("10.1.0.10")},
	}
	lists, err := json.Marshal(e.listed(false))
	if err != nil {
		t.Fatal(err)
	}
	b := inventory.NewBuilder()
	if err := b.Read(strings.NewReader(string(lists)), "aws.json"); err != nil {
		t.Fatal(err)
	}
	i, err := b.Inventory()
	if err != nil {
		t.Fatal(err)
	}
	topo, _, err := topology.Parse(strings.NewReader(e.text()))
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range [][]string{nil, {e.regions[0].service, e.regions[1].service}} {
		if r := drift.Compare(drift.Subject{Topology: topo, Inventory: i, Services: said}); len(r.Edits) > 0 || len(r.Findings) < 2 {
			t.Errorf("said %q: %+v", said, r)
		}
	}
}
