// Package authority answers questions from views: it is the one place that
// decides what the answer to (view, name, type) is, after RFC 1034 section
// 4.3.2, RFC 4592 for wildcards and RFC 2308 for negative answers.
//
// A [Table] is compiled from views once and is immutable. It takes a name and a
// type and gives an [Answer]: addresses, or the kind of a negative answer. An
// answer can be made a message, or the octets that CoreDNS would send for it. The
// package carries neither, and reads no clock and no files.
package authority

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// Table has the answers of all views. It is immutable and safe for concurrent
// use.
type Table struct {
	serial  uint32
	views   []*zones.View
	byName  map[string]ViewID
	clients *Clients
	v4, v6  ranges // the same by addresses
	zones   []*Zone
	names   names
	nodes   nodes
	extent  extent
	labels  labels
	holders holders
}

// ViewID identifies a view within one Table.
type ViewID int32

const noView ViewID = -1

// owner is what is to be known of a name that has addresses.
type owner struct {
	name   string // in presentation format
	v4, v6 []netip.Addr
	region string
}

// Zone is a zone of one view.
type Zone struct {
	// What an answer needs comes first, and close together.
	single     bool // nothing below the origin is ours
	apex       nameID
	individual []*owner // by region index, nil where not linked; nil for other zones
	origin     []byte   // in wire format
	soa        []byte   // the data of SOA in wire format; all zones of a view share it

	// TTL is the time to live of every record in the zone, and of negative
	// answers, in seconds.
	TTL uint32
	// ID numbers the zones of a Table from 0.
	ID int
	// View is the name of the view, Origin the apex as an absolute name.
	View, Origin string
	// SOA is the zone's start of authority. It is shared: copy before changing.
	SOA *dns.SOA
	// Local says that the zone is in no view, and the same for all clients. Records are
	// those of a Positive answer from it.
	Local   bool
	Records []dns.RR
}

// LocalZone returns a zone that is in no view, for answers without names of the views.
// It never changes, and neither does its serial. Local zones are numbered apart from
// those of a Table.
func LocalZone(origin string, ttl uint32, id int, records []dns.RR) *Zone {
	const serial = 1
	return &Zone{
		ID: id, Origin: origin, TTL: ttl, Local: true, Records: records,
		SOA:    zones.SOA(origin, ttl, serial),
		origin: []byte(wire.MustPack(origin)),
		soa:    packData(zones.SOA(".", ttl, serial)),
	}
}

// Child returns the label of a name next to the zone's origin, with its length octet
// ahead. The name is below the origin, and as for [Table.Lookup].
func (z *Zone) Child(name wire.Name) []byte {
	for at := 0; ; {
		next := at + 1 + int(name[at])
		if len(name)-next == len(z.origin) {
			return name[at:next]
		}
		at = next
	}
}

// Compile makes a table of the views. The serial is that of all zones.
//
// It refuses views of which two have the same name or the same client range,
// or two have no client ranges, and custom endpoints of which two declare one name
// for different regions.
func Compile(views []zones.View, serial uint32) (*Table, error) {
	t := &Table{
		serial: serial,
		views:  make([]*zones.View, len(views)),
		byName: make(map[string]ViewID, len(views)),
		names:  names{ids: make(map[string]nameID)},
	}
	clients, err := NewClients(views)
	if err != nil {
		return nil, err
	}
	t.clients = clients
	var all []node
	for i := range views {
		v, err := t.addView(ViewID(i), &views[i])
		if err != nil {
			return nil, err
		}
		for _, n := range v.nodes {
			all = append(all, *n)
		}
		t.holders.note(v.nodes)
	}
	var prefixes []netip.Prefix
	for i := range views {
		prefixes = append(prefixes, views[i].Clients...)
	}
	t.v4 = t.newRanges(netip.IPv4Unspecified(), prefixes)
	t.v6 = t.newRanges(netip.IPv6Unspecified(), prefixes)
	t.nodes = newNodes(all)
	t.extent = newExtent(len(t.names.ids), all, t.zones)
	return t, nil
}

// building is what is needed to add a view.
type building struct {
	id    ViewID
	data  *zones.View
	nodes map[nameID]*node
	soa   []byte // see Zone
}

func (t *Table) addView(id ViewID, data *zones.View) (*building, error) {
	t.views[id] = data
	if _, taken := t.byName[data.Name]; taken {
		return nil, fmt.Errorf("two views are called %q", data.Name)
	}
	t.byName[data.Name] = id
	v := &building{
		id:    id,
		data:  data,
		nodes: make(map[nameID]*node),
		soa:   packData(zones.SOA(".", data.TTL, t.serial)),
	}
	for _, z := range data.Zones {
		if err := t.addZone(v, z); err != nil {
			return nil, fmt.Errorf("view %q: %w", data.Name, err)
		}
	}
	return v, nil
}

func (t *Table) addZone(v *building, z zones.Zone) error {
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
	zone.apex = t.node(v, z.Origin, zone).name
	for _, o := range z.Owners {
		t.addOwner(v, o, zone)
	}
	if z.Endpoints != nil {
		zone.individual = individualOwners(z.Endpoints)
		return t.labels.add(z.Endpoints.Table)
	}
	return nil
}

// addOwner adds a name with addresses, and the empty non-terminals between it
// and the zone's origin (RFC 4592, section 2.2.2).
func (t *Table) addOwner(v *building, o zones.Owner, zone *Zone) {
	compiled := compileOwner(o.Name, o.Addresses)
	t.node(v, o.Name, zone).owner = compiled
	if parent, ok := strings.CutPrefix(o.Name, "*."); ok {
		t.node(v, parent, zone).wild = compiled
	}
	for name := o.Name; name != zone.Origin; {
		name = dnsname.Parent(name)
		t.node(v, name, zone)
	}
}

// node returns the node of an absolute name, made if need be.
func (t *Table) node(v *building, name string, zone *Zone) *node {
	id := t.names.add(name)
	n := v.nodes[id]
	if n == nil {
		n = &node{view: v.id, name: id, zone: zone}
		v.nodes[id] = n
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
func (t *Table) View(id ViewID) *zones.View { return t.views[id] }

// ViewNamed returns the view of the named VPC.
func (t *Table) ViewNamed(name string) (ViewID, bool) {
	id, ok := t.byName[name]
	return id, ok
}

// ViewFor returns the view that a client is in, as [Clients.View] does.
func (t *Table) ViewFor(client netip.Addr) (ViewID, bool) { return t.clients.View(client) }
