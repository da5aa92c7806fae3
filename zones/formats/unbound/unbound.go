// Package unbound is the local zones of unbound.conf(5).
package unbound

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is the configuration of Unbound's server.
var Format = formats.Format{
	Name:    "unbound",
	Group:   formats.GroupServers,
	Summary: "local zones for Unbound",
	Form: "An orchestra is a local-zone of type redirect, which answers at the name and at all below it. A name by itself " +
		"is of type transparent: what is beside and below it goes on to public DNS. Names at which a wildcard must not " +
		"reach are of type static. A wildcard whose parent has other addresses or none, as endpoints.neo4j.io, is an auth-zone " +
		"with a zone file of its own. A name with addresses has no other types than A and AAAA.",
	Limits: "Individual custom endpoints answer other types without an SOA, so that clients do not remember that there is nothing.",
	Parameters: []formats.Parameter{{
		Name:  "directory",
		Doc:   "where Unbound finds the zone files, if not in its working directory",
		Check: formats.CheckPath,
	}},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		all := []formats.File{{
			Name:  "unbound.conf",
			Write: func(w io.Writer, _ uint32) error { return write(w, v, o) },
		}}
		for _, zone := range authZones(v) {
			all = append(all, zonefile.File(v, zone))
		}
		return formats.Files(all...), nil
	},
	Read:     read,
	Reads:    "unbound.conf: local zones and data, auth, forward and stub zones, policy zones, and of views and tags those of the clients. include:, zonefile: and directory: are followed.",
	Detect:   detect,
	ReadBack: map[string]formats.Reader{"unbound.conf": read, ".zone": zonefile.Read},
	PerZone:  []string{".zone"},
}

// apart reports whether a rule leads somewhere below its name, and somewhere else
// or nowhere at it: no local-zone can say so.
func apart(r zones.Rule) bool { return r.Below.Outcome == zones.Positive && !r.Uniform() }

// authZones returns a zone for each rule that no local-zone can express, with
// nothing in it but that.
func authZones(v zones.View) []zones.Zone {
	var all []zones.Zone
	for _, r := range v.ZoneRules() {
		if !apart(r) {
			continue
		}
		zone := zones.Zone{Origin: r.Name, Owners: []zones.Owner{{Name: "*." + r.Name, Addresses: r.Below.Addresses}}}
		if r.At.Outcome == zones.Positive {
			zone.Owners = append(zone.Owners, zones.Owner{Name: r.Name, Addresses: r.At.Addresses})
		}
		all = append(all, zone)
	}
	return all
}

func write(w io.Writer, v zones.View, o formats.Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment("#", "Local zones", v))
	fmt.Fprint(out, "# Include it in unbound.conf.\nserver:\n")
	for _, r := range v.ZoneRules() {
		writeLocalZone(out, v, r)
	}
	for _, zone := range v.Zones {
		if zone.Endpoints != nil {
			writeLocalEndpoints(out, v, zone)
		}
	}
	for _, zone := range authZones(v) {
		fmt.Fprintf(out, authZone, zone.Origin, o.InDirectory(zonefile.File(v, zone).Name))
	}
	return out.Flush() // the first error of all writes
}

// authZone is asked by clients, never by the resolver itself, and nobody
// else is asked where its file is missing.
const authZone = `auth-zone:
	name: %q
	zonefile: %q
	for-downstream: yes
	for-upstream: no
	fallback-enabled: no
`

// localZoneType returns the type of the local-zone of a rule.
func localZoneType(r zones.Rule) string {
	switch {
	case apart(r):
		return "transparent" // and goes on to the auth-zone
	case r.Below.Outcome == zones.Positive:
		return "redirect"
	case r.Below.Outcome == zones.NotOurs:
		return "transparent"
	default:
		return "static"
	}
}

// writeLocalZone writes the local-zone of a rule. Its SOA goes with the answers
// that have no data.
func writeLocalZone(out *bufio.Writer, v zones.View, r zones.Rule) {
	if r.Implied {
		return
	}
	fmt.Fprintf(out, "\tlocal-zone: %q %s\n", r.Name, localZoneType(r))
	if apart(r) {
		return
	}
	if r.At.Outcome != zones.NXDomain {
		fmt.Fprintf(out, "\tlocal-data: %q\n", zonefile.OneLine(zones.SOA(r.Name, v.TTL, 1).String())) // nobody transfers it
	}
	if r.At.Outcome == zones.Positive {
		writeLocalData(out, v, zones.Owner{Name: r.Name, Addresses: r.At.Addresses})
	}
}

// writeLocalEndpoints writes individual records into one local-zone that leaves
// alone all it does not know.
func writeLocalEndpoints(out *bufio.Writer, v zones.View, zone zones.Zone) {
	fmt.Fprintf(out, "\tlocal-zone: %q transparent\n", zone.Origin)
	for owner := range zone.All() {
		writeLocalData(out, v, owner)
	}
}

func writeLocalData(out *bufio.Writer, v zones.View, owner zones.Owner) {
	for _, addr := range owner.Addrs {
		fmt.Fprintf(out, "\tlocal-data: %q # %s\n", zonefile.OneLine(zones.AddressRR(owner.Name, v.TTL, addr).String()), owner.Region)
	}
}
