package zonefile

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/zones/formats"
)

// zoneComment is how the servers of Windows ("dnscmd /zoneexport", "/zoneprint")
// name the zone in a comment.
var zoneComment = regexp.MustCompile(`(?i)^\s*(?:Database file .* for|Zone:)\s+(\S+?)(?:\s+zone\.?)?\s*$`)

// lookedAt is how many lines at a file's start can tell that it is a zone file.
const lookedAt = 10

// detect knows a zone file by a record or a directive. The lines of other formats
// can look like one.
func detect(head formats.Head) formats.Certainty {
	seen := 0
	for line := range head.Lines() {
		if isDirective(line) || isRecord(line) {
			return formats.Perhaps
		}
		if seen++; seen == lookedAt {
			break
		}
	}
	return formats.No
}

func isDirective(line string) bool {
	word, _, found := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	switch strings.ToUpper(word) {
	case "$ORIGIN", "$TTL", "$GENERATE", "$INCLUDE":
		return found
	default:
		return false
	}
}

// isRecord reports whether a line is a record, or its beginning, and nothing that
// words could be.
func isRecord(line string) bool {
	e, err := newLexer(strings.NewReader(line), nil).next()
	if err != nil || len(e.words) < 2 {
		return false
	}
	e.indented = strings.ContainsAny(line[:1], " \t")
	f, err := e.split()
	if err != nil || len(f.data) == 0 {
		return false
	}
	_, known := dns.StringToType[f.kind]
	switch addr, err := netip.ParseAddr(f.data[0]); {
	case f.kind == "A":
		return err == nil && addr.Is4()
	case f.kind == "AAAA":
		return err == nil && addr.Is6()
	case known || obsolete[f.kind]:
		return f.hasClass || strings.Contains(line, f.kind)
	default: // such as ALIAS
		return f.hasTTL && f.hasClass && strings.Contains(line, f.kind)
	}
}
