package machine

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// ParseScutil reads what "scutil --dns" prints: resolvers, one after the other, of
// which those without a domain are asked for all names. Those that are tied to an
// interface come again in a second part, which counts for programs that ask for it.
func ParseScutil(out string) Resolver {
	all, _, _ := strings.Cut(out, "DNS configuration (for scoped queries)")
	resolver := Resolver{Ndots: 1}
	for _, block := range strings.Split(all, "resolver #")[1:] {
		if strings.Contains(block, "domain   :") || strings.Contains(block, "mdns") {
			continue
		}
		for line := range strings.Lines(block) {
			key, value, has := strings.Cut(line, ":")
			key, value = strings.TrimSpace(key), strings.TrimSpace(value)
			switch {
			case !has:
			case strings.HasPrefix(key, "nameserver["):
				resolver.addServer(value)
			case strings.HasPrefix(key, "search domain["):
				resolver.Search = append(resolver.Search, dnsname.TrimDot(dnsname.Lower(value)))
			}
		}
	}
	return resolver
}

func (r *Resolver) addServer(text string) {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return
	}
	if server := net.JoinHostPort(addr.String(), "53"); !slices.Contains(r.Servers, server) {
		r.Servers = append(r.Servers, server)
	}
}
