package judge

import (
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/doctor"
)

// Change is what became otherwise from one look at a network to a later one.
type Change struct {
	// Regions are those that it is about; none: all of the network.
	Regions []string `json:"regions,omitempty"`
	// Severity is that of what is there now: Fine where something is well again.
	Severity Severity `json:"severity"`
	// Text says what changed, in one sentence without a full stop.
	Text string `json:"text"`
}

// Course is how a network goes on, look by look.
type Course struct {
	last Report
	// public are regions that had a name that led to a public address, since they were
	// well the last time.
	public map[string]bool
}

// NewCourse begins with a first look.
func NewCourse(first doctor.Record) *Course {
	c := &Course{last: Judge(first), public: make(map[string]bool)}
	c.notePublic(&first)
	return c
}

// Last returns what the last look means.
func (c *Course) Last() Report { return c.last }

// Next takes the next look, and returns what became otherwise, one entry for each
// change: first the regions that are well now, and no finding that was theirs alone.
func (c *Course) Next(record doctor.Record) []Change {
	before, after := c.last, Judge(record)
	c.last = after
	c.notePublic(&record)
	changes, well := c.becameWell(before, after)
	gone := without(before.Findings, after.Findings)
	for _, f := range without(after.Findings, before.Findings) {
		text := fmt.Sprintf("%s [%s]", f.Message, f.Code)
		if was := predecessor(gone, f); was >= 0 {
			narrowed := onlyWell(gone[was].Regions, f.Regions, well)
			gone = slices.Delete(gone, was, was+1)
			if narrowed {
				continue // that the others became well is told
			}
			text = "now: " + text
		}
		changes = append(changes, Change{Regions: f.Regions, Severity: f.Severity, Text: text})
	}
	_, doubt := stands(after, "")
	for _, f := range gone {
		if doubt && isAnswer(f.Code) || onlyWell(f.Regions, nil, well) {
			continue // where the names lead now nobody knows, or it is told
		}
		changes = append(changes, Change{Regions: f.Regions, Severity: Fine, Text: fmt.Sprintf("no more: %s [%s]", f.Message, f.Code)})
	}
	return changes
}

// becameWell returns the regions in whose way nothing stands any more, and what is told
// of them.
func (c *Course) becameWell(before, after Report) (changes []Change, well map[string]bool) {
	well = make(map[string]bool)
	for _, region := range regionNames(before, after) {
		own, wide := stands(before, region)
		if stillOwn, stillWide := stands(after, region); !own && !wide || stillOwn || stillWide {
			continue
		}
		well[region] = true
		text := region + " is well again"
		switch {
		case c.public[region]:
			text = region + " became private"
		case !own:
			continue // what was in the way of the whole network is told
		}
		delete(c.public, region)
		changes = append(changes, Change{Regions: []string{region}, Severity: Fine, Text: text})
	}
	return changes, well
}

// predecessor returns which of the findings that are gone became another one: the same
// thing of the same regions, or else of some of them; or -1.
func predecessor(gone []Finding, f Finding) int {
	alike := func(g Finding) bool {
		return g.Network == f.Network && (g.Code == f.Code || isAnswer(g.Code) && isAnswer(f.Code))
	}
	same := slices.IndexFunc(gone, func(g Finding) bool { return alike(g) && slices.Equal(g.Regions, f.Regions) })
	if same >= 0 {
		return same
	}
	return slices.IndexFunc(gone, func(g Finding) bool {
		return alike(g) && slices.ContainsFunc(f.Regions, func(region string) bool { return slices.Contains(g.Regions, region) })
	})
}

// onlyWell reports whether all that a finding lost of its regions are regions that
// became well, and it lost some.
func onlyWell(was, is []string, well map[string]bool) bool {
	lost := 0
	for _, region := range was {
		if slices.Contains(is, region) {
			continue
		}
		if !well[region] {
			return false
		}
		lost++
	}
	return lost > 0 && !slices.ContainsFunc(is, func(region string) bool { return !slices.Contains(was, region) })
}

// without returns the findings of some that others do not have.
func without(some, others []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(some), func(f Finding) bool {
		return slices.ContainsFunc(others, func(other Finding) bool {
			return f.Code == other.Code && f.Message == other.Message && f.Network == other.Network
		})
	})
}

// notePublic notes the regions of which a name leads to a public address, by whomever.
func (c *Course) notePublic(record *doctor.Record) {
	for _, e := range record.Evidence {
		r := e.Resolve
		if r == nil || r.Via.Way == doctor.WayPublic {
			continue
		}
		n := record.Subject.Find(r.Name)
		if n.Expect != doctor.ExpectLink || c.public[n.Region] {
			continue
		}
		link, _ := record.Subject.Link(n.Region)
		for _, a := range r.Answers {
			for _, addr := range a.Addrs {
				if address.Beyond(addr) && !slices.Contains(link.Addrs, addr) {
					c.public[n.Region] = true
				}
			}
		}
	}
}

// regionNames are the regions of both reports, sorted.
func regionNames(reports ...Report) []string {
	var names []string
	for _, r := range reports {
		for _, n := range r.Networks {
			for _, region := range n.Regions {
				names = append(names, region.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// besideNames are codes that say nothing against the answers to names of regions.
var besideNames = []Code{CodePublicOpen, CodeHides, CodeClock}

// stands reports whether anything stands in a region's way, of its own or of the whole
// network's, but for what nobody asked for: who watches leaves out what an ingress would
// be bothered with. Of the whole network's counts what casts doubt on where names lead.
func stands(r Report, region string) (own, wide bool) {
	for _, f := range r.Findings {
		if f.Severity.Blocks() && f.Code != CodeNotAsked {
			own = own || slices.Contains(f.Regions, region)
			wide = wide || len(f.Regions) == 0 && !slices.Contains(besideNames, f.Code)
		}
	}
	return own, wide
}
