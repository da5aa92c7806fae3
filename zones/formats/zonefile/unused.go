package zonefile

import (
	"slices"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
)

// Unused are types of records of which a server makes less than others do.
type Unused struct {
	// Inert are those of which the server makes nothing but that their names exist, and Absent those
	// of which it does not make even that.
	Inert, Absent []string
}

// use returns a record as the server takes it, and whether it does. Of one that is inert the name
// exists in the zone with that origin.
func (u Unused) use(b *holdings.Builder, rec Record, origin string) (taken Record, used bool) {
	kind := rec.Type
	if rec.RR != nil && rfc3597.MatchString(kind) {
		kind = dns.Type(rec.RR.Header().Rrtype).String()
	}
	switch {
	case slices.Contains(u.Absent, kind):
		return rec, false
	case slices.Contains(u.Inert, kind):
		b.AddIn(origin, rec.Owner, holdings.Data{TTL: holdings.NoTTL}, rec.Place)
		return rec, false
	case kind == "ALIAS": // whose addresses the server asks a resolver for
		rec.RR = nil
	}
	return rec, true
}
