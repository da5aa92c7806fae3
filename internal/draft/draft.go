// Package draft makes a first topology from what there is: from the names that
// somebody's DNS has, and from the private endpoints that the clouds list.
//
// Nothing in a draft is a guess. What cannot be known is a [Todo], with the reason and
// with the place where the answer stands; and where more than one private endpoint may
// be behind a network, no wildcard is planned for it. The package is pure.
package draft

import (
	"cmp"
	"net/netip"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/inventory"
)

// Source is the DNS of one network, or a part of it.
type Source struct {
	// Name is what it is called.
	Name string
	// VPC is that for which it is said to be; "" if nobody says so.
	VPC string
	// Ours says that all of its names are of a plan.
	Ours bool
	Set  *holdings.Set
}

// Input is what a draft is made from.
type Input struct {
	Sources []Source
	// Read are all that was read, by their names.
	Read      []string
	Inventory *inventory.Inventory
	// VPC is the name of the network that has no other; "" for apps.
	VPC string
	// Services are said to be Aura's: names of services, or IDs of private endpoints.
	Services []string
	// Answers are what people have said when they were asked.
	Answers Answers
}

// Draft is a topology that is not written yet, with the reasons for what is in it.
type Draft struct {
	Regions   []Region
	VPCs      []VPC
	Endpoints []Item
	// EndpointTodos are about custom endpoints.
	EndpointTodos []Todo
	// Todos are about the topology as a whole.
	Todos []Todo
	// TTL is that of the records that were read, in seconds; 0 for the default.
	TTL    uint32
	TTLWhy string
	// Sources are the names of what it was made from.
	Sources []string
	// Notes say what was left out.
	Notes []string
}

// Region is one of Aura's.
type Region struct {
	Name       string
	Why        []string
	Orchestras []Item
	ExtraNames []Item
	Todos      []Todo
}

// Item is a value or a key of the topology, and where it comes from.
type Item struct{ Text, Value, Why string }

// VPC is a network.
type VPC struct {
	Name    string
	Why     []string
	Clients []Item
	// CatchAll says why it has no clients, if it has none.
	CatchAll string
	Links    []Link
	// Individual says why no wildcard may be planned, or is empty.
	Individual string
	Todos      []Todo
	// LinkTodos are about links: their Lines are links.
	LinkTodos []Todo
}

// Link is what a VPC has to a region.
type Link struct {
	Region string
	Addrs  []netip.Addr
	Why    string
}

// Todo is what could not be known.
type Todo struct {
	// Text says what, why, and where to look.
	Text string
	// Run is a command that tells it, if there is one.
	Run string
	// Lines are what is to be written, once it is known.
	Lines []string
	// Missing says that the topology cannot be planned without it.
	Missing bool
	// Question is what to ask a person who is there; the zero Question asks nothing.
	Question Question
}

// New makes a draft. The error says what makes it impossible.
func New(in Input) (*Draft, error) {
	d := &drafter{Input: in.answered(), draft: &Draft{Sources: in.Read}}
	if err := d.Inventory.Called(d.Services); err != nil {
		return nil, err
	}
	d.gather()
	d.nameServers()
	if err := d.divide(); err != nil {
		return nil, err
	}
	d.endpoints()
	d.unknown = d.unknownEndpoints()
	if err := cmp.Or(d.oneAddress(), d.oneOrTwo()); err != nil {
		return nil, err
	}
	d.setAside()
	d.unite()
	d.nameRegions()
	d.answeredHomes()
	d.tellOrchestras()
	d.writeRegions()
	d.writeEndpoints()
	d.writeVPCs()
	d.ttl()
	d.tellAstray()
	d.withoutEndpoint()
	d.tellOthers()
	if err := d.nothing(); err != nil {
		return nil, err
	}
	return d.draft, nil
}

// drafter makes one draft, step by step.
type drafter struct {
	Input
	draft *Draft
	facts []fact
	views []*view
	ends  []*end
	aside []*end // may be one of the others
	areas []*area
	// claims are all orchestras that anything was read of.
	claims []*claim
	taken  map[string]bool // labels of regions
	// others are the names of each source that lead to no private endpoint.
	others map[int][]string
	astray []*astray
	// unknown are the private endpoints that may lead to Aura or to anybody else.
	unknown []inventory.Endpoint
	proved  map[string]bool // services that are Aura's
}
