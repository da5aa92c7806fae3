package wire

import (
	"encoding/binary"
	"net/netip"
)

// The families of client subnets (RFC 7871, section 6).
const (
	familyNone = 0
	familyIPv4 = 1
	familyIPv6 = 2
)

// subnetHead is what stands before the address in a client subnet, in octets: family,
// source prefix length, scope prefix length.
const subnetHead = 2 + 1 + 1

// MaxScoped is the length of the longest option that [Scoped] makes, in octets.
const MaxScoped = optionHead + subnetHead + 16

// ParseSubnet returns the prefix that the data of a client subnet stand for, as they are
// in a query: with no scope, and as many octets of the address as the prefix needs, in
// which the bits behind it are 0 (RFC 7871, section 6). Of no family at all it is the
// invalid prefix: that of clients of whom nothing is said.
func ParseSubnet(data []byte) (subnet netip.Prefix, ok bool) {
	if len(data) < subnetHead || data[3] != 0 {
		return netip.Prefix{}, false
	}
	bits, octets := int(data[2]), data[subnetHead:]
	if len(octets) != (bits+7)/8 {
		return netip.Prefix{}, false
	}
	var addr netip.Addr
	switch family := binary.BigEndian.Uint16(data); {
	case family == familyNone && bits == 0:
		return netip.Prefix{}, true
	case family == familyIPv4 && bits <= 32:
		var all [4]byte
		copy(all[:], octets)
		addr = netip.AddrFrom4(all)
	case family == familyIPv6 && bits <= 128:
		var all [16]byte
		copy(all[:], octets)
		addr = netip.AddrFrom16(all)
	default:
		return netip.Prefix{}, false
	}
	subnet = netip.PrefixFrom(addr, bits)
	return subnet, subnet == subnet.Masked()
}

// Scoped puts the client subnet of a query into buf as it is in a reply, with a scope:
// the length of the prefix for whose clients the reply is. It returns the option. Buf
// has room for [MaxScoped] octets, and the data are as ParseSubnet takes them.
func Scoped(buf, data []byte, scope uint8) []byte {
	binary.BigEndian.PutUint16(buf, optionSubnet)
	binary.BigEndian.PutUint16(buf[2:], uint16(len(data)))
	n := optionHead + copy(buf[optionHead:], data)
	buf[optionHead+3] = scope
	return buf[:n]
}

// Tailored reports whether the reply is for some clients and not for all.
func (q *Query) Tailored() bool { return len(q.For) > 0 && q.For[optionHead+3] > 0 }
