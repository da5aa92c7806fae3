package holdings

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
)

// key is a name in an order that sorts as names do (RFC 4034, section 6.1): its
// labels from the root down, with a NUL, which no label has in presentation
// format, between them. All names below one have its key and a NUL in front.
type key string

const separator = "\x00"

// keyOf returns the key of an absolute, lower-case name.
func keyOf(name string) key {
	labels := splitLabels(name)
	slices.Reverse(labels)
	return key(strings.Join(labels, separator))
}

// splitLabels returns the labels of an absolute name; none for the root.
func splitLabels(name string) []string {
	if strings.Contains(name, `\`) {
		return dns.SplitDomainName(name) // which knows of dots that are part of a label
	}
	name = dnsname.TrimDot(name)
	if name == "" {
		return nil
	}
	return strings.Split(name, ".")
}

// name returns the absolute name.
func (k key) name() string {
	if k == "" {
		return "."
	}
	var b strings.Builder
	b.Grow(len(k) + 1)
	rest := string(k)
	for {
		at := strings.LastIndexByte(rest, 0)
		b.WriteString(rest[at+1:])
		b.WriteByte('.')
		if at < 0 {
			return b.String()
		}
		rest = rest[:at]
	}
}

// wildcardLabel is the first label of a wildcard (RFC 4592, section 2.1.1);
// literalStar stands for the same label where a source has no wildcards.
const (
	wildcardLabel = "*"
	literalStar   = `\*`
)

func (k key) wildcard() bool {
	return k == wildcardLabel || strings.HasSuffix(string(k), separator+wildcardLabel)
}

// covered returns the key at or below which all names are that a row of this key counts for.
func (k key) covered() key {
	if k.wildcard() {
		return k.parent()
	}
	return k
}

// child returns the key of a label below k.
func (k key) child(label string) key {
	if k == "" {
		return key(label)
	}
	return k + separator + key(label)
}

// parent returns the key without its last label; that of the root is the root's.
func (k key) parent() key {
	return k[:max(strings.LastIndexByte(string(k), 0), 0)]
}

// below reports whether k is strictly below another key.
func (k key) below(above key) bool {
	if above == "" {
		return k != ""
	}
	return len(k) > len(above) && k[len(above)] == 0 && k[:len(above)] == above
}

// upToRoot returns k, what is above it, and so on to the root.
func (k key) upToRoot() iter.Seq[key] {
	return func(yield func(key) bool) {
		for yield(k) && k != "" {
			k = k.parent()
		}
	}
}

// UpToRoot returns an absolute, lower-case name, the one above it, and so on to the
// root.
func UpToRoot(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range keyOf(name).upToRoot() {
			if !yield(k.name()) {
				return
			}
		}
	}
}

// CanonicalName returns a name as sets have it: absolute, lower-case, and without
// needless escapes. A wildcard may be written as "\042", which is the same octet.
func CanonicalName(name string) (string, error) {
	raw := func(c rune) bool { return c <= ' ' || c > '~' } // as octets, which would be escaped
	if _, ok := dns.IsDomainName(name); !ok || name == "" || strings.ContainsFunc(name, raw) {
		return "", fmt.Errorf("%q is not a domain name", name)
	}
	name = dns.Fqdn(name)
	if strings.Contains(name, `\`) {
		name = unescape(name)
	}
	return dnsname.Lower(name), nil
}

// unescape replaces \DDD and \X by the character where it needs no escape in
// host names and wildcards.
func unescape(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		octet, width := name[i], 1
		if octet == '\\' {
			octet, width = escaped(name[i:])
		}
		if width > 1 && plain(octet) {
			b.WriteByte(octet)
		} else {
			b.WriteString(name[i : i+width])
		}
		i += width - 1
	}
	return b.String()
}

// escaped returns the octet for which an escape at the beginning of text stands,
// and the length of the escape.
func escaped(text string) (octet byte, width int) {
	digit := func(i int) bool { return i < len(text) && '0' <= text[i] && text[i] <= '9' }
	if digit(1) && digit(2) && digit(3) {
		return (text[1]-'0')*100 + (text[2]-'0')*10 + (text[3] - '0'), 4
	}
	if len(text) > 1 {
		return text[1], 2
	}
	return text[0], 1
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '*'
}

// LiteralName returns the name with which a source without wildcards has one that
// looks like one.
func LiteralName(name string) string {
	if rest, ok := strings.CutPrefix(name, wildcardLabel+"."); ok {
		return literalStar + "." + rest
	}
	return name
}
