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

func TestBelow(t *testing.T) {
	for _, tc := range []struct {
		name, above      string
		below, atOrBelow bool
	}{
		{"a.b.", "b.", true, true},
		{"x.a.b.", "b.", true, true},
		{"b.", "b.", false, true},
		{"ab.", "b.", false, false},
		{"b.", "a.b.", false, false},
		{"a.b", "b", true, true},
		{"ab", "b", false, false},
	} {
		if got := dnsname.Below(tc.name, tc.above); got != tc.below {
			t.Errorf("%q is below %q: %v", tc.name, tc.above, got)
		}
		if got := dnsname.AtOrBelow(tc.name, tc.above); got != tc.atOrBelow {
			t.Errorf("%q is at or below %q: %v", tc.name, tc.above, got)
		}
	}
}

func TestClosest(t *testing.T) {
	all := map[string]int{"b.c.": 1, "x.a.b.c.": 2}
	for name, want := range map[string]int{"b.c.": 1, "a.b.c.": 1, "x.a.b.c.": 2, "y.x.a.b.c.": 2, "c.": 0, "ab.c.": 0} {
		if got, ok := dnsname.Closest(all, name); got != want || ok != (want > 0) {
			t.Errorf("closest to %q: %d, %v, want %d", name, got, ok, want)
		}
	}
}

func TestCutPrefix(t *testing.T) {
	prefixes := []string{"a-", "b-", "a-c"}
	for _, row := range []struct {
		label, rest string
		index       int
	}{
		{"a-x", "x", 0},
		{"b-a-x", "a-x", 1},
		{"a-cx", "cx", 0}, // the first of them
		{"a-", "a-", -1},  // nothing would be left
		{"", "", -1},
		{"xa-x", "xa-x", -1},
	} {
		if rest, index := dnsname.CutPrefix(row.label, prefixes); rest != row.rest || index != row.index {
			t.Errorf("%q: %q behind prefix %d, want %q behind %d", row.label, rest, index, row.rest, row.index)
		}
		if rest, index := dnsname.CutPrefix([]byte(row.label), prefixes); string(rest) != row.rest || index != row.index {
			t.Errorf("%q as octets: %q behind prefix %d, want %q behind %d", row.label, rest, index, row.rest, row.index)
		}
	}
}

func TestUpwards(t *testing.T) {
	want := []string{"a.b.c.", "b.c.", "c."}
	if diff := cmp.Diff(want, slices.Collect(dnsname.Upwards("a.b.c."))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := dnsname.Labels("a.b.c."); got != len(want) {
		t.Errorf("%d labels, want %d", got, len(want))
	}
}

func TestAbsolute(t *testing.T) {
	for name, want := range map[string]string{"A.b": "a.b.", "a.B.": "a.b.", ".": ".", "": ".", "\u212a.Z": "\u212a.z."} {
		if got := dnsname.Absolute(name); got != want {
			t.Errorf("%q as an absolute name: %q, want %q", name, got, want)
		}
	}
}
