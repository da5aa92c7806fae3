package fleet_test

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/fleet"
)

// endpoints returns lines as a topology has them.
func endpoints(n int) []byte {
	var text bytes.Buffer
	for i := range n {
		fmt.Fprintf(&text, "  endpoint-%07d-abcdef: aws-us-east-1\n", i)
	}
	return text.Bytes()
}

// TestCutIsTheText: the pieces are the text, each within the sizes of a request.
func TestCutIsTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SliceOfN(rapid.Byte(), 0, 300)
		text := bytes.Repeat(bytes.Join(rapid.SliceOfN(line, 0, 50).Draw(t, "lines"), []byte("\n")), rapid.IntRange(0, 200).Draw(t, "times"))
		var joined []byte
		for _, piece := range fleet.Cut(text) {
			if n := len(piece.Octets); n == 0 || n > 512<<10 {
				t.Errorf("a piece of %d octets", n)
			}
			joined = append(joined, piece.Octets...)
		}
		if !bytes.Equal(joined, text) {
			t.Error("the pieces are not the text")
		}
	})
}

// TestCutShares: a change leaves all pieces but one or two as they are, wherever the
// lines behind it have moved to.
func TestCutShares(t *testing.T) {
	before := endpoints(100_000)
	old := make(map[string]bool)
	for _, piece := range fleet.Cut(before) {
		old[piece.Digest] = true
	}
	if len(old) < 50 || len(old) > 200 {
		t.Errorf("%d octets are %d pieces", len(before), len(old))
	}
	for _, at := range []int{0, len(before) / 2 / 43 * 43, len(before)} {
		line := []byte("  another-endpoint: aws-us-west-1\n")
		after := bytes.Join([][]byte{before[:at], line, before[at:]}, nil)
		fresh := 0
		for _, piece := range fleet.Cut(after) {
			if !old[piece.Digest] {
				fresh++
			}
		}
		if fresh < 1 || fresh > 2 {
			t.Errorf("a line at octet %d makes %d new pieces", at, fresh)
		}
	}
}

// TestCutWithoutLines: a text without any end of a line is cut by size alone.
func TestCutWithoutLines(t *testing.T) {
	if got := len(fleet.Cut(bytes.Repeat([]byte("x"), 1<<20))); got != 2 {
		t.Errorf("%d pieces, want 2", got)
	}
}
