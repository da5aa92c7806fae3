package drift_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/inventory"
)

// estate is somebody's topology, and the private endpoints of today, of which all is known.
type estate struct {
	regions   []home
	endpoints []endpoint
	vpcs      int
	peer      bool // the last VPC has the links of the first
	written   bool // and has them written out
}

// home is a region: with a comment that names its service, or without.
type home struct {
	label, service, cloud string
	comment               bool
}

// endpoint is a private endpoint of a VPC, as the topology has it and as it is.
type endpoint struct {
	vpc, region int
	network     string
	old, now    netip.Addr // now is none of one that was removed
	more, since netip.Addr // in another zone; none if it has one alone
}

func drawEstate(t *rapid.T) estate {
	e := estate{vpcs: rapid.IntRange(1, 2).Draw(t, "vpcs"), peer: rapid.Bool().Draw(t, "peer"), written: rapid.Bool().Draw(t, "written out")}
	used := make(map[string]bool)
	for i := range rapid.IntRange(1, 3).Draw(t, "regions") {
		cloud := rapid.SampledFrom([]string{"us-east-1", "us-west-2", "eu-west-1"}).Draw(t, "cloud")
		h := home{fmt.Sprintf("r%d", i), fmt.Sprintf("com.amazonaws.vpce.%s.vpce-svc-0%d", cloud, i), cloud, rapid.Bool().Draw(t, "comment")}
		if !used[cloud] && rapid.Bool().Draw(t, "called after the cloud") {
			used[cloud], h.label = true, "aws-"+cloud
		}
		e.regions = append(e.regions, h)
	}
	for v := range e.vpcs {
		for r := range e.regions {
			old := netip.AddrFrom4([4]byte{10, byte(v), byte(r), 10})
			p := endpoint{vpc: v, region: r, network: fmt.Sprintf("vpc-0%d", v), old: old, now: old}
			if rapid.Bool().Draw(t, "two zones") {
				p.more = netip.AddrFrom4([4]byte{10, byte(v), byte(r), 11})
				p.since = p.more
			}
			e.endpoints = append(e.endpoints, p)
		}
	}
	e.change(t)
	return e
}

// change has endpoints be made anew, with other addresses or with those that others of their VPC had,
// in another network, or be removed.
func (e *estate) change(t *rapid.T) {
	for i := range e.endpoints {
		p := &e.endpoints[i]
		if p.more.IsValid() {
			p.since = rapid.SampledFrom([]netip.Addr{p.more, {}, netip.AddrFrom4([4]byte{10, byte(p.vpc), byte(p.region), 80})}).Draw(t, "the other zone")
		}
		switch rapid.IntRange(0, 7).Draw(t, "change") {
		case 0, 1:
			p.now = netip.AddrFrom4([4]byte{10, byte(p.vpc), byte(p.region), 77})
		case 2:
			p.now, p.since = netip.Addr{}, netip.Addr{}
		case 3:
			p.network, p.since = "vpc-0zzz", netip.Addr{}
			p.now = rapid.SampledFrom([]netip.Addr{netip.AddrFrom4([4]byte{172, 16, byte(i), 9}), netip.AddrFrom4([4]byte{10, byte(p.vpc), byte(p.region), 78})}).Draw(t, "there")
		case 4:
			other := &e.endpoints[p.vpc*len(e.regions)+rapid.IntRange(0, len(e.regions)-1).Draw(t, "other")]
			if other.now == other.old { // it gives its addresses away
				other.now = netip.AddrFrom4([4]byte{10, byte(other.vpc), byte(other.region), 79})
				p.now = other.old
				if p.more.IsValid() && rapid.Bool().Draw(t, "beside its own") {
					p.now, p.since = p.old, p.now
				}
			} else if other.more.IsValid() && other.since != other.more && other.region != p.region {
				p.now = other.more
			}
		}
	}
}

// text writes the topology.
func (e estate) text() string {
	var b strings.Builder
	b.WriteString("regions:\n")
	for i, r := range e.regions {
		comment := ""
		if r.comment {
			comment = " # " + r.service
		}
		fmt.Fprintf(&b, "  %s:%s\n    orchestras: [\"%04d\"]\n", r.label, comment, i)
	}
	b.WriteString("vpcs:\n")
	links := func(v int) {
		b.WriteString("    links:\n")
		for _, p := range e.endpoints {
			if p.vpc == v {
				fmt.Fprintf(&b, "      %s: [%s]\n", e.regions[p.region].label, joined(p.old, p.more))
			}
		}
	}
	for v := range e.vpcs {
		fmt.Fprintf(&b, "  v%d:\n    clients: [10.%d.0.0/16]\n", v, v)
		links(v)
	}
	switch {
	case e.peer && e.written:
		b.WriteString("  peer:\n    clients: [10.200.0.0/16]\n")
		links(0)
	case e.peer:
		b.WriteString("  peer:\n    clients: [10.200.0.0/16]\n    links: {same_as: v0}\n")
	}
	return b.String()
}

// joined returns one address, or two, in a line.
func joined(one, more netip.Addr) string {
	if more.IsValid() {
		return one.String() + ", " + more.String()
	}
	return one.String()
}

// lists reads what AWS lists of it, or an error for lists that cannot be of one time. There may be older
// lists beside those of today, in any order.
func (e estate) lists(t *rapid.T) (*inventory.Inventory, error) {
	today, before := e.listed(false), e.listed(true)
	if rapid.Bool().Draw(t, "services") {
		services := []any{}
		for i, r := range e.regions {
			services = append(services, map[string]any{"ServiceName": r.service, "BaseEndpointDnsNames": []string{"x"}, "PrivateDnsName": fmt.Sprintf("production-orch-%04d.neo4j.io", i)})
		}
		today["ServiceDetails"] = services
	}
	all := []map[string]any{today}
	older := rapid.SampledFrom([]string{"", "", "NetworkInterfaces", "VpcEndpoints", "NetworkInterfaces VpcEndpoints"}).Draw(t, "older lists")
	for _, kind := range strings.Fields(older) {
		all = append(all, map[string]any{kind: before[kind]})
	}
	b := inventory.NewBuilder()
	for _, n := range rapid.Permutation([]int{0, 1, 2}[:len(all)]).Draw(t, "order") {
		text, err := json.Marshal(all[n])
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Read(strings.NewReader(string(text)), fmt.Sprintf("aws-%d.json", n)); err != nil {
			return nil, err
		}
	}
	i, err := b.Inventory()
	if strings.Contains(older, "VpcEndpoints") && e.removed() && err == nil {
		t.Fatalf("both lists of endpoints are taken: %v", all)
	}
	if strings.Contains(older, "NetworkInterfaces") && e.readdressed() && err == nil {
		t.Fatalf("both lists of interfaces are taken: %v", all)
	}
	return i, err
}

// listed returns what AWS lists of it, or has listed before all that happened to it.
func (e estate) listed(before bool) map[string]any {
	endpoints, interfaces := []any{}, []any{}
	for i, p := range e.endpoints {
		if before {
			p.network, p.now, p.since = fmt.Sprintf("vpc-0%d", p.vpc), p.old, p.more
		}
		if !p.now.IsValid() {
			continue
		}
		id := fmt.Sprintf("vpce-0%d", i)
		endpoints = append(endpoints, map[string]any{
			"VpcEndpointId": id, "VpcEndpointType": "Interface", "VpcId": p.network, "ServiceName": e.regions[p.region].service,
			"State": "available", "NetworkInterfaceIds": []string{"eni-" + id},
		})
		addrs := []any{}
		for _, a := range strings.Split(joined(p.now, p.since), ", ") {
			addrs = append(addrs, map[string]any{"PrivateIpAddress": a})
		}
		interfaces = append(interfaces, map[string]any{"NetworkInterfaceId": "eni-" + id, "InterfaceType": "vpc_endpoint", "VpcId": p.network, "PrivateIpAddresses": addrs})
	}
	return map[string]any{"VpcEndpoints": endpoints, "NetworkInterfaces": interfaces}
}

// removed reports whether an endpoint was removed, and another one is still there.
func (e estate) removed() bool {
	gone := func(p endpoint) bool { return !p.now.IsValid() }
	return slices.ContainsFunc(e.endpoints, gone) && slices.ContainsFunc(e.endpoints, func(p endpoint) bool { return !gone(p) })
}

// readdressed reports whether an endpoint that is still there has other addresses than before.
func (e estate) readdressed() bool {
	return slices.ContainsFunc(e.endpoints, func(p endpoint) bool {
		return p.now.IsValid() && (p.now != p.old || p.since != p.more)
	})
}
