package report

import (
	"net/netip"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
)

// Diff is a comparison as it is printed; its JSON form is meant for programs.
type Diff struct {
	// VPC is the one whose view is wanted.
	VPC string `json:"vpc"`
	// Against is what the view is compared with.
	Against string `json:"against"`
	// Renamed is what the VPC was called, if it is only called otherwise now.
	Renamed string `json:"renamed,omitempty"`
	// Clients are the ranges that are to be in another VPC than before.
	Clients []guard.ClientMove `json:"clients"`
	// Partial is why not all was read that is compared with; "" where it was.
	Partial string `json:"partial,omitempty"`
	// Faults are why clients may get something else than what is compared.
	Faults []holdings.Fault `json:"faults,omitempty"`
	Counts diff.Counts      `json:"counts"`
	// Flips, Moves and Changes have at most as many items as were asked for;
	// the counts say how many there are. Moves are among Changes as well.
	Flips      []flipDocument   `json:"flips"`
	FlipsTotal int              `json:"flips_total"`
	toWildcard int              // of FlipsTotal
	Moves      []changeDocument `json:"moves"`
	Changes    []changeDocument `json:"changes"`
	// Violations are the guards that it trips; Forced are the codes of those
	// that do not stand in the way.
	Violations []guard.Violation `json:"violations"`
	Forced     []guard.Code      `json:"forced"`
	// Acceptance is the line by which a server takes the change all the same, where
	// two topologies are compared.
	Acceptance string `json:"acceptance,omitempty"`
}

// DiffSubject is what is compared, and what there is to say of it beside the names.
type DiffSubject struct {
	// VPC and Renamed are as in a [Diff]; Against is what is compared with.
	VPC, Renamed, Against string
	// Clients are the ranges that leave the VPC, or come to it.
	Clients []guard.ClientMove
	// Violations are the guards that are tripped.
	Violations []guard.Violation
	// Acceptance, Partial and Faults are as in a Diff.
	Acceptance, Partial string
	Faults              []holdings.Fault
}

// familyWildcard is the side of a flip on which a wildcard answers.
const familyWildcard = "wildcard"

type flipDocument struct {
	Family string `json:"family"`
	Before string `json:"before"`
	After  string `json:"after"`
	Names  int    `json:"names"`
}

type changeDocument struct {
	Kind diff.Kind `json:"kind"`
	Name string    `json:"name"`
	// Moves says that the name leads to another region; Own that it had a
	// record of its own before.
	Moves  bool           `json:"moves"`
	Own    bool           `json:"own"`
	Before *stateDocument `json:"before"`
	After  *stateDocument `json:"after"`
}

type stateDocument struct {
	Addresses []netip.Addr    `json:"addresses"`
	Target    string          `json:"target,omitempty"`
	Action    holdings.Action `json:"action,omitempty"`
	Regions   []string        `json:"regions"`
	TTL       *uint32         `json:"ttl,omitempty"`
	// By is the wildcard that covers the name, if it has no entry of its own.
	By    string          `json:"by,omitempty"`
	Place *holdings.Place `json:"place,omitempty"`
}

// Differs reports whether anything does, or may do.
func (d Diff) Differs() bool {
	return d.Partial != "" || len(d.Faults) > 0 || d.Counts.Total() > 0 || len(d.Clients) > 0 || d.Renamed != ""
}

// NewDiff returns a comparison with at most limit names in each list, or all of
// them if limit is negative.
func NewDiff(r *diff.Report, s DiffSubject, limit int, forced []guard.Code) Diff {
	d := Diff{
		VPC: s.VPC, Against: s.Against, Renamed: s.Renamed, Partial: s.Partial, Faults: s.Faults, Counts: r.Counts, FlipsTotal: len(r.Flips),
		Clients: append([]guard.ClientMove{}, s.Clients...),
		Flips:   []flipDocument{}, Changes: []changeDocument{},
		Violations: append([]guard.Violation{}, s.Violations...), Forced: append([]guard.Code{}, forced...),
	}
	if len(d.Violations) > 0 {
		d.Acceptance = s.Acceptance
	}
	room := func(n int) bool { return limit < 0 || n < limit }
	for _, f := range r.Flips {
		if f.ToWildcard {
			d.toWildcard++
		}
		if room(len(d.Flips)) {
			d.Flips = append(d.Flips, newFlipDocument(f))
		}
	}
	d.Moves = moves(r, room)
	for c := range r.Changes() {
		if !room(len(d.Changes)) {
			break
		}
		d.Changes = append(d.Changes, newChangeDocument(c))
	}
	return d
}

func newFlipDocument(f diff.Flip) flipDocument {
	before, after := familyWildcard, "individual"
	if f.ToWildcard {
		before, after = after, before
	}
	return flipDocument{Family: relativeName(f.Family), Before: before, After: after, Names: f.Names}
}

func newChangeDocument(c diff.Change) changeDocument {
	return changeDocument{
		Kind: c.Kind, Name: relativeName(c.Name), Moves: c.Moves(), Own: c.Own(),
		Before: newStateDocument(c.Before), After: newStateDocument(c.After),
	}
}

// newStateDocument returns nil for a side that has nothing.
func newStateDocument(s diff.State) *stateDocument {
	if !s.Answers() && s.Action == "" {
		return nil
	}
	d := &stateDocument{
		Addresses: append([]netip.Addr{}, s.Addrs...), Target: relativeName(s.Target), Action: s.Action,
		Regions: append([]string{}, s.Regions...), By: relativeName(s.By),
	}
	if s.TTL != holdings.NoTTL {
		d.TTL = &s.TTL
	}
	if s.Place != (holdings.Place{}) {
		d.Place = &s.Place
	}
	return d
}

// relativeName returns a name as people write it, without the final dot.
func relativeName(name string) string { return dnsname.TrimDot(name) }
