package model_test

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/plan"
)

// row is what the decision on one family of names depends on.
type row struct {
	sets     int  // distinct address sets among the links of its regions; 2 for more
	unlinked bool // some of its known names are in a region that is not linked
	mode     string
}

// decision is what is decided.
type decision struct {
	mode   plan.Mode
	reason plan.Reason
	unsafe bool // the file asks for what cannot be had
}

// table is the planning table, each row of it for each mode. Without links there
// is nothing to decide.
var table = map[row]decision{
	{1, false, ""}:           {plan.Wildcard, plan.SingleLink, false},
	{1, false, "individual"}: {plan.Individual, plan.Requested, false},
	{1, false, "wildcard"}:   {plan.Wildcard, plan.SingleLink, false},
	{1, true, ""}:            {plan.Individual, plan.UnlinkedEndpoints, false},
	{1, true, "individual"}:  {plan.Individual, plan.UnlinkedEndpoints, false},
	{1, true, "wildcard"}:    {plan.Individual, plan.UnlinkedEndpoints, true},
	{2, false, ""}:           {plan.Individual, plan.SeveralLinks, false},
	{2, false, "individual"}: {plan.Individual, plan.SeveralLinks, false},
	{2, false, "wildcard"}:   {plan.Individual, plan.SeveralLinks, true},
	{2, true, ""}:            {plan.Individual, plan.SeveralLinks, false},
	{2, true, "individual"}:  {plan.Individual, plan.SeveralLinks, false},
	{2, true, "wildcard"}:    {plan.Individual, plan.SeveralLinks, true},
}

// decide looks a family up. The regions in which it has names are given, and the
// regions of the names in it that are known.
func (v vpc) decide(regions, known []int) decision {
	r := row{mode: v.mode, unlinked: slices.ContainsFunc(known, func(region int) bool { return v.links[region] == unlinked })}
	var sets [][]netip.Addr
	for _, region := range regions {
		addrs := v.links[region].addrs(region)
		if len(addrs) > 0 && !slices.ContainsFunc(sets, func(set []netip.Addr) bool { return slices.Equal(set, addrs) }) {
			sets = append(sets, addrs)
		}
	}
	if len(sets) == 0 {
		return decision{mode: plan.None, reason: plan.NoLinks}
	}
	r.sets = len(sets)
	return table[r]
}

// endpointsDecision is about endpoints.neo4j.io, in which every region may have
// names.
func (f foundation) endpointsDecision(v vpc) decision {
	var known []int
	for _, e := range f.endpoints {
		known = append(known, e.region)
	}
	return v.decide(f.numbers(), known)
}

// extraDecision is about example.org, which has the names of the regions that
// claim the wildcard, and x.example.org.
func (f foundation) extraDecision(v vpc) decision {
	return v.decide(f.having(wildcard), slices.Concat(f.having(wildcard), f.having(single)))
}
