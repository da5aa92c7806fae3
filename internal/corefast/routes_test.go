package corefast

import (
	"sync/atomic"
	"testing"

	"github.com/coredns/coredns/plugin/pkg/fall"

	"github.com/auralink/auralink/internal/serve"
)

// TestPrepared: the fast path answers from what the plugin serves, from the same moment
// on, and leaves to the plugin what it is not prepared for.
func TestPrepared(t *testing.T) {
	var cell serve.Cell
	old, next, unheardOf := planned(t), planned(t), planned(t)
	cell.Store(old)
	path := &Path{Options: Options{
		Served: cell.Load, Serve: &serve.Options{}, Fall: &fall.F{}, Parked: new(atomic.Bool), Explanations: new(atomic.Pointer[serve.Explanations]),
	}}
	l := &listener{path: path, block: &Block{}}
	r := newResponder(l)
	for _, step := range []struct {
		what string
		do   func()
		want *serve.Snapshot // nil where all is left to the plugin
	}{
		{"nothing is prepared", func() {}, nil},
		{"the first is prepared", func() { l.prepare(old); l.settle() }, old},
		{"the next is prepared", func() { l.prepare(next) }, old},
		{"another is prepared instead", func() { l.prepare(planned(t)); l.prepare(next) }, old},
		{"the next is served", func() { cell.Store(next) }, next},
		{"what was served is dropped", l.settle, next},
		{"the first is served again, unprepared", func() { cell.Store(old) }, nil},
		{"it is prepared late", func() { l.prepare(old) }, old},
		{"what nobody has prepared is served", func() { cell.Store(unheardOf) }, nil},
	} {
		step.do()
		r.Begin()
		var got *serve.Snapshot
		if !r.parked {
			got = r.routes.snapshot
		}
		if got != step.want {
			t.Errorf("%s: answers from %p, want %p", step.what, got, step.want)
		}
	}
}
