package graph

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
)

// decide adds the decisions of both sides, each family with its reason, and in a
// sentence why.
func (r *row) decide(old, now *plan.VPC) {
	compare := func(a, b plan.Decision) int { return strings.Compare(a.Family, b.Family) }
	before := decisionsOf(old)
	pairs(before, decisionsOf(now), compare, func(d plan.Decision, change Change) {
		if change == Same {
			was := before[slices.IndexFunc(before, func(b plan.Decision) bool { return b.Family == d.Family })]
			if was.Mode != d.Mode || was.Reason != d.Reason {
				r.decisions = append(r.decisions, decisionLine(was, Removed))
				change = Added
			}
		}
		r.decisions = append(r.decisions, decisionLine(d, change))
		if change != Removed || now == nil {
			r.why = append(r.why, d.Sentence())
		}
	})
}

// decisionsOf returns the decisions of a VPC by family.
func decisionsOf(v *plan.VPC) []plan.Decision {
	if v == nil {
		return nil
	}
	return slices.SortedFunc(slices.Values(append([]plan.Decision{v.Endpoints}, v.Extra...)),
		func(a, b plan.Decision) int { return strings.Compare(a.Family, b.Family) })
}

// decisionLine says how a family is written.
func decisionLine(d plan.Decision, change Change) Line {
	family := dnsname.TrimDot(d.Family)
	reason := " (" + string(d.Reason) + ")"
	switch d.Mode {
	case plan.Wildcard:
		return Line{Mark: Wildcard, Text: "*." + family + reason, Change: change}
	case plan.Individual:
		return Line{Mark: Single, Text: "each name of " + family + reason, Change: change}
	case plan.None:
	}
	return Line{Mark: Public, Text: family + " by public DNS" + reason, Change: change}
}

// tell adds what the change does to names, as the guards count it.
func (r *row) tell(t guard.Tally) {
	for _, m := range t.Moves {
		r.decisions = append(r.decisions, Line{Mark: markOf(m.Name), Text: dnsname.TrimDot(m.Name), Change: Moved},
			Line{Text: strings.Join(m.From, ", ") + " → " + strings.Join(m.To, ", "), Change: Moved})
	}
	if more := t.Moved - len(t.Moves); more > 0 {
		r.decisions = append(r.decisions, Line{Text: "and " + spell.Count(more, "more name"), Change: Moved})
	}
	if t.Removed > 0 {
		r.decisions = append(r.decisions, Line{Text: spell.Count(t.Removed, "name") + " without an answer", Change: Removed})
	}
}

// markOf returns the mark of a name.
func markOf(name string) Mark {
	if strings.HasPrefix(name, "*.") {
		return Wildcard
	}
	return Single
}
