package unbound

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
)

// localZoneTypes are the types of local zones.
var localZoneTypes = map[string]bool{
	"deny": true, "refuse": true, "static": true, "transparent": true, "redirect": true, "nodefault": true, "typetransparent": true,
	"inform": true, "inform_deny": true, "inform_redirect": true, "always_transparent": true, "block_a": true, "always_refuse": true,
	"always_nxdomain": true, "always_nodata": true, "always_deny": true, "always_null": true, "noview": true, "ipset": true,
}

// blanket is what local zones have that do not look at their data.
var blanket = map[string]holdings.Data{
	// block_a leaves questions for other types to others, and has no address of its data.
	"block_a":         {Action: holdings.NoData},
	"always_nxdomain": {Action: holdings.NXDomain}, "always_nodata": {Action: holdings.NoData}, "always_refuse": {Action: holdings.Drop},
	"always_deny": {Action: holdings.Drop}, "always_transparent": {Action: holdings.Passthru},
	"always_null": {Addrs: []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}},
}

// passing are local zones that leave to others what they lack.
var passing = map[string]bool{
	"transparent": true, "typetransparent": true, "inform": true, "nodefault": true, "always_transparent": true, "block_a": true, "noview": true,
	"ipset": true,
}

// covers reports whether a local zone of that type answers all names in it the
// same.
func (z localZone) covers() bool { return z.kind == "redirect" || z.kind == "inform_redirect" }

// miss says what a local zone does with names that it lacks, but for those that it
// leaves to others.
func (z localZone) miss() holdings.Action {
	switch z.kind {
	case "deny", "refuse", "inform_deny", "always_deny", "always_refuse":
		return holdings.Drop
	default:
		return holdings.NXDomain
	}
}

// asked returns what becomes of the questions of a forward-zone or a stub-zone.
// One without servers is resolved as though it were not there.
func asked(c clauses.Clause, all bool) (holdings.Action, holdings.Referral) {
	var servers []string
	for _, value := range c.All("forward-addr", "forward-host", "stub-addr", "stub-host") {
		server, _, _ := strings.Cut(value, "#") // the name in its certificate
		servers = append(servers, server)
	}
	return upstream.Asked(servers, all)
}

// add adds what the whole configuration says. Local zones go before all else.
func (c *config) add() {
	c.addPolicies()
	for _, zone := range c.zones {
		c.addLocalZone(zone)
	}
	for _, f := range c.forwards {
		if over, found := c.above(f.name, f.auth); found && over.name != f.name {
			continue // a zone with a file of its own is asked no others
		}
		if zone := c.closest(f.name); zone.name != "" && !passing[zone.kind] {
			continue
		}
		if f.file == "" || !c.addFile(f) {
			c.b.Claim(holdings.Claim{Origin: f.name, Miss: f.miss, Referral: f.to, Place: f.place})
		}
	}
	for _, d := range c.data {
		c.addLocalData(d)
	}
}

// above returns the zone at or above a name that has a file of its own, whichever
// is the highest; not for such a zone itself.
func (c *config) above(name string, auth bool) (over forward, found bool) {
	for _, f := range c.forwards {
		if f.auth && !auth && within(name, f.name) {
			return f, true
		}
	}
	return forward{}, false
}

// within reports whether a name is a zone's or below it, as all are in the root.
func within(name, zone string) bool { return zone == "." || dnsname.AtOrBelow(name, zone) }

// others returns what others do with a name that the local zones leave to them.
func (c *config) others(name string) (holdings.Action, holdings.Referral) {
	if over, found := c.above(name, false); found {
		return over.miss, over.to
	}
	closest, labels := forward{miss: holdings.Passthru}, -1
	for _, f := range c.forwards {
		if n := dns.CountLabel(f.name); within(name, f.name) && n > labels {
			closest, labels = f, n
		}
	}
	return closest.miss, closest.to
}

// addLocalZone adds what becomes of the names that a local zone lacks.
func (c *config) addLocalZone(z localZone) {
	claim := holdings.Claim{Origin: z.name, Miss: z.miss(), Place: z.place}
	if passing[z.kind] {
		claim.Miss, claim.Referral = c.others(z.name)
	}
	c.b.Claim(claim)
	d, all := blanket[z.kind]
	if !all {
		return
	}
	d.TTL = holdings.NoTTL
	if d.Action == holdings.Passthru && claim.Miss == holdings.Refer {
		d.Action, d.Referral = claim.Miss, claim.Referral
	}
	c.b.Add(z.name, d, z.place)
	c.b.Add("*."+strings.TrimPrefix(z.name, "."), d, z.place)
}

// addLocalData adds a record, as the closest local zone at or above it means it.
func (c *config) addLocalData(d localData) {
	zone := c.closest(d.name)
	if _, all := blanket[zone.kind]; all || d.kind == "SOA" || d.kind == "NS" {
		return
	}
	data := c.meaning(d, zone)
	data.Partial = zone.kind == "typetransparent"
	if data.Partial && !data.Answers() && data.Action == "" {
		return // which asks others for all else
	}
	if zone.covers() {
		c.b.Add("*."+d.name, data, d.place)
		data.Implied = true
	}
	c.b.Add(d.name, data, d.place)
}

// meaning is what a record is to those who ask for addresses. A CNAME is answered as
// it stands, without what it leads to; but in a zone that redirects others are asked
// for that, and nothing of what is local is looked at.
func (c *config) meaning(d localData, zone localZone) holdings.Data {
	switch rr := d.rr.(type) {
	case nil:
		return holdings.Data{Action: holdings.Refer, Referral: holdings.Referral{Record: d.kind}, TTL: holdings.NoTTL}
	case *dns.CNAME:
		target := dnsname.TrimDot(holdings.Target(rr.Target))
		if !zone.covers() {
			c.b.Note(d.place, "Unbound answers with the CNAME to %s alone, without an address: only in a local-zone of type redirect it asks for that", target)
			return holdings.Data{Action: holdings.NoData, TTL: rr.Hdr.Ttl}
		}
		referral := holdings.Referral{Name: target}
		if _, to := c.others(holdings.Target(rr.Target)); to != (holdings.Referral{}) {
			referral = to
		}
		return holdings.Data{Action: holdings.Refer, Referral: referral, TTL: rr.Hdr.Ttl}
	default:
		if data, ok := holdings.AddressData(rr); ok {
			return data
		}
		return holdings.Data{TTL: rr.Header().Ttl} // the name exists
	}
}

// closest returns the local zone at or above a name that has the longest name.
func (c *config) closest(name string) localZone {
	for at := range holdings.UpToRoot(name) {
		if zone, there := c.zones[at]; there {
			return zone
		}
	}
	return localZone{kind: "transparent"} // Unbound makes one for data without
}
