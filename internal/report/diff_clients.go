package report

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/guard"
)

// dangerousClients are the ranges whose clients were in a VPC before.
func (d Diff) dangerousClients() []guard.ClientMove { return d.clientsWhere(true) }

// newClients are the ranges whose clients were in none.
func (d Diff) newClients() []guard.ClientMove { return d.clientsWhere(false) }

func (d Diff) clientsWhere(dangerous bool) []guard.ClientMove {
	var moves []guard.ClientMove
	for _, m := range d.Clients {
		if m.Dangerous() == dangerous {
			moves = append(moves, m)
		}
	}
	return moves
}

// clientSentence says which clients move where.
func clientSentence(m guard.ClientMove) string {
	if m.From == "" {
		return fmt.Sprintf("clients %s are in VPC %s now", m.Range, m.To)
	}
	to := "no VPC"
	if m.To != "" {
		to = "VPC " + m.To
	}
	return fmt.Sprintf("clients %s are in %s instead of VPC %s", m.Range, to, m.From)
}

// phrase says in how much the sides differ.
func (d Diff) phrase() string {
	parts := []string{d.countsPhrase()}
	parts = append(parts, d.faultsPhrases()...)
	if n := len(d.dangerousClients()); n > 0 {
		parts = append(parts, ranges(n)+" moved")
	}
	if n := len(d.newClients()); n > 0 {
		parts = append(parts, ranges(n)+" more")
	}
	if d.Renamed != "" {
		parts = append(parts, fmt.Sprintf("the VPC was called %s", d.Renamed))
	}
	if d.Partial != "" {
		parts = append(parts, partialPhrase(d.Partial))
	}
	return strings.Join(parts, "; ")
}

// partialPhrase says that not all was read.
func partialPhrase(why string) string { return "PARTIAL, for " + why + ": not all was read" }

func ranges(n int) string {
	if n == 1 {
		return "1 client range"
	}
	return fmt.Sprintf("%d client ranges", n)
}
