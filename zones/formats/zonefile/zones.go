package zonefile

import (
	"io"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// Read reads a zone file by itself, which BIND must load.
func Read(b *holdings.Builder, r io.Reader, in formats.Input) error { return ReadFor(b, r, in, BIND) }

// ReadFor is Read for another server.
func ReadFor(b *holdings.Builder, r io.Reader, in formats.Input, server Server) error {
	l := &loading{b: b, server: server, bare: true, exported: in.Exported, at: holdings.Place{File: in.Name, Line: 1}}
	apex := ""
	var before []string // the zones of the file before that of the apex
	first, err := each(b, r, in, l, func(rec Record) error {
		if dnsname.AtOrBelow(rec.Owner, UnknownOrigin) {
			return rec.Place.Errorf("%w", ErrNoOrigin)
		}
		if rec.Type == "SOA" {
			if apex != "" {
				before = append(before, apex)
			}
			apex = rec.Owner
			l.begin(apex, in.Name)
			b.OfZone(in.Name, apex, false)
			b.Claim(holdings.Claim{Origin: rec.Owner, Zone: true, Miss: holdings.NXDomain, Place: rec.Place})
		}
		if apex == "" {
			l.before(rec)
		}
		if zone, elsewhere := earlier(rec.Owner, apex, before); elsewhere {
			Add(b, rec, zone)
		} else if apex == "" || l.see(rec) {
			Add(b, rec, apex)
		}
		return nil
	})
	if first.ByName || apex == "" && first.Origin != UnknownOrigin {
		b.OfZone(in.Name, first.Origin, first.ByName)
	}
	l.begin(first.Origin, "")
	l.end(in.Name)
	return err
}

// earlier reports whether a name that is not in the zone with the apex is elsewhere in a
// list of several zones, and returns the closest of the zones before that has it, or ""
// if it is in none: such a list need not be in the order of its zones.
func earlier(name, apex string, before []string) (zone string, elsewhere bool) {
	if len(before) == 0 || dnsname.AtOrBelow(name, apex) {
		return "", false
	}
	for _, b := range before {
		if dnsname.AtOrBelow(name, b) && len(b) > len(zone) {
			zone = b
		}
	}
	return zone, true
}

// Add adds a record of a zone with that apex.
func Add(b *holdings.Builder, rec Record, apex string) {
	switch {
	case rec.Type == "NSEC", rec.Type == "RRSIG": // by which a name exists that has nothing else
		b.AddIn(apex, rec.Owner, holdings.Exists, rec.Place)
	case signing[rec.Type]:
	case rec.RR == nil:
		referral := holdings.Referral{Record: rec.Type}
		b.Add(rec.Owner, holdings.Data{Action: holdings.Refer, Referral: referral, TTL: holdings.NoTTL}, rec.Place)
	default:
		b.AddRR(rec.Owner, rec.RR, apex, rec.Place)
	}
}

// signing are the types that may stand beside a CNAME, or at names that are hashes.
var signing = map[string]bool{"RRSIG": true, "NSEC": true, "NSEC3": true}
