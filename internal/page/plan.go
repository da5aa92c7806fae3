package page

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// What a page of a plan has at most, unless all is asked for.
const (
	maxCells     = 60_000 // of the matrix
	maxEndpoints = 5_000  // rows of the table of custom endpoints
)

// PlanOptions say what a page of a plan has.
type PlanOptions struct {
	// Names is how many names it lists for each VPC; all, if it is negative.
	Names int
	// VPC is the only VPC that it has; "" for all.
	VPC string
}

// WritePlan writes a page with all that there is to say of a plan, which is nil where the
// topology has errors, and with what was found in the topology.
func WritePlan(w io.Writer, p *plan.Plan, findings topology.Findings, o PlanOptions) error {
	d := planPage{head: newHead("The plan"), Findings: findings}
	if p != nil {
		if err := d.add(p, o); err != nil {
			return err
		}
	}
	return execute(w, "plan.html", d)
}

// planPage is what the template is given.
type planPage struct {
	head
	drawing
	Summary   []string
	Findings  topology.Findings
	Matrix    *matrix
	VPCs      []vpc
	Endpoints []endpoint
	// MoreEndpoints is how many custom endpoints are left out.
	MoreEndpoints int
}

// matrix says how many addresses each VPC has for each region, as texts.
type matrix struct {
	Regions []string
	Rows    []matrixRow
}

type matrixRow struct {
	VPC   string
	Cells []string
}

// vpc is a VPC's part of a page.
type vpc struct {
	Name      string
	Clients   []string
	Decisions []plan.Decision
	Links     []record
	Names     []record
	More      int // names that are left out
	TTL       uint32
}

// record is a name, or a link, with its addresses.
type record struct {
	Name, Region, Addresses string
}

// endpoint is a row of the table of custom endpoints.
type endpoint struct {
	Label, Region string
}

func (d *planPage) add(p *plan.Plan, o PlanOptions) error {
	if v, there := p.VPC(o.VPC); there {
		alone := *p
		alone.VPCs = []plan.VPC{*v}
		p = &alone
	}
	drawn, err := drawnOf(graph.New(p))
	if err != nil {
		return err
	}
	d.drawing = drawn
	d.Summary = []string{spell.Count(len(p.VPCs), "VPC"), spell.Count(len(p.Regions), "region"), spell.Count(len(p.Table.Endpoints), "custom endpoint")}
	d.Matrix = matrixOf(p, o.Names < 0)
	c := newCounter(p)
	for i := range p.VPCs {
		d.VPCs = append(d.VPCs, vpcOf(&p.VPCs[i], o.Names, c))
	}
	for i, e := range p.Table.Endpoints {
		if o.Names >= 0 && i == maxEndpoints {
			d.MoreEndpoints = len(p.Table.Endpoints) - i
			break
		}
		d.Endpoints = append(d.Endpoints, endpoint{Label: e.Label, Region: p.Regions[e.Region].Name})
	}
	return nil
}

// matrixOf returns nil where there is nothing to compare, or too much.
func matrixOf(p *plan.Plan, whole bool) *matrix {
	if len(p.Regions) == 0 || len(p.VPCs) == 0 || !whole && len(p.VPCs)*len(p.Regions) > maxCells {
		return nil
	}
	m := &matrix{}
	for _, r := range p.Regions {
		m.Regions = append(m.Regions, r.Name)
	}
	for i := range p.VPCs {
		row := matrixRow{VPC: p.VPCs[i].Name, Cells: make([]string, len(m.Regions))}
		for j, region := range m.Regions {
			row.Cells[j] = "–"
			at, linked := slices.BinarySearchFunc(p.VPCs[i].Links, region, func(l zones.Addresses, region string) int { return cmp.Compare(l.Region, region) })
			if linked {
				row.Cells[j] = spell.Count(len(p.VPCs[i].Links[at].Addrs), "address")
			}
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// vpcOf returns a VPC's part, with at most so many names.
func vpcOf(v *plan.VPC, names int, c *counter) vpc {
	out := vpc{Name: v.Name, TTL: v.View.TTL, Decisions: append([]plan.Decision{v.Endpoints}, v.Extra...)}
	for _, prefix := range v.View.Clients {
		out.Clients = append(out.Clients, prefix.String())
	}
	for _, l := range v.Links {
		out.Links = append(out.Links, recordOf("", l))
	}
	total := 0
	for _, z := range orderedZones(v.View.Zones) {
		total += c.names(z)
		for owner := range z.All() {
			if names >= 0 && len(out.Names) >= names {
				break
			}
			out.Names = append(out.Names, recordOf(dnsname.TrimDot(owner.Name), owner.Addresses))
		}
	}
	out.More = total - len(out.Names)
	return out
}

// counter counts the names of zones. All VPCs share the table of custom endpoints, whose
// names it counts once, by region.
type counter struct{ endpoints []int }

func newCounter(p *plan.Plan) *counter {
	c := &counter{endpoints: make([]int, len(p.Regions))}
	for _, e := range p.Table.Endpoints {
		for range p.Table.Labels(e) {
			c.endpoints[e.Region]++
		}
	}
	return c
}

func (c *counter) names(z zones.Zone) int {
	n := len(z.Owners)
	if z.Endpoints == nil {
		return n
	}
	for region, link := range z.Endpoints.Links {
		if len(link.Addrs) > 0 {
			n += c.endpoints[region]
		}
	}
	return n
}

// orderedZones returns the zones with those of individual records last.
func orderedZones(all []zones.Zone) []zones.Zone {
	ordered := slices.Clone(all)
	slices.SortStableFunc(ordered, func(a, b zones.Zone) int {
		return cmp.Compare(rank(a.Endpoints != nil), rank(b.Endpoints != nil))
	})
	return ordered
}

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}

func recordOf(name string, a zones.Addresses) record {
	return record{Name: name, Region: a.Region, Addresses: strings.Join(zones.Texts(a.Addrs, ""), " ")}
}
