// Package status shows people what a server serves just now, and why: pages, and the same
// as JSON, over HTTP, read-only.
//
// Whoever may connect may read all of it: addresses, names and the subnets of clients,
// and no secrets, of which the server's topology has none. A page of the Internet can
// not read it through somebody's browser: requests must name the server by an address,
// as localhost, or as the option does (DNS rebinding), and no answer may be read by
// another origin.
//
// The package knows no CoreDNS and no query: a [Subject] says what there is to show
// when somebody looks.
package status

import (
	"time"

	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// Subject is what is shown: what serves one server block.
type Subject interface {
	// Key says which server block it is. Of subjects with the same key the one that
	// joined last is shown.
	Key() string
	// State says what there is to know at a time, but for rates.
	State(now time.Time) State
	// Served returns the plan that is served, and what was found in its topology.
	Served() (*plan.Plan, topology.Findings)
	// Held returns the plan that is held back, or nil.
	Held() *plan.Plan
	// Ask answers as a client with that address would be answered.
	Ask(q Question) (lookup.Document, error)
	// Queries counts the queries so far, by view; those of strangers are of "".
	Queries() map[string]uint64
}

// Question is what somebody asks as a client.
type Question struct {
	// Client is the client's address, or the name of its VPC.
	Client string `json:"client"`
	// Name is a host name, and Type a record's type, such as "A".
	Name string `json:"name"`
	Type string `json:"type"`
}

// State is what there is to know of a server block; its JSON form is that of
// /api/v1/status.
type State struct {
	// Server is the server block's key, and Servers are all that are shown.
	Server  string   `json:"server"`
	Servers []string `json:"servers"`
	Version string   `json:"version"`
	// Now is when this was written.
	Now        time.Time    `json:"now"`
	Plan       Plan         `json:"plan"`
	Problem    *Problem     `json:"problem,omitempty"`
	FastPath   []FastPath   `json:"fast_path"`
	Views      []View       `json:"views"`
	Strangers  Strangers    `json:"strangers"`
	Undeclared []Undeclared `json:"undeclared"`
	PublicPath PublicPath   `json:"public_path"`
}

// Plan is the plan that is served.
type Plan struct {
	// Topology is where it is from.
	Topology string `json:"topology"`
	// Loaded is when its text was read.
	Loaded time.Time `json:"loaded"`
	// Age is for how long it is served, in whole seconds.
	Age int64 `json:"age_seconds"`
	// Kept says that it is the snapshot of an earlier run.
	Kept bool `json:"kept"`
	// Digest is that of its text, and Serial that of its zones.
	Digest string `json:"digest"`
	Serial uint32 `json:"serial"`
	// Summary says in a few words what it comes to.
	Summary   string `json:"summary"`
	VPCs      int    `json:"vpcs"`
	Regions   int    `json:"regions"`
	Endpoints int    `json:"custom_endpoints"`
}

// Problem is why what is served is not what the source has.
type Problem struct {
	// Held says that a change is held back; else the text could not be taken.
	Held bool `json:"held"`
	// Message says what is wrong.
	Message string `json:"message"`
	// Codes are the guards, or the reasons, by which a change is held.
	Codes []string `json:"codes"`
	// Release says how a change that is held is released; Acceptance is the line that
	// does, if there is one.
	Release    string `json:"release,omitempty"`
	Acceptance string `json:"acceptance,omitempty"`
}

// FastPath is what the fast path is on an address.
type FastPath struct {
	Address string `json:"address"`
	// Sockets is how many it has; 0 where it is off, and Off says why.
	Sockets int    `json:"sockets"`
	Off     string `json:"off,omitempty"`
}

// View is a VPC, and how much it asks.
type View struct {
	VPC    string      `json:"vpc"`
	Mode   plan.Mode   `json:"mode"`
	Reason plan.Reason `json:"reason"`
	// Queries is how many there were since the process began, and Rate how many a
	// second lately.
	Queries uint64  `json:"queries"`
	Rate    float64 `json:"queries_per_second"`
	// Undeclared is how many of them were for endpoints that the topology does not
	// declare.
	Undeclared uint64 `json:"undeclared"`
}

// Strangers are the clients in no VPC.
type Strangers struct {
	// Policy says what becomes of them.
	Policy string `json:"policy"`
	// Queries and Rate are as in a View.
	Queries uint64  `json:"queries"`
	Rate    float64 `json:"queries_per_second"`
	// Seen are those of the log.
	Seen []Stranger `json:"seen"`
}

// Stranger is a subnet of clients in no VPC.
type Stranger struct {
	Subnet string `json:"subnet"`
	// What says what the subnet does.
	What string `json:"what"`
	// Line is what is to be written into the topology, if its clients are in a VPC.
	Line  string    `json:"line,omitempty"`
	Count uint64    `json:"count"`
	Since time.Time `json:"since"`
}

// Undeclared is a custom endpoint that is asked for, and that the topology does not
// declare.
type Undeclared struct {
	VPC   string `json:"vpc"`
	Label string `json:"label"`
	// Line is what is to be written into the topology, with a region to be filled in.
	Line  string    `json:"line"`
	Count uint64    `json:"count"`
	Since time.Time `json:"since"`
}

// PublicPath is who still reaches Aura by public DNS.
type PublicPath struct {
	// Since is since when account is kept without a gap.
	Since time.Time `json:"since"`
	// Subnets is how many were seen within seven days.
	Subnets int          `json:"subnets"`
	Users   []PublicUser `json:"users"`
	// Left is how many more users there are than are listed.
	Left int `json:"left"`
}

// PublicUser is a subnet that reaches Aura by public DNS.
type PublicUser struct {
	Subnet string `json:"subnet"`
	// VPC is that of its clients; "" for none.
	VPC   string    `json:"vpc"`
	Kind  string    `json:"kind"`
	Name  string    `json:"name"`
	Count uint64    `json:"count"`
	Last  time.Time `json:"last"`
}
