package fleet

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/topology"
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
	// Error says why the record cannot be read, where it is listed; it is never written.
	Error string `json:"error,omitempty"`
}

// check returns an error for a record that is not the one of its number, or has no ID: two
// such could not be told apart.
func (r Revision) check(number int64) error {
	switch {
	case r.Number != number:
		return fmt.Errorf("%w: its record is that of revision %d", ErrDamaged, r.Number)
	case r.ID == "":
		return fmt.Errorf("%w: its record has no ID", ErrDamaged)
	case r.Octets < 0 || r.Octets > topology.MaxOctets:
		return fmt.Errorf("%w: it would have %d octets", ErrDamaged, r.Octets)
	}
	return nil
}

// Pointer says which revision is meant for whom.
type Pointer struct {
	Format int `json:"format"`
	// Last is the number of the newest revision; the next one has one more.
	Last int64 `json:"last"`
	// Current is the number of the revision for all servers, CurrentID its ID: an etcd that
	// was made anew, or restored, comes to the same numbers again.
	Current   int64  `json:"current"`
	CurrentID string `json:"current_id,omitempty"`
	// Canary is what some servers take before the others; nil for none.
	Canary *Canary `json:"canary,omitempty"`
}

// Canary is a revision that some servers take before the others.
type Canary struct {
	Revision int64    `json:"revision"`
	ID       string   `json:"id,omitempty"` // of that revision
	Names    []string `json:"names"`
}

// means reports whether a pointer that was read can mean something: revisions that it counts.
func (p Pointer) means() bool {
	counted := func(number int64) bool { return number >= 1 && number <= p.Last }
	return counted(p.Current) && (p.Canary == nil || counted(p.Canary.Revision))
}

// For returns the number of the revision that a server is to have; 0 where there is no pointer.
func (p Pointer) For(server string) int64 {
	if p.Canary != nil && slices.Contains(p.Canary.Names, server) {
		return p.Canary.Revision
	}
	return p.Current
}

// idOf returns the ID of a revision that the pointer names; empty if it does not say.
func (p Pointer) idOf(number int64) string {
	switch {
	case number == p.Current:
		return p.CurrentID
	case p.Canary != nil && number == p.Canary.Revision:
		return p.Canary.ID
	}
	return ""
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

// errForeign is for what was not written by any version.
var errForeign = fmt.Errorf("%w: somebody else has written it", ErrFormat)

// decode reads a record, which must be of our format.
func decode(key string, text []byte, into any) error {
	var version struct {
		Format int `json:"format"`
	}
	if json.Unmarshal(text, &version) != nil || version.Format == 0 {
		return fmt.Errorf("%s: %w", key, errForeign)
	}
	if version.Format != format {
		return fmt.Errorf("%s: %w: it has format %d, which is not %d; use the version that wrote it", key, ErrFormat, version.Format, format)
	}
	if json.Unmarshal(text, into) != nil {
		return fmt.Errorf("%s: %w", key, errForeign)
	}
	return nil
}
