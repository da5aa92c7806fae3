package fleet

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
)

// The sizes of pieces, in octets. A request of etcd has 1.5 MiB at most, by default.
// Smaller pieces are shared by more revisions, larger ones are fewer.
const (
	leastPiece = 16 << 10
	mostPiece  = 512 << 10
	// cutMask makes one of 1024 lines an end of a piece: some 50 KiB of topology.
	cutMask = 1<<10 - 1
)

// Piece is a part of a text.
type Piece struct {
	// Digest is its SHA-256 in hexadecimal, and its name.
	Digest string
	// Octets are what it has; between 1 and 512 KiB.
	Octets []byte
}

// Cut divides a text into pieces: one after the other they are the text. A piece ends
// behind a line whose digest says so, so that a change leaves the pieces before and
// behind it as they are.
func Cut(text []byte) []Piece {
	var pieces []Piece
	for len(text) > 0 {
		end := endOfPiece(text)
		pieces = append(pieces, Piece{Digest: digestOf(text[:end]), Octets: text[:end]})
		text = text[end:]
	}
	return pieces
}

// endOfPiece returns how long the first piece of a text is.
func endOfPiece(text []byte) int {
	for end := 0; end < len(text); {
		line := text[end:min(len(text), mostPiece)]
		if at := bytes.IndexByte(line, '\n'); at >= 0 {
			line = line[:at+1]
		}
		end += len(line)
		if end == mostPiece || end >= leastPiece && cuts(line) {
			return end
		}
	}
	return len(text)
}

// cuts reports whether a piece ends behind a line.
func cuts(line []byte) bool {
	hash := fnv.New32a()
	hash.Write(line)
	sum := hash.Sum32()
	return (sum^sum>>16)&cutMask == 0
}

// digestOf returns the SHA-256 of octets, in hexadecimal.
func digestOf(octets []byte) string {
	sum := sha256.Sum256(octets)
	return hex.EncodeToString(sum[:])
}
