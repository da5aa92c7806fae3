package zones

import (
	"bufio"
	"fmt"
	"io"
	"iter"
)

// unbound is the configuration of Unbound's server.
var unbound = Format{
	Name:    "unbound",
	Group:   GroupServers,
	Summary: "local zones for Unbound",
	Shape: "An orchestra is a local-zone of type redirect, which answers at the name and at all below it. A name by itself " +
		"is of type transparent: what is beside and below it goes on to public DNS. Names at which a wildcard must not " +
		"reach are of type static. A wildcard whose parent has other addresses or none, as endpoints.neo4j.io, is an auth-zone " +
		"with a zone file of its own. A name with addresses has no other types than A and AAAA.",
	Limits: "Individual custom endpoints answer other types without an SOA, so that clients do not remember that there is nothing.",
	Parameters: []Parameter{{
		Name:  "directory",
		Doc:   "where Unbound finds the zone files, if not in its working directory",
		Check: checkPath,
	}},
	files: func(v View, o Options) (iter.Seq[File], error) {
		all := []File{{
			Name:  "unbound.conf",
			Write: func(w io.Writer, _ uint32) error { return writeUnbound(w, v, o) },
		}}
		for _, zone := range authZones(v) {
			all = append(all, zoneFile(v, zone))
		}
		return files(all...), nil
	},
}

// apart reports whether a rule leads somewhere below its name, and somewhere else
// or nowhere at it: no local-zone can say so.
func apart(r Rule) bool { return r.Below.Outcome == Positive && !r.Uniform() }

// authZones returns a zone for each rule that no local-zone can express, with
// nothing in it but that.
func authZones(v View) []Zone {
	var all []Zone
	for _, r := range v.ZoneRules() {
		if !apart(r) {
			continue
		}
		zone := Zone{Origin: r.Name, Owners: []Owner{{Name: "*." + r.Name, Addresses: r.Below.Addresses}}}
		if r.At.Outcome == Positive {
			zone.Owners = append(zone.Owners, Owner{Name: r.Name, Addresses: r.At.Addresses})
		}
		all = append(all, zone)
	}
	return all
}

func writeUnbound(w io.Writer, v View, o Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, comment("#", "Local zones", v))
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
		fmt.Fprintf(out, unboundAuthZone, zone.Origin, o.inDirectory(zoneFile(v, zone).Name))
	}
	return out.Flush() // the first error of all writes
}

// unboundAuthZone is asked by clients, never by the resolver itself, and nobody
// else is asked where its file is missing.
const unboundAuthZone = `auth-zone:
	name: %q
	zonefile: %q
	for-downstream: yes
	for-upstream: no
	fallback-enabled: no
`

// localZoneType returns the type of the local-zone of a rule.
func localZoneType(r Rule) string {
	switch {
	case apart(r):
		return "transparent" // and goes on to the auth-zone
	case r.Below.Outcome == Positive:
		return "redirect"
	case r.Below.Outcome == NotOurs:
		return "transparent"
	default:
		return "static"
	}
}

// writeLocalZone writes the local-zone of a rule. Its SOA goes with the answers
// that have no data.
func writeLocalZone(out *bufio.Writer, v View, r Rule) {
	if r.Implied {
		return
	}
	fmt.Fprintf(out, "\tlocal-zone: %q %s\n", r.Name, localZoneType(r))
	if apart(r) {
		return
	}
	if r.At.Outcome != NXDomain {
		fmt.Fprintf(out, "\tlocal-data: %q\n", oneLine(SOA(r.Name, v.TTL, 1).String())) // nobody transfers it
	}
	if r.At.Outcome == Positive {
		writeLocalData(out, v, Owner{Name: r.Name, Addresses: r.At.Addresses})
	}
}

// writeLocalEndpoints writes individual records into one local-zone that leaves
// alone all it does not know.
func writeLocalEndpoints(out *bufio.Writer, v View, zone Zone) {
	fmt.Fprintf(out, "\tlocal-zone: %q transparent\n", zone.Origin)
	for owner := range zone.All() {
		writeLocalData(out, v, owner)
	}
}

func writeLocalData(out *bufio.Writer, v View, owner Owner) {
	for _, addr := range owner.Addrs {
		fmt.Fprintf(out, "\tlocal-data: %q # %s\n", oneLine(AddressRR(owner.Name, v.TTL, addr).String()), owner.Region)
	}
}
