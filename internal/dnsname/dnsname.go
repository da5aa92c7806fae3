// Package dnsname is about names of the DNS as texts. It is a leaf: it knows no
// zones, and nothing of what names mean.
//
// Names are absolute, with their final dot, if nothing else is said. They have no
// escaped dots, as no host name has.
package dnsname

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// TrimDot returns a name as those write it that take no final dot.
func TrimDot(name string) string { return strings.TrimSuffix(name, ".") }

// Shown returns a name as people write it: without its final dot, which is all that the
// root's has.
func Shown(name string) string {
	if name == "." {
		return name
	}
	return TrimDot(name)
}

// Parent returns a name without its first label, and "" for a name of a single
// label.
func Parent(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

// Upwards iterates a name and the names above it, nearest first, but for the root.
func Upwards(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for ; name != ""; name = Parent(name) {
			if !yield(name) {
				return
			}
		}
	}
}

// Closest returns what there is for a name or, if there is nothing, for the closest above
// it for which there is something.
func Closest[T any](all map[string]T, name string) (found T, ok bool) {
	for at := range Upwards(name) {
		if found, ok = all[at]; ok {
			return found, true
		}
	}
	return found, false
}

// CutPrefix returns what is behind the first of some prefixes that a label begins
// with, and the prefix's index: the label and -1 if there is none, or nothing behind.
func CutPrefix[T string | []byte](label T, prefixes []string) (rest T, index int) {
	for i, prefix := range prefixes {
		if len(label) > len(prefix) && string(label[:len(prefix)]) == prefix {
			return label[len(prefix):], i
		}
	}
	return label, -1
}

// Below reports whether a name is below another one. Both may also be without
// their final dot.
func Below(name, above string) bool {
	return len(name) > len(above) && strings.HasSuffix(name, above) && name[len(name)-len(above)-1] == '.'
}

// AtOrBelow reports whether a name is another one, or below it. Both may also be
// without their final dot.
func AtOrBelow(name, above string) bool { return name == above || Below(name, above) }

// Labels returns how many labels a name has.
func Labels(name string) int { return strings.Count(name, ".") }

// Lower returns a name in lower case: A to Z, and nothing else (RFC 4343).
// [strings.ToLower] would turn the Kelvin sign into a k.
func Lower(name string) string {
	return strings.Map(func(c rune) rune {
		if 'A' <= c && c <= 'Z' {
			return c + ('a' - 'A')
		}
		return c
	}, name)
}

// Absolute returns a name with its final dot, and in lower case.
func Absolute(name string) string { return Lower(TrimDot(name)) + "." }

// Compare orders names canonically (RFC 4034, section 6.1): a name comes right
// before what is below it.
func Compare(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	slices.Reverse(x)
	slices.Reverse(y)
	return cmp.Or(slices.Compare(x, y), strings.Compare(a, b))
}
