package diff

// Counts says how much there is. They are complete, whatever is listed.
type Counts struct {
	// Before and After are the names with addresses on either side.
	Before int `json:"before"`
	After  int `json:"after"`
	// Added, Removed, Changed and TTL are the changes of each kind.
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Changed int `json:"changed"`
	TTL     int `json:"ttl"`
	// Unanswered are the names of which it is not known what they have.
	Unanswered int `json:"unanswered,omitempty"`
	// Leaks and Hides are the names of which all is right but what is left to others.
	Leaks int `json:"leaks,omitempty"`
	Hides int `json:"hides,omitempty"`
	// Moves are the names that lead to another region; OwnMoves are those of
	// them that had a record of their own before.
	Moves    int `json:"moves"`
	OwnMoves int `json:"own_moves"`
	// Lost are those of Removed that have nothing in the place of what they had: no
	// wildcard covers them, and they are no wildcard that gives way to records.
	Lost int `json:"lost"`
}

// Total is the number of changes.
func (c Counts) Total() int {
	return c.Added + c.Removed + c.Changed + c.TTL + c.Unanswered + c.Leaks + c.Hides
}

func (c *Counts) add(change Change) {
	switch change.Kind {
	case Added:
		c.Added++
	case Removed:
		c.Removed++
	case Changed:
		c.Changed++
	case TTL:
		c.TTL++
	case Unanswered:
		c.Unanswered++
	case Leaks:
		c.Leaks++
	case Hides:
		c.Hides++
	}
	if !change.Moves() {
		return
	}
	c.Moves++
	if change.Own() {
		c.OwnMoves++
	}
}

// plus returns the counts of both.
func (c Counts) plus(other Counts) Counts {
	return Counts{
		Before: c.Before + other.Before, After: c.After + other.After,
		Added: c.Added + other.Added, Removed: c.Removed + other.Removed,
		Changed: c.Changed + other.Changed, TTL: c.TTL + other.TTL,
		Unanswered: c.Unanswered + other.Unanswered, Leaks: c.Leaks + other.Leaks, Hides: c.Hides + other.Hides,
		Moves: c.Moves + other.Moves, OwnMoves: c.OwnMoves + other.OwnMoves,
		Lost: c.Lost + other.Lost,
	}
}
