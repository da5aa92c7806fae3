package notify

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
)

// teller tells one secondary.
type teller struct {
	secondary Secondary
	log       Log
	wake      chan struct{} // has one item if there is something new
	failing   bool          // what the log has said last

	mu        sync.Mutex
	waiting   map[string]uint64 // zones that are to be told, and by which change
	confirmed map[string]uint64 // zones that are to be told once more
	repeating bool              // what waits is told for the second time
	change    uint64
	shown     int // how many of waiting the metric has
}

// add has the zones wait, and drops those that are no more.
func (t *teller) add(zones []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.change++
	clear(t.waiting)
	clear(t.confirmed)
	t.repeating = false
	for _, zone := range zones {
		t.waiting[zone] = t.change
	}
	t.show(len(t.waiting))
	select {
	case t.wake <- struct{}{}:
	default: // it is awake
	}
}

// show has the metric say how many zones wait. Server blocks may have a secondary in
// common, and while the Corefile is read anew two instances of one have: each adds its
// own. It must be called with mu held.
func (t *teller) show(waiting int) {
	waitingZones.WithLabelValues(t.secondary.Name()).Add(float64(waiting - t.shown))
	t.shown = waiting
}

// end takes what still waits out of the metric.
func (t *teller) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.waiting)
	t.show(0)
}

// run tells until ctx ends.
func (t *teller) run(ctx context.Context, settle time.Duration) {
	defer t.end()
	if !sleep(ctx, settle, nil) {
		return
	}
	for pause := firstPause; ; {
		err := t.round(ctx)
		if ctx.Err() != nil {
			return
		}
		t.tell(err)
		rest := pause
		if err == nil {
			pause, rest = firstPause, t.rest()
		} else {
			pause = min(2*pause, longestPause)
		}
		if !sleep(ctx, rest, t.wake) {
			return
		}
		if err == nil {
			t.repeat()
		}
	}
}

// forever is a pause that a change ends.
const forever = time.Duration(1<<63 - 1)

// rest returns for how long there is nothing to tell.
func (t *teller) rest() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.confirmed) > 0 {
		return again
	}
	return forever
}

// repeat has what was confirmed wait once more, unless something new does.
func (t *teller) repeat() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.confirmed) == 0 {
		return
	}
	t.waiting, t.confirmed, t.repeating = t.confirmed, make(map[string]uint64), true
	t.show(len(t.waiting))
}

// sleep returns after a time, or earlier if something comes, and reports false if ctx
// has ended.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return ctx.Err() == nil
}

// round tells of each zone that waits, and returns the first error. It ends with the
// first zone for which the secondary does not answer: it would not for the others.
func (t *teller) round(ctx context.Context) (first error) {
	for _, zone := range t.zones() {
		change := t.changeOf(zone)
		if change == 0 {
			continue // it is there no more
		}
		err := t.secondary.Notify(ctx, zone)
		if ctx.Err() != nil {
			return err
		}
		count(t.secondary.Name(), err)
		switch {
		case err == nil:
			t.told(zone, change)
		case isAway(err):
			return err
		case first == nil:
			first = err
		}
	}
	return first
}

// isAway reports whether an error of a secondary says that it has not answered.
func isAway(err error) bool {
	unknown := (*UnknownError)(nil)
	return !isRefused(err) && !errors.As(err, &unknown)
}

func isRefused(err error) bool {
	refused := (*RefusedError)(nil)
	return errors.As(err, &refused)
}

// zones returns the zones that wait, sorted. What woke the teller up is done with them.
func (t *teller) zones() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.wake:
	default:
	}
	return slices.Sorted(maps.Keys(t.waiting))
}

// changeOf returns the change by which a zone waits, or 0 if it does not.
func (t *teller) changeOf(zone string) uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.waiting[zone]
}

// told takes a zone out, unless it has changed again meanwhile.
func (t *teller) told(zone string, change uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting[zone] == change {
		delete(t.waiting, zone)
		if !t.repeating {
			t.confirmed[zone] = change
		}
	}
	t.show(len(t.waiting))
}

// tell says in the log that a secondary cannot be told, and that it can again.
func (t *teller) tell(err error) {
	switch {
	case err != nil && !t.failing:
		t.log.Warningf("secondary %s has not confirmed that zones have changed, and is told again until it does, at least once a minute: %v", t.secondary.Name(), err)
	case err == nil && t.failing:
		t.log.Infof("secondary %s has confirmed all that has changed", t.secondary.Name())
	}
	t.failing = err != nil
}
