package formats

import (
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"slices"

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
