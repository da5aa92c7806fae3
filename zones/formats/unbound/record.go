package unbound

import (
	"strings"

	"github.com/miekg/dns"
)

// misplaced says why Unbound does not take a record, or "". Records of types that the library
// does not know are taken, and those without data.
func misplaced(record string) string {
	fields := strings.Fields(record)
	if len(fields) < 3 || strings.Contains(fields[0], `"`) || startsWithDigit(fields[1]) && strings.ContainsAny(fields[1], oddities) {
		return ""
	}
	kind, placed := typeOf(fields[1:])
	switch _, known := dns.StringToType[kind]; {
	case !placed:
		return "could not parse the RR's type"
	case !known && !strings.HasPrefix(kind, "TYPE") || kind == "TXT":
		return ""
	}
	if _, err := dns.NewRR(record); err != nil && !strings.Contains(err.Error(), "garbage after rdata") {
		return strings.TrimPrefix(err.Error(), "dns: ")
	}
	return ""
}

// oddities are what Unbound takes in a TTL, and the library does not.
const oddities = "[]{}:;,.-=#'\""

// typeOf returns the type of a record by what stands behind its name: its TTL, its class and
// its type, in that order, and whether it is there.
func typeOf(rest []string) (kind string, placed bool) {
	if startsWithDigit(rest[0]) {
		rest = rest[1:]
	}
	if _, class := dns.StringToClass[strings.ToUpper(rest[0])]; class {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return "", false
	}
	kind = strings.ToUpper(rest[0])
	_, class := dns.StringToClass[kind]
	return kind, !startsWithDigit(kind) && (!class || kind == "ANY")
}

func startsWithDigit(word string) bool { return word[0] >= '0' && word[0] <= '9' }
