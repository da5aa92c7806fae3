package formats

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// File is one file of a format.
type File struct {
	// Name is the file's base name.
	Name string
	// Origin is the apex of the zone of which it is the zone file, as an absolute
	// name; such a file has an SOA with a serial. It is empty in other files.
	Origin string
	// Snippet says that the file tells a server to load the others; it makes no
	// sense without them.
	Snippet bool
	// Write writes the file, with the given serial if it is a zone file. It writes
	// the same octets each time.
	Write func(w io.Writer, serial uint32) error
}

// Files returns a sequence of the given files.
func Files(all ...File) iter.Seq[File] { return slices.Values(all) }

// NamesFile reports whether the format calls a file so that begins with head: after a
// zone or a domain that the head has, with what the names of such files end in. Files
// that are called otherwise are the same in each export.
func (f Format) NamesFile(name string, head []byte) bool {
	for word := range bytes.FieldsFuncSeq(head, func(c rune) bool { return !isNameRune(c) }) {
		stem := FileName(strings.ToLower(string(word)))
		ending, ok := strings.CutPrefix(name, stem)
		if ok && strings.Contains(stem, ".") && slices.ContainsFunc(f.PerZone, func(pattern string) bool {
			matched, err := path.Match(pattern, ending)
			return err == nil && matched
		}) {
			return true
		}
	}
	return false
}

func isNameRune(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}

// maxFileName leaves room, in a name of 255 octets, for an ending and for what a
// temporary file is called.
const maxFileName = 200

// FileName returns a name for the file of a zone: its origin without the final
// dot, or of a long one the beginning and a digest.
func FileName(origin string) string {
	name := dnsname.TrimDot(origin)
	if len(name) <= maxFileName {
		return name
	}
	digest := sha256.Sum256([]byte(origin))
	return fmt.Sprintf("%s-%x", name[:maxFileName-17], digest[:8])
}
