package formats

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"

	"github.com/auralink/auralink/internal/holdings"
)

// MaxOctets is how much of a file is read. A view of five million names is
// less than a third of it in any format.
const MaxOctets = 2 << 30

// Text returns what is read from r as UTF-8, without the mark of its encoding:
// Windows writes UTF-16, or such a mark. Reading ends with an error where there are
// more than [MaxOctets].
func Text(r io.Reader) io.Reader {
	text, _ := Decode(r)
	return text
}

// Encoding is how a text is written.
type Encoding uint8

// The encodings.
const (
	UTF8   Encoding = iota
	Marked          // UTF-8 that begins with a mark of its encoding (BOM)
	UTF16
)

// Beginning says what a server finds at the beginning of such a text that is none of its words.
func (e Encoding) Beginning() string {
	if e == UTF16 {
		return "it is UTF-16"
	}
	return "it begins with a mark of its encoding (BOM)"
}

// Plain says of a file that is not written in UTF-8 without a mark that a server does not
// start with it.
func (in Input) Plain(b *holdings.Builder, server string) {
	if in.Encoding != UTF8 {
		b.NotStarted(server, holdings.Place{File: in.Name, Line: 1}, "%s: save the file as UTF-8 without a mark", in.Encoding.Beginning())
	}
}

// Decode is [Text], and says how the text was written.
func Decode(r io.Reader) (io.Reader, Encoding) {
	in := bufio.NewReader(&bounded{r: r, left: MaxOctets})
	head, _ := in.Peek(64) // an error comes again when more is read
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3) // which are there
		return in, Marked
	case bytes.HasPrefix(head, []byte("\xff\xfe")), everySecondNull(head, 1):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(in), UTF16
	case bytes.HasPrefix(head, []byte("\xfe\xff")), everySecondNull(head, 0):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(in), UTF16
	default:
		return in, UTF8
	}
}

// Decode returns the text that is read of a file, and keeps how it was written. What was
// decoded before stays as it was.
func (in *Input) Decode(r io.Reader) io.Reader {
	text, encoding := Decode(r)
	in.Encoding = max(in.Encoding, encoding)
	return text
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
