package topology

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
)

// People write into a topology what a console's copy button gives them: a URI, a
// host with a port, the name of a private link service. This file reads such a
// text for what it can only mean, and leaves alone what could mean two things.

// spelling is what a text of the file was read as.
type spelling struct {
	// name is a host name without the final dot, or what could not be read as
	// one.
	name string
	kind declarationKind
	// meant is how the name should have been written, where the text is
	// something else that can only mean the name.
	meant string
	// doubt says what is unusual about a name that can be used; wrong says why
	// a text cannot be. Hint is what to do about either.
	doubt, wrong, hint string
}

// orchestraHint says where the right id stands. To write what it quotes passes.
const orchestraHint = `the orchestra stands in the second label of a Private URI: write "0042" for abcd1234.production-orch-0042.neo4j.io`

var (
	// orchestraLabel matches the first label of an orchestra's own name, such
	// as "production-orch-0042", and has its id.
	orchestraLabel = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-orch-([a-z0-9]+)$`)
	// uriScheme matches a scheme in lower case (RFC 3986, section 3.1).
	uriScheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)
	// usualID matches the ids of all orchestras that were ever seen.
	usualID = regexp.MustCompile(`^[0-9]{4}$`)
)

// readOrchestra reads an orchestra from a lower-case text: a bare id, its host
// name, or what a console shows instead.
func readOrchestra(text string) spelling {
	host := hostIn(text)
	s := spelling{name: host, kind: declaredOrchestra, hint: orchestraRemedy(text)}
	switch {
	case strings.HasPrefix(host, "*."):
		s.wrong = "is a wildcard, and an orchestra has all below it anyhow"
		if name, ok := orchestraIn(host[len("*."):]); ok {
			s.hint = "write " + written(name)
		}
		return s
	case strings.Contains(host, "."):
		name, ok := orchestraIn(host)
		if !ok {
			return s.otherHost()
		}
		s.name = name
	default:
		label := completed(host)
		s.name = label + "." + orchestraParent
		if id, ok := strings.CutPrefix(label, orchestraPrefix); ok {
			s.wrong = checkLabel(id, maxLabel-len(orchestraPrefix))
		}
	}
	if s.wrong != "" {
		return s
	}
	if s.wrong = checkHost(s.name, maxParent); s.wrong != "" {
		return s
	}
	label, _, _ := strings.Cut(s.name, ".")
	if id := orchestraLabel.FindStringSubmatch(label); id == nil || !usualID.MatchString(id[1]) {
		s.doubt, s.hint = "is unlike the id of any orchestra that was seen, which are four digits", orchestraHint
	}
	if text != s.name && text != s.name+"." && orchestraPrefix+text+"."+orchestraParent != s.name {
		s.meant = written(s.name)
	}
	return s
}

// completed returns the first label of the orchestra's name that a single label
// stands for.
func completed(label string) string {
	if id, ok := strings.CutPrefix(label, "orch-"); ok {
		return orchestraPrefix + id
	}
	service, _ := strings.CutSuffix(label, "-service")
	if orchestraLabel.MatchString(service) {
		return service
	}
	return orchestraPrefix + label
}

// orchestraIn finds the name of an orchestra in a host name: that of an instance,
// whose second label it is, or that of Azure's private link service.
func orchestraIn(host string) (name string, found bool) {
	if service, _, azure := strings.Cut(host, "-service."); azure && strings.HasSuffix(host, ".azure.privatelinkservice") {
		return service + "." + orchestraParent, orchestraLabel.MatchString(service)
	}
	below, ours := strings.CutSuffix(host, "."+orchestraParent)
	label := below[strings.LastIndexByte(below, '.')+1:]
	return label + "." + orchestraParent, ours && orchestraLabel.MatchString(label)
}

// otherHost judges a host name in which there is no orchestra's.
func (s spelling) otherHost() spelling {
	if s.wrong = checkHost(s.name, maxParent); s.wrong != "" {
		return s
	}
	switch {
	case strings.HasSuffix(s.name, ".amazonaws.com"), strings.HasPrefix(s.name, "com.amazonaws."):
		s.wrong = "is a name of AWS, which does not tell the orchestra"
	case dnsname.Below(s.name, orchestraParent):
		s.doubt, s.hint = "is unlike the name of any orchestra that was seen", orchestraHint
	case strings.Contains(s.name, "-orch-"), strings.Contains(s.name, "neo4j"):
		s.doubt, s.hint = "is outside of "+orchestraParent+", where all orchestras are that were seen", orchestraHint
	}
	return s
}

// written returns how to write an orchestra's name: by its id where it has one.
func written(name string) string {
	if id, ok := strings.CutPrefix(name, orchestraPrefix); ok {
		return fmt.Sprintf("%q", strings.TrimSuffix(id, "."+orchestraParent))
	}
	return name
}

// readExtraName reads a name or a wildcard from a lower-case text.
func readExtraName(text string) spelling {
	host := hostIn(text)
	s := readHost(host)
	if s.wrong != "" {
		s.hint = extraNameRemedy(text)
	}
	if host != dnsname.TrimDot(text) {
		s.meant = host
	}
	return s
}

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

// readEndpoint reads the label of a custom endpoint from a lower-case text. The
// empty meant says that the text is the label.
func readEndpoint(text string) spelling {
	wrong := checkLabel(text, maxEndpointLabel)
	if wrong == "" {
		return spelling{name: text}
	}
	s := spelling{name: text, wrong: wrong, hint: endpointRemedy(text)}
	host := hostIn(text)
	label, _ := strings.CutSuffix(host, "."+endpointsParent)
	if _, ok := orchestraIn(host); ok {
		s.wrong, s.hint = "is a name of an orchestra", "leave it out: the orchestra of its region has all below it"
		return s
	}
	if label != text && checkLabel(label, maxEndpointLabel) == "" {
		return spelling{name: label, meant: label}
	}
	return s
}

// endpointsParent is what custom endpoints are below, without the final dot.
var endpointsParent = dnsname.TrimDot(EndpointsOrigin)

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
