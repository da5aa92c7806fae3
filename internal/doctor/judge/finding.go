// Package judge says what evidence means: which findings there are, what stands in the
// way of going private, and whether anything does. It is pure: the same records give
// the same report, today and in a year. It asks nothing of the world.
//
// There is one finding for each cause, and not for each name: what a wildcard does to
// a dozen names is one finding about the wildcard.
package judge

import (
	"cmp"
	"slices"
)

// Severity says what a finding does to the verdict.
type Severity string

// The severities, the worst first.
const (
	// Error stands in the way of going private.
	Error Severity = "error"
	// Unproved is what nobody knows, since it was not or could not be probed. It
	// stands in the way as well: what was not seen is not fine.
	Unproved Severity = "unproved"
	// Warning is worth mending, and does not stand in the way.
	Warning Severity = "warning"
	// Note is worth knowing. A network with nothing but notes is fine.
	Note Severity = "note"
	// Fine is no finding's severity, but that of a check that found nothing.
	Fine Severity = "fine"
)

// severities are all of them, the worst first.
var severities = []Severity{Error, Unproved, Warning, Note, Fine}

// Worse reports whether a severity is worse than another.
func (s Severity) Worse(than Severity) bool {
	return slices.Index(severities, s) < slices.Index(severities, than)
}

// Blocks reports whether a finding of the severity stands in the way of going private.
func (s Severity) Blocks() bool { return s == Error || s == Unproved }

// Code names a kind of finding; it is stable and meant for programs. Each has an entry
// of that name in docs/doctor.md. Where package audit finds the same in what was
// written down, it has the same code.
type Code string

// Finding is one thing that is wrong or worth knowing, with its cause.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	// Network is whose it is, where several are judged together.
	Network string `json:"network,omitempty"`
	// Regions are those for whose readiness it counts; none: all of the network.
	Regions []string `json:"regions,omitempty"`
	// Message says what is wrong, in one sentence without a full stop.
	Message string `json:"message"`
	// Evidence says what came, and from whom, a line each; it is abridged.
	Evidence []string `json:"evidence"`
	// Means says what follows from it, and Remedy what to do.
	Means  string `json:"means"`
	Remedy string `json:"remedy"`
	// Names are the first few that it is about; NamesTotal is how many there are.
	Names      []string `json:"names,omitempty"`
	NamesTotal int      `json:"names_total,omitempty"`
	// More is where docs/doctor.md says more.
	More string `json:"more"`
}

// compare orders findings: the most important first.
func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity)),
		cmp.Compare(rank(a.Code), rank(b.Code)),
		cmp.Compare(a.Network, b.Network),
		slices.Compare(a.Regions, b.Regions),
		cmp.Compare(a.Message, b.Message),
	)
}

// rank is how important a code is among those of its severity: the lower the more.
func rank(code Code) int {
	return slices.IndexFunc(catalogue, func(e Entry) bool { return e.Code == code })
}

// Entry is what is to be said of a code, whatever the case.
type Entry struct {
	Code     Code
	Severity Severity
	// Title is what is found, in a few words.
	Title string
	// Means says what follows, and Remedy what to do where the case does not say it
	// better.
	Means, Remedy string
}

// Codes returns all codes, the most important first.
func Codes() []Entry { return slices.Clone(catalogue) }

// entryOf returns the entry of a code, which is in the catalogue.
func entryOf(code Code) Entry { return catalogue[rank(code)] }
