package authority

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// Rotation says by how many places to rotate the addresses of an answer, so that
// clients spread over the zones of a private endpoint. It follows from the
// request alone, so that every way of answering gives the same bytes: from the
// message's ID, and from the client's address and port. An IPv4-mapped address
// counts as IPv4, and a zone is ignored.
//
// It is a hash, since none of these is random everywhere: over DoH the ID is
// always 0 (RFC 8484, section 4.1), Linux gives connections even ports, some
// forwarders ask from one port, and some clients count their IDs.
func Rotation(id uint16, client netip.AddrPort) uint16 {
	octets := client.Addr().As16()
	network, host := binary.BigEndian.Uint64(octets[:8]), binary.BigEndian.Uint64(octets[8:])
	high, low := bits.Mul64(network^golden, host^silver)
	question := uint64(id)<<16 | uint64(client.Port())
	return uint16(scatter(high ^ low ^ question))
}

// Neither has a pattern in its bits: 2^64 divided by the golden ratio, and by the
// square root of 2. With them no address that clients have makes a factor of 0.
const (
	golden = 0x9e3779b97f4a7c15
	silver = 0xb504f333f9de6485
)

// scatter maps numbers one to one, so that each bit of x changes each bit of the
// result in about half of all cases. It is the end of SplitMix64 (Steele, Lea and
// Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
func scatter(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
