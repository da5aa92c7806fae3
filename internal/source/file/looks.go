package file

import (
	"context"
	"time"

	"github.com/auralink/auralink/internal/source/rest"
)

// looks is a watch that is told nothing: whoever waits looks again in time.
type looks struct{ woken chan struct{} }

func newLooks() *looks { return &looks{woken: make(chan struct{}, 1)} }

func (*looks) follow(rest.Look) ([]rest.Event, bool) { return nil, false }

func (*looks) tells() bool { return false }

func (l *looks) wait(ctx context.Context, until time.Time) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-l.woken:
	}
}

func (l *looks) wake() {
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

func (*looks) close() {}
