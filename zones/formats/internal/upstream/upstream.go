// Package upstream says what it means that a server asks others.
package upstream

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
)

// resolvers are those of the Internet that anybody may ask: what they answer is
// public DNS.
var resolvers = []string{
	"1.1.1.1", "1.0.0.1", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3", "8.8.8.8", "8.8.4.4", "9.9.9.9", "9.9.9.10", "9.9.9.11", "149.112.112.112",
	"208.67.222.222", "208.67.220.220", "94.140.14.14", "94.140.15.15", "185.228.168.9", "185.228.169.9", "64.6.64.6", "64.6.65.6", "4.2.2.1", "4.2.2.2",
	"2606:4700:4700::1111", "2606:4700:4700::1001", "2001:4860:4860::8888", "2001:4860:4860::8844", "2620:fe::fe", "2620:fe::9",
}

// wire is the address at which Azure's own resolver is in every network.
var wire = netip.MustParseAddr("168.63.129.16")

// Asked returns what becomes of questions that are sent to servers, which are
// written as in a configuration: an address, maybe with a port or a name behind it. A
// server inside may know private names; others of which nothing is known are taken
// for public DNS, where they are for all names.
func Asked(servers []string, all bool) (holdings.Action, holdings.Referral) {
	public := slices.ContainsFunc(servers, func(server string) bool { return isPublic(server, all) })
	if len(servers) == 0 || public {
		return holdings.Passthru, holdings.Referral{}
	}
	return holdings.Refer, holdings.Referral{Servers: listed(servers)}
}

// maxListed is how many servers are named.
const maxListed = 5

func listed(servers []string) string {
	servers = slices.Compact(slices.Clone(servers))
	if len(servers) > maxListed {
		servers = append(servers[:maxListed:maxListed], "...")
	}
	return strings.Join(servers, ", ")
}

func isPublic(server string, all bool) bool {
	addr, ok := addrOf(server)
	if !ok {
		return false // a name, or a file
	}
	inside := address.Private(addr) || addr.IsLoopback() || addr.IsLinkLocalUnicast() || addr == wire
	return slices.Contains(resolvers, addr.String()) || all && !inside
}

// addrOf returns the address of a server, such as 10.0.0.2, 10.0.0.2#53, 10.0.0.2@53#name,
// 10.0.0.2:53, [fd00::2]:53 or tls://10.0.0.2.
func addrOf(server string) (netip.Addr, bool) {
	if _, rest, found := strings.Cut(server, "://"); found {
		server = rest
	}
	if i := strings.IndexAny(server, "#@"); i >= 0 {
		server = server[:i]
	}
	if addr, err := netip.ParseAddr(server); err == nil {
		return addr.WithZone("").Unmap(), true
	}
	if addr, err := netip.ParseAddrPort(server); err == nil {
		return addr.Addr().WithZone("").Unmap(), true
	}
	return netip.Addr{}, false
}
