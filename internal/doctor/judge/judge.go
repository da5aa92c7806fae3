package judge

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/doctor"
)

// Report is what records mean.
type Report struct {
	// Ready says that public traffic can be disabled, as far as the networks go that
	// were judged.
	Ready bool `json:"ready"`
	// Unjudged are VPCs of the topology of which no record is, sorted.
	Unjudged []string `json:"unjudged,omitempty"`
	// Networks are in the order of the records.
	Networks []Network `json:"networks"`
	// Findings are those of all networks, the most important first.
	Findings []Finding `json:"findings"`
}

// Network is the verdict on one network.
type Network struct {
	Name  string `json:"name"`
	Ready bool   `json:"ready"`
	// Regions are those that it links.
	Regions []Region `json:"regions"`
	// Groups are what was looked at, kind by kind.
	Groups []Group `json:"groups"`
}

// Region is the verdict on one region in one network.
type Region struct {
	Name  string `json:"name"`
	Ready bool   `json:"ready"`
	// Because are the codes that stand in the way, the most important first.
	Because []Code `json:"because,omitempty"`
}

// Group is all checks of one kind.
type Group struct {
	Kind doctor.Kind `json:"kind"`
	// Sign is the worst of its checks'.
	Sign   Severity `json:"sign"`
	Checks []Check  `json:"checks"`
}

// Check is one line of what was looked at.
type Check struct {
	Sign Severity `json:"sign"`
	Text string   `json:"text"`
	// Codes are those of the findings that it led to.
	Codes []Code `json:"codes,omitempty"`
}

// Judge says what records mean. Each is of one network; what they are called tells
// them apart.
func Judge(records ...doctor.Record) Report {
	r := Report{Ready: len(records) > 0, Findings: []Finding{}, Networks: []Network{}}
	for i := range records {
		j := newJudge(&records[i])
		n := j.network()
		if len(records) > 1 {
			for k := range j.findings {
				j.findings[k].Network = n.Name
			}
		}
		r.Ready = r.Ready && n.Ready
		r.Networks = append(r.Networks, n)
		r.Findings = append(r.Findings, j.findings...)
	}
	slices.SortStableFunc(r.Findings, compare)
	r.Unjudged = unjudged(records)
	return r
}

// unjudged are VPCs that topologies have and of which there is no record.
func unjudged(records []doctor.Record) []string {
	var others []string
	for _, r := range records {
		others = append(others, r.Subject.OtherVPCs...)
	}
	slices.Sort(others)
	return slices.DeleteFunc(slices.Compact(others), func(vpc string) bool {
		return slices.ContainsFunc(records, func(r doctor.Record) bool { return r.Subject.VPC == vpc })
	})
}

// Worst is the worst severity of the findings, or Fine.
func (r Report) Worst() Severity {
	worst := Fine
	for _, f := range r.Findings {
		if f.Severity.Worse(worst) {
			worst = f.Severity
		}
	}
	return worst
}

// judge judges one record.
type judge struct {
	*doctor.Record
	names    map[string]doctor.Name
	machine  *doctor.Machine
	paths    []*doctor.Path
	findings []Finding
	// told are names of which an error is told, linkTold those of which one is told that
	// their links have.
	told, linkTold map[string]bool
	// silent are those who left questions without an answer, and mute those who left all.
	silent, mute map[string]bool
	checks       map[doctor.Kind][]Check
	connects     map[netip.AddrPort]doctor.Outcome
	// handshakes are those at each spot.
	handshakes map[doctor.Spot]*doctor.Handshake
	clock      clock
	region     regions
}

func newJudge(r *doctor.Record) *judge {
	j := &judge{
		Record: r, names: make(map[string]doctor.Name, len(r.Subject.Names)),
		checks: make(map[doctor.Kind][]Check), connects: make(map[netip.AddrPort]doctor.Outcome),
		handshakes: make(map[doctor.Spot]*doctor.Handshake), told: make(map[string]bool), linkTold: make(map[string]bool),
		silent: make(map[string]bool), mute: make(map[string]bool),
	}
	for _, n := range r.Subject.Names {
		j.names[n.Name] = n
	}
	for _, e := range r.Evidence {
		switch {
		case e.Machine != nil:
			j.machine = e.Machine
		case e.Path != nil:
			j.paths = append(j.paths, e.Path)
		case e.Handshake != nil:
			j.handshakes[e.Handshake.Spot] = e.Handshake
		case e.TCP != nil:
			j.connects[netip.AddrPortFrom(e.TCP.Addr, e.TCP.Port)] = e.TCP.Outcome
		}
	}
	j.clock = j.readClock()
	j.region = j.readRegions()
	return j
}

// find returns what is wanted of a name.
func (j *judge) find(name string) doctor.Name {
	if n, known := j.names[name]; known {
		return n
	}
	n := j.Subject.Routed(name)
	j.names[name] = n
	return n
}

// network judges all of it.
func (j *judge) network() Network {
	j.judgeMachine()
	j.judgePaths()
	j.judgeNames()
	j.judgeConnects()
	j.judgeHandshakes()
	j.judgeSuites()
	j.judgeHTTPS()
	j.judgeBolt()
	j.judgeSessions()
	j.judgeRegions()
	j.judgeIdle()
	j.judgeBrowsers()
	j.judgePublic()
	j.judgeGaps()
	slices.SortStableFunc(j.findings, compare)
	n := Network{Name: j.name(), Ready: true, Regions: j.verdicts(), Groups: j.groups()}
	for _, f := range j.findings {
		n.Ready = n.Ready && !f.Severity.Blocks()
	}
	return n
}

func (j *judge) name() string {
	switch {
	case j.Network != "":
		return j.Network
	case j.Subject.VPC != "":
		return j.Subject.VPC
	default:
		return "this network"
	}
}

// verdicts says of each linked region whether anything stands in its way.
func (j *judge) verdicts() []Region {
	verdicts := []Region{}
	for _, l := range j.Subject.Links {
		v := Region{Name: l.Region, Ready: true}
		for _, f := range j.findings {
			if !f.Severity.Blocks() || len(f.Regions) > 0 && !slices.Contains(f.Regions, l.Region) {
				continue
			}
			v.Ready = false
			if !slices.Contains(v.Because, f.Code) {
				v.Because = append(v.Because, f.Code)
			}
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// groups returns the checks kind by kind, each kind with the worst of its signs.
func (j *judge) groups() []Group {
	groups := []Group{}
	for _, kind := range doctor.Kinds() {
		g := Group{Kind: kind, Sign: Fine, Checks: j.checks[kind]}
		for _, c := range g.Checks {
			if c.Sign.Worse(g.Sign) {
				g.Sign = c.Sign
			}
		}
		if len(g.Checks) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// unproved has the last check of a kind be worse than fine: what it could not see, or
// what it follows from, is told elsewhere.
func (j *judge) unproved(kind doctor.Kind) {
	checks := j.checks[kind]
	checks[len(checks)-1].Sign = Unproved
}

// check notes one line of what was looked at; its sign is the worst of the findings.
func (j *judge) check(kind doctor.Kind, text string, findings ...Finding) {
	c := Check{Sign: Fine, Text: text}
	for _, f := range findings {
		if f.Severity.Worse(c.Sign) {
			c.Sign = f.Severity
		}
		if !slices.Contains(c.Codes, f.Code) {
			c.Codes = append(c.Codes, f.Code)
		}
	}
	j.checks[kind] = append(j.checks[kind], c)
}
