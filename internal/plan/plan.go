// Package plan turns a topology into views: for each VPC, which names are
// answered with which addresses, and why so. All decisions are made here and
// nowhere else. An orchestra has one region, so that it always has its wildcard.
//
// For each VPC, the family of the custom endpoints is decided by this table,
// and the family of each extra wildcard likewise:
//
//	distinct address  | known names in regions   | result            | reason
//	sets among links  | that are not linked      |                   |
//	------------------+--------------------------+-------------------+-------------------
//	none              | any                      | nothing           | no-links
//	one               | none                     | wildcard          | single-link
//	one               | some                     | individual        | unlinked-endpoints
//	several           | any                      | individual        | several-links
//
// Individual means that each known name of a linked region has records of its
// own: for a custom endpoint its five names. Where the topology asks for
// individual records, and the table allows a wildcard, the result is individual,
// and the reason "requested". A wildcard that the table does not allow cannot be
// had: to ask for it is an error.
//
// The package is pure: no files, no network, no clock, no log.
package plan

import (
	"io"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// Plan is what a topology leads to. It is immutable.
type Plan struct {
	// VPCs are sorted by name.
	VPCs []VPC
	// Serial is that of all zones, by the topology; 0 where it leaves that to the
	// servers.
	Serial uint32
	// Regions are those of the topology, sorted by name.
	Regions []topology.Region
	// Table has all custom endpoints, whose regions are indexes of Regions. The
	// views share it.
	Table *zones.EndpointTable
}

// VPC is the plan for one VPC.
type VPC struct {
	Name string
	// View is what the VPC's clients are answered.
	View zones.View
	// Endpoints is the decision on the custom endpoints.
	Endpoints Decision
	// Extra are the decisions on the extra wildcards of the regions that the
	// VPC links, sorted by family.
	Extra []Decision
	// Links are the linked regions, sorted by region.
	Links []zones.Addresses
	// Counts says how much the view has.
	Counts Counts
}

// Counts says how much a view has.
type Counts struct {
	// Zones is the number of zones that the view owns.
	Zones int `json:"zones"`
	// Orchestras is the number of orchestras in linked regions.
	Orchestras int `json:"orchestras"`
	// ExtraNames is the number of extra names, wildcards included, with records.
	ExtraNames int `json:"extra_names"`
	// LinkedEndpoints is the number of custom endpoints in linked regions.
	LinkedEndpoints int `json:"linked_endpoints"`
	// UnlinkedEndpoints is the number of custom endpoints in other regions.
	UnlinkedEndpoints int `json:"unlinked_endpoints"`
}

// Views returns the views of all VPCs.
func (p *Plan) Views() []zones.View {
	views := make([]zones.View, len(p.VPCs))
	for i := range p.VPCs {
		views[i] = p.VPCs[i].View
	}
	return views
}

// Names returns the names of all VPCs.
func (p *Plan) Names() []string {
	names := make([]string, len(p.VPCs))
	for i := range p.VPCs {
		names[i] = p.VPCs[i].Name
	}
	return names
}

// VPC returns the plan for the named VPC.
func (p *Plan) VPC(name string) (*VPC, bool) {
	for i := range p.VPCs {
		if p.VPCs[i].Name == name {
			return &p.VPCs[i], true
		}
	}
	return nil, false
}

// Read parses a topology and plans it. The findings are those of the topology
// and of the plan; with an error among them the error returned is a
// [*topology.InvalidError]. Other errors are as of [topology.Parse].
func Read(r io.Reader) (*Plan, topology.Findings, error) {
	_, p, findings, err := ReadTopology(r)
	return p, findings, err
}

// ReadTopology is [Read] for those who need the topology beside its plan.
func ReadTopology(r io.Reader) (*topology.Topology, *Plan, topology.Findings, error) {
	t, findings, err := topology.Parse(r)
	if err != nil {
		return nil, nil, findings, err
	}
	p, unsafe := New(t)
	findings = append(findings, unsafe...)
	findings.Sort()
	if findings.HasErrors() {
		return nil, nil, findings, &topology.InvalidError{Findings: findings}
	}
	return t, p, findings, nil
}

// New plans a topology. The findings name each wildcard that the topology
// insists on and that would be unsafe; the plan does not have it all the same.
func New(t *topology.Topology) (*Plan, topology.Findings) {
	pl := newPlanner(t)
	p := &Plan{VPCs: make([]VPC, len(t.VPCs)), Serial: t.Serial, Regions: t.Regions, Table: pl.table}
	for i := range t.VPCs {
		p.VPCs[i] = pl.vpc(&t.VPCs[i])
	}
	return p, pl.findings
}
