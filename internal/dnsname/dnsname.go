// Package dnsname is about names of the DNS as texts. It is a leaf: it knows no
// zones, and nothing of what names mean.
//
// Names are absolute, with their final dot, if nothing else is said. They have no
// escaped dots, as no host name has.
package dnsname

import (
	"cmp"
	"slices"
	"strings"
)

// TrimDot returns a name as those write it that take no final dot.
func TrimDot(name string) string { return strings.TrimSuffix(name, ".") }

// Parent returns a name without its first label, and "" for a name of a single
// label.
func Parent(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

// AtOrBelow reports whether a name is another one, or below it.
func AtOrBelow(name, above string) bool {
	return name == above || strings.HasSuffix(name, "."+above)
}

// Compare orders names canonically (RFC 4034, section 6.1): a name comes right
// before what is below it.
func Compare(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	slices.Reverse(x)
	slices.Reverse(y)
	return cmp.Or(slices.Compare(x, y), strings.Compare(a, b))
}
