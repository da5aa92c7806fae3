package topology

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/auralink/auralink/internal/spell"
)

// Severity says whether a topology with a finding can be used.
type Severity string

const (
	// SeverityError makes a topology unusable.
	SeverityError Severity = "error"
	// SeverityWarning is worth knowing; the topology can be used.
	SeverityWarning Severity = "warning"
	// SeverityNote says how something was understood that is fine, or what follows
	// from something that is left open.
	SeverityNote Severity = "note"
)

// rank orders severities: the worst has the highest.
func (s Severity) rank() int {
	switch s {
	case SeverityError:
		return 2
	case SeverityWarning:
		return 1
	default:
		return 0
	}
}

// Code names a kind of finding; it is stable and meant for programs.
type Code string

// The kinds of findings. The comment says what the file does.
const (
	CodeSyntax            Code = "syntax"             // is not YAML
	CodeUnsupported       Code = "unsupported"        // uses YAML that a topology has no use for
	CodeTooDeep           Code = "too-deep"           // nests deeper than a topology ever does
	CodeTooLarge          Code = "too-large"          // holds more than a topology can
	CodeEmpty             Code = "empty"              // has no regions or no VPCs
	CodeUnknownKey        Code = "unknown-key"        // has a key that means nothing
	CodeDuplicate         Code = "duplicate"          // says the same thing twice
	CodeWrongType         Code = "wrong-type"         // has a value of another kind than expected
	CodeBadName           Code = "bad-name"           // has a name that cannot be one
	CodeBadAcceptance     Code = "bad-acceptance"     // accepts a change in words that accept nothing
	CodeBadTTL            Code = "bad-ttl"            // has a TTL that is out of range
	CodeBadSerial         Code = "bad-serial"         // has a serial that zones cannot have
	CodeBadMode           Code = "bad-mode"           // asks for a mode that does not exist
	CodeBadAddress        Code = "bad-address"        // links to an address no private endpoint can have
	CodeBadClients        Code = "bad-clients"        // has a client range that cannot be one
	CodeUnknownRegion     Code = "unknown-region"     // refers to a region that is not declared
	CodeNameConflict      Code = "name-conflict"      // declares one name for two regions
	CodeReservedName      Code = "reserved-name"      // declares a name that must stay public
	CodeClientsConflict   Code = "clients-conflict"   // gives one client range to two VPCs
	CodeCatchAllConflict  Code = "catch-all-conflict" // has several VPCs without clients
	CodeEmptyLink         Code = "empty-link"         // has a link without addresses
	CodeBadSameAs         Code = "bad-same-as"        // gives a VPC the links of one that has none to give
	CodeTooManyPairs      Code = "too-many-pairs"     // has too many regions times VPCs
	CodeTooManyAddresses  Code = "too-many-addresses" // has a link with more addresses than an answer should have
	CodeUnsafeWildcard    Code = "unsafe-wildcard"    // insists on a wildcard that would misroute
	CodeTooManyFindings   Code = "too-many-findings"  // has more findings than are shown
	CodePublicAddress     Code = "public-address"     // links to a public address
	CodeUnlinkedEndpoints Code = "unlinked-endpoints" // has endpoints in a region that no VPC links
	CodeSharedAddress     Code = "shared-address"     // links two regions of one VPC by one address
	CodeAmbiguousAddress  Code = "ambiguous-address"  // links two regions by one address in different VPCs
	CodeNoLinks           Code = "no-links"           // has a VPC without links
	CodeNoOrchestras      Code = "no-orchestras"      // links a region without orchestras, whose instances stay on public DNS
	CodeRedundantName     Code = "redundant-name"     // has a name that another one covers
	CodeSharedName        Code = "shared-name"        // has a name under which the instances of all regions are
	CodePublicSuffix      Code = "public-suffix"      // has a name below which are the names of others
	CodeOddOrchestra      Code = "odd-orchestra"      // has an orchestra that is unlike any that was seen
	CodeLoneAddress       Code = "lone-address"       // has a network's first address where its range is meant
	CodeSpelling          Code = "spelling"           // has a text that can only mean what it was taken for
)

// Place is a position in the topology file.
type Place struct {
	// Line and Column count from 1; both are 0 where a finding is about the
	// file as a whole.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Source is the text of the line, without its end; of a very long line it
	// is the part around Column, and "…" stands for the rest.
	Source string `json:"source"`
}

// Finding is something wrong or worth knowing in a topology.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	// File is what the file is called by those who read it; a topology does not
	// know it.
	File string `json:"file,omitempty"`
	// VPC is the VPC that the finding is about, if it is about one.
	VPC string `json:"vpc,omitempty"`
	// Path is where it is in the file's own terms, such as
	// "vpcs.apps.links.aws-us-east-1[1]".
	Path string `json:"path,omitempty"`
	Place
	// Message says what is wrong, in one line.
	Message string `json:"message"`
	// Hint says what to do about it, in one line.
	Hint string `json:"hint,omitempty"`
}

// Where returns the place as "file:line:column", as far as it is known.
func (f Finding) Where() string {
	var parts []string
	if f.File != "" {
		parts = append(parts, f.File)
	}
	if f.Line > 0 {
		parts = append(parts, strconv.Itoa(f.Line), strconv.Itoa(f.Column))
	}
	return strings.Join(parts, ":")
}

// head is the finding in one line, without the hint.
func (f Finding) head() string {
	where := f.Where()
	if where != "" {
		where += ": "
	}
	return fmt.Sprintf("%s%s: %s [%s]", where, f.Severity, f.Message, f.Code)
}

// String returns the finding in one line: place, severity, message, hint.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.head())
	if f.Hint != "" {
		fmt.Fprintf(&b, " (%s)", f.Hint)
	}
	return b.String()
}

// Findings are all that was found in one topology, sorted by place.
type Findings []Finding

// In returns the findings with the name of the file that they are in.
func (fs Findings) In(file string) Findings {
	named := slices.Clone(fs)
	for i := range named {
		named[i].File = file
	}
	return named
}

// HasErrors reports whether any of the findings makes the topology unusable.
func (fs Findings) HasErrors() bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Severity == SeverityError })
}

// Beyond returns the findings that are more than notes.
func (fs Findings) Beyond() Findings {
	var beyond Findings
	for _, f := range fs {
		if f.Severity != SeverityNote {
			beyond = append(beyond, f)
		}
	}
	return beyond
}

// About returns the findings that are about the named VPC.
func (fs Findings) About(vpc string) Findings {
	var about Findings
	for _, f := range fs {
		if f.VPC == vpc {
			about = append(about, f)
		}
	}
	return about
}

// String returns all findings in one line, for a log.
func (fs Findings) String() string {
	shown := fs[:min(len(fs), maxInLine)]
	lines := make([]string, len(shown))
	for i, f := range shown {
		lines[i] = f.String()
	}
	if more := len(fs) - len(shown); more > 0 {
		lines = append(lines, "and "+spell.Count(more, "more finding"))
	}
	return strings.Join(lines, "; ")
}

// maxInLine is how many findings are put into one line.
const maxInLine = 20

// Report returns all findings for a person to read: each with the source line,
// a mark below the place, and the hint on a line of its own. It ends in a new
// line, unless there are no findings.
func (fs Findings) Report() string {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString(f.head() + "\n")
		if f.Source != "" {
			f.quote(&b)
		}
		if f.Hint != "" {
			fmt.Fprintf(&b, "      hint: %s\n", f.Hint)
		}
	}
	return b.String()
}

// quote writes the source line, and a mark below the place.
func (f Finding) quote(b *strings.Builder) {
	gutter := fmt.Sprintf("%5d | ", f.Line)
	width, before := 0, caret(f.Column)
	for _, c := range f.Source {
		if before == 0 {
			break
		}
		width += cells(c)
		before--
	}
	// What is left of before is beyond the line: its end, and no more.
	fmt.Fprintf(b, "%s%s\n%*s\n", gutter, strings.ReplaceAll(f.Source, "\t", " "), len(gutter)+width+before+1, "^")
}

// cells returns how many columns of a terminal a character takes, to a good
// approximation.
func cells(c rune) int {
	switch {
	case c < 0x300: // Latin: most of every topology
		return 1
	case unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.In(c, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana),
		0x1f300 <= c && c <= 0x1faff: // pictographs
		return 2
	default:
		return 1
	}
}

// Sort orders by place and leaves findings of one place as they were found. How
// many more there are is told last.
func (fs Findings) Sort() {
	last := func(f Finding) int {
		if f.Code == CodeTooManyFindings {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// InvalidError is returned for a topology with at least one error; it carries
// all findings, warnings included.
type InvalidError struct {
	Findings Findings
}

// Error returns all findings in one line.
func (e *InvalidError) Error() string {
	return "invalid topology: " + e.Findings.String()
}
