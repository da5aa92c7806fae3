package holdings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
)

// TestNetworks: which zones are told, of those that networks see.
func TestNetworks(t *testing.T) {
	const a, b, c, other = "a.neo4j.io.", "b.neo4j.io.", "c.neo4j.io.", "corp.example."
	type seen map[string][]string
	for name, tt := range map[string]struct {
		seen seen
		want []string // places
	}{
		"nobody says":                    {seen{}, nil},
		"one network sees all":           {seen{a: {"1"}, b: {"1", "2"}, c: {"2", "1"}}, nil},
		"one zone is another network's":  {seen{a: {"1"}, b: {"1"}, c: {"2"}}, []string{c}},
		"each two have one, and not all": {seen{a: {"1", "2"}, b: {"2", "3"}, c: {"1", "3"}}, []string{b}},
		"of one it is not known":         {seen{a: {"1"}, b: nil, c: {"1"}}, nil},
		"a zone without a say in a name": {seen{a: {"1"}, b: {"1"}, other: {"2"}}, nil},
		"each zone has its own network":  {seen{a: {"1"}, b: {"2"}}, []string{b}},
	} {
		t.Run(name, func(t *testing.T) {
			builder := holdings.NewBuilder()
			for _, origin := range []string{a, b, c, other} {
				builder.SeenBy(origin, tt.seen[origin], holdings.Place{File: origin})
			}
			set, part := builder.Set(), []string(nil)
			var got []string
			for _, f := range set.Faults([]string{"neo4j.io."}, nil) {
				got = append(got, f.Place.File)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("zones (-want +got):\n%s", diff)
			}
			within, _ := set.Within([]string{"neo4j.io."})
			for _, f := range within.Faults(nil, nil) {
				part = append(part, f.Place.File)
			}
			if diff := cmp.Diff(tt.want, part); diff != "" {
				t.Errorf("zones of what is within (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPrivate: a rule and a list count for private zones that are read before or behind them.
func TestPrivate(t *testing.T) {
	place := holdings.Place{File: "f", Line: 1}
	for name, tt := range map[string]struct {
		say  func(*holdings.Builder)
		want int
	}{
		"a rule of its name":     {func(b *holdings.Builder) { b.UnreadIfPrivate("a.", place, "a rule") }, 1},
		"a rule of another name": {func(b *holdings.Builder) { b.UnreadIfPrivate("b.", place, "a rule") }, 0},
		"a list that has it":     {func(b *holdings.Builder) { b.SeesAlone([]string{"b.", "a."}) }, 0},
		"a list that lacks it":   {func(b *holdings.Builder) { b.SeesAlone([]string{"b."}) }, 1},
		"an empty list":          {func(b *holdings.Builder) { b.SeesAlone(nil) }, 1},
		"two lists, one lacks it": {func(b *holdings.Builder) {
			b.SeesAlone([]string{"a."})
			b.SeesAlone(nil)
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			before, behind := holdings.NewBuilder(), holdings.NewBuilder()
			tt.say(before)
			before.Private("a.", place)
			behind.Private("a.", place)
			tt.say(behind)
			for _, b := range []*holdings.Builder{before, behind} {
				if got := len(b.Set().Faults(nil, nil)); got != tt.want {
					t.Errorf("%d faults, want %d", got, tt.want)
				}
			}
		})
	}
}
