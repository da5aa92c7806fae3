package auralink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/auralink/auralink/internal/serve"
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
	mu   sync.Mutex    // guards stop
	stop chan struct{} // nil while nobody watches

	polling   sync.Mutex  // held while polling, guards the rest
	stopped   atomic.Bool // what is loaded by now is not wanted any more
	seen      look        // at the last look
	acted     look        // when the file was last loaded, or found to be bad
	polls     int         // looks so far
	complaint string      // the last error that was told
}

// rereadEvery is after how many looks the file is read although it looks the
// same: 30 seconds. Whoever sets the time of a file back, and changes nothing of
// its size, is seen then.
const rereadEvery = 120

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

// due notes a look, and reports whether to load the file: it is at rest, and has
// changed since it was last acted upon, or it is time to make sure.
func (w *watcher) due(now look) bool {
	atRest := now.same(w.seen)
	w.seen = now
	w.polls++
	return atRest && (!now.same(w.acted) || w.polls%rereadEvery == 0)
}

// startWatching begins to follow the topology file.
func (a *Auralink) startWatching() {
	a.watcher.mu.Lock()
	defer a.watcher.mu.Unlock()
	stop := make(chan struct{})
	a.watcher.stop = stop
	a.watcher.stopped.Store(false)
	go func() {
		ticker := time.NewTicker(pollInterval)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case now := <-ticker.C:
				a.poll(now)
			}
		}
	}()
}

// stopWatching ends the following of the file. It does not wait for a load that
// is under way, which may take as long as a file system likes; what that leads to
// is thrown away. It may be called more than once, and without startWatching.
func (a *Auralink) stopWatching() {
	a.watcher.mu.Lock()
	defer a.watcher.mu.Unlock()
	if a.watcher.stop == nil {
		return
	}
	a.watcher.stopped.Store(true)
	close(a.watcher.stop)
	a.watcher.stop = nil
}

// poll looks at the file and, if it has changed, loads it.
func (a *Auralink) poll(now time.Time) {
	a.watcher.polling.Lock()
	defer a.watcher.polling.Unlock()
	before := lookAt(a.topology)
	if !a.watcher.due(before) {
		return
	}
	known := before.same(a.watcher.acted)
	s, err := a.loadSafely(a.served.Load(), now)
	if after := lookAt(a.topology); !after.same(before) {
		a.watcher.seen = after
		return // changed while it was read: look again
	}
	a.watcher.acted = before
	if unreadable(err) {
		// Tried again at each look: what is in the way may go without a trace
		// in the file.
		a.watcher.acted, known = look{}, true
	}
	switch told := a.toldAlready(err); {
	case a.watcher.stopped.Load():
	case known && told:
	case known && s == a.served.Load() && !a.failing.Load():
	default:
		a.install(s, err)
	}
}

// unreadable reports whether an error is about reading the file, not about what
// is in it.
func unreadable(err error) bool {
	var pathError *fs.PathError
	return errors.As(err, &pathError)
}

// toldAlready reports whether an error is the same as at the last load.
func (a *Auralink) toldAlready(err error) bool {
	complaint := ""
	if err != nil {
		complaint = err.Error()
	}
	again := complaint != "" && complaint == a.watcher.complaint
	a.watcher.complaint = complaint
	return again
}

// install swaps in what was loaded, or says why the old plan stays.
func (a *Auralink) install(s *serve.Snapshot, err error) {
	old := a.served.Load()
	a.failing.Store(err != nil)
	switch {
	case err != nil:
		reloads.WithLabelValues(a.topology, "failure").Inc()
		log.Errorf("keeping the plan of %s: %v", old.Loaded.Format(time.RFC3339), err)
	case s == old:
		reloads.WithLabelValues(a.topology, "unchanged").Inc()
		log.Infof("topology %q is again what it was when it was loaded at %s", a.topology, old.Loaded.Format(time.RFC3339))
	default:
		a.served.Store(s)
		a.routeFast(s)
		reloads.WithLabelValues(a.topology, "success").Inc()
		log.Infof("loaded topology %q: %s", a.topology, summary(s.Plan))
		a.tellStrangers(s)
		logWarnings(a.topology, s.Findings)
		a.notify(s)
	}
}

// logWarnings puts the findings of a usable topology into one line, but for notes.
func logWarnings(path string, findings topology.Findings) {
	if warnings := findings.Beyond(); len(warnings) > 0 {
		log.Warningf("topology %q: %s", path, warnings)
	}
}

// describe shows a topology's findings with their source lines, for whoever
// starts the server at a terminal.
func (a *Auralink) describe(err error) error {
	var invalid *topology.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	return fmt.Errorf("invalid topology %q\n%s", a.topology, invalid.Findings.Report())
}
