package zonefile

import (
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// What BIND's check-names wants of names, which it looks at in zones of which it is the primary:
// lib/dns/rdata.c, dns_rdata_checkowner and dns_rdata_checknames.

// hosted are the types whose owners must be names of hosts.
var hosted = map[string]bool{"A": true, "AAAA": true, "MX": true, "WKS": true, "A6": true}

// targets say in which field of a type's data the name of a host stands.
var targets = map[string]int{"NS": 0, "SOA": 0, "MX": 1, "SRV": 3, "AFSDB": 1, "RT": 1}

// mailboxes say in which field of a type's data a mailbox stands, whose first label may be any.
var mailboxes = map[string]int{"SOA": 1, "RP": 0}

// seeTarget looks at the names in the data of a record.
func (l *loading) seeTarget(rec Record, f fields) {
	if l.bare || l.anyHost || !l.is(badTarget) {
		return
	}
	if field, is := targets[f.kind]; is {
		if name, err := absolute(f.word(field), rec.Origin); err == nil && !isHostname(name) {
			l.refuse(badTarget, rec.Place, "the %s of %s names %s, which is no name of a host (check-names)", f.kind, dnsname.TrimDot(rec.Owner), dnsname.Shown(name))
		}
	}
	if field, is := mailboxes[f.kind]; is {
		name, err := absolute(f.word(field), rec.Origin)
		if _, domain, ok := strings.Cut(name, "."); err == nil && ok && !strings.Contains(name, `\`) && domain != "" && !isHostname(domain) {
			l.refuse(badTarget, rec.Place, "the %s of %s names %s, which is no mailbox (check-names)", f.kind, dnsname.TrimDot(rec.Owner), dnsname.Shown(name))
		}
	}
}

// isHost reports whether a name can be a host's, or covers names of hosts.
func isHost(owner string) bool { return isHostname(strings.TrimPrefix(owner, "*.")) }

// isHostname reports whether a name can be a host's (RFC 952; RFC 1123, section 2.1).
func isHostname(name string) bool {
	if name == "." {
		return true
	}
	for label := range strings.SplitSeq(dnsname.TrimDot(name), ".") {
		if !isHostLabel(label) {
			return false
		}
	}
	return true
}

func isHostLabel(label string) bool {
	border := func(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' }
	for i := range len(label) {
		if !border(label[i]) && (label[i] != '-' || i == 0 || i == len(label)-1) {
			return false
		}
	}
	return label != ""
}

// isExcepted reports whether a name may have a record of a type although it is no host's: that of
// Active Directory's global catalog, and those that SPF asks (RFC 7208, section 5.7, and appendix D.1).
func isExcepted(owner, kind string) bool {
	if forest, is := strings.CutPrefix(owner, "gc._msdcs."); is && (kind == "A" || kind == "AAAA") {
		return isHostname(forest)
	}
	labels := strings.Split(dnsname.TrimDot(owner), ".")
	for _, label := range labels[:max(len(labels)-1, 0)] {
		if kind == "A" && (label == "_spf" || label == "_spf_verify" || label == "_spf_rate") {
			return true
		}
	}
	return false
}
