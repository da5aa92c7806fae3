package dnsmasq

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// lease is what a dhcp-host says of a host: its name, and its address if there is one.
type lease struct {
	name string
	addr netip.Addr
	at   holdings.Place
}

// lease reads a dhcp-host.
func (f *dnsmasqFile) lease(value string, at holdings.Place) {
	l := lease{at: at}
	for field := range strings.SplitSeq(value, ",") {
		switch field = strings.TrimSpace(field); {
		case isIPv4(field):
			l.addr = netip.MustParseAddr(field)
		case field == "ignore", strings.Contains(field, ":"), isLease(field):
		default:
			l.name = field
		}
	}
	if l.name != "" {
		f.leases = append(f.leases, l)
	}
}

// addLeases adds the names of hosts that get their address by DHCP. As long as a host has one its
// name has it, whatever an address= says; only a record of the name goes before.
func (f *dnsmasqFile) addLeases() {
	for _, l := range f.leases {
		label, _, _ := strings.Cut(l.name, ".")
		domain := f.suffixFor(l.addr)
		name, err := holdings.CanonicalName(label + "." + domain)
		if domain == "" || err != nil {
			continue
		}
		if h := f.hosts[name]; h != nil && slices.ContainsFunc(h.data.Addrs, netip.Addr.Is4) {
			continue
		}
		f.unknown(name, "dhcp-host", l.at)
	}
}
