// Package inventory reads what the clouds' own command lines and APIs print of
// private endpoints and of the networks that they stand in: those of AWS, Google
// Cloud and Azure, as JSON or YAML.
//
// It takes what it is given together, pages and accounts too, and refuses a page
// whose successors are missing. It asks nobody: there are no credentials in it, and
// no SDK. What an endpoint means for a topology is for packages draft and drift to
// say. The package is pure.
package inventory

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
)

// Cloud is one of the clouds in which Aura is.
type Cloud string

// The clouds, as regions are called after them.
const (
	AWS   Cloud = "aws"
	GCP   Cloud = "gcp"
	Azure Cloud = "azure"
)

// Account is what Aura's console asks for: the id of an AWS account, of a project of
// Google Cloud, or of a subscription of Azure.
type Account struct {
	Cloud Cloud
	ID    string
}

// State is how far a private endpoint is.
type State string

// The states, whatever the cloud calls them.
const (
	Accepted State = "accepted"
	Pending  State = "pending"  // Aura has not accepted it yet
	Rejected State = "rejected" // Aura has refused it
	Broken   State = "broken"   // it is being deleted, has failed, or its service is gone
	Unsaid   State = "unsaid"   // the list does not say
)

// Evidence is how it is known that a private endpoint leads to Aura.
type Evidence int

// The evidence, the weakest first.
const (
	// None: it leads to a service of the cloud's own.
	None Evidence = iota
	// Possible: it leads to a service of somebody, who may be Aura.
	Possible
	// Likely: whoever made it has called it after Neo4j or Aura.
	Likely
	// Certain: its service, or a name that the cloud resolves for it, says so.
	Certain
)

// Endpoint is a private endpoint.
type Endpoint struct {
	Cloud Cloud
	// ID is what the cloud calls it: vpce-..., or a name.
	ID string
	// Name is what people call it, as far as it is not the ID.
	Name    string
	Account string
	// Network is the ID of the network in which it stands, as far as it is known.
	Network string
	// Service is the service to which it leads, as the cloud has it.
	Service string
	// ServiceRegion is the cloud's region of that service, such as "us-east-1".
	ServiceRegion string
	// Orchestras are those to which it is known to lead, as host names without the
	// final dot.
	Orchestras []string
	Evidence   Evidence
	State      State
	// Said is the state in the cloud's words, and what it adds to them.
	Said string
	// Addrs are its addresses, sorted; none if they are not known.
	Addrs []netip.Addr
	// Unread are the IDs of its network interfaces that were in no list.
	Unread []string
	// Interfaces are those that were read.
	Interfaces []Interface
	// Subnets are the IDs of those in which it is to have an address.
	Subnets []string
	// DNSNames are the names that the cloud has for it, lower-case, without final dots.
	DNSNames []string
	At       holdings.Place
}

// BadZone is the ID of the availability zone in which Aura's service is not.
const BadZone = "use1-az3"

// Unsupported returns the addresses that the endpoint has in [BadZone].
func (e Endpoint) Unsupported() []netip.Addr {
	var all []netip.Addr
	for _, in := range e.Interfaces {
		if in.ZoneID == BadZone {
			all = append(all, in.Addrs...)
		}
	}
	return all
}

// IsCalled reports whether a text that somebody has said is the ID, the name or the
// service of the endpoint. AWS has the ID of a service at the end of its name.
func (e Endpoint) IsCalled(text string) bool {
	return strings.EqualFold(text, e.Service) || strings.EqualFold(text, e.ID) || text == e.Name || strings.HasSuffix(e.Service, "/"+text) ||
		strings.HasPrefix(text, "vpce-svc-") && slices.Contains(strings.Split(e.Service, "."), text)
}

// Called returns an error for the first of some texts that no endpoint is called by which is
// listed, as [Endpoint.IsCalled] has it.
func (i *Inventory) Called(texts []string) error {
	for _, text := range texts {
		if i == nil || !slices.ContainsFunc(i.Endpoints, func(e Endpoint) bool { return e.IsCalled(text) }) {
			return hint.Add(fmt.Errorf("no private endpoint that is listed is called %q, or leads to a service of that name", text), "is it written as in the list?")
		}
	}
	return nil
}

// Interface is a network interface of a private endpoint.
type Interface struct {
	ID, Network, Subnet string
	Addrs               []netip.Addr
	// Zone and ZoneID are the availability zone, such as "us-east-1a" and "use1-az4".
	Zone, ZoneID string
	// Endpoint is the ID of the private endpoint whose it says that it is, as far as it does.
	Endpoint string
	At       holdings.Place
}

// Network is a VPC, or what another cloud calls so.
type Network struct {
	Cloud   Cloud
	ID      string
	Name    string
	Account string
	// Ranges are its address ranges, sorted, none twice.
	Ranges []netip.Prefix
	At     holdings.Place
	// several says that lists call it by several names.
	several bool
}

// Called returns what people call the network.
func (n Network) Called() string {
	if n.Name != "" {
		return n.Name
	}
	return ShortName(n.ID)
}

// Subnet is a part of a network.
type Subnet struct {
	Cloud        Cloud
	ID, Network  string
	Name         string
	Ranges       []netip.Prefix
	Zone, ZoneID string
	At           holdings.Place
}

// Inventory is what was read. It is sorted, so that the order of the files does not
// matter, and must not be changed.
type Inventory struct {
	Endpoints []Endpoint
	Networks  []Network
	Subnets   []Subnet
	Accounts  []Account
	// Missing are network interfaces of private endpoints that are in no list, though others are.
	Missing []Interface
	// Notes say what was left out, and what could matter.
	Notes []string
	lists map[kind]bool
}

// Listed reports whether a list of a cloud's private endpoints was read, if only an
// empty one.
func (i *Inventory) Listed(c Cloud) bool { return i != nil && i.lists[endpointsOf[c]] }

// Unlisted reports whether no list of any cloud was read, not even an empty one.
func (i *Inventory) Unlisted() bool { return i == nil || len(i.lists) == 0 }

// Network returns the network with that ID.
func (i *Inventory) Network(id string) (Network, bool) {
	if i == nil || id == "" {
		return Network{}, false
	}
	at := slices.IndexFunc(i.Networks, func(n Network) bool { return n.ID == id })
	if at < 0 {
		return Network{ID: id}, false
	}
	return i.Networks[at], true
}

// RegionLabel returns what a region of Aura's in a cloud's region is called.
func RegionLabel(c Cloud, region string) string { return string(c) + "-" + region }
