// Package rawdns puts messages together from octets, for tests of what no library
// would pack.
package rawdns

import "encoding/binary"

// Header makes the twelve octets of a message's header with ID 0x1234 (RFC 1035,
// section 4.1.1): flags and the counts of the four sections, of which those left
// out are 0.
func Header(flags uint16, counts ...uint16) string {
	octets := binary.BigEndian.AppendUint16([]byte{0x12, 0x34}, flags)
	for i := range 4 {
		count := uint16(0)
		if i < len(counts) {
			count = counts[i]
		}
		octets = binary.BigEndian.AppendUint16(octets, count)
	}
	return string(octets)
}
