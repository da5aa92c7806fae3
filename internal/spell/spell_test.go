package spell_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/spell"
)

func TestNear(t *testing.T) {
	verbs := []string{"audit", "completion", "diff", "export", "formats", "lookup", "plan", "schema", "version"}
	tests := []struct {
		name, word string
		known      []string
		want       []string
	}{
		{"two letters swapped", "plna", verbs, []string{"plan"}},
		{"a letter too many", "plann", verbs, []string{"plan"}},
		{"a letter missing", "dif", verbs, []string{"diff"}},
		{"another letter", "exporz", verbs, []string{"export"}},
		{"two letters missing", "clint", []string{"clients", "region", "bulk"}, []string{"clients"}},
		{"two letters swapped, and one too many", "palns", verbs, []string{"plan"}},
		{"the first letters swapped", "amn", []string{"man", "plan"}, []string{"man"}},
		{"two other letters of four", "bnad", []string{"bulk", "bind"}, nil},
		{"in capitals", "PLAN", verbs, []string{"plan"}},
		{"the beginning", "comp", verbs, []string{"completion"}},
		{"a part", "us-east-1", []string{"aws-us-east-1", "aws-us-west-1"}, []string{"aws-us-east-1"}},
		{"more than the word", "topologies-apps", []string{"apps", "batch"}, []string{"apps"}},
		{"several that are as near", "bond", []string{"bind", "bund", "hosts"}, []string{"bind", "bund"}},
		{"nothing near", "banana", verbs, nil},
		{"a short word that is another one", "ab", []string{"xy"}, nil},
		{"one letter for another", "a", []string{"b"}, nil},
		{"no word", "", verbs, nil},
		{"too long for a slip", strings.Repeat("a", 300), []string{strings.Repeat("a", 299)}, nil},
		{"itself is no suggestion", "plan", verbs, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, spell.Near(tt.word, tt.known)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDidYouMean(t *testing.T) {
	if got, want := spell.DidYouMean("bond", []string{"bind", "bund"}), `did you mean "bind" or "bund"?`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := spell.DidYouMean("banana", []string{"bind"}); got != "" {
		t.Errorf("%q", got)
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 names", 1: "1 name", 2: "2 names"} {
		if got := spell.Count(n, "name"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
