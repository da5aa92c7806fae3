package doctor

import (
	"iter"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// Choice is what a subject depends on beside the topology.
type Choice struct {
	// Databases are ids, which may be in any orchestra, or whole host names.
	Databases []string
	// MadeUp is a label that no host has.
	MadeUp string
}

// NewSubject returns what a topology wants of one VPC.
func NewSubject(t *topology.Topology, vpc *plan.VPC, c Choice) Subject {
	d := deriver{
		topology: t, vpc: vpc, choice: c, finder: zones.NewFinder(vpc.View), seen: make(map[string]bool),
		subject: Subject{VPC: vpc.Name, Clients: vpc.View.Clients, TTL: t.TTL, Names: []Name{}, Links: []Link{}},
	}
	for _, other := range t.VPCs {
		if other.Name != vpc.Name {
			d.subject.OtherVPCs = append(d.subject.OtherVPCs, other.Name)
		}
	}
	d.links()
	for _, r := range t.Regions {
		d.region(r)
	}
	d.endpoints()
	d.families()
	d.hostsOfDatabases()
	d.unlinkedOrchestra()
	for _, name := range topology.PublicNames() {
		d.add(Name{Name: name, Role: RoleControl, Expect: ExpectPublic})
	}
	return d.subject
}

// deriver gathers the names of a subject.
type deriver struct {
	topology *topology.Topology
	vpc      *plan.VPC
	choice   Choice
	finder   *zones.Finder
	seen     map[string]bool
	subject  Subject
}

// add adds a name, absolute or not, once; the first role that it has is what it keeps.
func (d *deriver) add(n Name) {
	n.Name, n.Base = dnsname.TrimDot(n.Name), dnsname.TrimDot(n.Base)
	if !d.seen[n.Name] {
		d.seen[n.Name] = true
		d.subject.Names = append(d.subject.Names, n)
	}
}

// links notes the links, and the suffixes that follow from the view.
func (d *deriver) links() {
	for _, l := range d.vpc.Links {
		link := Link{Region: l.Region, Addrs: l.Addrs}
		for owner := range d.owners() {
			parent, wildcard := strings.CutPrefix(owner.Name, "*.")
			if wildcard && owner.Region == l.Region {
				link.Suffixes = append(link.Suffixes, dnsname.TrimDot(parent))
			}
		}
		d.subject.Links = append(d.subject.Links, link)
	}
	for _, r := range d.topology.Regions {
		if _, linked := d.subject.Link(r.Name); !linked {
			d.subject.Unlinked = append(d.subject.Unlinked, r.Name)
		}
	}
}

// owners are those of the view's zones but for custom endpoints one by one.
func (d *deriver) owners() iter.Seq[zones.Owner] {
	return func(yield func(zones.Owner) bool) {
		for _, zone := range d.vpc.View.Zones {
			for _, owner := range zone.Owners {
				if !yield(owner) {
					return
				}
			}
		}
	}
}

// expect is what the view wants of a name that a region has.
func (d *deriver) expect(region string) Expect {
	if _, linked := d.subject.Link(region); linked {
		return ExpectLink
	}
	return ExpectNoLink
}

// region adds the orchestras, the databases in them, and the extra names.
func (d *deriver) region(r topology.Region) {
	expect := d.expect(r.Name)
	apex, below := RoleApex, RoleMadeUp
	if expect != ExpectLink {
		apex, below = RoleUnlinked, RoleUnlinked
	}
	for _, host := range r.Orchestras {
		d.add(Name{Name: host, Role: apex, Region: r.Name, Expect: expect})
		d.add(Name{Name: d.choice.MadeUp + "." + host, Role: below, Region: r.Name, Expect: expect})
		for _, id := range d.choice.Databases {
			if !strings.Contains(id, ".") {
				d.add(Name{Name: dnsname.Lower(id) + "." + host, Role: RoleDatabase, Region: r.Name, Expect: expect, Guessed: d.severalOrchestras()})
			}
		}
	}
	for _, name := range r.ExtraNames {
		if !strings.HasPrefix(name, "*.") {
			d.add(Name{Name: name, Role: RoleExtra, Region: r.Name, Expect: expect})
		}
	}
}

// severalOrchestras says that an id of a database does not tell its orchestra.
func (d *deriver) severalOrchestras() bool {
	count := 0
	for _, r := range d.topology.Regions {
		count += len(r.Orchestras)
	}
	return count > 1
}

// endpoints adds the names of all custom endpoints.
func (d *deriver) endpoints() {
	for _, e := range d.topology.Endpoints {
		region := d.topology.Regions[e.Region].Name
		base := e.Label + "." + topology.EndpointsOrigin
		for _, label := range e.Labels(d.topology.Endpoints) {
			n := Name{Name: label + "." + topology.EndpointsOrigin, Role: RoleEndpoint, Region: region, Expect: d.expect(region)}
			if label != e.Label {
				n.Role, n.Base = RoleFurther, base
			}
			d.add(n)
		}
	}
}

// families adds a made-up name of each family: where it has no wildcard, the name must
// not lead to a link.
func (d *deriver) families() {
	decisions := slices.Concat([]plan.Decision{d.vpc.Endpoints}, d.vpc.Extra)
	for _, decision := range decisions {
		n := Name{Name: d.choice.MadeUp + "." + decision.Family, Role: RoleNobody, Expect: ExpectNoLink}
		if decision.Mode == plan.Wildcard {
			n.Role, n.Expect = RoleMadeUp, ExpectLink
			if owner, there := d.finder.Owner("*." + decision.Family); there {
				n.Region = owner.Region
			}
		}
		d.add(n)
	}
}

// hostsOfDatabases adds databases that were given as host names.
func (d *deriver) hostsOfDatabases() {
	for _, text := range d.choice.Databases {
		if !strings.Contains(text, ".") {
			continue
		}
		n := d.subject.Routed(dnsname.TrimDot(dnsname.Lower(text)))
		n.Role = RoleDatabase
		d.add(n)
	}
}

// unlinkedOrchestra adds an orchestra that the topology does not have, and a name below
// it: a zone for all of neo4j.io swallows them.
func (d *deriver) unlinkedOrchestra() {
	const host = "production-orch-9999.neo4j.io."
	for _, r := range d.topology.Regions {
		if slices.Contains(r.Orchestras, host) {
			return
		}
	}
	d.add(Name{Name: host, Role: RoleUnlinked, Expect: ExpectNoLink})
	d.add(Name{Name: d.choice.MadeUp + "." + host, Role: RoleUnlinked, Expect: ExpectNoLink})
}

// GivenSubject returns the subject of one name that must lead to the addresses, where
// there is no topology. Names below it are below the same link, for a routing table may
// have them.
func GivenSubject(host string, addrs []netip.Addr) Subject {
	link := Link{Region: GivenRegion, Addrs: addrs}
	if parent := dnsname.Parent(host); strings.Contains(parent, "-orch-") {
		link.Suffixes = []string{parent}
	}
	return Subject{
		Links: []Link{link},
		Names: []Name{{Name: host, Role: RoleGiven, Region: GivenRegion, Expect: ExpectLink}},
	}
}

// GivenRegion is what the region of a given name is called.
const GivenRegion = "given"
