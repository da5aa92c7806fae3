package authority_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/zones"
)

// clientsTable has views of which each has the given ranges, and none of them any name.
func clientsTable(tb interface{ Fatal(...any) }, clients ...[]string) *authority.Table {
	var views []zones.View
	for i, list := range clients {
		view := zones.View{Name: fmt.Sprintf("v%d", i)}
		for _, text := range list {
			view.Clients = append(view.Clients, netip.MustParsePrefix(text))
		}
		views = append(views, view)
	}
	table, err := authority.Compile(views, 1)
	if err != nil {
		tb.Fatal(err)
	}
	return table
}

// TestViewForSubnet is the table of which view a subnet is in, and for whom that holds.
func TestViewForSubnet(t *testing.T) {
	nested := clientsTable(t, []string{"10.0.0.0/16", "fd00::/32"}, []string{"10.0.8.0/24", "10.1.0.0/16"}, []string{"192.0.2.7/32", "0.0.0.0/8", "255.0.0.0/8"})
	rest := clientsTable(t, []string{"10.0.0.0/16"}, nil)
	one := clientsTable(t, nil)
	halves := clientsTable(t, []string{"10.0.0.0/24", "10.0.1.0/24"})
	tests := []struct {
		name, subnet string
		table        *authority.Table
		want         string // view and scope
	}{
		{"within a range", "10.0.0.0/24", nested, "v0 /21"},
		{"the same, of one client", "10.0.0.7/32", nested, "v0 /21"},
		{"in the range within", "10.0.8.0/24", nested, "v1 /24"},
		{"narrower than that", "10.0.8.128/25", nested, "v1 /24"},
		{"beside it", "10.0.9.0/24", nested, "v0 /24"},
		{"a range and the one within", "10.0.0.0/16", nested, "none /21"},
		{"a range and the next", "10.0.0.0/15", nested, "none /21"},
		{"a range and nobody", "10.1.0.0/15", nested, "none /16"},
		{"exactly a range", "10.1.0.0/16", nested, "v1 /16"},
		{"nobody", "172.16.0.0/16", nested, "none /2"},
		{"everybody", "0.0.0.0/0", nested, "none /8"},
		{"the first addresses", "0.0.0.0/9", nested, "v2 /8"},
		{"the last ones", "255.255.255.0/24", nested, "v2 /8"},
		{"one client alone", "192.0.2.7/32", nested, "v2 /32"},
		{"that and its neighbour", "192.0.2.6/31", nested, "none /32"},
		{"IPv6", "fd00::/56", nested, "v0 /32"},
		{"an IPv6 range and nobody", "fd00::/31", nested, "none /32"},
		{"mapped IPv4", "::ffff:10.0.8.0/120", nested, "v1 /120"},
		{"more than mapped IPv4", "::/64", nested, "none /1"},
		{"no subnet", "", nested, "none /0"},
		{"a VPC that has the rest", "172.16.0.0/16", rest, "v1 /1"},
		{"the rest and a range", "10.0.0.0/8", rest, "none /16"},
		{"the rest, all of IPv6", "::/0", rest, "v1 /0"},
		{"no subnet, where clients differ", "", rest, "none /0"},
		{"no subnet, where they do not", "", one, "v0 /0"},
		{"everybody, where nobody differs", "0.0.0.0/0", one, "v0 /0"},
		{"two ranges of one VPC", "10.0.0.0/23", halves, "v0 /23"},
		{"half of them", "10.0.1.0/24", halves, "v0 /23"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var subnet netip.Prefix
			if tt.subnet != "" {
				subnet = netip.MustParsePrefix(tt.subnet)
			}
			view, scope, ok := tt.table.ViewForSubnet(subnet)
			got := fmt.Sprintf("none /%d", scope)
			if ok {
				got = fmt.Sprintf("%s /%d", tt.table.View(view).Name, scope)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestViewForSubnetProperty: in a small world of which each address can be asked, the
// view of a subnet is that of all its clients, and what holds for it holds for all within
// the scope, and for none of the next wider prefix.
func TestViewForSubnetProperty(t *testing.T) {
	const world = 24 // bits that all addresses have in common: 256 are left
	at := func(last int) netip.Addr { return netip.AddrFrom4([4]byte{10, 9, 8, byte(last)}) }
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		taken := make(map[netip.Prefix]bool)
		clients := make([][]string, 1+rng.IntN(4))
		for range rng.IntN(12) {
			prefix := netip.PrefixFrom(at(rng.IntN(256)), world+rng.IntN(9)).Masked()
			if !taken[prefix] {
				taken[prefix] = true
				i := rng.IntN(len(clients))
				clients[i] = append(clients[i], prefix.String())
			}
		}
		for i := range clients {
			if len(clients[i]) == 0 && (i > 0 || rng.IntN(2) == 0) {
				clients[i] = []string{fmt.Sprintf("192.0.2.%d/32", i)}
			}
		}
		table := clientsTable(t, clients...)
		viewOf := func(client netip.Addr) authority.ViewID {
			if view, ok := table.ViewFor(client); ok {
				return view
			}
			return -1
		}
		alike := func(p netip.Prefix) bool {
			for last := range 256 {
				if p.Contains(at(last)) && viewOf(at(last)) != viewOf(p.Addr()) {
					return false
				}
			}
			return true
		}
		subnet := netip.PrefixFrom(at(rng.IntN(256)), world+rng.IntN(9)).Masked()
		view, scope, ok := table.ViewForSubnet(subnet)
		if want := alike(subnet) && viewOf(subnet.Addr()) >= 0; ok != want || ok && view != viewOf(subnet.Addr()) {
			t.Fatalf("%s of %v: view %d, %t; want %d, %t", subnet, clients, view, ok, viewOf(subnet.Addr()), want)
		}
		if scope > 32 {
			t.Fatalf("%s of %v: scope %d", subnet, clients, scope)
		}
		if scope >= world && !alike(netip.PrefixFrom(subnet.Addr(), scope).Masked()) {
			t.Fatalf("%s of %v: not all within scope %d have one view", subnet, clients, scope)
		}
		if scope > world && alike(netip.PrefixFrom(subnet.Addr(), scope-1).Masked()) {
			t.Fatalf("%s of %v: scope %d is narrower than it has to be", subnet, clients, scope)
		}
	})
}
