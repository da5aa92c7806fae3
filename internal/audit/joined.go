package audit

import (
	"slices"

	"github.com/auralink/auralink/internal/spell"
)

// Joined returns the findings of several subjects of one VPC, each of whose clients have a
// set of their own. What is wrong for some of them alone says for whom.
func Joined(all []Judged) []Finding {
	if len(all) == 1 {
		return all[0].Findings
	}
	same := func(a Finding) func(Finding) bool {
		return func(b Finding) bool { return a.Code == b.Code && a.Place == b.Place && a.Message == b.Message }
	}
	var joined []Finding
	for _, j := range all {
		for _, f := range j.Findings {
			everywhere := !slices.ContainsFunc(all, func(other Judged) bool { return !slices.ContainsFunc(other.Findings, same(f)) })
			if !everywhere {
				f.Message += " (for the clients " + spell.Ranges(j.Clients) + ")"
			}
			if !slices.ContainsFunc(joined, same(f)) {
				joined = append(joined, f)
			}
		}
	}
	slices.SortStableFunc(joined, compare)
	return joined
}
