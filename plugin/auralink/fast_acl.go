package auralink

import (
	"hash/maphash"
	"math/rand/v2"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/acl"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"
)

// admitted are the clients that the plugin acl, ahead of us, lets ask. Where its
// rules look at nothing else than the client, its verdict on one query holds for all
// of the same client. It keeps the verdict to itself; but a query that comes to us
// through it has been allowed. So the first query of a client takes the slow path,
// and those of one that may not ask take it always, where acl sees to them.
//
// It is a hash table of a fixed size, in which a new client takes the place of any of
// its set. It takes no locks: what is lost where two write at once is a client that
// is noted by its next query.
type admitted struct {
	seed maphash.Seed
	sets [admittedSets]admittedSet
}

// admittedSet are clients that have a part of their hash in common.
type admittedSet [8]atomic.Pointer[netip.Addr]

// admittedSets makes room for 65,536 clients.
const admittedSets = 1 << 13

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
	client := addrPort(from).Addr().Unmap().WithZone("")
	if !client.IsValid() || a.has(client) {
		return
	}
	set := a.set(client)
	place := &set[rand.IntN(len(set))]
	for i := range set {
		if set[i].Load() == nil {
			place = &set[i]
			break
		}
	}
	place.Store(new(client))
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
	l.allowed.Get(func() prometheus.Counter {
		return acl.RequestAllowCount.WithLabelValues(serverName(l.address), noView)
	}).Inc()
}

// aclInTheWay says why what acl says does not depend on the client alone, or "": each
// of its rules is for all zones of the block and for all types.
//
// The rules are there to be read, if only by reflection.
func (b *block) aclInTheWay() string {
	handler := reflect.ValueOf(b.own[0].Handler("acl"))
	if !isKnownACL(handler.Type()) {
		return `the plugin "acl" stands ahead, and is not the one of CoreDNS 1.15`
	}
	rules := handler.FieldByName("Rules")
	for i := range rules.Len() {
		rule := rules.Index(i)
		if !coversAll(rule.FieldByName("zones"), b.own) || !coverTypes(rule.FieldByName("policies")) {
			return `the plugin "acl" stands ahead with rules for some zones or types alone`
		}
	}
	return ""
}

// isKnownACL reports whether a handler has the fields that are known here, and so
// looks at nothing else.
func isKnownACL(handler reflect.Type) bool {
	if !hasFields(handler, "Next plugin.Handler", "Rules []acl.rule") {
		return false
	}
	rule := handler.Field(1).Type.Elem()
	if !hasFields(rule, "zones []string", "policies []acl.policy") {
		return false
	}
	policy := rule.Field(1).Type.Elem()
	return hasFields(policy, "action acl.action", "qtypes map[uint16]struct {}", "filter *iptree.Tree")
}

// hasFields reports whether a struct has these fields, each a name and a type.
func hasFields(of reflect.Type, want ...string) bool {
	if of.Kind() != reflect.Struct {
		return false
	}
	var fields []string
	for i := range of.NumField() {
		fields = append(fields, of.Field(i).Name+" "+of.Field(i).Type.String())
	}
	return slices.Equal(fields, want)
}

// coversAll reports whether the zones of a rule have all names of a block.
func coversAll(rule reflect.Value, configs []*dnsserver.Config) bool {
	var zones plugin.Zones
	for i := range rule.Len() {
		zones = append(zones, rule.Index(i).String())
	}
	return !slices.ContainsFunc(configs, func(c *dnsserver.Config) bool { return zones.Matches(c.Zone) == "" })
}

// coverTypes reports whether all policies are for all types, which is what acl means
// by the type 0.
func coverTypes(policies reflect.Value) bool {
	for i := range policies.Len() {
		types := policies.Index(i).FieldByName("qtypes").MapKeys()
		if !slices.ContainsFunc(types, func(t reflect.Value) bool { return t.Uint() == uint64(dns.TypeNone) }) {
			return false
		}
	}
	return true
}
