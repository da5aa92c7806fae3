// Package notify tells secondaries that zones have changed (RFC 1996): in the
// background, one secondary after the other's pace, until each has confirmed it. What
// waits is bounded by the zones that there are; how often is asked, by a back-off.
package notify

import (
	"context"
	"time"
)

const (
	// firstPause and longestPause bound the time after which a secondary that has not
	// confirmed all is told again; each pause is twice the one before.
	firstPause   = time.Second
	longestPause = time.Minute
	// again is after which time a secondary that has confirmed all is told once more.
	// BIND 9.18 confirms, and forgets, where it is about to ask another primary that
	// turns out to be away; it would ask again after the SOA's RETRY.
	again = 5 * time.Second
)

// Secondary is one that is told.
type Secondary interface {
	// Name says which one it is, in the log and in metrics.
	Name() string
	// Notify tells it that a zone has changed. It returns nil if the secondary has
	// confirmed that, a [RefusedError] if it has answered otherwise, an [UnknownError]
	// if that is not known, and any other error if it has not answered.
	Notify(ctx context.Context, zone string) error
}

// Log is where is told what happens.
type Log interface {
	Infof(format string, args ...any)
	Warningf(format string, args ...any)
}

// Notifier tells its secondaries.
type Notifier struct {
	tellers []*teller
	cancel  context.CancelFunc
}

// Start returns a notifier that begins after the time settle, in which the server's own
// sockets are opened: a secondary asks at once when it is told.
func Start(secondaries []Secondary, settle time.Duration, log Log) *Notifier {
	ctx, cancel := context.WithCancel(context.Background())
	n := &Notifier{cancel: cancel}
	for _, s := range secondaries {
		t := &teller{secondary: s, log: log, wake: make(chan struct{}, 1), waiting: make(map[string]uint64), confirmed: make(map[string]uint64)}
		n.tellers = append(n.tellers, t)
		go t.run(ctx, settle)
	}
	return n
}

// Tell has all secondaries told that these zones have changed, which are all that there
// are. It does not wait.
func (n *Notifier) Tell(zones []string) {
	for _, t := range n.tellers {
		t.add(zones)
	}
}

// Close ends it; what waits is told no more. It does not wait.
func (n *Notifier) Close() { n.cancel() }
