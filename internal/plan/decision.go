package plan

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// Mode is how a family of names is written in a view.
type Mode string

// The modes of a family.
const (
	None       Mode = "none"       // not at all: left to public DNS
	Wildcard   Mode = "wildcard"   // one wildcard for all names
	Individual Mode = "individual" // records for each known name
)

// Reason is why a family has its mode.
type Reason string

// The reasons; see the table of the package.
const (
	NoLinks           Reason = "no-links"
	SingleLink        Reason = "single-link"
	UnlinkedEndpoints Reason = "unlinked-endpoints"
	SeveralLinks      Reason = "several-links"
	Requested         Reason = "requested"
)

// Decision is how one family of names is written in one view, and why.
type Decision struct {
	// Family is the parent of the names, as an absolute name.
	Family string `json:"family"`
	Mode   Mode   `json:"mode"`
	Reason Reason `json:"reason"`
	// Regions are the labels of the linked regions that have names in the
	// family, sorted.
	Regions []string `json:"regions"`
	// Unlinked are the first few known names of the family in regions that are
	// not linked, sorted; UnlinkedTotal is how many there are.
	Unlinked      []string `json:"unlinked"`
	UnlinkedTotal int      `json:"unlinked_total"`
	// Apart are the first few names below a wildcard that have records of their own, for
	// they are in other regions, sorted; ApartTotal is how many there are.
	Apart      []string `json:"apart,omitempty"`
	ApartTotal int      `json:"apart_total,omitempty"`
	// Shared are the regions, sorted, that the VPC links by an address of the wildcard's link,
	// where there are several: a private endpoint leads to one region alone.
	Shared []string `json:"shared,omitempty"`
	// Apex is the region that lists the family's parent itself, where that region is
	// not linked and there is a wildcard: the zone that the wildcard makes says that
	// the parent has no records.
	Apex string `json:"apex,omitempty"`
}

// Sentence says the decision and its reason to a person.
func (d Decision) Sentence() string {
	family := dnsname.TrimDot(d.Family)
	regions := strings.Join(d.Regions, ", ")
	switch d.Reason {
	case NoLinks:
		return fmt.Sprintf("no region with names under %s is linked, so they are left to public DNS", family)
	case SingleLink:
		sentence := d.oneLink(family, regions)
		if d.Apex != "" {
			sentence += fmt.Sprintf("; %s itself, which is in region %s, has no records here (NODATA)", family, d.Apex)
		}
		return sentence
	case UnlinkedEndpoints:
		return fmt.Sprintf("*.%s would swallow names of regions that are not linked: %s",
			family, topology.Abridge(d.Unlinked, d.UnlinkedTotal))
	case SeveralLinks:
		return fmt.Sprintf("the linked regions (%s) have different private endpoints, and *.%s could lead to only one of them",
			regions, family)
	case Requested:
		return "the topology asks for individual records"
	default:
		return string(d.Reason)
	}
}

// oneLink says why there is one wildcard, and what that takes for granted.
func (d Decision) oneLink(family, regions string) string {
	every, beside := "every", ""
	if d.ApartTotal > 0 {
		every, beside = "every other", " beside the records of "+topology.Abridge(d.Apart, d.ApartTotal)
	}
	led := fmt.Sprintf("%s name under %s leads to one private endpoint (%s), ", every, family, regions)
	if len(d.Shared) > 0 {
		return led + fmt.Sprintf("for regions %s are linked by the same address: *.%s%s is right only where a proxy of yours tells these regions apart",
			strings.Join(d.Shared, ", "), family, beside)
	}
	return led + fmt.Sprintf("so *.%s is safe%s", family, beside)
}

// familyCase is what the decision on one family in one VPC depends on.
type familyCase struct {
	family   string
	links    []zones.Addresses // of the linked regions
	linked   []tally           // known names, for each of links
	unlinked tally             // known names in regions that are not linked
}

// decide applies the table of the package to one family. It is the only place
// where a wildcard over names of several regions comes from.
func (pl *planner) decide(v *topology.VPC, c familyCase) Decision {
	d := Decision{Family: c.family, Regions: []string{}, Unlinked: []string{}, UnlinkedTotal: c.unlinked.total}
	for _, link := range c.links {
		d.Regions = append(d.Regions, link.Region)
	}
	d.Unlinked = append(d.Unlinked, c.unlinked.first...)
	switch {
	case len(c.links) == 0:
		d.Mode, d.Reason = None, NoLinks
	case !sameAddresses(c.links):
		d.Mode, d.Reason = Individual, SeveralLinks
	case c.unlinked.total > 0:
		d.Mode, d.Reason = Individual, UnlinkedEndpoints
	case v.Mode == topology.ModeIndividual:
		d.Mode, d.Reason = Individual, Requested
	default:
		d.Mode, d.Reason = Wildcard, SingleLink
		d.Shared = pl.sharing(v, c.links[0].Addrs)
	}
	if v.Mode == topology.ModeWildcard && d.Mode == Individual {
		pl.note(unsafeWildcard(v, c, d))
	}
	return d
}

// sharing returns the regions that a VPC links by one of some addresses, sorted, or nil where
// that is one region.
func (pl *planner) sharing(v *topology.VPC, addrs []netip.Addr) []string {
	var regions []string
	for _, link := range v.Links {
		if slices.ContainsFunc(link.Addrs, func(addr netip.Addr) bool { return slices.Contains(addrs, addr) }) {
			regions = append(regions, pl.topology.Regions[link.Region].Name)
		}
	}
	if len(regions) < 2 {
		return nil
	}
	slices.Sort(regions)
	return regions
}

// sameAddresses reports whether all links have the same addresses: that is to
// say, whether there is but one private endpoint behind them.
func sameAddresses(links []zones.Addresses) bool {
	return !slices.ContainsFunc(links, func(link zones.Addresses) bool {
		return !slices.Equal(link.Addrs, links[0].Addrs)
	})
}

// unsafeWildcard says which names a wildcard would misroute, had it been made
// for the first linked region.
func unsafeWildcard(v *topology.VPC, c familyCase, d Decision) topology.Finding {
	misrouted := tally{total: c.unlinked.total, first: slices.Clone(c.unlinked.first)}
	for i, link := range c.links {
		if !slices.Equal(link.Addrs, c.links[0].Addrs) {
			misrouted.total += c.linked[i].total
			misrouted.first = append(misrouted.first, c.linked[i].first...)
		}
	}
	slices.Sort(misrouted.first)
	names := "every name of " + strings.Join(d.Regions[1:], ", ")
	if misrouted.total > 0 {
		names = topology.Abridge(misrouted.first, misrouted.total)
	}
	return topology.Finding{
		Severity: topology.SeverityError,
		Code:     topology.CodeUnsafeWildcard,
		VPC:      v.Name,
		Path:     "vpcs." + v.Name + ".mode",
		Place:    v.ModeAt,
		Message: fmt.Sprintf("mode wildcard is unsafe in VPC %q: *.%s, led to region %q, would misroute %s",
			v.Name, dnsname.TrimDot(c.family), d.Regions[0], names),
		Hint: "remove the mode, and individual records are written",
	}
}
