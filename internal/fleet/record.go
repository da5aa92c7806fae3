package fleet

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/auralink/auralink/internal/acceptance"
)

// format is the version of what is written. What has another one is not read: a guess
// at what it means would be served.
const format = 1

// Revision is what is kept of one push.
type Revision struct {
	Format int `json:"format"`
	// Number counts the revisions of a fleet, from 1.
	Number int64 `json:"revision"`
	// ID is random: two pushes of the same text are two.
	ID string `json:"id"`
	// Digest is that by which logs and servers know the text.
	Digest acceptance.Digest `json:"digest"`
	// SHA256 is of the whole text, in hexadecimal; Octets is its length.
	SHA256 string `json:"sha256"`
	Octets int64  `json:"octets"`
	// Pieces are the digests of its pieces, in order.
	Pieces []string `json:"pieces"`
	// Who pushed it, when, and why.
	Who     string    `json:"who"`
	Time    time.Time `json:"time"`
	Message string    `json:"message,omitempty"`
	// Compared is the number of the revision that it was compared with; 0 for none.
	Compared int64 `json:"compared,omitempty"`
	// RollbackTo is the number of the revision whose text it has again; 0 for none.
	RollbackTo int64 `json:"rollback_to,omitempty"`
}

// Pointer says which revision is meant for whom.
type Pointer struct {
	Format int `json:"format"`
	// Last is the number of the newest revision; the next one has one more.
	Last int64 `json:"last"`
	// Current is the number of the revision for all servers; 0 for none yet.
	Current int64 `json:"current"`
	// Canary is what some servers take before the others; nil for none.
	Canary *Canary `json:"canary,omitempty"`
}

// Canary is a revision that some servers take before the others.
type Canary struct {
	Revision int64    `json:"revision"`
	Names    []string `json:"names"`
}

// For returns the number of the revision that a server is to have; 0 for none.
func (p Pointer) For(server string) int64 {
	if p.Canary != nil && slices.Contains(p.Canary.Names, server) {
		return p.Canary.Revision
	}
	return p.Current
}

// named returns the numbers of the revisions that the pointer names.
func (p Pointer) named() []int64 {
	var numbers []int64
	if p.Current != 0 {
		numbers = append(numbers, p.Current)
	}
	if p.Canary != nil {
		numbers = append(numbers, p.Canary.Revision)
	}
	return numbers
}

// View is what a server says of itself.
type View struct {
	Format   int    `json:"format"`
	Name     string `json:"name"`
	Instance string `json:"instance"`
	// Revision is the number of the revision that is served; 0 if that is not known,
	// as of a snapshot of an earlier run.
	Revision int64 `json:"revision"`
	// Digest is of the text that is served, Since is when that was taken.
	Digest acceptance.Digest `json:"digest"`
	Since  time.Time         `json:"since"`
	// Error says why the revision that is meant for it is not served; empty if it is.
	Error string `json:"error,omitempty"`
	// Version is that of the server's program.
	Version string `json:"version"`
}

// encode returns a record as JSON.
func encode(record any) string {
	text, err := json.Marshal(record)
	if err != nil {
		panic(err) // a record has nothing that JSON has not
	}
	return string(text)
}

// decode reads a record, which must be of our format.
func decode(key string, text []byte, into any) error {
	var version struct {
		Format int `json:"format"`
	}
	if json.Unmarshal(text, &version) != nil || version.Format == 0 {
		return fmt.Errorf("%s: %w: somebody else has written it", key, ErrFormat)
	}
	if version.Format != format {
		return fmt.Errorf("%s: %w: it has format %d, which is not %d; use the version that wrote it", key, ErrFormat, version.Format, format)
	}
	if json.Unmarshal(text, into) != nil {
		return fmt.Errorf("%s: %w: somebody else has written it", key, ErrFormat)
	}
	return nil
}
