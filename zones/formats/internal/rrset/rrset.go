// Package rrset gives to holdings what clouds and tools list as RRsets: a name, a
// type, and values as text.
package rrset

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// RRset is the records that a name has of one type.
type RRset struct {
	// Name is the owner's; without a final dot it is absolute as well.
	Name string
	// Type is a type of DNS, or what a provider has beside those, such as ALIAS.
	Type string
	TTL  TTL
	// Zone is the zone that has it, or "" where the source does not say it: where another
	// zone is closer to the name, it counts no more.
	Zone string
	// ZoneID tells the zone from others of that name; "" where the source does not say it.
	ZoneID string
	// Rule says that it is of a response policy, which comes before all zones.
	Rule bool
	// Identifier tells it from others of that name and type; "" where there is one alone.
	Identifier string
	// Values are the records' data. [Unknown] stands for one that the source does not
	// know yet.
	Values []string
}

// Unknown is a value that the source does not know. As a name it never resolves (RFC
// 6761, section 6.4).
const Unknown = "not-known-yet.auralink.invalid."

// TTL is a time to live in seconds; the zero one is that of a source that does not
// say it. In JSON it may be a number or a text.
type TTL struct {
	seconds uint32
	said    bool
}

// Seconds returns a TTL that the source says.
func Seconds(seconds uint32) TTL { return TTL{seconds: seconds, said: true} }

// UnmarshalJSON implements json.Unmarshaler.
func (t *TTL) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	number := strings.Trim(string(text), `"`)
	seconds, err := strconv.ParseUint(number, 10, 31)
	if err != nil {
		return fmt.Errorf("TTL %s is not a number of seconds", text)
	}
	*t = Seconds(uint32(seconds))
	return nil
}

var _ json.Unmarshaler = (*TTL)(nil)

// data returns what a name has that has no records yet.
func (t TTL) data() holdings.Data {
	if !t.said {
		return holdings.Data{TTL: holdings.NoTTL}
	}
	return holdings.Data{TTL: t.seconds}
}

// Zone claims a zone that answers NXDOMAIN for what it lacks.
func Zone(b *holdings.Builder, origin string, at holdings.Place) {
	name, err := holdings.CanonicalName(origin)
	if err != nil {
		b.Note(at, "%v: left out", err)
		return
	}
	b.InZone(at.File, name)
	b.Claim(holdings.Claim{Origin: name, Zone: true, Miss: holdings.NXDomain, Place: at})
}

// Identify notes by what a zone is told from others of its name.
func Identify(b *holdings.Builder, origin, identity string, at holdings.Place) {
	if name, err := holdings.CanonicalName(origin); err == nil {
		b.Identify(name, strings.ToLower(identity), at)
	}
}

// Refers notes the id of a zone to which something refers that has none of its records.
func Refers(b *holdings.Builder, origin, identity string, at holdings.Place) {
	if name, err := holdings.CanonicalName(origin); err == nil {
		b.Refers(name, strings.ToLower(identity), at)
	}
}

// Public notes that everybody sees a zone: what it has is no answer of private DNS.
func Public(b *holdings.Builder, origin string, at holdings.Place) {
	if name, err := holdings.CanonicalName(origin); err == nil {
		b.UnreadBelow(name, at, "zone %s is public: no network has it as private DNS, and its records count for nobody here", dnsname.TrimDot(name))
	}
}

// PublicListed is Public for a zone of which nothing but its name is listed: it is of no concern, unless
// the records of a zone of that name are read.
func PublicListed(b *holdings.Builder, origin string, at holdings.Place) {
	if name, err := holdings.CanonicalName(origin); err == nil {
		b.UnreadIfPrivate(name, at, "zone %s is listed as public, and there are record sets of a zone of that name: if they are its own, no network has them as private DNS", dnsname.TrimDot(name))
	}
}

// Unlisted claims a zone of which nothing but its name is listed. Its records, as records
// says what these are, may stand beside it, and claim it then.
func Unlisted(b *holdings.Builder, origin, records string, at holdings.Place) {
	name, err := holdings.CanonicalName(origin)
	if err != nil {
		b.Note(at, "%v: left out", err)
		return
	}
	b.InZone(at.File, name)
	b.Claim(holdings.Claim{Origin: name, Miss: holdings.Refer, Referral: holdings.Referral{File: records}, Place: at})
}

// Elsewhere notes that a zone which has records here is made elsewhere: whatever else it
// has was not read.
func Elsewhere(b *holdings.Builder, zone string, at holdings.Place) {
	b.Unread(at, "zone %s is made elsewhere: what else it has, and which names it hides, cannot be told", dnsname.TrimDot(zone))
}

// Referred claims a zone that others answer.
func Referred(b *holdings.Builder, origin string, to holdings.Referral, at holdings.Place) {
	name, err := holdings.CanonicalName(origin)
	if err != nil {
		b.Note(at, "%v: left out", err)
		return
	}
	b.InZone(at.File, name)
	b.Claim(holdings.Claim{Origin: name, Miss: holdings.Refer, Cut: true, Referral: to, Place: at})
}

// Add adds an RRset. The zone's SOA claims it, and its NS records are not what clients ask
// for; others leave all that is at or below them to others. What is no name or no address
// is left out, with a note, and so is what is not in its zone.
func Add(b *holdings.Builder, r RRset, at holdings.Place) {
	name, err := holdings.CanonicalName(r.Name)
	if err != nil {
		b.Note(at, "%v: left out", err)
		return
	}
	if r.outside(name) {
		b.UnreadBelow(strings.TrimPrefix(name, "*."), at, "%s is not in zone %s, in which it is to be: nobody takes such a record, and it is left out", dnsname.TrimDot(name), dnsname.TrimDot(r.zone()))
		return
	}
	d := r.TTL.data()
	switch strings.ToUpper(r.Type) {
	case "SOA":
		Zone(b, r.Name, at)
		return
	case "NS":
		if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
			b.UnreadBelow(parent, at, "%s has NS records, which mean nothing of a wildcard", dnsname.TrimDot(name))
			return
		}
		b.Claim(holdings.Claim{Origin: name, Miss: holdings.Refer, Cut: true, Referral: holdings.Referral{Servers: servers(r.Values)}, Place: at})
		return
	case "A", "AAAA":
		if !addresses(b, &d, r, at) {
			return
		}
	case "CNAME", "ALIAS", "ANAME":
		for i := range max(len(r.Values), 1) {
			d = d.With(holdings.Data{Target: target(r.Values[min(i, len(r.Values)):]), TTL: d.TTL})
		}
	case "DNAME":
		name, d.Target, d.Subtree = "*."+name, target(r.Values), true
	case "LUA", "WINS", "URLFWD", "URL", "POOL":
		b.Note(at, "%s is not read: what it makes of %s is not known here", r.Type, r.Name)
		d = holdings.Data{Action: holdings.Refer, Referral: holdings.Referral{Record: strings.ToUpper(r.Type)}, TTL: holdings.NoTTL}
	case "HTTPS", "SVCB", "TYPE64", "TYPE65":
		b.UnreadBelow(strings.TrimPrefix(name, "*."), at, "%s is not read: to which addresses it sends browsers that ask for %s is not judged", strings.ToUpper(r.Type), dnsname.TrimDot(name))
	default: // the name exists
	}
	if r.Rule {
		b.AddRule(name, d, at)
		return
	}
	b.AddInZone(r.zone(), strings.ToLower(r.ZoneID), name, d, at)
}

// zone returns the zone as an absolute name, or "" where it is not known.
func (r RRset) zone() string {
	if origin, err := holdings.CanonicalName(r.Zone); err == nil {
		return origin
	}
	return ""
}

// outside reports whether a name is in no zone that the RRset is to be in.
func (r RRset) outside(name string) bool {
	zone := r.zone()
	return zone != "" && !r.Rule && !dnsname.AtOrBelow(name, zone)
}

// servers returns the names of name servers in a line.
func servers(values []string) string {
	names := make([]string, len(values))
	for i, value := range values {
		names[i] = dnsname.TrimDot(holdings.Target(value))
	}
	return strings.Join(names, ", ")
}

// addresses adds the addresses of an RRset to data. What is none is not known, and neither
// is what the name has then if it has nothing else. It reports whether there is anything.
func addresses(b *holdings.Builder, d *holdings.Data, r RRset, at holdings.Place) bool {
	odd := false
	for _, value := range r.Values {
		if value == Unknown {
			b.Note(at, "an address of %s is not known yet", r.Name)
			d.Addrs, d.Target = nil, Unknown
			return true
		}
		addr, err := netip.ParseAddr(strings.TrimSpace(value))
		if err != nil || addr.Zone() != "" || addr.Is4() != strings.EqualFold(r.Type, "A") {
			b.UnreadBelow(dnsname.Lower(dnsname.Absolute(r.Name)), at, "%s has the %s %q, which is no such address: left out", r.Name, r.Type, value)
			odd = true
			continue
		}
		d.Addrs = append(d.Addrs, addr)
	}
	d.Addrs = holdings.SortedAddrs(d.Addrs)
	if odd && len(d.Addrs) == 0 {
		d.Action, d.Referral = holdings.Refer, holdings.Referral{Record: strings.ToUpper(r.Type)}
	}
	return odd || len(d.Addrs) > 0
}

// target returns where the first of some values leads.
func target(values []string) string {
	if len(values) == 0 {
		return Unknown
	}
	return holdings.Target(values[0])
}
