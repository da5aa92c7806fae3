package formats

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
)

// MaxOctets is how much of a file is read. A view of five million names is
// less than a third of it in any format.
const MaxOctets = 2 << 30

// Text returns what is read from r as UTF-8, without the mark of its encoding:
// Windows writes UTF-16, or such a mark. Reading ends with an error where there are
// more than [MaxOctets].
func Text(r io.Reader) io.Reader {
	text, _ := marked(r)
	return text
}

// marked is Text, and reports whether anything but UTF-8 without a mark was there.
func marked(r io.Reader) (text io.Reader, is bool) {
	in := bufio.NewReader(&bounded{r: r, left: MaxOctets})
	head, _ := in.Peek(64) // an error comes again when more is read
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3) // which are there
		return in, true
	case bytes.HasPrefix(head, []byte("\xff\xfe")), everySecondNull(head, 1):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(in), true
	case bytes.HasPrefix(head, []byte("\xfe\xff")), everySecondNull(head, 0):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(in), true
	default:
		return in, false
	}
}

// everySecondNull reports whether of each two octets the one at that place is
// null, and the other is not: ASCII in UTF-16 without a mark.
func everySecondNull(head []byte, place int) bool {
	for i := 0; i+1 < len(head); i += 2 {
		if head[i+place] != 0 || head[i+1-place] == 0 {
			return false
		}
	}
	return len(head) > 1
}

// bounded reads so many octets, and fails where there are more.
type bounded struct {
	r    io.Reader
	left int64
}

var errTooLarge = fmt.Errorf("there are more than %d octets", int64(MaxOctets))

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
