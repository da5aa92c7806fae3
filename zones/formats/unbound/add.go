package unbound

import (
	"net/netip"
	"slices"
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

// blanket is what local zones have that do not look at their data, but for always_null, which
// has it for what is lacking.
var blanket = map[string]holdings.Data{
	// block_a leaves questions for other types to others, and has no address of its data.
	"block_a":         {Action: holdings.NoData},
	"always_nxdomain": {Action: holdings.NXDomain}, "always_nodata": {Action: holdings.NoData}, "always_refuse": {Action: holdings.Drop},
	"always_deny": {Action: holdings.Drop}, "always_transparent": {Action: holdings.Passthru},
	"always_null": {Addrs: []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}},
}

// passing are local zones that leave to others what they lack.
var passing = map[string]bool{
	"transparent": true, "typetransparent": true, "inform": true, "always_transparent": true, "block_a": true, "noview": true, "ipset": true,
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
	c.addLocal()
	c.addPolicies()
	c.addForwards()
	c.addAllData()
}

// within reports whether a name is a zone's or below it, as all are in the root.
func within(name, zone string) bool { return zone == "." || dnsname.AtOrBelow(name, zone) }

// others returns what others do with a name that the local zones leave to them.
func (c *config) others(name string) (holdings.Action, holdings.Referral) {
	if f, found := c.asked(name); found {
		return f.miss, f.to
	}
	return holdings.Passthru, holdings.Referral{}
}

// addLocalZone adds what becomes of the names at and below one, as far as no data has them.
func (c *config) addLocalZone(name string) {
	at, zone := c.effective(name, 0)
	claim := holdings.Claim{Origin: name, Miss: zone.miss(), Place: zone.place}
	if zone.name == "" || passing[zone.kind] {
		claim.Miss, claim.Referral = c.others(name)
	}
	c.b.Claim(claim)
	if zone.covers() {
		c.addRedirect(name, at, zone)
	}
	d, all := blanket[zone.kind]
	if !all {
		return
	}
	d.TTL = holdings.NoTTL
	if d.Action == holdings.Passthru && claim.Miss == holdings.Refer {
		d.Action, d.Referral = claim.Miss, claim.Referral
	}
	c.b.Add(below(name), d, zone.place)
	if !c.settled(at, name, "") {
		c.b.Add(name, d, zone.place)
	}
}

// addRedirect adds the data of a local zone that answers all names in it the same.
func (c *config) addRedirect(name string, at int, zone localZone) {
	for _, d := range c.layers[at].data {
		if d.name != zone.name {
			continue
		}
		data := c.meaning(d, zone)
		c.b.Add(below(name), data, d.place)
		if data.Implied = true; !c.settled(at, name, d.kind) {
			c.b.Add(name, data, d.place)
		}
	}
}

// addLocalData adds a record, as the closest local zone at or above it means it.
func (c *config) addLocalData(i int, d localData) {
	zone := c.layers[i].closest(d.name)
	c.addHollow(i, d)
	if zone.ignores(d) || c.layers[i].shadowed(d) {
		return
	}
	data := c.meaning(d, zone)
	if zone.kind == "always_null" {
		data.Addrs = append(slices.Clone(data.Addrs), c.layers[i].nulls(d.name)...)
	}
	data.Partial = zone.kind == "typetransparent" && d.kind != "CNAME" && c.passes(i+1, d.name)
	if data.Partial && !data.Answers() && data.Action == "" {
		return // which asks others for all else
	}
	c.b.Add(d.name, data, d.place)
	if zone.kind == "typetransparent" {
		c.addTypes(i, d)
	}
	if len(data.Addrs) > 0 && !c.layers[i].hasBoth(d.name) {
		c.halfAnswered(d, zone)
	}
}

// ignores reports whether a record is not what is answered by itself for its name in a zone.
func (z localZone) ignores(d localData) bool {
	_, all := blanket[z.kind]
	return all && z.kind != "always_null" || z.covers() || !passing[z.kind] && (d.kind == "SOA" || d.kind == "NS")
}

// halfAnswered notes a name with addresses of one family, in a zone that has no good answer for
// the other one.
func (c *config) halfAnswered(d localData, zone localZone) {
	if zone.miss() == holdings.Drop && !passing[zone.kind] {
		c.b.Fails(d.name, zone.place, "local-zone "+zone.kind, "other types than those that "+dnsname.TrimDot(d.name)+" has")
	}
}

// passes reports whether the layers from one on leave a name to others that has no data.
func (c *config) passes(from int, name string) bool {
	if from == len(c.layers) {
		return true
	}
	_, zone := c.effective(name, from)
	return zone.name == "" || passing[zone.kind]
}

// addTypes adds the types that a name lacks in a layer, where the next one answers all names
// there the same.
func (c *config) addTypes(i int, d localData) {
	if i == len(c.layers)-1 {
		return
	}
	at, zone := c.effective(d.name, i+1)
	if zone.kind == "always_null" && !c.layers[at].named[d.name] {
		c.b.Add(d.name, holdings.Data{Addrs: c.layers[i].nulls(d.name), TTL: holdings.NoTTL}, zone.place)
	}
	if !zone.covers() {
		return
	}
	for _, its := range c.layers[at].data {
		if its.name == zone.name && !c.layers[i].has(its.kind, d.name) {
			c.b.Add(d.name, c.meaning(its, zone), its.place)
		}
	}
}

// nulls returns the addresses by which always_null answers for the families that a name lacks.
func (l *layer) nulls(name string) []netip.Addr {
	var all []netip.Addr
	for _, addr := range blanket["always_null"].Addrs {
		if addr.Is4() && !l.has("A", name) || !addr.Is4() && !l.has("AAAA", name) {
			all = append(all, addr)
		}
	}
	return all
}

// hasBoth reports whether a name has addresses of both families.
func (l *layer) hasBoth(name string) bool { return l.has("A", name) && l.has("AAAA", name) }

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
