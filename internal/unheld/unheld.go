// Package unheld makes up names that nobody has, by which a wildcard is found: only
// a wildcard answers them. A server of ours knows such a name by its looks, and does
// not take it for a custom endpoint that somebody forgot to declare.
package unheld

import (
	"crypto/rand"
	"strings"
)

const (
	prefix = "auralink-"
	// random is how many characters of base32 follow, in lower case: 80 bits.
	random = 16
	// maxName is the longest absolute name, in octets: 255 on the wire less the first
	// length octet (RFC 1035, section 2.3.4).
	maxName = 254
)

// Name returns a name below parent, which is absolute, that nobody has. There is room
// for one, where there is for a wildcard.
func Name(parent string) string { return Label(maxName-len(parent)-1) + "." + parent }

// Label returns a label that no host has, as far as that can be said in so many
// octets.
func Label(room int) string {
	text := strings.ToLower(rand.Text()[:random])
	if label := prefix + text; len(label) <= room {
		return label
	}
	return text[:min(len(text), room)]
}

// Is reports whether a label, in any case of letters, was made up here.
func Is[T ~string | ~[]byte](label T) bool {
	if len(label) != len(prefix)+random {
		return false
	}
	for i := range len(prefix) {
		if lower(label[i]) != prefix[i] {
			return false
		}
	}
	for i := len(prefix); i < len(label); i++ {
		if c := lower(label[i]); (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}
