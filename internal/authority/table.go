// Package authority answers questions from views: it is the one place that
// decides what the answer to (view, name, type) is, after RFC 1034 section
// 4.3.2, RFC 4592 for wildcards and RFC 2308 for negative answers.
//
// A [Table] is compiled from views once and is immutable. The package carries
// no messages: it takes a name and a type and gives addresses or the kind of a
// negative answer. It reads no clock and no files.
package authority

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/gaissmai/bart"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// Table has the answers of all views. It is immutable and safe for concurrent
// use.
type Table struct {
	serial  uint32
	views   []view
	byName  map[string]ViewID
	clients bart.Table[ViewID]
	rest    ViewID // the view of all other clients, or noView
	zones   []*Zone
	labels  labels
}

// ViewID identifies a view within one Table.
type ViewID int32

const noView ViewID = -1

// view is the names of one VPC.
type view struct {
	data      *zones.View
	nodes     map[string]*node // by name in wire format
	maxLabels int              // of the names in nodes
	soa       []byte           // see Zone
}

// node is a name that exists in a view: an owner, an empty non-terminal, or the
// origin of a zone.
type node struct {
	zone  *Zone
	owner *owner // nil at an empty non-terminal
	wild  *owner // the owner of "*." and this name, if there is one
	apex  bool
}

// owner is what is to be known of a name that has addresses.
type owner struct {
	name   string // in presentation format
	v4, v6 []netip.Addr
	region string
}

// Zone is a zone of one view.
type Zone struct {
	// ID numbers the zones of a Table from 0.
	ID int
	// View is the name of the view, Origin the apex as an absolute name.
	View, Origin string
	// TTL is the time to live of every record in the zone, and of negative
	// answers, in seconds.
	TTL uint32
	// SOA is the zone's start of authority. It is shared: copy before changing.
	SOA *dns.SOA

	single     bool     // nothing below the origin is ours
	individual []*owner // by region index, nil where not linked; nil for other zones
	origin     []byte   // in wire format
	soa        []byte   // the data of SOA in wire format; all zones of a view share it
}

// Compile makes a table of the views. The serial is that of all zones.
//
// It refuses views of which two have the same name or the same client range,
// or two have no client ranges, and custom endpoints of which two claim one name
// for different regions.
func Compile(views []zones.View, serial uint32) (*Table, error) {
	t := &Table{
		serial: serial,
		views:  make([]view, len(views)),
		byName: make(map[string]ViewID, len(views)),
		rest:   noView,
	}
	for i := range views {
		if err := t.addView(ViewID(i), &views[i]); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Table) addView(id ViewID, data *zones.View) error {
	if _, taken := t.byName[data.Name]; taken {
		return fmt.Errorf("two views are called %q", data.Name)
	}
	t.byName[data.Name] = id
	if len(data.Clients) == 0 {
		if t.rest != noView {
			return fmt.Errorf("views %q and %q have no clients", t.views[t.rest].data.Name, data.Name)
		}
		t.rest = id
	}
	for _, prefix := range data.Clients {
		if other, taken := t.clients.Get(prefix); taken {
			return fmt.Errorf("clients %s are in views %q and %q", prefix, t.views[other].data.Name, data.Name)
		}
		t.clients.Insert(prefix, id)
	}
	v := view{data: data, nodes: make(map[string]*node)}
	v.soa = packData(zones.SOA(".", data.TTL, t.serial))
	for _, z := range data.Zones {
		if err := t.addZone(&v, z); err != nil {
			return fmt.Errorf("view %q: %w", data.Name, err)
		}
	}
	t.views[id] = v
	return nil
}

func (t *Table) addZone(v *view, z zones.Zone) error {
	zone := &Zone{
		ID:     len(t.zones),
		View:   v.data.Name,
		Origin: z.Origin,
		TTL:    v.data.TTL,
		SOA:    zones.SOA(z.Origin, v.data.TTL, t.serial),
		single: z.SingleName(),
		origin: []byte(wire.MustPack(z.Origin)),
		soa:    v.soa,
	}
	t.zones = append(t.zones, zone)
	apex := v.node(z.Origin, zone)
	apex.apex = true
	for _, o := range z.Owners {
		v.addOwner(o, zone)
	}
	if z.Endpoints != nil {
		zone.individual = individualOwners(z.Endpoints)
		return t.labels.add(z.Endpoints.Table)
	}
	return nil
}

// addOwner adds a name with addresses, and the empty non-terminals between it
// and the zone's origin (RFC 4592, section 2.2.2).
func (v *view) addOwner(o zones.Owner, zone *Zone) {
	compiled := compileOwner(o.Name, o.Addresses)
	v.node(o.Name, zone).owner = compiled
	if parent, ok := strings.CutPrefix(o.Name, "*."); ok {
		v.node(parent, zone).wild = compiled
	}
	for name := o.Name; name != zone.Origin; {
		_, name, _ = strings.Cut(name, ".")
		v.node(name, zone)
	}
}

// node returns the node of an absolute name, made if need be.
func (v *view) node(name string, zone *Zone) *node {
	key := wire.MustPack(name)
	n := v.nodes[key]
	if n == nil {
		n = &node{zone: zone}
		v.nodes[key] = n
		v.maxLabels = max(v.maxLabels, dns.CountLabel(name))
	}
	return n
}

func compileOwner(name string, a zones.Addresses) *owner {
	return &owner{name: name, v4: a.V4(), v6: a.V6(), region: a.Region}
}

// individualOwners returns what the endpoints of each linked region have.
func individualOwners(i *zones.Individual) []*owner {
	owners := make([]*owner, len(i.Links))
	for region, addresses := range i.Links {
		if len(addresses.Addrs) > 0 {
			owners[region] = compileOwner("", addresses)
		}
	}
	return owners
}

// Serial returns the serial of all zones.
func (t *Table) Serial() uint32 { return t.serial }

// Zones returns all zones of all views, by ID.
func (t *Table) Zones() []*Zone { return t.zones }

// View returns what a view was compiled from.
func (t *Table) View(id ViewID) *zones.View { return t.views[id].data }

// ViewNamed returns the view of the named VPC.
func (t *Table) ViewNamed(name string) (ViewID, bool) {
	id, ok := t.byName[name]
	return id, ok
}

// ViewFor returns the view that a client is in: the one with the longest prefix
// that covers the client's address, else the one without client ranges. False
// means that the client is in no VPC. An IPv4-mapped IPv6 address counts as
// IPv4, and a zone is ignored.
func (t *Table) ViewFor(client netip.Addr) (ViewID, bool) {
	if id, ok := t.clients.Lookup(client.Unmap().WithZone("")); ok {
		return id, true
	}
	return t.rest, t.rest != noView
}
