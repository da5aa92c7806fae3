package guard

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/spell"
)

// Tally is what a change does to one VPC. The guards decide by it, and by nothing
// else.
type Tally struct {
	VPC string
	// Before and After are how many names have addresses of their own; a wildcard
	// is one name.
	Before, After int
	// Removed is how many names had addresses of their own and are to have none,
	// not even a wildcard's. A wildcard that gives way to individual records is
	// not removed.
	Removed int
	// Moved is how many names are to lead to another region; Moves are the first
	// few of them.
	Moved int
	Moves []Move
	// Wildcards are those that are to answer where individual records did.
	Wildcards []Wildcard
	// Clients are the ranges of its clients that are to be in another VPC, or in
	// none.
	Clients []ClientMove
	// Serial is the step that the serial takes, where secondaries would miss what
	// changes; nil where they would not, or the serial is nobody's but the servers'.
	Serial *SerialStep
}

// Move is a name that is to lead to another region.
type Move struct {
	// Name is absolute.
	Name string
	// From and To are labels of regions.
	From, To []string
}

// Wildcard is a family of names that a wildcard is to answer.
type Wildcard struct {
	// Family is the names' parent, as an absolute name.
	Family string
	// Names is how many of them had records of their own.
	Names int
}

// Violations returns the guards that the change trips, the most dangerous first.
func (t Tally) Violations() []Violation {
	var violations []Violation
	for _, g := range Guards() {
		if message := g.check(t); message != "" {
			violations = append(violations, Violation{Code: g.Code, VPC: t.VPC, Message: message})
		}
	}
	return violations
}

// MaxNamed is how many names, or ranges, a message lists.
const MaxNamed = 5

// octoDNS's numbers: of few records, each is a large part.
const (
	bulkPercent = 30
	bulkLeast   = 10
)

func (t Tally) clients() string {
	if len(t.Clients) == 0 {
		return ""
	}
	return fmt.Sprintf("%s would be in another VPC, or in none: %s",
		spell.Count(len(t.Clients), "client range"), listed(t.Clients, len(t.Clients), ClientMove.String))
}

func (t Tally) wildcard() string {
	if len(t.Wildcards) == 0 {
		return ""
	}
	return fmt.Sprintf("%s would answer where individual records did: %s",
		spell.Count(len(t.Wildcards), "wildcard"), listed(t.Wildcards, len(t.Wildcards), Wildcard.String))
}

func (t Tally) region() string {
	if t.Moved == 0 {
		return ""
	}
	names := spell.Count(t.Moved, "name")
	if t.Moved <= t.Before {
		names = fmt.Sprintf("%d of %s", t.Moved, spell.Count(t.Before, "name"))
	}
	return fmt.Sprintf("%s would lead to another region: %s", names, listed(t.Moves, t.Moved, Move.String))
}

// empty does not count a wildcard that gives way to records of which there are none
// yet: it had to go.
func (t Tally) empty() string {
	if t.Removed == 0 || t.After > 0 {
		return ""
	}
	if t.Before == 1 {
		return "the only name would be removed, and none be left"
	}
	return fmt.Sprintf("all %d names would be removed, and none be left", t.Before)
}

func (t Tally) bulk() string {
	if t.Before < bulkLeast || t.Removed*100 <= bulkPercent*t.Before {
		return ""
	}
	return fmt.Sprintf("%d of %d names would be removed: %d %%, more than %d %%",
		t.Removed, t.Before, t.Removed*100/t.Before, bulkPercent)
}

// String returns the move as a message has it.
func (m Move) String() string {
	return fmt.Sprintf("%s (%s → %s)", relative(m.Name), strings.Join(m.From, ", "), strings.Join(m.To, ", "))
}

// String returns the wildcard as a message has it.
func (w Wildcard) String() string {
	return fmt.Sprintf("*.%s (instead of %s)", relative(w.Family), spell.Count(w.Names, "record"))
}

// relative returns a name as people write it, without the final dot.
func relative(name string) string { return dnsname.TrimDot(name) }

// listed names the first few things, and says how many more there are of total.
func listed[T any](things []T, total int, text func(T) string) string {
	var named []string
	for _, thing := range things[:min(len(things), MaxNamed)] {
		named = append(named, text(thing))
	}
	if rest := total - len(named); rest > 0 {
		named = append(named, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(named, ", ")
}
