package graph

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/plan"
)

// New returns the picture of a plan.
func New(p *plan.Plan) *Picture {
	c := &comparison{before: p, after: p}
	return c.draw()
}

// Scope says what of two plans is drawn.
type Scope struct {
	// Changes leaves out the VPCs and the regions of which nothing changes.
	Changes bool
	// VPC leaves out all VPCs but one, by the name that it has or had; "" for all.
	VPC string
}

// Compare returns the picture of one plan in the place of another.
func Compare(before, after *plan.Plan, s Scope) *Picture {
	c := &comparison{before: before, after: after, judgement: guard.Compare(before, after), compared: true, scope: s}
	return c.draw()
}

// comparison is two plans side by side: twice the same one, where nothing is compared.
type comparison struct {
	before, after *plan.Plan
	judgement     guard.Judgement
	compared      bool
	scope         Scope
}

// changeOf returns what becomes of a thing that is there before, after, or both.
func changeOf(before, after bool) Change {
	switch {
	case before == after:
		return Same
	case after:
		return Added
	default:
		return Removed
	}
}

// pairs returns all things of two sorted lists, each once and with its change.
func pairs[T any](before, after []T, compare func(a, b T) int, each func(thing T, change Change)) {
	for len(before) > 0 || len(after) > 0 {
		order := 0
		switch {
		case len(before) == 0:
			order = 1
		case len(after) == 0:
			order = -1
		default:
			order = compare(before[0], after[0])
		}
		switch {
		case order == 0:
			each(after[0], Same)
			before, after = before[1:], after[1:]
		case order < 0:
			each(before[0], Removed)
			before = before[1:]
		default:
			each(after[0], Added)
			after = after[1:]
		}
	}
}

// rows returns all VPCs of both plans, by name.
func (c *comparison) rows() []row {
	tallies := make(map[string]guard.Tally, len(c.judgement.Tallies))
	for _, t := range c.judgement.Tallies {
		tallies[t.VPC] = t
	}
	moves := make(map[string][]guard.ClientMove)
	for _, m := range c.judgement.Clients {
		moves[m.From] = append(moves[m.From], m)
		if m.To != m.From {
			moves[m.To] = append(moves[m.To], m)
		}
	}
	var rows []row
	called := make(map[string]string, len(c.judgement.Renamed)) // the old name, by the new one
	for old, now := range c.judgement.Renamed {
		called[now] = old
	}
	for i := range c.after.VPCs {
		now := &c.after.VPCs[i]
		was := now.Name
		if old, renamed := called[now.Name]; renamed {
			was = old
		}
		old, _ := c.before.VPC(was)
		rows = append(rows, c.row(old, now, tallies[now.Name], append(slices.Clone(moves[now.Name]), renamedMoves(moves, was, now.Name)...)))
	}
	for i := range c.before.VPCs {
		old := &c.before.VPCs[i]
		_, renamed := c.judgement.Renamed[old.Name]
		if _, there := c.after.VPC(old.Name); !there && !renamed {
			rows = append(rows, c.row(old, nil, tallies[old.Name], moves[old.Name]))
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.name, b.name) })
	return rows
}

// renamedMoves returns the moves of the name that a VPC had.
func renamedMoves(moves map[string][]guard.ClientMove, was, is string) []guard.ClientMove {
	if was == is {
		return nil
	}
	return moves[was]
}
