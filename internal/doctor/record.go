package doctor

import "time"

// Version is that of a record's JSON form. It changes where a reader of an older form
// would go wrong; members may be added without.
const Version = 1

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
