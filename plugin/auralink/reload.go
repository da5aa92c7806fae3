package auralink

import (
	"errors"
	"os"
	"time"

	"github.com/auralink/auralink/internal/topology"
)

// pollInterval is the time between two looks at the topology file. A change is
// loaded when two looks in a row see the same, so that a file is not read while
// it is being written: after 0.25 to 0.5 seconds.
const pollInterval = 250 * time.Millisecond

// watcher looks at the topology file again and again. It looks at what the path
// leads to, so that replaced files and swapped symbolic links count as changes,
// and needs no notification, which network file systems do not give.
type watcher struct {
	stop, done chan struct{}
	seen       look // at the last look
	acted      look // when the file was last loaded, or failed to
}

// look is what a file looked like from outside.
type look struct {
	info os.FileInfo
	err  string // why there is no info
}

func lookAt(path string) look {
	info, err := os.Stat(path)
	if err != nil {
		return look{err: err.Error()}
	}
	return look{info: info}
}

// same reports whether nothing seems to have happened between two looks.
func (l look) same(other look) bool {
	if l.info == nil || other.info == nil {
		return l.info == other.info && l.err == other.err
	}
	return os.SameFile(l.info, other.info) &&
		l.info.Size() == other.info.Size() &&
		l.info.ModTime().Equal(other.info.ModTime())
}

// settled notes a look, and reports whether the file has changed since it was
// last acted upon and is at rest.
func (w *watcher) settled(now look) bool {
	atRest := now.same(w.seen)
	w.seen = now
	return atRest && !now.same(w.acted)
}

// startWatching begins to follow the topology file.
func (a *Auralink) startWatching() {
	a.watcher.stop, a.watcher.done = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(a.watcher.done)
		ticker := time.NewTicker(pollInterval)
		defer ticker.Stop()
		for {
			select {
			case <-a.watcher.stop:
				return
			case now := <-ticker.C:
				a.poll(now)
			}
		}
	}()
}

// stopWatching returns when the file is followed no longer. It may be called
// more than once, and without startWatching.
func (a *Auralink) stopWatching() {
	if a.watcher.stop == nil {
		return
	}
	close(a.watcher.stop)
	<-a.watcher.done
	a.watcher.stop = nil
}

// poll looks at the file and, if it has changed, loads it.
func (a *Auralink) poll(now time.Time) {
	before := lookAt(a.topology)
	if !a.watcher.settled(before) {
		return
	}
	s, err := a.load(a.served.Load(), now)
	if after := lookAt(a.topology); !after.same(before) {
		a.watcher.seen = after
		return // changed while it was read: look again
	}
	a.watcher.acted = before
	a.install(s, err)
}

// install swaps in what was loaded, or says why the old plan stays.
func (a *Auralink) install(s *snapshot, err error) {
	old := a.served.Load()
	a.failing.Store(err != nil)
	switch {
	case err != nil:
		reloads.WithLabelValues(a.topology, "failure").Inc()
		log.Errorf("keeping the plan of %s: %v", old.loaded.Format(time.RFC3339), err)
	case s == old:
		reloads.WithLabelValues(a.topology, "unchanged").Inc()
		log.Infof("topology %q is again what it was when it was loaded at %s", a.topology, old.loaded.Format(time.RFC3339))
	default:
		a.served.Store(s)
		reloads.WithLabelValues(a.topology, "success").Inc()
		log.Infof("loaded topology %q: %s", a.topology, summary(s.plan))
		logWarnings(a.topology, s.findings)
		a.notify(s)
	}
}

// logWarnings puts the findings of a usable topology into one line.
func logWarnings(path string, findings topology.Findings) {
	if len(findings) > 0 {
		log.Warningf("topology %q: %s", path, findings)
	}
}

// describe shows a topology's findings with their source lines, for whoever
// starts the server at a terminal.
func describe(err error) error {
	var invalid *topology.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	return &startError{invalid}
}

// startError is an invalid topology at startup, shown over several lines.
type startError struct {
	*topology.InvalidError
}

func (e *startError) Error() string {
	return "invalid topology\n" + e.Findings.Report()
}

func (e *startError) Unwrap() error { return e.InvalidError }
