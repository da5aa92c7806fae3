package judge

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

const (
	// maxNames is how many names a finding lists.
	maxNames = 5
	// maxEvidence is how many lines of evidence it has.
	maxEvidence = 5
)

// cause is one thing that is wrong, while what it does is gathered.
type cause struct {
	code Code
	// severity is the code's, or another where the case is less bad.
	severity Severity
	regions  []string
	// region and to tell causes of the same code apart: whose names they are, and where
	// they go.
	region, to string
	// was is the code of which this one is a case, and of are the regions whose names
	// it is about; wide says that it is about names of none as well.
	was   Code
	of    []string
	wide  bool
	names []string
	// aside are names that show it, and are nobody's.
	aside []string
	// remedy is what to do where the case says it better than the code; or "".
	remedy string
	// spots are the addresses and ports that it is about.
	spots []netip.AddrPort
	said  []said
}

// said is a line of evidence, who said so, and of which name.
type said struct {
	by, line, name string
	system         bool
}

// causes are gathered by key, in the order in which they came up.
type causes struct {
	all []*cause
}

// at returns the cause of that code, region and direction.
func (c *causes) at(code Code, region, to string) *cause {
	for _, known := range c.all {
		if known.code == code && known.region == region && known.to == to {
			return known
		}
	}
	made := &cause{code: code, severity: entryOf(code).Severity, region: region, to: to}
	if region != "" {
		made.regions = []string{region}
	}
	c.all = append(c.all, made)
	return made
}

// name adds a name, once.
func (c *cause) name(name string) {
	if !slices.Contains(c.names, name) {
		c.names = append(c.names, name)
	}
}

// says adds a line of evidence.
func (c *cause) says(by, format string, args ...any) {
	c.said = append(c.said, said{by: by, line: fmt.Sprintf(format, args...)})
}

// evidence returns the lines of evidence, abridged: of each who said something the
// first line is there, as far as there is room.
func (c *cause) evidence() []string {
	order := make([]said, 0, len(c.said))
	seen := make(map[string]bool)
	var rest []said
	for _, s := range c.said {
		if seen[s.by] {
			rest = append(rest, s)
			continue
		}
		seen[s.by] = true
		order = append(order, s)
	}
	order = append(order, rest...)
	lines := []string{}
	for _, s := range order[:min(len(order), maxEvidence)] {
		lines = append(lines, s.line)
	}
	if more := len(order) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more like these", more))
	}
	return lines
}

// finding makes the cause a finding.
func (c *cause) finding(message string) Finding {
	e := entryOf(c.code)
	if c.remedy != "" {
		e.Remedy = c.remedy
	}
	return Finding{
		Severity: c.severity, Code: c.code, Regions: c.regions, Message: message, Evidence: c.evidence(),
		Means: e.Means, Remedy: e.Remedy, More: "docs/doctor.md#" + string(c.code),
		Names: c.names[:min(len(c.names), maxNames)], NamesTotal: len(c.names),
	}
}

// note adds a finding and returns it.
func (j *judge) note(c *cause, format string, args ...any) Finding {
	f := c.finding(fmt.Sprintf(format, args...))
	j.findings = append(j.findings, f)
	if c.severity == Error {
		for _, name := range c.names {
			j.told[name] = true
			j.linkTold[name] = j.linkTold[name] || ofLink(c.code)
		}
	}
	return f
}

// ofLink reports whether a code is about what a link says to those who ask for a name.
func ofLink(code Code) bool {
	switch code {
	case CodeCertificateDates, CodeCertificateUntrusted, CodeCertificateName, CodeNameRefused, CodeNoTLS, CodeNoCommonSuite,
		CodeNoHTTPS, CodeDiscoveryElsewhere:
		return true
	default:
		return false
	}
}

// verb is the form of a verb for so many subjects: "leads" or "lead".
func verb(n int, singular, plural string) string {
	if n == 1 {
		return singular
	}
	return plural
}

// list joins a few words, and says how many more there are.
func list(words []string, most int) string {
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}
