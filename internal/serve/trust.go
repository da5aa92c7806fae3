package serve

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Trusts reports whether a forwarder is believed whom it asks for.
func (o *Options) Trusts(forwarder netip.Addr) bool {
	forwarder = forwarder.Unmap().WithZone("")
	return slices.ContainsFunc(o.Trusted, func(p netip.Prefix) bool { return p.Contains(forwarder) })
}

// ParseTrusted reads which forwarders are trusted: addresses and prefixes.
func ParseTrusted(words []string) (trusted []netip.Prefix, err error) {
	if len(words) == 0 {
		return nil, errors.New("trust_ecs takes addresses and prefixes of forwarders, got none")
	}
	for _, word := range words {
		prefix, err := parsePrefix(word)
		if err != nil {
			return nil, err
		}
		if slices.Contains(trusted, prefix) {
			return nil, fmt.Errorf("trust_ecs: %s stands twice", word)
		}
		trusted = append(trusted, prefix)
	}
	return trusted, nil
}

func parsePrefix(word string) (netip.Prefix, error) {
	text := word
	if addr, err := netip.ParseAddr(word); err == nil {
		text = netip.PrefixFrom(addr, addr.BitLen()).String()
	}
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil || strings.Contains(word, "%"):
		return prefix, fmt.Errorf("trust_ecs: %q is no address and no prefix, such as 10.0.0.53 or 10.0.0.0/28", word)
	case prefix.Addr().Is4In6():
		return prefix, fmt.Errorf("trust_ecs: %q is IPv4 in the form of IPv6, write %s", word, prefix.Addr().Unmap())
	case prefix.Bits() == 0:
		return prefix, fmt.Errorf("trust_ecs: %q is everybody, and so anybody could choose a VPC; list the forwarders", word)
	case prefix != prefix.Masked():
		return prefix, fmt.Errorf("trust_ecs: %q has an address within the prefix, write %s, or %s for that address alone", word, prefix.Masked(), prefix.Addr())
	}
	return prefix, nil
}
