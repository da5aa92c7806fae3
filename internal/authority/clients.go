package authority

import (
	"fmt"
	"net/netip"

	"github.com/gaissmai/bart"

	"github.com/auralink/auralink/zones"
)

// Clients says which view a client is in.
type Clients struct {
	ranges bart.Table[ViewID]
	rest   ViewID // the view of all other clients, or noView
}

// NewClients returns the clients of views, whose IDs are their indexes. It refuses views
// of which two have the same client range, or two have no client ranges.
func NewClients(views []zones.View) (*Clients, error) {
	c := &Clients{rest: noView}
	for i := range views {
		if len(views[i].Clients) == 0 {
			if c.rest != noView {
				return nil, fmt.Errorf("views %q and %q have no clients", views[c.rest].Name, views[i].Name)
			}
			c.rest = ViewID(i)
		}
		for _, prefix := range views[i].Clients {
			if other, taken := c.ranges.Get(prefix); taken {
				return nil, fmt.Errorf("clients %s are in views %q and %q", prefix, views[other].Name, views[i].Name)
			}
			c.ranges.Insert(prefix, ViewID(i))
		}
	}
	return c, nil
}

// View returns the view that a client is in: the one with the longest prefix that covers
// the client's address, else the one without client ranges. False means that the client
// is in no VPC. An IPv4-mapped IPv6 address counts as IPv4, and a zone is ignored.
func (c *Clients) View(client netip.Addr) (ViewID, bool) {
	return c.ofPlain(client.Unmap().WithZone(""))
}

// ofPlain is View for an address that is not mapped and has no zone.
func (c *Clients) ofPlain(client netip.Addr) (ViewID, bool) {
	if id, ok := c.ranges.Lookup(client); ok {
		return id, true
	}
	return c.rest, c.rest != noView
}
