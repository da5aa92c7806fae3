package coredns

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// standard are the plugins that CoreDNS knows as it is delivered, and ours.
var standard = setOf(`acl any auralink auto autopath azure bind bufsize cache cancel chaos clouddns debug dns64 dnssec
	dnstap dynupdate erratic errors etcd file forward geoip grpc grpc_server header health hosts https https3 import
	k8s_external kubernetes loadbalance local log loop metadata minimal multisocket nomad nsid on pprof prometheus
	proxyproto quic ready reload rewrite root route53 secondary shed sign siit template timeouts tls trace transfer
	tsig view whoami`)

// single are those of which a server block may have one line.
var single = setOf("auralink cache dnssec dynupdate errors geoip grpc hosts kubernetes loop metadata multisocket nsid pprof prometheus ready shed tsig view")

func setOf(words string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// checkPlugins notes plugins with which CoreDNS does not start: those that it does not
// know, unless they were built in, and those that stand in a server block twice.
func (s server) checkPlugins(b *holdings.Builder) {
	if s.again {
		return
	}
	seen := make(map[string]bool)
	for _, d := range s.plugins {
		switch {
		case !standard[d.name] && left[d.name] == "":
			b.Unread(d.place, "%s is not read: CoreDNS as it is delivered has no such plugin, and does not start with it%s", lines.Shown(d.name), meant(d.name, standard))
		case single[d.name] && seen[d.name]:
			b.NotStarted("CoreDNS", d.place, "a server block has %s once, and not twice", d.name)
		}
		seen[d.name] = true
		d.check(b)
	}
}

// checkTransport notes plugins that a server block of its transport does not start with.
func (s server) checkTransport(b *holdings.Builder) {
	for _, d := range s.all("shed") {
		if s.listener.transport != plain {
			d.refuse(b, "it is for plain DNS alone, and not for %s", s.listener.transport)
		}
	}
}

// meant asks whether one of some words is meant by another one that is near it, or is "".
func meant[T any](word string, known map[string]T) string {
	if question := spell.DidYouMean(word, slices.Sorted(maps.Keys(known))); question != "" {
		return ": " + question
	}
	return ""
}

// clashes reports whether CoreDNS does not start with two server blocks of one zone and
// port: both are for all clients, and listen on the same addresses.
func (s server) clashes(other server) bool {
	return s.view() == "" && other.view() == "" && slices.Equal(s.bound(), other.bound())
}

// bound returns the addresses on which a server block listens, or none for all.
func (s server) bound() []string {
	var all []string
	for _, d := range s.all("bind") {
		all = append(all, d.args...)
		for _, option := range d.block {
			all = append(all, strings.Join(option, " "))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// signed notes that a server block refuses questions without a signature, which no
// resolver of a client has.
func (s server) signed(b *holdings.Builder) {
	for _, d := range s.all("tsig") {
		for _, option := range d.block {
			if requires(option) {
				for _, zone := range zonesOr(d.args, s.zones) {
					b.Admits(nil, zone, d.place, "tsig refuses all questions that have no signature, as those of clients have none")
				}
			}
		}
	}
}

// requires reports whether an option of tsig wants a signature for questions for addresses.
func requires(option []string) bool {
	wanted := map[string][]string{"require": {"ALL", "A", "AAAA"}, "require_opcode": {"ALL", "QUERY"}}[option[0]]
	return slices.ContainsFunc(option[1:], func(word string) bool { return slices.Contains(wanted, strings.ToUpper(word)) })
}
