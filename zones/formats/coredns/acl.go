package coredns

import (
	"net/netip"
	"slices"
	"strings"
)

// admits reports whether the plugin acl lets pass all questions of clients inside: whether
// its first policy is for all of these, and allows them.
func (d directive) admits() bool {
	if len(d.block) == 0 {
		return true // and so for all others
	}
	first := d.block[0]
	if !strings.EqualFold(first[0], "allow") {
		return false
	}
	if len(first) == 1 {
		return true
	}
	if !strings.EqualFold(first[1], "net") {
		return false
	}
	for _, prefix := range inside {
		if !slices.ContainsFunc(first[2:], func(word string) bool { return word == "*" || covers(word, prefix) }) {
			return false
		}
	}
	return true
}

// covers reports whether a range, as it is written, has all of a prefix.
func covers(word string, prefix netip.Prefix) bool {
	wide, err := netip.ParsePrefix(word)
	return err == nil && wide.Bits() <= prefix.Bits() && wide.Contains(prefix.Addr())
}
