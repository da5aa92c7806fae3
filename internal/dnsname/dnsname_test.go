package dnsname_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/dnsname"
)

func TestParent(t *testing.T) {
	for name, want := range map[string]string{"a.b.c.": "b.c.", "c.": "", "*.b.": "b."} {
		if got := dnsname.Parent(name); got != want {
			t.Errorf("parent of %q: %q, want %q", name, got, want)
		}
	}
}

func TestTrimDot(t *testing.T) {
	for name, want := range map[string]string{"a.b.": "a.b", "a.b": "a.b", ".": ""} {
		if got := dnsname.TrimDot(name); got != want {
			t.Errorf("%q without its final dot: %q, want %q", name, got, want)
		}
	}
}

// TestCompare sorts names as RFC 4034 does in its example, as far as they are
// names of hosts.
func TestCompare(t *testing.T) {
	want := []string{"example.", "a.example.", "yljkjljk.a.example.", "z.a.example.", "zabc.a.example.", "*.z.example.", "z-a.example."}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, dnsname.Compare)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
