package diff

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Code names a guard; it is what --force takes.
type Code string

// The guards.
const (
	CodeBulk   Code = "bulk"   // removes or changes much at once
	CodeEmpty  Code = "empty"  // leaves nothing
	CodeRegion Code = "region" // moves a name to another region
)

// Violation is a guard that a comparison trips.
type Violation struct {
	Code Code `json:"code"`
	// Message says what would be done, with the counts.
	Message string `json:"message"`
}

// Guard refuses comparisons that are more likely a mistake than meant.
type Guard struct {
	Code Code
	// Doc says in a line what it refuses.
	Doc string
	// check returns what the changes would do, or "" if that is fine.
	check func(c Counts, moves iter.Seq[Change]) string
}

// Guards returns all guards.
func Guards() []Guard {
	return []Guard{
		{CodeBulk, fmt.Sprintf("removes or changes more than %d %% of %d or more names", bulkPercent, bulkLeast), bulk},
		{CodeEmpty, "leaves a view without any name", empty},
		{CodeRegion, "moves a name that has a record of its own to another region", region},
	}
}

// Violations returns the guards that the comparison trips.
func (r *Report) Violations() []Violation { return violations(r.Counts, r.Moves()) }

func violations(c Counts, moves iter.Seq[Change]) []Violation {
	var violations []Violation
	for _, g := range Guards() {
		if message := g.check(c, moves); message != "" {
			violations = append(violations, Violation{Code: g.Code, Message: message})
		}
	}
	return violations
}

// Unforced returns the violations whose guards are not among forced.
func Unforced(violations []Violation, forced []Code) []Violation {
	return slices.DeleteFunc(slices.Clone(violations), func(v Violation) bool { return slices.Contains(forced, v.Code) })
}

// ParseCodes reads the codes of guards.
func ParseCodes(names []string) ([]Code, error) {
	known := Guards()
	codes := make([]Code, len(names))
	for i, name := range names {
		codes[i] = Code(name)
		if !slices.ContainsFunc(known, func(g Guard) bool { return g.Code == codes[i] }) {
			return nil, fmt.Errorf("unknown guard %q", name)
		}
	}
	return codes, nil
}

// octoDNS's numbers: of few records, each change is a large part.
const (
	bulkPercent = 30
	bulkLeast   = 10
)

// bulk counts names that are removed or whose addresses change; a new TTL is no
// danger, nor is a name more.
func bulk(c Counts, _ iter.Seq[Change]) string {
	touched := c.Removed + c.Changed
	if c.Before < bulkLeast || touched*100 <= bulkPercent*c.Before {
		return ""
	}
	return fmt.Sprintf("%d of %d names would be removed (%d) or changed (%d): %d %%, more than %d %%",
		touched, c.Before, c.Removed, c.Changed, touched*100/c.Before, bulkPercent)
}

func empty(c Counts, _ iter.Seq[Change]) string {
	if c.Before == 0 || c.After > 0 {
		return ""
	}
	return fmt.Sprintf("all %d names would be removed, and none be left", c.Before)
}

// maxNamed is how many names a message lists.
const maxNamed = 5

// region counts names that had a record of their own before. Those that a
// wildcard sent to the wrong region are not held back: to correct that is what
// individual records are for.
func region(counts Counts, moves iter.Seq[Change]) string {
	if counts.OwnMoves == 0 {
		return ""
	}
	var named []string
	for c := range moves {
		if len(named) == maxNamed {
			break
		}
		if c.Own() {
			named = append(named, fmt.Sprintf("%s (%s → %s)", strings.TrimSuffix(c.Name, "."),
				strings.Join(c.Before.Regions, ", "), strings.Join(c.After.Regions, ", ")))
		}
	}
	more := ""
	if rest := counts.OwnMoves - len(named); rest > 0 {
		more = fmt.Sprintf(", and %d more", rest)
	}
	return fmt.Sprintf("%d of %d names would lead to another region: %s%s",
		counts.OwnMoves, counts.Before, strings.Join(named, ", "), more)
}
