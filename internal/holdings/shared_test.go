package holdings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
)

// ending adds to a list when it ends.
type ending struct{ do func() }

func (e *ending) End() { e.do() }

// TestShared: readers share one value of a kind, and what one adds to a later kind in its end is
// ended as well.
func TestShared(t *testing.T) {
	var got []string
	b := holdings.NewBuilder()
	later := func() *ending {
		return holdings.Shared(b, "c", func() *ending { return &ending{func() { got = append(got, "c") }} })
	}
	holdings.Shared(b, "b", func() *ending {
		return &ending{func() {
			got = append(got, "b")
			later()
		}}
	})
	first := holdings.Shared(b, "a", func() *ending { return &ending{func() { got = append(got, "a") }} })
	if again := holdings.Shared(b, "a", func() *ending { return nil }); again != first {
		t.Error("two readers have a value each")
	}
	b.Set()
	if d := cmp.Diff([]string{"a", "b", "c"}, got); d != "" {
		t.Errorf("ended (-want +got):\n%s", d)
	}
}
