package exports_test

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
)

// flat returns the records of a view, whichever zone they are in.
func flat(view zones.View) records { return cloud{rules: true}.wanted(view, "").Rules }

// checkFlat compares the records of an export with those of the view. Addresses
// have no order.
func checkFlat(tb rapid.TB, view zones.View, got records) {
	tb.Helper()
	if diff := cmp.Diff(flat(view), got, cmp.Transformer("sorted", func(set rrset) rrset {
		set.Addrs = slices.Sorted(slices.Values(set.Addrs))
		return set
	})); diff != "" {
		tb.Fatalf("VPC %s (-view +export):\n%s", view.Name, diff)
	}
}

// An outcome is how a question to a server ends.
type outcome string

const (
	refused   outcome = "REFUSED" // no zone has the name
	noName    outcome = "NXDOMAIN"
	noData    outcome = "NODATA"
	addressed outcome = "addresses"
)

// checkOneRule asks all names around a topology, and the oracle about each
// answer: no name may lead to an address of another region, nor be refused in one
// type and not in another.
func checkOneRule(tb rapid.TB, m model.Topology, v model.VPC, lookup func(name, kind string) (outcome, []netip.Addr)) {
	tb.Helper()
	for _, name := range m.Names() {
		ways := make(map[string]outcome)
		for _, kind := range []string{"A", "AAAA", "HTTPS"} {
			way, addrs := lookup(name+".", kind)
			ways[kind] = way
			for _, addr := range addrs {
				if !m.Allowed(v, name, addr) {
					tb.Fatalf("VPC %s: %s leads to %s, and is in %v", v.Name, name, addr, m.RegionsOf(name))
				}
			}
		}
		if (ways["A"] == refused) != (ways["AAAA"] == refused) || (ways["A"] == refused) != (ways["HTTPS"] == refused) {
			tb.Fatalf("VPC %s: %s is refused by type: %v", v.Name, name, ways)
		}
	}
}

// checkUntouched asks for names that the view has nothing to say about: they are
// refused. It is for exports in the shape that leaves siblings alone.
func checkUntouched(tb rapid.TB, m model.Topology, view zones.View, lookup func(name, kind string) (outcome, []netip.Addr)) {
	tb.Helper()
	for _, name := range m.Names() {
		if isInDomains(view, name+".") {
			continue
		}
		if way, _ := lookup(name+".", "A"); way != refused && !isBelowSingle(view, name+".") {
			tb.Fatalf("VPC %s: %s is none of the view's, and is answered %s", view.Name, name, way)
		}
	}
}

func isInDomains(view zones.View, name string) bool {
	for domain := range view.Domains() {
		if name == domain.Name || !domain.Single && strings.HasSuffix(name, "."+domain.Name) {
			return true
		}
	}
	return false
}

// isBelowSingle reports whether a name is below a single name of the view, which
// a zone of its own hides.
func isBelowSingle(view zones.View, name string) bool {
	for domain := range view.Domains() {
		if domain.Single && strings.HasSuffix(name, "."+domain.Name) {
			return true
		}
	}
	return false
}
