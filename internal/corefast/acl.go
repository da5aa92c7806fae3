package corefast

import (
	"reflect"
	"slices"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/acl"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"
)

// countAllowed counts a query that the fast path answers in the metric of acl.
func (l *listener) countAllowed() {
	l.allowed.Get(func() prometheus.Counter {
		return acl.RequestAllowCount.WithLabelValues(ServerName(l.address), noView)
	}).Inc()
}

// aclInTheWay says why what acl says does not depend on the client alone, or "": each
// of its rules is for all zones of the block and for all types.
//
// The rules are there to be read, if only by reflection.
func (b *Block) aclInTheWay() string {
	handler := reflect.ValueOf(b.Own[0].Handler("acl"))
	if !isKnownACL(handler.Type()) {
		return `the plugin "acl" stands ahead, and is not the one of CoreDNS 1.15`
	}
	rules := handler.FieldByName("Rules")
	for i := range rules.Len() {
		rule := rules.Index(i)
		if !coversAll(rule.FieldByName("zones"), b.Own) || !coverTypes(rule.FieldByName("policies")) {
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
