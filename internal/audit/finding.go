package audit

import (
	"cmp"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
)

// Severity says how bad a finding is.
type Severity string

const (
	// SeverityError is what leads a name to another region, to public DNS, or
	// nowhere.
	SeverityError Severity = "error"
	// SeverityWarning is worth knowing, and may be meant.
	SeverityWarning Severity = "warning"
)

// Code names a kind of finding; it is stable and meant for programs.
type Code string

// The kinds of findings, the worst first. The comment says what the source does.
const (
	CodeWildcardAcrossRegions Code = "wildcard-across-regions" // sends names of one region to another by a wildcard
	CodeWrongRegion           Code = "wrong-region"            // sends a name to another region by a record
	CodeSinkhole              Code = "sinkhole"                // sends a name to an address at which nothing is
	CodeDoubledOrigin         Code = "doubled-origin"          // has names with their zone twice, for want of a final dot
	CodeNotLoaded             Code = "not-loaded"              // has a zone that its server does not load
	CodeRefused               Code = "refused"                 // refuses the clients' questions
	CodeLeaks                 Code = "leaks"                   // leaves to public DNS what it should answer
	CodeMissing               Code = "missing"                 // says that a name does not exist
	CodeUnanswered            Code = "unanswered"              // does not answer, so that it is not known where a name leads
	CodeUnknownAddress        Code = "unknown-address"         // has an address that no link has
	CodeHides                 Code = "hides"                   // hides names that are public DNS's to answer
	CodeIncomplete            Code = "incomplete"              // lacks some of a link's addresses
	CodeUnknownTarget         Code = "unknown-target"          // leads to a name of which it has no addresses
	CodeNotRead               Code = "not-read"                // has something that was not read and can change answers
	CodeUndeclared            Code = "undeclared"              // has a name that the topology does not declare
	CodeAmbiguousAddress      Code = "ambiguous-address"       // has an address that is another region's as well, in another VPC or in this one
	CodeMore                  Code = "more"                    // has more findings of a kind than are listed
)

// codes are all kinds, the worst first.
var codes = []Code{
	CodeWildcardAcrossRegions, CodeWrongRegion, CodeSinkhole, CodeDoubledOrigin, CodeNotLoaded, CodeRefused, CodeLeaks, CodeMissing, CodeUnanswered, CodeUnknownAddress,
	CodeHides, CodeIncomplete, CodeUnknownTarget, CodeNotRead, CodeUndeclared, CodeAmbiguousAddress, CodeMore,
}

// Finding is something wrong or worth knowing in what people have.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	// Place is where the record responsible was read, if there is one.
	Place holdings.Place `json:"place"`
	// Message says what is wrong, in one line.
	Message string `json:"message"`
	// Hint says what to do about it, in one line.
	Hint string `json:"hint"`
	// Names are the first few names that it is about, without final dots;
	// NamesTotal is how many there are.
	Names      []string `json:"names"`
	NamesTotal int      `json:"names_total"`
}

// compare orders findings: by code, then by place.
func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(slices.Index(codes, a.Code), slices.Index(codes, b.Code)),
		cmp.Compare(a.Place.File, b.Place.File),
		cmp.Compare(a.Place.Line, b.Place.Line),
		cmp.Compare(a.Message, b.Message),
	)
}

// maxPerCode bounds how many findings of a kind are listed.
const maxPerCode = 50

// bounded sorts findings, and says of each kind how many more there are.
func bounded(findings []Finding) []Finding {
	slices.SortFunc(findings, compare)
	counts := make(map[Code]int)
	var listed []Finding
	for _, f := range findings {
		if counts[f.Code]++; counts[f.Code] <= maxPerCode {
			listed = append(listed, f)
		}
	}
	for code := range counts {
		if more := counts[code] - maxPerCode; more > 0 {
			listed = append(listed, moreOf(code, more))
		}
	}
	slices.SortFunc(listed, compare)
	return listed
}
