// Package canary answers the names by which clients find out whether they may go
// around the DNS of the network that they are in: browsers that would ask a resolver of
// their own, a relay, and clients that look for a resolver's encrypted ways (DDR, RFC
// 9462). What is answered is the same for all clients.
//
// It knows names and answers, and no messages. Who is asked, and over which ways, is
// for its callers to know.
package canary

import (
	"bytes"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// denied are the names that do not exist, and nothing below them (RFC 8020): their
// vendors' software stays with the network's DNS then.
//
//	use-application-dns.net           Firefox's DNS over HTTPS: support.mozilla.org,
//	                                  "Canary domain - use-application-dns.net"
//	mask.icloud.com, mask-h2.icloud.com
//	                                  iCloud Private Relay: developer.apple.com,
//	                                  "Prepare your network or web server for iCloud
//	                                  Private Relay"
var denied = []string{"use-application-dns.net.", "mask.icloud.com.", "mask-h2.icloud.com."}

const (
	// arpa is a zone that every resolver has of its own, and forwards no question of
	// (RFC 9462, sections 6.1 and 6.4).
	arpa = "resolver.arpa."
	// discovery is the name in it that is asked for the resolver's encrypted ways.
	discovery = "_dns.resolver.arpa."

	// ttl is for how long an answer may be kept, in seconds: clients ask again when
	// they come to another network, or by then.
	ttl = 300
)

// Origins are the zones of all canaries, by the IDs that theirs have.
func Origins() []string { return append(append([]string(nil), denied...), arpa) }

// Set answers canaries. A nil one answers none.
type Set struct {
	zones     []*authority.Zone // by ID
	origins   [][]byte          // in wire format
	discovery []byte
}

// New makes a set that designates resolvers, in the order of preference.
func New(resolvers []Resolver) *Set {
	s := &Set{discovery: []byte(wire.MustPack(discovery))}
	var designated []dns.RR
	for i, r := range resolvers {
		designated = append(designated, r.record(uint16(i+1)))
	}
	for id, origin := range Origins() {
		zone := authority.LocalZone(origin, ttl, id, nil)
		if origin == arpa {
			zone.Records = designated
		}
		s.zones = append(s.zones, zone)
		s.origins = append(s.origins, []byte(wire.MustPack(origin)))
	}
	return s
}

// Lookup answers the question for a name and type, if the name is a canary or below
// one. The name must be as for [authority.Table.Lookup].
//
//	name                        type    answer
//	one of denied, or below it  any     NXDOMAIN
//	_dns.resolver.arpa          SVCB    the designated resolvers, if there are any
//	resolver.arpa, or below it  others  NODATA
func (s *Set) Lookup(name wire.Name, qtype uint16) (authority.Answer, bool) {
	if s == nil {
		return authority.Answer{}, false
	}
	for id, origin := range s.origins {
		if !name.In(origin) {
			continue
		}
		answer := authority.Answer{Outcome: zones.NXDomain, Zone: s.zones[id]}
		if id >= len(denied) {
			answer.Outcome = zones.NoData
		}
		if qtype == dns.TypeSVCB && len(answer.Zone.Records) > 0 && bytes.Equal(name, s.discovery) {
			answer.Outcome = zones.Positive
		}
		return answer, true
	}
	return authority.Answer{}, false
}
