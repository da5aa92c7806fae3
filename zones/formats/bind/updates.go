package bind

import (
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// The kinds of rules of an update-policy, by what name they have: the identity's own, the one
// that holds its place, or one that must not be forgotten, for then the first type is taken for it.
var (
	ownName   = []string{"self", "selfsub", "selfwild"}
	noName    = []string{"6to4-self", "tcp-self", "krb5-self", "krb5-selfsub", "ms-self", "ms-selfsub"}
	otherName = []string{"name", "subdomain", "wildcard", "external", "krb5-subdomain", "krb5-subdomain-self-rhs", "ms-subdomain", "ms-subdomain-self-rhs"}
)

// granted says which rules of an update-policy are none.
func (k *checker) granted(w within) {
	policy, _ := find(w.block, "update-policy")
	for _, rule := range policy.block {
		if len(rule.words) < 3 {
			continue // of which the grammar tells
		}
		if why := wrongRule(rule.words[1].text, strings.ToLower(rule.words[2].text), rule.words[3:]); why != "" {
			k.c.stop(rule, "update-policy: %s", why)
		}
	}
}

// wrongRule says what is wrong with a rule of an update-policy, or nothing.
func wrongRule(identity, kind string, rest []word) string {
	if !isName(identity) {
		return lines.Shown(identity) + " is no domain name"
	}
	if kind != "zonesub" {
		if len(rest) == 0 {
			return kind + " needs a name"
		}
		if why := wrongName(identity, kind, rest[0].text); why != "" {
			return why
		}
		rest = rest[1:]
	}
	for _, w := range rest {
		if why := wrongType(w.text); why != "" {
			return why
		}
	}
	return ""
}

// wrongName says what is wrong with the name of a rule of that kind.
func wrongName(identity, kind, name string) string {
	isRoot := name == "." || name == "@"
	switch {
	case !isName(name):
		return lines.Shown(name) + " is no domain name"
	case slices.Contains(ownName, kind) && !isRoot && dnsname.Absolute(name) != dnsname.Absolute(identity):
		return kind + " " + lines.Shown(name) + ": the name must be " + lines.Shown(identity) + ", which the rule is for"
	case slices.Contains(noName, kind) && !isRoot:
		return kind + " " + lines.Shown(name) + ": the name must be ."
	case kind == "wildcard" && name != "*" && !strings.HasPrefix(name, "*."):
		return lines.Shown(name) + " is no wildcard"
	case slices.Contains(otherName, kind) && isType(name):
		return kind + " needs a name before the type " + lines.Shown(name)
	default:
		return ""
	}
}

// isCount matches how many records of a type a name may have.
var isCount = pattern.Matching(`^\([0-9]*\)$`)

// wrongType says what is wrong with a type of a rule, behind which a count may stand.
func wrongType(text string) string {
	name, count, counted := strings.Cut(text, "(")
	if !isType(name) {
		return lines.Shown(name) + " is no type"
	}
	n, _ := strconv.ParseUint(strings.Trim(count, ")"), 10, 64)
	if counted && (!isCount("("+count) || n > 65535) {
		return lines.Shown("("+count) + " is no count"
	}
	return ""
}

// oldTypes are those that the list of all others lacks.
var oldTypes = strings.Fields("a6 sink wks unspec doa mailb maila nsap-ptr dsync wallet amtrelay any")

// isType reports whether a text is a type of records.
func isType(text string) bool {
	return kinds["rrtype"].is(word{text: text}) || slices.Contains(oldTypes, strings.ToLower(text))
}
