package draft_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// customer is somebody with networks in AWS, of whom all is known.
type customer struct {
	regions   []aura
	networks  []network
	endpoints map[string]int // regions, by label
	recreated bool           // an endpoint has another one's addresses of before
	twice     bool           // an address is listed of two endpoints
	exchanged bool           // in the last network, the names of an orchestra lead to another region
}

// aura is a region of Aura's.
type aura struct{ orchestra, cloud, service string }

// network is a VPC with its private endpoints.
type network struct {
	name   string
	client netip.Addr
	links  []reach
}

// reach is a private endpoint.
type reach struct {
	id      string
	region  int
	addrs   []netip.Addr
	pending bool
	old     []netip.Addr // those that it had before it was made anew, and that the DNS still has
	lied    netip.Addr   // what a list says in the place of its first address, if it is wrong
}

// known are the addresses that the DNS has of it.
func (l reach) known() []netip.Addr {
	if l.old != nil {
		return l.old
	}
	return l.addrs
}

// drawCustomer draws one. No address is that of two private endpoints, but a list may say so.
func drawCustomer(t *rapid.T) customer {
	c := customer{endpoints: make(map[string]int)}
	for i := range rapid.IntRange(1, 3).Draw(t, "regions") {
		cloud := rapid.SampledFrom([]string{"us-east-1", "us-west-2", "eu-west-1"}).Draw(t, "region")
		c.regions = append(c.regions, aura{fmt.Sprintf("%04d", 42+i), cloud, fmt.Sprintf("com.amazonaws.vpce.%s.vpce-svc-0%d", cloud, i)})
	}
	for i := range rapid.IntRange(1, 2).Draw(t, "networks") {
		n := network{name: fmt.Sprintf("vpc-0%d", i), client: netip.AddrFrom4([4]byte{10, byte(i), 0, 5})}
		for r := range c.regions {
			if len(n.links) > 0 && rapid.Bool().Draw(t, "not linked") {
				continue
			}
			l := reach{id: fmt.Sprintf("0%d%d", i, r), region: r, pending: chance(t, "pending", 6)}
			for z := range rapid.IntRange(1, 2).Draw(t, "zones") {
				l.addrs = append(l.addrs, netip.AddrFrom4([4]byte{10, byte(i), byte(1 + r), byte(10 + z)}))
			}
			n.links = append(n.links, l)
		}
		if len(n.links) > 1 {
			c.disturb(t, n)
		}
		c.networks = append(c.networks, n)
	}
	if len(c.networks) == 2 && len(c.networks[0].links) == len(c.regions) && len(c.networks[1].links) > 1 {
		c.exchanged = chance(t, "exchanged", 4)
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "endpoints") {
		n := rapid.SampledFrom(c.networks).Draw(t, "network of the endpoint")
		c.endpoints[fmt.Sprintf("ep-%d", i)] = rapid.SampledFrom(n.links).Draw(t, "link").region
	}
	return c
}

// disturb has a private endpoint of a network be made anew, and another one get the addresses that it
// had; or has the lists say one address of two.
func (c *customer) disturb(t *rapid.T, n network) {
	switch rapid.IntRange(0, 5).Draw(t, "disturbed") {
	case 0:
		c.recreated = true
		n.links[0].old = n.links[0].addrs
		n.links[1].addrs = n.links[0].addrs
		b := n.client.As4()
		n.links[0].addrs = []netip.Addr{netip.AddrFrom4([4]byte{10, b[1], 99, 10})}
	case 1:
		c.twice = true
		n.links[0].lied = n.links[1].addrs[0]
	}
}

// chance is true once in so many times.
func chance(t *rapid.T, what string, in int) bool { return rapid.IntRange(1, in).Draw(t, what) == 1 }

// some returns all addresses of a private endpoint or, as people forget some, the first.
func (l reach) some(t *rapid.T) []netip.Addr {
	if chance(t, "forgotten", 5) {
		return l.known()[:1]
	}
	return l.known()
}

// dns draws the DNS of a network: what it has is right but for a wildcard that takes along all, a
// further name that leads to another region, an address too much, or what is older than an endpoint. Of
// each private endpoint it has a name, if all is true; else a record may be an alias of an endpoint's name.
func (c customer) dns(t *rapid.T, n network, all bool) *holdings.Set {
	b := holdings.NewBuilder()
	line := 0
	put := func(name string, data holdings.Data) {
		line++
		data.TTL = 60
		b.Add(name, data, holdings.Place{File: "db." + n.name, Line: line})
	}
	add := func(name string, addrs []netip.Addr) { put(name, holdings.Data{Addrs: addrs}) }
	lead := func(name string, l reach) {
		if !all && !c.exchanged && l.old == nil && chance(t, "alias", 4) { // an address is what tells names that were exchanged
			put(name, holdings.Data{Target: c.nameOf(l) + "."})
			return
		}
		add(name, l.some(t))
	}
	c.nameServers(t, n, b, put)
	slip := rapid.IntRange(0, 8).Draw(t, "slip")
	for i, l := range n.links {
		names := lead
		if c.exchanged && i == 0 && n.name == c.networks[1].name {
			names = func(name string, _ reach) { lead(name, n.links[1]) }
		}
		c.orchestra(t, n, l, all || c.recreated || c.exchanged, slip < 4 && !c.exchanged, names)
		if c.recreated && rapid.Bool().Draw(t, "second orchestra") {
			add(fmt.Sprintf("*.production-orch-01%s.neo4j.io.", c.regions[l.region].orchestra[2:]), l.some(t))
		}
		if rapid.Bool().Draw(t, "public name") {
			lead(fmt.Sprintf("db-%d.databases.neo4j.io.", l.region), l)
		}
	}
	if rapid.Bool().Draw(t, "wildcard") {
		add("*."+topology.EndpointsOrigin, rapid.SampledFrom(n.links).Draw(t, "of the wildcard").known())
	}
	for i := range len(c.endpoints) {
		label := fmt.Sprintf("ep-%d", i)
		at := slices.IndexFunc(n.links, func(l reach) bool { return l.region == c.endpoints[label] })
		if at < 0 || !rapid.Bool().Draw(t, "named") {
			continue
		}
		other := rapid.SampledFrom(n.links).Draw(t, "other link").known()
		if slip == i || slip == i+4 || !chance(t, "misspelt", 6) { // one mistake in an endpoint, not two
			lead(label+"."+topology.EndpointsOrigin, n.links[at])
		}
		switch slip {
		case i:
			add("b-"+label+"."+topology.EndpointsOrigin, other)
		case i + 4:
			add("b-"+label+"."+topology.EndpointsOrigin, append(slices.Clone(n.links[at].known()), other...))
		default:
			lead("a-"+label+"."+topology.EndpointsOrigin, n.links[at])
		}
	}
	return b.Set()
}

// nameServers draws those of a network's zones: they have an address beside those of all private endpoints
// or, as that of an orchestra's zone may, one of its own private endpoint.
func (c customer) nameServers(t *rapid.T, n network, b *holdings.Builder, put func(string, holdings.Data)) {
	if !rapid.Bool().Draw(t, "own name server") {
		return
	}
	serve := func(origin string, addr netip.Addr) {
		server := "ns1." + origin
		b.AddRR(origin, &dns.NS{Hdr: dns.RR_Header{Name: origin, Rrtype: dns.TypeNS, Class: dns.ClassINET}, Ns: server}, origin, holdings.Place{File: "db." + n.name})
		put(server, holdings.Data{Addrs: []netip.Addr{addr}})
	}
	serve(topology.EndpointsOrigin, n.server())
	for _, l := range n.links {
		addr := n.server()
		if !c.exchanged && chance(t, "name server at a link", 5) {
			addr = l.known()[0]
		}
		serve("production-orch-"+c.regions[l.region].orchestra+".neo4j.io.", addr)
	}
}

// server returns the address of a network's name server.
func (n network) server() netip.Addr {
	b := n.client.As4()
	return netip.AddrFrom4([4]byte{10, b[1], 200, 53})
}

// orchestra draws the names of the orchestra to which a private endpoint leads. One of several may lead
// to another region, or to both: then no other name has an address too much, for two that say the same
// would be right.
func (c customer) orchestra(t *rapid.T, n network, l reach, sure, both bool, lead func(string, reach)) {
	host := "production-orch-" + c.regions[l.region].orchestra + ".neo4j.io."
	there := false
	for _, name := range []string{"*." + host, host, "abcd1234." + host} {
		if sure && !there || rapid.Bool().Draw(t, "has "+name) {
			lead(name, l)
			there = true
		}
	}
	other := rapid.SampledFrom(n.links).Draw(t, "stray")
	switch {
	case !there:
	case !c.exchanged && chance(t, "disagree", 5):
		for i := range rapid.IntRange(1, 3).Draw(t, "how many") {
			lead(fmt.Sprintf("p-%d.%s", i, host), other)
		}
	case both && chance(t, "both", 12):
		lead("p-0."+host, reach{addrs: append(slices.Clone(l.known()), other.known()...), old: append(slices.Clone(l.known()), other.known()...)})
	}
}

// nameOf returns what AWS calls a private endpoint in its own DNS.
func (c customer) nameOf(l reach) string {
	return fmt.Sprintf("vpce-%s-x1y2.vpce-svc-0%d.%s.vpce.amazonaws.com", l.id, l.region, c.regions[l.region].cloud)
}

// lists draws what AWS lists: all private endpoints, with or without what else there is. One list may be
// there a second time, as it was when two objects had what is the other one's now: then there is an error.
func (c customer) lists(t *rapid.T) (*inventory.Inventory, error) {
	endpoints, interfaces, ranges, services := []any{}, []any{}, []any{}, []any{}
	for i, n := range c.networks {
		ranges = append(ranges, map[string]any{"VpcId": n.name, "CidrBlock": fmt.Sprintf("10.%d.0.0/16", i), "OwnerId": "111122223333"})
		for _, l := range n.links {
			id := l.id
			e := map[string]any{"VpcEndpointId": "vpce-" + id, "VpcEndpointType": "Interface", "VpcId": n.name, "ServiceName": c.regions[l.region].service, "State": "available", "OwnerId": "111122223333"}
			if rapid.Bool().Draw(t, "named in DNS") {
				e["DnsEntries"] = []any{map[string]any{"DnsName": c.nameOf(l)}}
			}
			if l.pending {
				e["State"] = "pendingAcceptance"
			}
			if rapid.Bool().Draw(t, "called after Aura") {
				e["Tags"] = []any{map[string]any{"Key": "Name", "Value": "aura"}}
			}
			var ids []string
			for z, a := range l.addrs {
				ids = append(ids, fmt.Sprintf("eni-%s%d", id, z))
				if z == 0 && l.lied.IsValid() {
					a = l.lied
				}
				if c.twice || c.recreated || !chance(t, "not listed", 8) {
					interfaces = append(interfaces, map[string]any{"NetworkInterfaceId": ids[z], "InterfaceType": "vpc_endpoint", "VpcId": n.name, "PrivateIpAddress": a.String()})
				}
			}
			e["NetworkInterfaceIds"] = ids
			endpoints = append(endpoints, e)
		}
	}
	for _, r := range c.regions {
		services = append(services, map[string]any{"ServiceName": r.service, "BaseEndpointDnsNames": []string{"x"}, "PrivateDnsName": "production-orch-" + r.orchestra + ".neo4j.io"})
	}
	b := inventory.NewBuilder()
	lists := map[string][]any{"VpcEndpoints": endpoints, "NetworkInterfaces": interfaces, "Vpcs": ranges, "ServiceDetails": services}
	older := rapid.SampledFrom([]string{"", "", "", "", "NetworkInterfaces", "VpcEndpoints", "Vpcs", "ServiceDetails"}).Draw(t, "older list")
	before, differ := exchanged(lists[older])
	if older != "" {
		lists["A "+older], lists["Z "+older] = before, before
		delete(lists, rapid.SampledFrom([]string{"A ", "Z "}).Draw(t, "read last, or first")+older)
	}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		name, list := name[strings.LastIndexByte(name, ' ')+1:], lists[name]
		if name != "VpcEndpoints" && name != older && !c.recreated && !c.twice && chance(t, "without "+name, 3) {
			continue
		}
		text, err := json.Marshal(map[string]any{name: list})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Read(bytes.NewReader(text), name+".json"); differ && err != nil {
			return nil, err
		} else if err != nil {
			t.Fatal(err)
		}
	}
	i, err := b.Inventory()
	if err != nil || differ {
		t.Fatalf("error %v, and lists differ: %v\n%v", err, differ, lists)
	}
	return i, nil
}

// exchanged returns a list in which the first two objects have what tells them from each other, but for
// their IDs, the other way round, and whether it differs from the list.
func exchanged(list []any) (before []any, differ bool) {
	if len(list) < 2 {
		return list, false
	}
	a, b := maps.Clone(list[0].(map[string]any)), maps.Clone(list[1].(map[string]any))
	for _, key := range []string{"PrivateIpAddress", "CidrBlock", "PrivateDnsName", "NetworkInterfaceIds"} {
		if a[key] != nil {
			differ = differ || fmt.Sprint(a[key]) != fmt.Sprint(b[key])
			a[key], b[key] = b[key], a[key]
		}
	}
	return append([]any{a, b}, list[2:]...), differ
}

// regionOf returns the region of a private endpoint that has an address, or -1.
func (c customer) regionOf(addr netip.Addr) int {
	for _, n := range c.networks {
		for _, l := range n.links {
			if slices.Contains(l.addrs, addr) {
				return l.region
			}
		}
	}
	return -1
}

// homes returns the region of each name; -1 for a name that nobody has.
func (c customer) homes() map[string]int {
	homes := map[string]int{"nobody-has-this." + topology.EndpointsOrigin: -1}
	for r, region := range c.regions {
		homes["x.production-orch-01"+region.orchestra[2:]+".neo4j.io."] = r
		homes["production-orch-"+region.orchestra+".neo4j.io."], homes["x.production-orch-"+region.orchestra+".neo4j.io."] = r, r
	}
	for r := range c.regions {
		homes[fmt.Sprintf("db-%d.databases.neo4j.io.", r)] = r
	}
	for label, r := range c.endpoints {
		homes[label+"."+topology.EndpointsOrigin] = r
		for _, prefix := range topology.Prefixes {
			homes[prefix+label+"."+topology.EndpointsOrigin] = r
		}
	}
	return homes
}

// linked returns how many regions any network has links to.
func (c customer) linked() int {
	linked := make(map[int]bool)
	for _, n := range c.networks {
		for _, l := range n.links {
			linked[l.region] = true
		}
	}
	return len(linked)
}
