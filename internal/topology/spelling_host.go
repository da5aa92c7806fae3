package topology

import (
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
)

// readHost reads a host name or a wildcard, without what may be around it.
func readHost(host string) spelling {
	s := spelling{name: host, kind: declaredName}
	longest := maxName
	if rest, ok := strings.CutPrefix(host, "*."); ok {
		s.name, s.kind, longest = rest, declaredWildcard, maxParent
	}
	s.wrong = checkHost(s.name, longest)
	return s
}

// HostIn returns the host of a URI, or of a host with a port or a slash behind it,
// without the final dot. It returns a text that is none of these as it is.
func HostIn(text string) string {
	if scheme, rest, uri := strings.Cut(text, "://"); uri {
		text = strings.ToLower(scheme) + "://" + rest
	}
	return hostIn(text)
}

// hostIn returns the host of a URI, or of a host with a port or a slash behind
// it, without the final dot. It returns a text that is none of these as it is.
func hostIn(text string) string {
	scheme, rest, uri := strings.Cut(text, "://")
	if uri = uri && uriScheme.MatchString(scheme); !uri {
		rest = text
	} else {
		rest, _, _ = strings.Cut(rest, "?")
		rest, _, _ = strings.Cut(rest, "/")
		rest = rest[strings.LastIndexByte(rest, '@')+1:]
	}
	rest = withoutPort(strings.TrimSuffix(rest, "/"))
	return dnsname.TrimDot(rest)
}

// withoutPort cuts a port off a host or an address in brackets.
func withoutPort(text string) string {
	at := strings.LastIndexByte(text, ':')
	if at < 0 || at == len(text)-1 || strings.Trim(text[at+1:], "0123456789") != "" || strings.Contains(text[:at], ":") && !strings.HasSuffix(text[:at], "]") {
		return text
	}
	return text[:at]
}

// Addr returns the address for which a text is taken that stands in a link: an address, or what has one in it.
func Addr(text string) (netip.Addr, bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr, true
	}
	return addrIn(text)
}

// addrIn returns the address in a text that is one with its full prefix length, in
// brackets, with a port, or in a URI.
func addrIn(text string) (netip.Addr, bool) {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return prefix.Addr(), prefix.IsSingleIP()
	}
	host := hostIn(text)
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	addr, err := netip.ParseAddr(host)
	return addr, err == nil && host != text
}

// rangeIn returns the one range in a text that is an address with a netmask, or
// the first and last address of a range.
func rangeIn(text string) (netip.Prefix, bool) {
	if first, mask, ok := strings.Cut(text, "/"); ok {
		addr, err := netip.ParseAddr(first)
		bits, contiguous := maskBits(mask)
		return netip.PrefixFrom(addr, bits), err == nil && contiguous && addr.Is4()
	}
	first, last, ok := strings.Cut(text, "-")
	from, err := netip.ParseAddr(strings.TrimSpace(first))
	to, errTo := netip.ParseAddr(strings.TrimSpace(last))
	if !ok || err != nil || errTo != nil || from.BitLen() != to.BitLen() {
		return netip.Prefix{}, false
	}
	for bits := range from.BitLen() + 1 {
		prefix := netip.PrefixFrom(from, bits)
		if prefix.Masked() == prefix && address.Last(prefix) == to {
			return prefix, true
		}
	}
	return netip.Prefix{}, false
}

// maskBits returns the length of the prefix that a netmask stands for.
func maskBits(mask string) (int, bool) {
	for bits := range 33 {
		all := netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), bits).Masked()
		if mask == all.Addr().String() {
			return bits, true
		}
	}
	return 0, false
}
