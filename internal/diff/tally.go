package diff

import (
	"iter"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/guard"
)

// Tally returns what the guards want to know of the comparison.
func (r *Report) Tally(vpc string) guard.Tally {
	return tally(vpc, r.Counts, r.Flips, r.Moves())
}

// tally is [Report.Tally] of the counts, flips and moves of several comparisons.
//
// Of the names that move, those count that had a record of their own. Those that a
// wildcard sent to the wrong region are not held back: to correct that is what
// individual records are for.
func tally(vpc string, c Counts, flips []Flip, moves iter.Seq[Change]) guard.Tally {
	t := guard.Tally{VPC: vpc, Before: c.Before, After: c.After, Removed: c.Lost, Moved: c.OwnMoves}
	for _, f := range flips {
		if f.ToWildcard {
			t.Wildcards = append(t.Wildcards, guard.Wildcard{Family: f.Family, Names: f.Names})
		}
	}
	slices.SortFunc(t.Wildcards, func(a, b guard.Wildcard) int { return strings.Compare(a.Family, b.Family) })
	if t.Moved == 0 {
		return t
	}
	for c := range moves {
		if len(t.Moves) == guard.MaxNamed {
			break
		}
		if c.Own() {
			t.Moves = append(t.Moves, guard.Move{Name: c.Name, From: c.Before.Regions, To: c.After.Regions})
		}
	}
	return t
}
