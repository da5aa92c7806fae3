package dnsmasq

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLooping: those aliases alone lead to themselves that are in a loop, and each alias is asked for
// few times however long their chain is.
func TestLooping(t *testing.T) {
	chain := make(map[string]string)
	for i := range 20_000 {
		chain[fmt.Sprint(i)] = fmt.Sprint(i + 1)
	}
	for _, tt := range []struct {
		name string
		all  map[string]string
		want []string
	}{
		{"none", nil, nil},
		{"of itself", map[string]string{"a": "a"}, []string{"a"}},
		{"of two, to which another one leads", map[string]string{"a": "b", "b": "c", "c": "b"}, []string{"b", "c"}},
		{"two loops", map[string]string{"a": "b", "b": "a", "c": "d", "d": "c", "e": "a"}, []string{"a", "b", "c", "d"}},
		{"a long chain", chain, nil},
	} {
		steps, names := 0, make(map[string]alias)
		for name, target := range tt.all {
			names[name] = alias{target: target}
		}
		got := looping(names, func(name string) (string, bool) {
			steps++
			a, there := names[name]
			return a.target, there
		})
		slices.Sort(got)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if steps > 3*len(tt.all) {
			t.Errorf("%s: %d steps for %d aliases", tt.name, steps, len(tt.all))
		}
	}
}

// TestEndsOf: aliases lead as far as dnsmasq follows them, with the shortest time to live.
func TestEndsOf(t *testing.T) {
	aliases := make(map[string]alias)
	for i := range 300 {
		aliases[fmt.Sprint(i)] = alias{target: fmt.Sprint(i + 1), ttl: uint32(1000 - i)}
	}
	ends := endsOf(aliases)
	for name, want := range map[string]chainEnd{"0": {"256", 745}, "44": {"300", 701}, "299": {"300", 701}} {
		if got := ends[name]; got != want {
			t.Errorf("%s leads to %v, want %v", name, got, want)
		}
	}
}
