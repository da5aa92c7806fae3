package report

import (
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// Plan is what "plan" prints; its JSON form is meant for programs.
type Plan struct {
	// VPCs is empty where the topology has errors.
	VPCs []vpcDocument `json:"vpcs"`
	// Matrix says which VPC has a link to which region; it is left out where there
	// is only one VPC.
	Matrix *Matrix `json:"matrix,omitempty"`
	// Findings are all findings, those of the VPCs included.
	Findings topology.Findings `json:"findings"`
}

type vpcDocument struct {
	Name string `json:"name"`
	// Mode and Reason are those of the custom endpoints; Explanation says the
	// reason in a sentence.
	Mode        plan.Mode   `json:"mode"`
	Reason      plan.Reason `json:"reason"`
	Explanation string      `json:"explanation"`
	// Clients are address ranges; none for the VPC of all other clients.
	Clients []string       `json:"clients"`
	Links   []linkDocument `json:"links"`
	TTL     uint32         `json:"ttl"`
	Zones   []string       `json:"zones"`
	Counts  plan.Counts    `json:"counts"`
	// Names are the first few owner names: those of orchestras first, then extra
	// names, then those of the custom endpoints, each with its further names behind
	// it. NamesTotal is how many there are.
	Names      []string          `json:"names"`
	NamesTotal int               `json:"names_total"`
	Decisions  []plan.Decision   `json:"decisions"`
	Findings   topology.Findings `json:"findings"`
}

type linkDocument struct {
	Region    string   `json:"region"`
	Addresses []string `json:"addresses"`
}

// NewPlan returns the document of a plan. It lists at most names owner names for each VPC, or all of them
// if names is negative. The plan is nil where the topology has errors.
func NewPlan(p *plan.Plan, findings topology.Findings, names int) Plan {
	doc := Plan{VPCs: []vpcDocument{}, Findings: append(topology.Findings{}, findings...)}
	if p == nil {
		return doc
	}
	orchestras := make(map[string]bool)
	regions := make([]string, len(p.Regions))
	for i, region := range p.Regions {
		regions[i] = region.Name
		for _, origin := range region.Orchestras {
			orchestras[origin] = true
		}
	}
	count := make(plan.NameCounter)
	for i := range p.VPCs {
		vpc := newVPCDocument(&p.VPCs[i], count)
		vpc.listNames(p.VPCs[i].View.Zones, orchestras, names)
		vpc.Findings = append(vpc.Findings, findings.About(vpc.Name)...)
		doc.VPCs = append(doc.VPCs, vpc)
	}
	doc.Matrix = newMatrix(doc.VPCs, regions)
	return doc
}

// Only leaves out all VPCs but one, and the matrix. All findings stay: whether a
// topology can be used does not depend on who looks at it.
func (d *Plan) Only(vpc string) {
	d.VPCs = slices.DeleteFunc(d.VPCs, func(v vpcDocument) bool { return v.Name != vpc })
	d.Matrix = nil
}

// listNames lists the first names of the zones: orchestras, others, custom endpoints.
func (v *vpcDocument) listNames(all []zones.Zone, orchestras map[string]bool, names int) {
	rank := func(z zones.Zone) int {
		switch {
		case orchestras[z.Origin]:
			return 0
		case z.Origin != topology.EndpointsOrigin:
			return 1
		default:
			return 2
		}
	}
	ordered := slices.Clone(all)
	slices.SortStableFunc(ordered, func(a, b zones.Zone) int { return rank(a) - rank(b) })
	for _, zone := range ordered {
		for owner := range zone.All() {
			if names >= 0 && len(v.Names) >= names {
				return
			}
			v.Names = append(v.Names, dnsname.TrimDot(owner.Name))
		}
	}
}

func newVPCDocument(vpc *plan.VPC, count plan.NameCounter) vpcDocument {
	doc := vpcDocument{
		Name:        vpc.Name,
		Mode:        vpc.Endpoints.Mode,
		Reason:      vpc.Endpoints.Reason,
		Explanation: vpc.Endpoints.Sentence(),
		Clients:     []string{},
		Links:       []linkDocument{},
		TTL:         vpc.View.TTL,
		Zones:       []string{},
		Counts:      vpc.Counts,
		Names:       []string{},
		Decisions:   append([]plan.Decision{vpc.Endpoints}, vpc.Extra...),
		Findings:    topology.Findings{},
	}
	for _, client := range vpc.View.Clients {
		doc.Clients = append(doc.Clients, client.String())
	}
	for _, link := range vpc.Links {
		doc.Links = append(doc.Links, linkDocument{Region: link.Region, Addresses: addressStrings(link.Addrs)})
	}
	for _, zone := range vpc.View.Zones {
		doc.Zones = append(doc.Zones, dnsname.TrimDot(zone.Origin))
		doc.NamesTotal += count.In(zone)
	}
	return doc
}

func addressStrings[T fmt.Stringer](addrs []T) []string {
	texts := make([]string, len(addrs))
	for i, addr := range addrs {
		texts[i] = addr.String()
	}
	return texts
}
