package doctor

import "time"

// Version is that of a record's JSON form. It changes where a reader of an older form
// would go wrong; members may be added without.
const Version = 1

// Why a probe could not ask anything.
const (
	TimeOver    = "the time was over"
	Interrupted = "it was interrupted"
)

// GivenUp says why a name server is asked no more, after it answered nothing.
func GivenUp(server string) string { return server + " answers nothing" }

// Record is all evidence of one run, with what it is judged by.
type Record struct {
	// Version is [Version].
	Version int `json:"version"`
	// Auralink is which auralink it was.
	Auralink string    `json:"auralink"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	// Network is what the network is called where several are judged together: the
	// VPC, or the name of the file.
	Network string  `json:"network,omitempty"`
	Subject Subject `json:"subject"`
	Asked   Asked   `json:"asked"`
	// Evidence is in the order in which the probes were listed.
	Evidence []Evidence `json:"evidence"`
}
