package topology

import (
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// claim is a name that the file declares for a region: an orchestra, which has
// everything at and below it, or an extra name.
type claim struct {
	name      string // absolute, lower-case, without "*."
	kind      claimKind
	region    int
	from      scalar
	path      string
	redundant bool
}

type claimKind uint8

const (
	claimOrchestra claimKind = iota // the name and all below it
	claimName                       // the name alone
	claimWildcard                   // all below the name
)

// claimNames reads the orchestras and extra names of all regions, checks them
// against each other and puts them into their regions.
func (v *validator) claimNames(raw table[rawRegion]) {
	var claims []claim
	for _, e := range raw.entries {
		region, ok := v.regions[e.key.text]
		if !ok {
			continue
		}
		path := "regions." + e.key.text
		for i, s := range e.value.Orchestras.items {
			claims = v.appendClaim(claims, claim{region: region, from: s, path: item(path+".orchestras", i)}, readOrchestra)
		}
		for i, s := range e.value.ExtraNames.items {
			claims = v.appendClaim(claims, claim{region: region, from: s, path: item(path+".extra_names", i)}, readExtraName)
		}
	}
	v.checkClaims(claims)
	for _, c := range claims {
		v.grant(c)
	}
	for i := range v.topology.Regions {
		slices.Sort(v.topology.Regions[i].Orchestras)
		slices.Sort(v.topology.Regions[i].ExtraNames)
	}
}

func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// appendClaim completes c by read, and keeps it if it can stand by itself.
func (v *validator) appendClaim(claims []claim, c claim, read func(text string) spelling) []claim {
	spelled := read(dnsname.Lower(c.from.text))
	if spelled.wrong != "" {
		v.errorf(CodeBadName, c.from.at, c.path, spelled.hint, "name %q %s", c.from.text, spelled.wrong)
		return claims
	}
	c.name, c.kind = spelled.name+".", spelled.kind
	if v.reserved(c) {
		return claims
	}
	v.spelled(spelled, c.from, c.path)
	v.sharedByAll(c)
	return append(claims, c)
}

// spelled says what a text was taken for that could be used, if there is anything
// to be said.
func (v *validator) spelled(s spelling, from scalar, path string) {
	if s.meant != "" {
		v.notef(CodeSpelling, from.at, path, "write "+s.meant, "%q is taken for %s", from.text, s.name)
	}
	if s.doubt != "" {
		v.warnf(CodeOddOrchestra, from.at, path, s.hint, "%q %s", from.text, s.doubt)
	}
}

// takenFor notes that a text was taken for an address or a range.
func (v *validator) takenFor(meant fmt.Stringer, from scalar, path string) {
	v.spelled(spelling{name: meant.String(), meant: meant.String()}, from, path)
}

// reserved complains about a claim to what is declared elsewhere in the file,
// or above what must stay public: where a name or a wildcard is served, nothing
// at or below it is asked of public DNS any more.
func (v *validator) reserved(c claim) bool {
	if c.name == EndpointsOrigin || dnsname.Below(c.name, EndpointsOrigin) {
		v.errorf(CodeReservedName, c.from.at, c.path, "leave it out here, and declare custom endpoints under custom_endpoints",
			"%q is in the domain of the custom endpoints", c.from.text)
		return true
	}
	for _, public := range publicNames {
		if c.name == public || dnsname.Below(public, c.name) {
			v.errorf(CodeReservedName, c.from.at, c.path, "leave it out: only what the private link serves stands here",
				"%q would capture %s, which is always public", c.from.text, dnsname.TrimDot(public))
			return true
		}
	}
	return false
}

// sharedByAll warns of a claim to a name under which the instances of all regions
// are, linked or not.
func (v *validator) sharedByAll(c claim) {
	for _, shared := range sharedNames {
		if c.name == shared || dnsname.Below(c.name, shared) && c.kind == claimWildcard {
			v.warnf(CodeSharedName, c.from.at, c.path,
				"name the instances of this region one by one under extra_names, or leave them to public DNS",
				"under %s are the instances of all regions: %q would send every other region's here",
				dnsname.TrimDot(shared), c.from.text)
			return
		}
	}
}

// checkClaims finds names that are declared twice and names that belong to an
// orchestra of another region. A wildcard that several regions claim, and a
// name below another region's wildcard, are no conflict: the plan separates
// them.
func (v *validator) checkClaims(claims []claim) {
	orchestras := v.checkTwice(claims)
	for i := range claims {
		c := &claims[i]
		for name := c.name; name != ""; name = dnsname.Parent(name) {
			owner, ok := orchestras[name]
			if ok && owner != c && !c.redundant {
				v.checkBelowOrchestra(c, owner)
			}
		}
	}
}

// checkTwice finds names that are declared twice, and returns the first claim
// to each orchestra.
func (v *validator) checkTwice(claims []claim) map[string]*claim {
	type key struct {
		name   string
		kind   claimKind
		region int // of a wildcard, which several regions may claim
	}
	first := make(map[key]*claim, len(claims))
	orchestras := make(map[string]*claim)
	for i := range claims {
		c := &claims[i]
		k := key{name: c.name, kind: c.kind}
		if c.kind == claimWildcard {
			k.region = c.region
		}
		before, again := first[k]
		switch {
		case !again:
			first[k] = c
			if c.kind == claimOrchestra {
				orchestras[c.name] = c
			}
		case before.region == c.region:
			c.redundant = true
			v.errorf(CodeDuplicate, c.from.at, c.path, "keep one of them",
				"%q stands twice, first in line %d", c.from.text, before.from.at.line)
		default:
			v.conflict(c, before)
		}
	}
	return orchestras
}

// checkBelowOrchestra judges a claim at or below another orchestra's name,
// which has every name there.
func (v *validator) checkBelowOrchestra(c, owner *claim) {
	switch {
	case c.kind == claimOrchestra && c.name == owner.name:
		// Two regions declare one orchestra: reported as such already.
	case c.region != owner.region:
		v.conflict(c, owner)
	case c.kind != claimOrchestra:
		c.redundant = true
		v.warnf(CodeRedundantName, c.from.at, c.path, "leave it out",
			"%q is covered by orchestra %q already", c.from.text, owner.from.text)
	}
}

func (v *validator) conflict(c, with *claim) {
	what := "name"
	if c.kind == claimOrchestra {
		what = "orchestra"
	}
	v.errorf(CodeNameConflict, c.from.at, c.path, "leave one of the two out: a name lives in exactly one region",
		"%s %q is declared for region %q, but line %d gives it to region %q", what, c.from.text,
		v.topology.Regions[c.region].Name, with.from.at.line, v.topology.Regions[with.region].Name)
}

// grant puts a claim into its region.
func (v *validator) grant(c claim) {
	region := &v.topology.Regions[c.region]
	switch {
	case c.redundant:
	case c.kind == claimOrchestra:
		region.Orchestras = append(region.Orchestras, c.name)
	case c.kind == claimWildcard:
		region.ExtraNames = append(region.ExtraNames, "*."+c.name)
	default:
		region.ExtraNames = append(region.ExtraNames, c.name)
	}
}
