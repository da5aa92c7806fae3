// Package rpz is response policy zones (draft-vixie-dnsop-dns-rpz), and what tells
// resolvers to load one.
package rpz

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is a response policy zone (draft-vixie-dnsop-dns-rpz).
var Format = formats.Format{
	Name:    "rpz",
	Group:   formats.GroupZones,
	Summary: "a response policy zone for BIND, Unbound, Knot Resolver and PowerDNS Recursor",
	Form: "One policy zone. An orchestra has a rule for its name and one for all below it; a custom endpoint has a rule " +
		"for each of its names. Where a wildcard must not reach, rules say that there is no such name. No other name is touched. " +
		"A name with a rule has no other types than A and AAAA. Snippets for named.conf, unbound.conf, kresd.conf and " +
		"PowerDNS Recursor's Lua configuration load the zone.",
	Limits: "A response policy is for the resolver that clients ask, not for an authoritative server. Until it has loaded the " +
		"policy zone BIND answers from public DNS, be it at its start or because the file is faulty: load the zone from a file " +
		"beside it, run named-checkconf -z first, and let no client ask before rndc zonestatus shows it. A name that has no " +
		"room left for the policy zone's own name behind it is refused, and so is a policy zone at, above or below names of the view.",
	Parameters: []formats.Parameter{
		{
			Name:    "zone",
			Default: "rpz.auralink.invalid",
			Doc:     "the policy zone's own name, which nobody asks for",
			Check:   checkPolicyZone,
		},
		{
			Name:  "directory",
			Doc:   "where the resolver finds the zone file, if not in its working directory",
			Check: formats.CheckPath,
		},
	},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		policy := policyZone{view: v, origin: dnsname.Absolute(o.Values["zone"])}
		if err := policy.check(); err != nil {
			return nil, err
		}
		return formats.Files(append([]formats.File{policy.file()}, policy.snippets(o)...)...), nil
	},
	Read:     read,
	Reads:    "response policy zones: rules about the name that was asked for. Other triggers, such as rpz-ip, are counted in a note.",
	Detect:   detect,
	ReadBack: map[string]formats.Reader{".zone": read},
	PerZone:  []string{".zone"},
}

// policyZone is a view as a response policy zone.
type policyZone struct {
	view   zones.View
	origin string // absolute
}

const (
	// maxPolicyZone is the longest name of a policy zone, in octets: a custom
	// endpoint's name, at most 63+1+18 octets, fits in front of it.
	maxPolicyZone = 100
	maxLabel      = 63  // octets in a label (RFC 1035, section 2.3.4)
	maxName       = 255 // octets in a name on the wire (the same)
)

var errPolicyZone = errors.New("is not a domain name of at most 100 letters, digits, hyphens, underscores and dots")

// checkPolicyZone takes names that need no quoting anywhere.
func checkPolicyZone(name string) error {
	name = dnsname.TrimDot(name)
	if len(name) > maxPolicyZone {
		return errPolicyZone
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > maxLabel || strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			return errPolicyZone
		}
	}
	return nil
}

// check refuses a policy zone that stands in the way, and names that are too long for it.
func (p policyZone) check() error {
	if name, shadowed := p.shadows(); shadowed {
		return &formats.Refusal{
			Format:  "rpz",
			Reason:  fmt.Sprintf("a policy zone %q would answer for names of %s as a zone of its own", p.origin, name),
			Instead: "another name for the policy zone, which nobody asks for: zone=rpz.example.org",
		}
	}
	for _, r := range p.view.ZoneRules() {
		// On the wire a name has one octet more than it has with its final dot,
		// and here it has the wildcard's two in front.
		if len("*.")+len(r.Name)+len(p.origin)+1 > maxName {
			return &formats.Refusal{
				Format:  "rpz",
				Reason:  fmt.Sprintf("%q is too long to have %q behind it, as in a policy zone it must", dnsname.TrimDot(r.Name), p.origin),
				Instead: "a shorter name for the policy zone: zone=rpz; or the format unbound, dnsmasq or bind",
			}
		}
	}
	return nil
}

// shadows reports whether the resolver would answer with the policy zone, as with any
// other of its zones, for names that clients ask for, and whose.
func (p policyZone) shadows() (whose string, shadowed bool) {
	if dnsname.AtOrBelow(auraname.Origin, p.origin) || dnsname.AtOrBelow(p.origin, auraname.Origin) {
		return "Aura", true
	}
	for _, zone := range p.view.Zones {
		if dnsname.AtOrBelow(zone.Origin, p.origin) || dnsname.AtOrBelow(p.origin, zone.Origin) {
			return "zone " + dnsname.TrimDot(zone.Origin), true
		}
	}
	return "", false
}

// file returns the zone file.
func (p policyZone) file() formats.File {
	return formats.File{Name: formats.FileName(p.origin) + ".zone", Origin: p.origin, Write: p.write}
}

func (p policyZone) write(w io.Writer, serial uint32) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment(";", "Response policy zone", p.view))
	fmt.Fprintf(out, "$ORIGIN %s\n$TTL %d\n", p.origin, p.view.TTL)
	fmt.Fprintf(out, "@\tIN\tSOA\t%s\n", zonefile.Data(zones.SOA(p.origin, p.view.TTL, serial)))
	fmt.Fprintf(out, "@\tIN\tNS\t%s\n", zonefile.Data(zones.NS(p.origin, p.view.TTL)))
	for r := range p.view.Rules() {
		p.writePolicy(out, r.Name, r.At)
		p.writePolicy(out, "*."+r.Name, r.Below)
	}
	return out.Flush() // the first error of all writes
}

// writePolicy writes what is answered at a name: "*." in front means all below.
func (p policyZone) writePolicy(out *bufio.Writer, name string, o zones.Ruling) {
	name = dnsname.TrimDot(name)
	switch o.Outcome {
	case zones.NotOurs: // no rule, no change
	case zones.NoData:
		fmt.Fprintf(out, "%s\tIN\tCNAME\t*.\n", name)
	case zones.NXDomain:
		fmt.Fprintf(out, "%s\tIN\tCNAME\t.\n", name)
	case zones.Positive:
		zonefile.WriteOwner(out, zones.Owner{Name: name + "." + p.origin, Addresses: o.Addresses}, p.origin)
	default: // a view rules nothing else
	}
}
