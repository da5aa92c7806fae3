package acceptance_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/acceptance"
)

const (
	one = acceptance.Digest("00000000000000000000000000000001")
	two = acceptance.Digest("00000000000000000000000000000002")
)

// TestOf: lines that accept are no part of a text.
func TestOf(t *testing.T) {
	const line = "replaces: x\n"
	tests := []struct {
		name, text string
		without    string // a text with the same digest
	}{
		{"no line", "a: 1\nb: 2\n", "a: 1\nb: 2\n"},
		{"at the top", line + "a: 1\nb: 2\n", "a: 1\nb: 2\n"},
		{"in the middle", "a: 1\n" + line + "b: 2\n", "a: 1\nb: 2\n"},
		{"at the end", "a: 1\nb: 2\n" + line, "a: 1\nb: 2\n"},
		{"at the end, without a new line", "a: 1\nb: 2\nreplaces: x", "a: 1\nb: 2\n"},
		{"twice", line + line + "a: 1\nb: 2\n", "a: 1\nb: 2\n"},
		{"nothing else", line, ""},
		{"with CR LF", "replaces: x\r\na: 1\r\n", "a: 1\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := acceptance.Of([]byte(tt.text)), acceptance.Of([]byte(tt.without)); got != want {
				t.Errorf("digest %s, want %s", got, want)
			}
		})
	}
	seen := make(map[acceptance.Digest]string)
	for _, text := range []string{"", "a: 1\n", "a: 1", " replaces: x\n", "#replaces: x\n", "replacesx: 1\n", "replaces : x\n"} {
		digest := acceptance.Of([]byte(text))
		if other, known := seen[digest]; known {
			t.Errorf("%q has the digest of %q", text, other)
		}
		seen[digest] = text
	}
}

func TestIn(t *testing.T) {
	line := acceptance.Acceptance{From: one, To: two}.String() + "\n"
	if line != "replaces: "+string(one)+" -> "+string(two)+"\n" {
		t.Errorf("a line is %q", line)
	}
	tests := []struct {
		name, text string
		want       []acceptance.Acceptance
	}{
		{"nothing", "a: 1\n", nil},
		{"at the top", line + "a: 1\n", []acceptance.Acceptance{{From: one, To: two}}},
		{"without a new line", strings.TrimSuffix(line, "\n"), []acceptance.Acceptance{{From: one, To: two}}},
		{"two", line + line, []acceptance.Acceptance{{From: one, To: two}, {From: one, To: two}}},
		{"quoted, with a comment and CR LF", `replaces: "` + string(one) + " -> " + string(two) + "\" # CHG-1\r\n", []acceptance.Acceptance{{From: one, To: two}}},
		{"torn", line[:len(line)-2], nil},
		{"a comment", "# " + line, nil},
		{"indented", " " + line, nil},
		{"the old digest alone", "replaces: " + string(one) + "\n", nil},
		{"no digest", "replaces: " + string(one) + " -> " + strings.Repeat("G", 32) + "\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, acceptance.In([]byte(tt.text))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTorn: no proper part of a text has an acceptance that is good for it.
func TestTorn(t *testing.T) {
	text := "regions: {}\nvpcs: {}\n"
	whole := acceptance.Acceptance{From: one, To: acceptance.Of([]byte(text))}.String() + "\n" + text
	for end := range len(whole) {
		part := []byte(whole[:end])
		for _, a := range acceptance.In(part) {
			if a.To == acceptance.Of(part) {
				t.Errorf("%q is accepted", part)
			}
		}
	}
}
