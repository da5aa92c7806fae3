// Package topology reads the topology file: which Aura regions there are, which
// of the customer's networks (VPCs) reach which of them by which addresses, and
// in which region each custom endpoint lives.
//
// The package decodes strictly and validates completely: after [Parse] has
// returned a [Topology] nothing needs to be checked again. It decides nothing
// about records; that is package plan's. It is pure: it reads from an io.Reader
// and touches neither the file system, the network nor the clock.
package topology

import (
	"net/netip"

	"github.com/auralink/auralink/internal/auraname"
)

// EndpointsOrigin is the parent of all custom endpoints, as an absolute name.
const EndpointsOrigin = auraname.Endpoints

// DefaultTTL is the time to live of every record, in seconds, where the
// topology does not say otherwise.
const DefaultTTL = 30

// Prefixes are put before a custom endpoint's label to make the four further
// names that each custom endpoint needs.
var Prefixes = auraname.Prefixes

// Mode says how the families of names are to be written for one VPC: the custom
// endpoints, and the names under each extra wildcard.
type Mode string

const (
	// ModeAuto lets the plan choose: a wildcard where it is safe, else
	// individual records. The default.
	ModeAuto Mode = "auto"
	// ModeIndividual asks for individual records even where a wildcard is safe.
	ModeIndividual Mode = "individual"
	// ModeWildcard insists on a wildcard; where it is unsafe that is an error.
	ModeWildcard Mode = "wildcard"
)

// Topology is a validated topology file. Everything in it is sorted, so that
// equal files give equal values. It must not be changed.
type Topology struct {
	// TTL is the time to live of every record, in seconds.
	TTL uint32
	// Serial is that of all zones; 0 where the file leaves it to the servers.
	Serial uint32
	// Regions is sorted by Name; a region is referred to by its index in it.
	Regions []Region
	// VPCs is sorted by Name.
	VPCs []VPC
	// Endpoints is sorted by Label.
	Endpoints []Endpoint
	// Unsaid are notes of what the file leaves open, and what follows from it. They are
	// no findings of [Parse]: only who looks at a plan can tell whether that is meant.
	Unsaid Findings
}

// Region is an Aura region.
type Region struct {
	// Name is the user's label for it, such as "aws-us-east-1".
	Name string
	// Orchestras are absolute, lower-case host names, sorted.
	Orchestras []string
	// ExtraNames are absolute, lower-case names, sorted; the first label may
	// be "*".
	ExtraNames []string
}

// VPC is one of the customer's networks: the unit that sees one consistent set
// of answers.
type VPC struct {
	// Name is the user's label for it.
	Name string
	// Clients are the address ranges that ask from it, sorted. Empty in at
	// most one VPC of a topology, which then has every client that no range of
	// another VPC covers.
	Clients []netip.Prefix
	// Links are sorted by Region.
	Links []Link
	// Mode is what the file asks for.
	Mode Mode
	// ModeAt is where the file asks for it, or where the VPC is declared.
	ModeAt Place
}

// Link is what a VPC has to a region: a private endpoint.
type Link struct {
	// Region is an index into [Topology.Regions].
	Region int
	// Addrs are the private endpoint's addresses, sorted, none twice; never
	// empty.
	Addrs []netip.Addr
}

// Endpoint is a custom endpoint: a label under endpoints.neo4j.io that is bound
// to one region for life.
type Endpoint struct {
	// Label is one lower-case host label of at most 61 octets.
	Label string
	// Region is an index into [Topology.Regions].
	Region int32
}
