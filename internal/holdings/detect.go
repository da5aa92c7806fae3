package holdings

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"
)

// HeadSize is how many octets at a file's start are looked at to find out what it
// is.
const HeadSize = 64 << 10

var (
	dnsmasqLine = regexp.MustCompile(`^(address|local|server|host-record|local-ttl|cname|domain-needed|bogus-priv|no-resolv|no-hosts|txt-record|addn-hosts|domain|listen-address|interface|bind-interfaces|cache-size|port)\s*(=|$)`)
	unboundLine = regexp.MustCompile(`^(server:|view:|auth-zone:|forward-zone:|stub-zone:|remote-control:|local-(zone|data|data-ptr):)`)
	masterLine  = regexp.MustCompile(`(?i)^\$(ORIGIN|TTL|GENERATE)\s|\s(IN|CH|HS)\s+[A-Z]|\s(SOA|NS|A|AAAA|CNAME)\s`)
	policyLine  = regexp.MustCompile(`(?i)\sCNAME\s+(\*?\.|rpz-(passthru|drop|tcp-only)\.)\s*(;|$)`)
	policyOwner = regexp.MustCompile(`(?i)^(\*\.)?[a-z0-9-.]+\.neo4j\.io\s`)
	policyZone  = regexp.MustCompile(`(?i)^(\$ORIGIN\s+)?(rpz\.|response-policy\.|[^\s]*\brpz\b)`)
)

// Detect returns the kind of a file that begins with head, or "" if it cannot be
// told.
func Detect(head []byte) Kind {
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))
	if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return detectJSON(text)
	}
	var kind Kind
	absolute := false
	for line := range strings.SplitSeq(string(text), "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || strings.ContainsAny(trimmed[:1], ";#") || strings.HasPrefix(trimmed, "//") {
			continue
		}
		if kind == "" {
			if kind = detectLine(line, trimmed); kind != KindZone {
				return kind
			}
		}
		// Names below neo4j.io without a final dot are meant in full in a policy
		// zone, unless the root is the origin.
		absolute = absolute || trimmed == "$ORIGIN ."
		if policyLine.MatchString(line) || policyZone.MatchString(line) || policyOwner.MatchString(line) && !absolute {
			return KindRPZ
		}
	}
	return kind
}

// detectLine returns the kind of a file by its first line that is no comment.
func detectLine(line, trimmed string) Kind {
	fields := strings.Fields(trimmed)
	_, err := netip.ParseAddr(fields[0])
	switch {
	case err == nil && len(fields) > 1:
		return KindHosts
	case unboundLine.MatchString(trimmed):
		return KindUnbound
	case dnsmasqLine.MatchString(trimmed):
		return KindDnsmasq
	case masterLine.MatchString(line + " "):
		return KindZone
	default:
		return ""
	}
}

// detectJSON tells documents apart by members that only they have.
func detectJSON(text []byte) Kind {
	for _, member := range []string{`"ResourceRecordSets"`, `"ResourceRecordSet"`, `"CallerReference"`} {
		if bytes.Contains(text, []byte(member)) {
			return KindRoute53
		}
	}
	if bytes.Contains(text, []byte(`"version"`)) && bytes.Contains(text, []byte(`"zones"`)) {
		return KindJSON
	}
	return ""
}
