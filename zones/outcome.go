package zones

// Outcome is what becomes of a question, as far as names decide it: those of a view, or
// those that some DNS holds. The authority, the formats and the holdings have no other
// word for it.
type Outcome uint8

// The outcomes.
const (
	// NotOurs: the name is left to whatever else answers it, as if nobody here had
	// been asked.
	NotOurs Outcome = iota
	// Positive: the name has what is asked for.
	Positive
	// NoData: the name exists, and has nothing of the type.
	NoData
	// NXDomain: the name does not exist.
	NXDomain
	// Minimal: the name has something, and the question is for ANY: it is answered
	// by one record that is made up (RFC 8482, section 4.2).
	Minimal
	// Redirects: the name leads to another one, of which nothing is known here. No
	// view has such a name.
	Redirects
	// Dropped: there is no answer, or a refusal. No view has such a name.
	Dropped
	// Referred: others have the answer, and it is known who, such as a server that is
	// asked. No view has such a name.
	Referred
)

// outcomeWords are the outcomes in the words of a metric's label.
var outcomeWords = [...]string{
	NotOurs:   "not-ours",
	Positive:  "positive",
	NoData:    "nodata",
	NXDomain:  "nxdomain",
	Minimal:   "minimal",
	Redirects: "redirects",
	Dropped:   "dropped",
	Referred:  "referred",
}

// Outcomes is how many outcomes a question to a view can have. They are the first ones.
const Outcomes = int(Redirects)

// String returns the outcome in the words of a metric's label.
func (o Outcome) String() string {
	if int(o) >= len(outcomeWords) {
		return "invalid"
	}
	return outcomeWords[o]
}
