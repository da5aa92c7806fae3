package zones

// Outcome is what becomes of a question, as far as the names that a view has, or
// that some DNS holds, decide it.
type Outcome uint8

// The outcomes.
const (
	// NotOurs: the name is left to whatever else answers it.
	NotOurs Outcome = iota
	// Positive: the name has what is asked for.
	Positive
	// NoData: the name exists, and has nothing of the type.
	NoData
	// NXDomain: the name does not exist.
	NXDomain
)
