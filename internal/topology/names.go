package topology

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
)

const (
	// maxLabel is the longest label, in octets (RFC 1035, section 2.3.4).
	maxLabel = 63
	// maxEndpointLabel leaves room for the two octets of a prefix ("a-").
	maxEndpointLabel = maxLabel - 2
	// maxName is the longest name in presentation form without the final dot:
	// 255 octets on the wire less the first length octet and the root's (RFC
	// 1035, section 2.3.4).
	maxName = 253
	// maxParent is the longest name that "*." can be put in front of.
	maxParent = maxName - 2
)

// orchestraParent is what a bare orchestra id is completed to.
const (
	orchestraPrefix = "production-orch-"
	orchestraParent = auraname.Host
)

// publicNames are Aura's control plane and tools. They are always public: to
// answer them privately breaks them.
var publicNames = []string{
	auraname.Origin,
	"api.neo4j.io.",
	"bloom.neo4j.io.",
	"browser.neo4j.io.",
	"console.neo4j.io.",
	"customer-metrics-api.neo4j.io.",
}

// sharedNames are the parents of public URIs: the instances of all regions are
// below them.
var sharedNames = []string{"databases.neo4j.io.", "instances.neo4j.io."}

// SharedNames returns the names under which the instances of all of Aura's
// regions have their public URIs, as absolute names.
func SharedNames() []string { return slices.Clone(sharedNames) }

// PublicNames returns Aura's names that are always public, as absolute names.
func PublicNames() []string { return slices.Clone(publicNames) }

// IsOrchestra reports whether a lower-case host name, without its final dot, is that of
// an orchestra or is below one, declared or not.
func IsOrchestra(host string) bool {
	below, ours := strings.CutSuffix(host, "."+orchestraParent)
	return ours && orchestraLabel.MatchString(below[strings.LastIndexByte(below, '.')+1:])
}

// checkLabel returns what is wrong with a lower-case host label of at most
// longest octets, or "" (RFC 952, RFC 1123 section 2.1).
func checkLabel(label string, longest int) string {
	switch {
	case label == "":
		return "is empty"
	case len(label) > longest:
		return fmt.Sprintf("has %d octets, more than %d", len(label), longest)
	case label[0] == '-' || label[len(label)-1] == '-':
		return "begins or ends with a hyphen"
	}
	for _, c := range label {
		if !isLetterDigit(c) && c != '-' {
			return fmt.Sprintf("has %q in it: a host label has letters, digits and hyphens", c)
		}
	}
	return ""
}

func isLetterDigit(c rune) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
}

// checkHost returns what is wrong with a lower-case host name without a final
// dot, or "".
func checkHost(host string, longest int) string {
	if host == "" {
		return "is empty"
	}
	if len(host) > longest {
		return fmt.Sprintf("has %d octets, more than %d", len(host), longest)
	}
	for label := range strings.SplitSeq(host, ".") {
		if wrong := checkLabel(label, maxLabel); wrong != "" {
			return fmt.Sprintf("has the label %q, which %s", shorten(label, maxLabel), wrong)
		}
	}
	// No top-level domain is a number (RFC 3696, section 2): it is an address, whole or not.
	if last := host[strings.LastIndexByte(host, '.')+1:]; strings.Trim(last, "0123456789") == "" {
		return "ends in a number, as addresses do and names do not"
	}
	return ""
}

// CheckWord returns what is wrong with a label of the user's, for a region or a VPC, in
// words that go behind it, or "". Such labels end up in file names and in metrics.
func CheckWord(word string) string {
	if word == "" {
		return "is empty"
	}
	if len(word) > maxLabel {
		return fmt.Sprintf("has %d octets, more than %d", len(word), maxLabel)
	}
	for i, c := range dnsname.Lower(word) {
		if !isLetterDigit(c) && (i == 0 || !strings.ContainsRune("-_.", c)) {
			return fmt.Sprintf("has %q in it: use letters, digits and, not first, any of - _ .", c)
		}
	}
	return ""
}

// BaseLabels returns the custom endpoint labels that could own the given
// lower-case label: the label itself and, where it begins with one of
// [Prefixes], what is behind it.
func BaseLabels(label string) (self, behindPrefix string) {
	base, prefix := dnsname.CutPrefix(label, Prefixes[:])
	if prefix < 0 {
		return label, ""
	}
	return label, base
}
