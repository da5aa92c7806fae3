package follow

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/source/sourcetest"
)

// remote is a source that is told what became of its texts.
type remote struct {
	*sourcetest.Fake
	heard chan source.Outcome
}

func (r remote) Hear(o source.Outcome) { r.heard <- o }

func (remote) AwaySince() time.Time { return time.Time{} }

// TestHear: a source is told what is served once somebody serves, and what became of
// each text and of each error since.
func TestHear(t *testing.T) {
	const good = "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}\n"
	other := good + "ttl: 60\n"
	src := remote{sourcetest.New("remote", good, source.Whole), make(chan source.Outcome, 1)}
	f, err := Open(Opening{Source: src, Within: time.Second, Log: &logged{}})
	if err != nil {
		t.Fatal(err)
	}
	if len(src.heard) > 0 {
		t.Error("it is told before anybody serves")
	}
	taker := &block{}
	f.Join(taker, Options{})
	defer f.Leave(taker)
	expect := func(text string, problem bool) {
		t.Helper()
		got := <-src.heard
		if diff := cmp.Diff(acceptance.Of([]byte(text)), got.Serving); diff != "" || (got.Problem != nil) != problem || got.Since.IsZero() {
			t.Errorf("it is told %+v\n%s", got, diff)
		}
	}
	expect(good, false)
	src.Put(source.Text{Content: []byte("vpcs: 1\n"), Written: source.Whole})
	expect(good, true)
	src.Put(source.Text{Content: []byte(other), Written: source.Whole})
	expect(other, false)
	src.Fail(errors.New("gone"))
	expect(other, true)
}
