package auralink

import (
	"hash/maphash"
	"net"
	"net/netip"
	"reflect"
	"sync/atomic"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/acl"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"
)

// admitted are the clients that the plugin acl, ahead of us, lets ask. Where its
// rules look at nothing else than the client, its verdict on one query holds for all
// of the same client. It keeps the verdict to itself; but a query that comes to us
// through it has been allowed. So the first query of a client takes the slow path,
// and those of one that may not ask take it always, where acl sees to them.
//
// It is a hash table of a fixed size, in which the latest clients of a set displace
// those before them. It takes no locks: what is lost where two write at once is a
// client that is noted by its next query.
type admitted struct {
	seed maphash.Seed
	sets [admittedSets]admittedSet
}

// admittedSet are clients with one hash, the latest first.
type admittedSet [4]atomic.Pointer[netip.Addr]

// admittedSets makes room for 65,536 clients.
const admittedSets = 1 << 14

func newAdmitted() *admitted { return &admitted{seed: maphash.MakeSeed()} }

func (a *admitted) set(client netip.Addr) *admittedSet {
	octets := client.As16()
	return &a.sets[maphash.Bytes(a.seed, octets[:])%admittedSets]
}

// note remembers the client of a query that has come through acl. As acl does, it
// takes an IPv4-mapped address for IPv4, and ignores a zone. Other than plain
// addresses may not be what acl has seen.
func (a *admitted) note(from net.Addr) {
	if a == nil {
		return
	}
	switch from.(type) {
	case *net.UDPAddr, *net.TCPAddr:
	default:
		return
	}
	addrPort, _ := addrPort(from)
	client := addrPort.Addr().Unmap().WithZone("")
	if a.has(client) {
		return
	}
	set := a.set(client)
	for i := len(set) - 1; i > 0; i-- {
		set[i].Store(set[i-1].Load())
	}
	set[0].Store(&client)
}

// has reports whether a client may ask. All may where there is no acl.
func (a *admitted) has(client netip.Addr) bool {
	if a == nil {
		return true
	}
	set := a.set(client)
	for i := range set {
		if known := set[i].Load(); known != nil && *known == client {
			return true
		}
	}
	return false
}

// countAllowed counts a query that the fast path answers in the metric of acl.
func (l *listener) countAllowed() {
	l.allowed.get(func() prometheus.Counter {
		return acl.RequestAllowCount.WithLabelValues(transport.DNS+"://"+l.address, noView)
	}).Inc()
}

// plainACL reports whether what acl says depends on the client alone: each of its
// rules is for all zones of the block and for all types.
//
// The rules are there to be read, if only by reflection. A rule that looks at more
// than those of CoreDNS 1.15 is not plain.
func (b *block) plainACL() bool {
	handler, ok := b.own[0].Handler("acl").(acl.ACL)
	if !ok || reflect.TypeOf(handler).NumField() != 2 {
		return false
	}
	rules := reflect.ValueOf(handler.Rules)
	for i := range rules.Len() {
		zones, policies := rules.Index(i).FieldByName("zones"), rules.Index(i).FieldByName("policies")
		if rules.Index(i).NumField() != 2 || !zones.IsValid() || !policies.IsValid() {
			return false
		}
		if !coversAll(zones, b.own) || !plainPolicies(policies) {
			return false
		}
	}
	return true
}

// coversAll reports whether the zones of a rule have all names of a block.
func coversAll(rule reflect.Value, configs []*dnsserver.Config) bool {
	var zones plugin.Zones
	for i := range rule.Len() {
		zones = append(zones, rule.Index(i).String())
	}
	for _, config := range configs {
		if zones.Matches(config.Zone) == "" {
			return false
		}
	}
	return true
}

// plainPolicies reports whether policies are for all types, which is what acl means
// by the type 0.
func plainPolicies(policies reflect.Value) bool {
	for i := range policies.Len() {
		types := policies.Index(i).FieldByName("qtypes")
		if policies.Index(i).NumField() != 3 || !types.IsValid() || !hasKey(types, uint64(dns.TypeNone)) {
			return false
		}
	}
	return true
}

func hasKey(of reflect.Value, key uint64) bool {
	for _, k := range of.MapKeys() {
		if k.Uint() == key {
			return true
		}
	}
	return false
}
