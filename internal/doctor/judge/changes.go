package judge

import (
	"fmt"
	"slices"
	"strings"
)

// Change is what became otherwise from one report to a later one of the same network.
type Change struct {
	// Region is whose it is; "" for the network's.
	Region string `json:"region,omitempty"`
	// Severity is that of what is there now: Fine where something is well again.
	Severity Severity `json:"severity"`
	// Text says what changed, in one sentence without a full stop.
	Text string `json:"text"`
}

// Changes returns what became otherwise, first what concerns regions.
func Changes(before, after Report) []Change {
	var changes []Change
	for _, region := range regionNames(before, after) {
		was, is := blocking(before, region), blocking(after, region)
		switch {
		case len(was) > 0 && len(is) == 0 && hasCode(was, CodeLeaks):
			changes = append(changes, Change{Region: region, Severity: Fine, Text: region + " became private"})
		case len(was) > 0 && len(is) == 0:
			changes = append(changes, Change{Region: region, Severity: Fine, Text: region + " is well again"})
		}
	}
	for _, f := range after.Findings {
		if !slices.ContainsFunc(before.Findings, same(f)) {
			changes = append(changes, Change{Region: strings.Join(f.Regions, ", "), Severity: f.Severity, Text: fmt.Sprintf("%s [%s]", f.Message, f.Code)})
		}
	}
	for _, f := range before.Findings {
		if !slices.ContainsFunc(after.Findings, same(f)) {
			changes = append(changes, Change{Region: strings.Join(f.Regions, ", "), Severity: Fine, Text: fmt.Sprintf("no more: %s [%s]", f.Message, f.Code)})
		}
	}
	return changes
}

// same returns a function that knows a finding again.
func same(f Finding) func(Finding) bool {
	return func(other Finding) bool {
		return f.Code == other.Code && f.Message == other.Message && f.Network == other.Network
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

// blocking are the codes of findings that stand in a region's way.
func blocking(r Report, region string) []Code {
	var codes []Code
	for _, f := range r.Findings {
		if f.Severity == Error && (len(f.Regions) == 0 || slices.Contains(f.Regions, region)) {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

func hasCode(codes []Code, code Code) bool { return slices.Contains(codes, code) }
