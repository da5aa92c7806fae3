package exports_test

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// target is a format and a server that loads it.
type target struct {
	format  string
	options formats.Options
	server  string
	// peer returns the server with an export. It is nil for CoreDNS, which runs
	// in the test's process.
	peer func(e export, public netip.AddrPort) peers.Peer
	// corefile returns CoreDNS's configuration with an export.
	corefile func(t *testing.T, e export, at, public netip.AddrPort) string
	// authoritative says that the server has no public DNS behind it.
	authoritative bool
	// partial says that the names of wildcards are left to public DNS.
	partial bool
	// emptyCovered says that a wildcard answers for a name that exists only
	// because of what is below it, against RFC 4592.
	emptyCovered bool
}

// name is the target's row in the matrix.
func (x target) name() string {
	format := x.format
	if x.options.Shape != "" {
		format += " " + string(x.options.Shape)
	}
	return format + " × " + x.server
}

// targets are all rows of the matrix.
var targets = slices.Concat(
	bindTargets(zones.ShapePerName), bindTargets(zones.ShapeOneZone),
	[]target{
		{format: "rpz", server: "BIND", peer: resolver(peers.BINDResolver)},
		{format: "rpz", server: "Unbound", peer: resolver(peers.Unbound)},
		{format: "rpz", server: "Knot Resolver", peer: resolver(peers.KnotResolver)},
		{format: "rpz", server: "PowerDNS Recursor", peer: resolver(peers.PowerDNSRecursor)},
		{format: "unbound", server: "Unbound", peer: resolver(peers.Unbound)},
		{format: "dnsmasq", server: "dnsmasq", peer: resolver(peers.Dnsmasq)},
		{
			format: "hosts", server: "CoreDNS hosts", corefile: hostsCorefile,
			options: formats.Options{Values: map[string]string{"partial": "yes"}}, partial: true,
		},
		{format: "coredns", server: "CoreDNS", corefile: exportedCorefile},
	},
)

func bindTargets(shape zones.Shape) []target {
	authoritative := func(server string, start func([]peers.Zone) peers.Peer) target {
		return target{
			format: "bind", options: formats.Options{Shape: shape}, server: server, authoritative: true,
			peer: func(e export, _ netip.AddrPort) peers.Peer { return start(e.zones()) },
		}
	}
	return []target{
		authoritative("NSD", peers.NSD),
		authoritative("Knot", peers.Knot),
		authoritative("BIND", peers.BIND),
		{
			format: "bind", options: formats.Options{Shape: shape}, server: "PowerDNS", authoritative: true,
			peer: func(e export, _ netip.AddrPort) peers.Peer { return withFiles(peers.PowerDNS(e.zones()), e.files) },
		},
		{
			format: "bind", options: formats.Options{Shape: shape}, server: "CoreDNS file", authoritative: true,
			corefile: fileCorefile, emptyCovered: true,
		},
	}
}

// zones returns the zone files of an export.
func (e export) zones() []peers.Zone {
	var all []peers.Zone
	for name, text := range e.files {
		if origin, ok := strings.CutSuffix(name, "zone"); ok {
			all = append(all, peers.Zone{Origin: origin, Text: text})
		}
	}
	return all
}

// withFiles returns a server with the files of an export over its own: PowerDNS
// loads named.conf as it is.
func withFiles(peer peers.Peer, files map[string]string) peers.Peer {
	own := peer.Configure
	peer.Configure = func(at netip.AddrPort) peers.Setup {
		setup := own(at)
		maps.Copy(setup.Files, files)
		return setup
	}
	return peer
}

// resolver returns what starts a resolver with all files of an export.
func resolver(start func(peers.Resolving) peers.Peer) func(export, netip.AddrPort) peers.Peer {
	return func(e export, public netip.AddrPort) peers.Peer {
		return start(peers.Resolving{Files: e.files, Upstream: public})
	}
}

// fileCorefile loads zone files with the plugin file.
func fileCorefile(t *testing.T, e export, at, _ netip.AddrPort) string {
	var b strings.Builder
	for _, zone := range e.zones() {
		fmt.Fprintf(&b, "%s:%d {\nbind %s\nfile %q\n}\n", zone.Origin, at.Port(), at.Addr(), written(t, zone.Text))
	}
	// Without zones there is nothing to start.
	fmt.Fprintf(&b, "unused.invalid:%d {\nbind %s\ntemplate ANY ANY {\nrcode REFUSED\n}\n}\n", at.Port(), at.Addr())
	return b.String()
}

// hostsCorefile loads a hosts file with the plugin hosts.
func hostsCorefile(t *testing.T, e export, at, public netip.AddrPort) string {
	path := written(t, e.files["hosts"])
	return coredns.Block(at, fmt.Sprintf("hosts %s {\nttl %d\nno_reverse\nfallthrough\n}\nforward . %s\n", path, e.view.TTL, public))
}

// exportedCorefile is the Corefile as it is, but for where it listens and where it
// forwards to, which are the test's.
func exportedCorefile(_ *testing.T, e export, at, public netip.AddrPort) string {
	text := strings.ReplaceAll(e.files["Corefile"], "\terrors\n", fmt.Sprintf("\terrors\n\tbind %s\n", at.Addr()))
	text = strings.ReplaceAll(text, ":53 {", fmt.Sprintf(":%d {", at.Port()))
	return strings.ReplaceAll(text, "forward . /etc/resolv.conf", "forward . "+public.String())
}
