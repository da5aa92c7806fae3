// Package wire works on domain names in wire format (RFC 1035, section 3.1),
// the form in which they are compared here: label by label, free of escapes.
//
// It knows octets only, and nothing of zones, views or servers.
package wire

import (
	"strings"

	"github.com/miekg/dns"
)

// MaxName is the longest name on the wire, in octets (RFC 1035, section 2.3.4).
const MaxName = 255

// MaxLabels is the greatest number of labels in a name, the root's not counted.
const MaxLabels = 127

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
	name := Name(buf[:n])
	name.lower()
	return name, nil
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

// lower maps A to Z to lower case. Length octets are at most 63 and so never
// among the letters, which begin at 65.
func (n Name) lower() {
	for i, c := range n {
		if 'A' <= c && c <= 'Z' {
			n[i] = c + ('a' - 'A')
		}
	}
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

// String returns the name in presentation format, for messages.
func (n Name) String() string {
	text, _, err := dns.UnpackDomainName(n, 0)
	if err != nil {
		return strings.ToValidUTF8(string(n), "?")
	}
	return text
}
