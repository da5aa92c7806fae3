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
	d := struct {
		head
		Drawing
		Plan
	}{head: newHead("The plan"), Plan: NewPlan(p, findings, o)}
	if p != nil {
		var err error
		if d.Drawing, err = Draw(graph.New(only(p, o.VPC))); err != nil {
			return err
		}
	}
	return execute(w, "plan.html", d)
}

// Plan is all that a page of a plan says; its JSON form is meant for programs.
type Plan struct {
	Summary  []string          `json:"summary"`
	Findings topology.Findings `json:"findings"`
	// Matrix is nil where there is nothing to compare, or too much.
	Matrix    *Matrix    `json:"matrix,omitempty"`
	VPCs      []VPC      `json:"vpcs"`
	Endpoints []Endpoint `json:"custom_endpoints"`
	// MoreEndpoints is how many custom endpoints are left out.
	MoreEndpoints int `json:"more_custom_endpoints"`
}

// Matrix says how many addresses each VPC has for each region, as texts.
type Matrix struct {
	Regions []string    `json:"regions"`
	Rows    []MatrixRow `json:"rows"`
}

// MatrixRow is the row of a VPC, with a cell for each region.
type MatrixRow struct {
	VPC   string   `json:"vpc"`
	Cells []string `json:"cells"`
}

// VPC is what a VPC gets, and why.
type VPC struct {
	Name string `json:"name"`
	// Clients are ranges; none for the VPC of all other clients.
	Clients   []string   `json:"clients"`
	Decisions []Decision `json:"decisions"`
	Links     []Record   `json:"links"`
	// Names are the first few, and More is how many are left out.
	Names []Record `json:"names"`
	More  int      `json:"more_names"`
	TTL   uint32   `json:"ttl"`
}

// Decision is one of the plan, with its reason in a sentence.
type Decision struct {
	plan.Decision
	Sentence string `json:"sentence"`
}

// Record is a name, or a link, which has none, with its addresses as a text.
type Record struct {
	Name      string `json:"name,omitempty"`
	Region    string `json:"region"`
	Addresses string `json:"addresses"`
}

// Endpoint is a custom endpoint, and where it lives.
type Endpoint struct {
	Label  string `json:"label"`
	Region string `json:"region"`
}

// only returns a plan with one VPC alone, or all of it where there is no such VPC.
func only(p *plan.Plan, vpc string) *plan.Plan {
	v, there := p.VPC(vpc)
	if !there {
		return p
	}
	alone := *p
	alone.VPCs = []plan.VPC{*v}
	return &alone
}

// NewPlan returns all that there is to say of a plan, which is nil where the topology has
// errors.
func NewPlan(p *plan.Plan, findings topology.Findings, o PlanOptions) Plan {
	d := Plan{Summary: []string{}, Findings: append(topology.Findings{}, findings...), VPCs: []VPC{}, Endpoints: []Endpoint{}}
	if p == nil {
		return d
	}
	p = only(p, o.VPC)
	d.Summary = []string{spell.Count(len(p.VPCs), "VPC"), spell.Count(len(p.Regions), "region"), spell.Count(len(p.Table.Endpoints), "custom endpoint")}
	d.Matrix = matrixOf(p, o.Names < 0)
	count := make(plan.NameCounter)
	for i := range p.VPCs {
		d.VPCs = append(d.VPCs, vpcOf(&p.VPCs[i], o.Names, count))
	}
	for i, e := range p.Table.Endpoints {
		if o.Names >= 0 && i == maxEndpoints {
			d.MoreEndpoints = len(p.Table.Endpoints) - i
			break
		}
		d.Endpoints = append(d.Endpoints, Endpoint{Label: e.Label, Region: p.Regions[e.Region].Name})
	}
	return d
}

// matrixOf returns nil where there is nothing to compare, or too much.
func matrixOf(p *plan.Plan, whole bool) *Matrix {
	if len(p.Regions) == 0 || len(p.VPCs) == 0 || !whole && len(p.VPCs)*len(p.Regions) > maxCells {
		return nil
	}
	m := &Matrix{}
	for _, r := range p.Regions {
		m.Regions = append(m.Regions, r.Name)
	}
	for i := range p.VPCs {
		row := MatrixRow{VPC: p.VPCs[i].Name, Cells: make([]string, len(m.Regions))}
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
func vpcOf(v *plan.VPC, names int, count plan.NameCounter) VPC {
	out := VPC{Clients: []string{}, Links: []Record{}, Names: []Record{}, Name: v.Name, TTL: v.View.TTL}
	for _, d := range append([]plan.Decision{v.Endpoints}, v.Extra...) {
		out.Decisions = append(out.Decisions, Decision{Decision: d, Sentence: d.Sentence()})
	}
	for _, prefix := range v.View.Clients {
		out.Clients = append(out.Clients, prefix.String())
	}
	for _, l := range v.Links {
		out.Links = append(out.Links, recordOf("", l))
	}
	total := 0
	for _, z := range orderedZones(v.View.Zones) {
		total += count.In(z)
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

func recordOf(name string, a zones.Addresses) Record {
	return Record{Name: name, Region: a.Region, Addresses: strings.Join(zones.Texts(a.Addrs, ""), " ")}
}
