// Package guard judges changes: it says which of them are more likely a mistake
// than meant, or the half of a file, and must be held back until somebody says
// that they are meant. The server, the export and the comparison all ask here.
//
// The guards, the most dangerous first:
//
//	clients   clients of a VPC are to be in another VPC, or in none
//	wildcard  a wildcard is to answer where individual records did
//	region    a name is to lead to another region
//	empty     a VPC is to have no names any more
//	bulk      more than 30 % of ten or more names of a VPC are to go
//	serial    secondaries would not notice a change: the serial does not grow
//
// None of them holds what Aura's users must do at once or do often: individual
// records instead of a wildcard, clients that were in no VPC, and new addresses of
// a link, as a private endpoint that is created anew has. Where such an address
// led to another region before, in this VPC or in another one, names move, and region
// holds it; a VPC that is new has no such past, for networks may overlap.
//
// [Judge] compares two plans. What else compares counts what it finds in a
// [Tally], and asks that. VPCs are matched by name; one that has another name and
// the same answers is the same VPC, and its clients have not moved.
//
// The package is pure: no files, no network, no clock, no log.
package guard

import (
	"fmt"
	"slices"
	"strings"
)

// Code names a guard; it is what --force takes, and the label of a metric.
type Code string

// The guards; see the table of the package.
const (
	CodeClients  Code = "clients"
	CodeWildcard Code = "wildcard"
	CodeRegion   Code = "region"
	CodeEmpty    Code = "empty"
	CodeBulk     Code = "bulk"
	CodeSerial   Code = "serial"
)

// Violation is a guard that a change of one VPC trips.
type Violation struct {
	Code Code `json:"code"`
	// VPC is the name of the VPC, as it is to be; of one that is to go, as it was.
	VPC string `json:"vpc"`
	// Message says in a line what would be done, with counts and the first names.
	Message string `json:"message"`
}

// String returns the violation in one line.
func (v Violation) String() string {
	return fmt.Sprintf("%s: VPC %s: %s", v.Code, v.VPC, v.Message)
}

// Guard refuses what is more likely a mistake than meant.
type Guard struct {
	Code Code
	// Doc says in a phrase what it refuses: to do this.
	Doc string
	// check returns what would be done, or "" if that is fine.
	check func(Tally) string
}

// Guards returns all guards, the most dangerous first.
func Guards() []Guard {
	return []Guard{
		{CodeClients, "to move clients to another VPC, or to none", Tally.clients},
		{CodeWildcard, "to let a wildcard answer where individual records did", Tally.wildcard},
		{CodeRegion, "to lead a name to another region", Tally.region},
		{CodeEmpty, "to leave a VPC without any name", Tally.empty},
		{CodeBulk, fmt.Sprintf("to remove more than %d %% of %d or more names", bulkPercent, bulkLeast), Tally.bulk},
		{CodeSerial, "to change records without a greater serial, where the topology has one", Tally.serial},
	}
}

// Codes returns the names of all guards, as a list to show.
func Codes() string {
	var names []string
	for _, g := range Guards() {
		names = append(names, string(g.Code))
	}
	return strings.Join(names, ", ")
}

// ParseCodes reads the names of guards.
func ParseCodes(names []string) ([]Code, error) {
	codes := make([]Code, len(names))
	for i, name := range names {
		codes[i] = Code(name)
		if !slices.ContainsFunc(Guards(), func(g Guard) bool { return g.Code == codes[i] }) {
			return nil, fmt.Errorf("unknown guard %q", name)
		}
	}
	return codes, nil
}

// Unforced returns the violations whose guards are not among forced.
func Unforced(violations []Violation, forced []Code) []Violation {
	return slices.DeleteFunc(slices.Clone(violations), func(v Violation) bool { return slices.Contains(forced, v.Code) })
}

// sortViolations puts the most dangerous first; those of one guard are by VPC.
func sortViolations(violations []Violation) {
	rank := make(map[Code]int)
	for i, g := range Guards() {
		rank[g.Code] = i
	}
	slices.SortStableFunc(violations, func(a, b Violation) int {
		if a.Code != b.Code {
			return rank[a.Code] - rank[b.Code]
		}
		return strings.Compare(a.VPC, b.VPC)
	})
}
