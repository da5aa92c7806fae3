package coredns

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// listener is how a server block is asked: by a transport, at a port.
type listener struct{ transport, port string }

// usual is how clients ask who are told nothing else.
var usual = listener{plain, "53"}

// plain is the transport of plain DNS.
const plain = "dns"

// String returns where a server listens.
func (l listener) String() string {
	if l.transport == plain {
		return "port " + l.port
	}
	return "port " + l.port + " for " + l.transport
}

// ports are those on which servers listen whose keys have none.
var ports = map[string]string{plain: "53", "tls": "853", "https": "443", "https3": "443", "quic": "853", "grpc": "443", "unix": ""}

// keyed looks at the keys of a server block.
func (c *corefile) keyed(at holdings.Place, keys []token) {
	n := len(keys)
	switch {
	case n == 0:
		c.b.Unread(at, "a brace stands where a zone should: what is behind it is not read as CoreDNS does")
	case strings.HasSuffix(keys[n-1].text, ","):
		c.refuse(keys[n-1].place, "another zone expected behind %s", lines.Shown(keys[n-1].text))
	}
}

// listening returns a server block once for each of its listeners, with the zones that it has there.
func (c *corefile) listening(s server, keys []token) []server {
	var all []server
	for _, key := range keys {
		zones, l, why := c.key(key)
		if why != "" {
			c.b.Unread(key.place, "%s is not read: %s", lines.Shown(key.text), why)
		}
		at := slices.IndexFunc(all, func(s server) bool { return s.listener == l })
		if at < 0 {
			at = len(all)
			all = append(all, server{listener: l, plugins: s.plugins, place: s.place, again: at > 0})
		}
		all[at].zones = append(all[at].zones, zones...)
	}
	return all
}

// key reads a key of a server block, and tells what may not be meant with it.
func (c *corefile) key(key token) (zones []string, l listener, why string) {
	text := strings.TrimSuffix(key.text, ",")
	c.environment([]token{key})
	zones, l, ok := zonesOf(text)
	if !ok {
		c.keyless(text, key.place)
		return nil, l, "it is no zone"
	}
	switch {
	case address.Is(strings.Trim(zones[0], "[].")):
		return nil, l, "it is taken for a zone of that name, and not for an address: bind says where a server listens"
	case starred(zones[0]):
		return nil, l, "CoreDNS takes no wildcards there, and a zone has all names below it: leave *. out"
	case strings.ContainsAny(zones[0], ",:;\\"):
		return nil, l, "it is taken for one zone of that name, which no host has"
	}
	return zones, l, ""
}

// keyless tells that CoreDNS does not start with a key without a zone, or without the port that it
// announces.
func (c *corefile) keyless(text string, at holdings.Place) {
	switch _, rest := cutTransport(text); {
	case strings.HasSuffix(rest, ":"):
		c.refuse(at, "%s lacks a port behind its colon", lines.Shown(text))
	case strings.HasPrefix(rest, ":"):
		c.refuse(at, "%s has no zone: that of all names is a dot, as in .%s", lines.Shown(text), rest)
	}
}

// starred reports whether a name begins with an asterisk, which is no wildcard where zones stand.
func starred(zone string) bool { return zone == "*." || strings.HasPrefix(zone, "*.") }

// cutTransport returns the transport of a key, and what stands behind.
func cutTransport(key string) (transport, rest string) {
	if transport, rest, found := strings.Cut(key, "://"); found {
		if _, known := ports[transport]; known {
			return transport, rest
		}
	}
	return plain, key
}

// zonesOf returns the zones and the listener of a key such as dns://example.org:53, or
// 10.0.0.0/23, which has two zones.
func zonesOf(key string) (zones []string, l listener, ok bool) {
	transport, rest := cutTransport(key)
	l = listener{transport, ports[transport]}
	if at := strings.LastIndexByte(rest, ':'); at >= 0 {
		port, err := strconv.Atoi(rest[at+1:])
		switch {
		case rest[at+1:] == "":
			return nil, l, false
		case err == nil:
			rest, l.port = rest[:at], strconv.Itoa(port)
		}
	}
	if prefix, err := netip.ParsePrefix(rest); err == nil && rest[0] != ':' {
		return reverse(prefix), l, true
	}
	zone, err := holdings.CanonicalName(rest)
	return []string{zone}, l, err == nil && between(l.port, 0, 65535)
}

// zoneOf returns the first zone of a key.
func zoneOf(key string) (zone string, ok bool) {
	zones, _, ok := zonesOf(strings.TrimSuffix(key, ","))
	if !ok {
		return "", false
	}
	return zones[0], true
}

// reverse returns the zones of the names of all addresses of a network, which end with whole labels.
func reverse(network netip.Prefix) []string {
	width := 8
	if network.Addr().Is6() {
		width = 4
	}
	bits := (network.Bits() + width - 1) / width * width
	var zones []string
	addr := network.Masked().Addr()
	for range 1 << (bits - network.Bits()) {
		name, err := dns.ReverseAddr(addr.String())
		if err != nil {
			return zones
		}
		for range (addr.BitLen() - bits) / width {
			_, name, _ = strings.Cut(name, ".")
		}
		zones = append(zones, name)
		addr = following(addr, bits)
	}
	return zones
}

// following returns the first address of the network behind that of an address.
func following(addr netip.Addr, bits int) netip.Addr {
	octets := addr.AsSlice()
	for at, step := (bits-1)/8, 1<<(7-(bits-1)%8); bits > 0 && at >= 0; at-- {
		sum := int(octets[at]) + step
		octets[at], step = byte(sum), sum>>8
	}
	next, _ := netip.AddrFromSlice(octets)
	return next
}
