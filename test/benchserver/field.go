//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
)

// field is what is compared with what.
type field struct {
	// summary says in a line what it is.
	summary string
	// enter returns those who take part. Ours come first.
	enter func(ctx context.Context, e *entry) error
	// references are what every server is compared with.
	references []reference
	// goals are what ours is to reach.
	goals []goal
}

// The names by which references find the servers.
const (
	oursFast = "auralink"
	oursSlow = "auralink, fastpath off"
	echo     = "C echo"
	file     = "CoreDNS file"
	template = "CoreDNS template"
	hosts    = "CoreDNS hosts"
	baseSize = "1,000 endpoints, 1 VPC"
)

// reference is a server that others are compared with: the best of some.
type reference struct {
	name string
	of   []string
}

var (
	fastest = reference{"best of NSD, Knot, gdnsd, Unbound", []string{"NSD", "Knot", "gdnsd", "Unbound"}}
	floor   = reference{echo, []string{echo}}
)

// alone is the reference to a single server.
func alone(name string) reference { return reference{name, []string{name}} }

// fields are by the names that the flag -field takes.
var fields = map[string]field{
	"plugins": {
		summary:    "plugins of CoreDNS, in the same build",
		enter:      enterPlugins,
		references: []reference{alone(file)},
		goals: []goal{
			{metric: cpu, than: alone(file), atMost: 1},
			{metric: cpu, than: alone(template), atMost: 1},
			{metric: cpu, than: alone(hosts), atMost: 1},
		},
	},
	"peers": {
		summary:    "DNS servers, and the floor: a C program that only echoes",
		enter:      enterPeers,
		references: []reference{fastest, floor, alone(file)},
		goals: []goal{
			{metric: cpu, than: fastest, atMost: 1},
			{metric: cpu, than: floor, atMost: 1.15},
			{metric: cpu, than: alone(file), atMost: 0.30},
			{metric: user, atMost: 0.6},
			{metric: p99, than: fastest, atMost: 1},
		},
	},
	"logs": {
		summary:    "auralink by itself, and behind the plugins that keep a log of queries",
		enter:      enterLogs,
		references: []reference{alone(oursFast), alone(oursSlow)},
	},
	"sizes": {
		summary:    "auralink with topologies of other sizes, and with EDNS",
		enter:      enterSizes,
		references: []reference{alone(baseSize)},
		goals:      []goal{{metric: cpu, than: alone(baseSize), atMost: 1.10, all: true}},
	},
}

// contestant is a server that takes part.
type contestant struct {
	peer  peers.Peer
	names names
	edns  bool // dnsperf asks with EDNS
	echo  bool // answers with the question
	fast  bool // is ours and has its fast path on
}

// entry gathers the contestants of a field.
type entry struct {
	options
	dir         string
	contestants []contestant
	skipped     []string      // a line each
	after       func() string // what is to be told in the end, if anything is
}

// coredns returns bin/coredns for the given names.
func (e *entry) coredns(n names) coredns {
	return coredns{binary: e.options.coredns, prometheus: e.prometheus, names: n}
}

// add adds servers that all have the same names.
func (e *entry) add(n names, list ...peers.Peer) {
	for _, peer := range list {
		e.contestants = append(e.contestants, contestant{peer: peer, names: n, edns: e.edns})
	}
}

// skip notes that a server does not take part.
func (e *entry) skip(name string, why any) {
	e.skipped = append(e.skipped, fmt.Sprintf("%s is skipped: %v", name, why))
}

// addOurs adds our plugin with the fast path, if the build has one, and without.
func (e *entry) addOurs(ctx context.Context, n names) error {
	c := e.coredns(n)
	knows, err := c.knowsFastPath(ctx, e.dir)
	if err != nil {
		return err
	}
	if !knows {
		e.skip(oursFast, `this build does not know the property "fastpath", so it is measured without the fast path alone`)
		slow, err := c.ours(oursSlow)
		e.add(n, slow)
		return err
	}
	fast, err1 := c.ours(oursFast, "fastpath")
	slow, err2 := c.ours(oursSlow, "fastpath off")
	e.contestants = append(e.contestants, contestant{peer: fast, names: n, edns: e.edns, fast: true})
	e.add(n, slow)
	return errors.Join(err1, err2)
}

// enterPlugins compares our plugin with CoreDNS's own.
func enterPlugins(ctx context.Context, e *entry) error {
	n := newNames(e.endpoints, e.vpcs)
	exported, err := n.export()
	if err != nil {
		return err
	}
	if err := e.addOurs(ctx, n); err != nil {
		return err
	}
	c := e.coredns(n)
	e.add(n, c.file(file, exported), c.template(template), c.hosts(hosts))
	return nil
}

// enterPeers compares it with everybody.
func enterPeers(ctx context.Context, e *entry) error {
	if err := enterPlugins(ctx, e); err != nil {
		return err
	}
	n := newNames(e.endpoints, e.vpcs)
	exported, err := n.export()
	if err != nil {
		return err
	}
	e.add(n, peers.NSD(exported), peers.Knot(exported), peers.GDNSD(exported), peers.Unbound(resolving(n, "unbound.conf", unboundNames(n))),
		peers.BIND(exported), peers.Dnsmasq(resolving(n, "dnsmasq.conf", dnsmasqNames(n))), peers.PowerDNS(exported))
	return e.addEcho(ctx, n)
}

// resolving is what a resolver is given that answers from one file alone.
func resolving(n names, file, content string) peers.Resolving {
	return peers.Resolving{
		Files: map[string]string{file: content},
		Ready: []dns.Question{{Name: n.owner(0), Qtype: dns.TypeA, Qclass: dns.ClassINET}},
	}
}

// unboundNames has the names as local data, under a zone without anything else.
func unboundNames(n names) string {
	return fmt.Sprintf("server:\n  local-zone: %q static\n", topology.EndpointsOrigin) +
		n.each(func(owner string, addr netip.Addr) string {
			return fmt.Sprintf("  local-data: \"%s. %d IN A %s\"\n", owner, ttl, addr)
		})
}

// dnsmasqNames has the names as host records, under a domain without anything
// else.
func dnsmasqNames(n names) string {
	return fmt.Sprintf("local=/%s/\nlocal-ttl=%d\n", strings.TrimSuffix(topology.EndpointsOrigin, "."), ttl) +
		n.each(func(owner string, addr netip.Addr) string {
			return fmt.Sprintf("host-record=%s,%s\n", owner, addr)
		})
}

// addEcho adds the floor, if there is a compiler.
func (e *entry) addEcho(ctx context.Context, n names) error {
	peer, err := echoPeer(ctx, echo, e.dir)
	var missing *peers.MissingError
	if errors.As(err, &missing) {
		e.skip(echo, err)
		return nil
	}
	e.contestants = append(e.contestants, contestant{peer: peer, names: n, edns: e.edns, echo: true})
	return err
}

// sizes are what the speed must not depend on. The first is what the others are
// compared with.
var sizes = []struct {
	name            string
	endpoints, vpcs int
	edns            bool
}{
	{baseSize, 1000, 1, false},
	{"10 endpoints, 1 VPC", 10, 1, false},
	{"1,000,000 endpoints, 1 VPC", 1_000_000, 1, false},
	{"1,000 endpoints, 1,000 VPCs", 1000, 1000, false},
	{"1,000,000 endpoints, 1,000 VPCs", 1_000_000, 1000, false},
	{"1,000 endpoints, 1 VPC, EDNS", 1000, 1, true},
	{"1,000,000 endpoints, 1,000 VPCs, EDNS", 1_000_000, 1000, true},
}

// enterSizes compares ours, by the fast path if there is one, with itself.
func enterSizes(ctx context.Context, e *entry) error {
	for _, size := range sizes {
		one := &entry{options: e.options, dir: e.dir}
		one.edns = size.edns
		if err := one.addOurs(ctx, newNames(size.endpoints, size.vpcs)); err != nil {
			return err
		}
		ours := one.contestants[0]
		ours.peer.Name = size.name
		e.contestants, e.skipped = append(e.contestants, ours), one.skipped
	}
	return nil
}
