package report

import (
	"strings"

	"github.com/auralink/auralink/internal/diff"
)

// What a guard may hold back is dangerous. Individual records instead of a wildcard never are: they are how
// names that a wildcard leads to another region come home.

// mendsHeading is above what individual records mend.
const mendsHeading = "individual records instead of a wildcard"

// dangers counts what is dangerous.
func (d Diff) dangers() int {
	return len(d.dangerousClients()) + d.toWildcard + d.Counts.OwnMoves
}

// mends counts what individual records mend.
func (d Diff) mends() int {
	return d.FlipsTotal - d.toWildcard + d.Counts.Moves - d.Counts.OwnMoves
}

// sentences returns families that flip and names that move, line by line as item writes them: those that are
// dangerous, or those that are mended.
func (d Diff) sentences(dangerous bool, indent string, item func(string) string) string {
	flips, moves := d.toWildcard, d.Counts.OwnMoves
	if !dangerous {
		flips, moves = d.FlipsTotal-flips, d.Counts.Moves-moves
	}
	var b strings.Builder
	for _, f := range d.Flips {
		if (f.After == familyWildcard) == dangerous {
			b.WriteString(item(f.sentence()))
			flips--
		}
	}
	b.WriteString(others(indent, flips, "families"))
	for _, c := range d.Moves {
		if c.Own == dangerous {
			b.WriteString(item(c.sentence()))
			moves--
		}
	}
	b.WriteString(others(indent, moves, "names that lead to another region"))
	return b.String()
}

// moves returns the names that lead to another region, at most as many as there is room for: first those with
// a record of their own.
func moves(r *diff.Report, room func(int) bool) []changeDocument {
	own, covered := []changeDocument{}, []changeDocument{}
	for c := range r.Moves() {
		into := &covered
		if c.Own() {
			into = &own
		}
		if room(len(*into)) {
			*into = append(*into, newChangeDocument(c))
		}
		if !room(len(own)) {
			break
		}
	}
	for _, c := range covered {
		if room(len(own)) {
			own = append(own, c)
		}
	}
	return own
}
