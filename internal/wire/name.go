// Package wire reads one question from the octets of a packet and writes the
// frame and the records of its answer, and works on domain names in wire format
// (RFC 1035, section 3.1), the form in which they are compared here: label by
// label, free of escapes. It allocates nothing.
//
// It knows octets only, and nothing of zones, views or servers. What is not a
// plain question it does not read: that is for the slow path, CoreDNS's own
// server, whose replies the ones written here equal octet by octet.
package wire

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/miekg/dns"
)

// MaxName is the longest name on the wire, in octets (RFC 1035, section 2.3.4).
const MaxName = 255

// MaxLabels is the greatest number of labels in a name, the root's not counted.
const MaxLabels = 127

// maxLabel is the longest label, in octets (RFC 1035, section 2.3.4).
const maxLabel = 63

// Name is an uncompressed name in wire format with A to Z in lower case,
// including the root's empty label.
type Name []byte

// Pack puts the wire format of an absolute name in presentation format into
// buf, in lower case, and returns it. It allocates nothing, unless the name has
// an escape such as \000. An error means that the text is no name.
func Pack(buf *[MaxName]byte, presentation string) (Name, error) {
	n, err := dns.PackDomainName(presentation, buf[:], 0, nil, false)
	if err != nil {
		return nil, err
	}
	lower(buf[:n], buf[:n])
	return buf[:n], nil
}

// MustPack returns the wire format of a name that is known to be one, as a
// string, such as for a key of a map. It panics if the text is no name.
func MustPack(presentation string) string {
	var buf [MaxName]byte
	name, err := Pack(&buf, presentation)
	if err != nil {
		panic("wire: " + presentation + ": " + err.Error())
	}
	return string(name)
}

// lower copies a name from the beginning of src, as long as dst, with A to Z in
// lower case. Length octets are at most 63 and so never among the letters, which
// begin at 65. Both may be the same slice.
func lower(dst, src []byte) {
	src = src[:len(dst)]
	i := 0
	for ; i+8 <= len(dst); i += 8 {
		binary.LittleEndian.PutUint64(dst[i:], lowerWord(binary.LittleEndian.Uint64(src[i:])))
	}
	for ; i < len(dst); i++ {
		c := src[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst[i] = c
	}
}

// lowerWord maps A to Z to lower case in eight octets at once.
//
// The lower seven bits of each octet, with 0x3f added, have the eighth bit set
// from 'A' on (0x41+0x3f = 0x80), and with 0x25 added from the octet after 'Z'
// on (0x5b+0x25 = 0x80); no sum carries into the next octet, for the greatest is
// 0x7f+0x3f. What is in one and not in the other, and has no eighth bit itself,
// is a letter; 0x20 is between the cases.
func lowerWord(w uint64) uint64 {
	const each = 0x0101010101010101
	low := w & (0x7f * each)
	letter := (low + 0x3f*each) &^ (low + 0x25*each) &^ w & (0x80 * each)
	return w | letter>>2
}

// Labels finds where each label of the name begins: offsets[0] is the first
// label's length octet. It returns the number of labels, the root's not
// counted. The name must be well formed, as [Pack] leaves it.
func (n Name) Labels(offsets *[MaxLabels]uint8) int {
	count := 0
	for at := 0; at < len(n) && n[at] != 0 && count < MaxLabels; at += int(n[at]) + 1 {
		offsets[count] = uint8(at)
		count++
	}
	return count
}

// Label returns the octets of the label whose length octet is at offset.
func (n Name) Label(offset uint8) []byte {
	from := int(offset) + 1
	return n[from : from+int(n[offset])]
}

// In reports whether the name is an origin, which is in wire format and in lower case as
// well, or below it.
func (n Name) In(origin []byte) bool {
	if !bytes.HasSuffix(n, origin) {
		return false
	}
	// The octets may be the end of a longer label.
	at := 0
	for len(n)-at > len(origin) {
		at += 1 + int(n[at])
	}
	return len(n)-at == len(origin)
}

// String returns the name in presentation format, for messages.
func (n Name) String() string {
	text, _, err := dns.UnpackDomainName(n, 0)
	if err != nil {
		return strings.ToValidUTF8(string(n), "?")
	}
	return text
}
