// Package acceptance is about the one line by which a person accepts that one
// text of a topology replaces another:
//
//	replaces: 6e340b9cffb37a989ca544e6bb780a2c -> 96a296d224f285c67bee93c30f8a3091
//
// It stands in the new text, or beside it. It names what it replaces and what it
// replaces it with, for a text that is torn has its first lines too: only whoever
// has all of the new text has its digest.
//
// The package is pure, and knows nothing of what a topology means.
package acceptance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Key is what the line begins with: a key of the topology file.
const Key = "replaces"

// arrow stands between the two digests.
const arrow = "->"

// Digest stands for one text: the first half of its SHA-256, in hexadecimal.
// Lines that accept are no part of the text, so that it has the same digest with
// them and without.
type Digest string

// digestLen is the length of a Digest: 128 bits are too many to meet by chance.
const digestLen = 32

// Short is the digest as far as a person needs it.
func (d Digest) Short() string { return string(d[:min(len(d), 12)]) }

// Of returns the digest of a text.
func Of(text []byte) Digest {
	hash := sha256.New()
	for {
		start, end := next(text)
		hash.Write(text[:start])
		if start == len(text) {
			return Digest(hex.EncodeToString(hash.Sum(nil))[:digestLen])
		}
		text = text[end:]
	}
}

// Acceptance is what a line says: that To may replace From.
type Acceptance struct {
	From, To Digest
}

// String returns the line, without its end.
func (a Acceptance) String() string {
	return fmt.Sprintf("%s: %s %s %s", Key, a.From, arrow, a.To)
}

// In returns what the lines of a text accept. A line that cannot be read accepts
// nothing: it may be torn.
func In(text []byte) []Acceptance {
	var found []Acceptance
	for {
		start, end := next(text)
		if start == len(text) {
			return found
		}
		value := strings.TrimPrefix(string(text[start:end]), Key+":")
		if a, err := Parse(value); err == nil {
			found = append(found, a)
		}
		text = text[end:]
	}
}

// Parse reads the value of the key, which may be quoted and have a comment.
func Parse(value string) (Acceptance, error) {
	value, _, _ = strings.Cut(value, " #") // a comment
	value = strings.Trim(value, " \t\r\n\"'")
	from, to, ok := strings.Cut(value, arrow)
	a := Acceptance{Digest(strings.TrimSpace(from)), Digest(strings.TrimSpace(to))}
	if !ok || !a.From.valid() || !a.To.valid() {
		return Acceptance{}, fmt.Errorf("%q is not DIGEST %s DIGEST", value, arrow)
	}
	return a, nil
}

func (d Digest) valid() bool {
	return len(d) == digestLen && strings.Trim(string(d), "0123456789abcdef") == ""
}

// next returns where the first line that accepts begins, and where the next one
// does; the length of the text twice if there is none. The line begins with the
// key: it is no comment, and not indented.
func next(text []byte) (start, end int) {
	line := []byte(Key + ":")
	if !bytes.HasPrefix(text, line) {
		at := bytes.Index(text, append([]byte{'\n'}, line...))
		if at < 0 {
			return len(text), len(text)
		}
		start = at + 1
	}
	if length := bytes.IndexByte(text[start:], '\n'); length >= 0 {
		return start, start + length + 1
	}
	return start, len(text)
}
