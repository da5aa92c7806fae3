package follow

import (
	"time"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
)

// keepsAgain is how long after an attempt to write the kept topology the next one is made. It
// is a variable for tests.
var keepsAgain = 10 * time.Second

// unkept is a topology that is served and could not be written: a process that starts now
// would judge by an older one, and may serve that.
type unkept struct {
	kept
	path  string
	timer *time.Timer // of the next attempt
}

// keep writes the kept topology. It must be called with mu held, once others have the
// follower.
func (f *Follower) keep(options Options, text source.Text, s *serve.Snapshot) {
	f.keptAt = text.At
	if options.Snapshot == "" || f.look {
		return
	}
	f.forgetUnkept()
	k := kept{text: text.Content, taken: s.Loaded, serial: s.Table.Serial(), used: f.used, at: text.At}
	if err := k.write(options.Snapshot); err != nil {
		f.log.Errorf("the snapshot of topology %q cannot be written, and is tried again every %s: %v", f.Name(), keepsAgain, err)
		f.unkept = &unkept{kept: k, path: options.Snapshot, timer: time.AfterFunc(keepsAgain, f.keepAgain)}
	}
}

// keepAgain writes what could not be written before.
func (f *Follower) keepAgain() {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch u := f.unkept; {
	case u == nil: // a newer one was written meanwhile, or nobody follows any more
	case u.write(u.path) != nil:
		u.timer.Reset(keepsAgain)
	default:
		f.unkept = nil
		f.log.Infof("the snapshot of topology %q is written: what is served is kept again", f.Name())
	}
}

// forgetUnkept makes no further attempt. It must be called with mu held.
func (f *Follower) forgetUnkept() {
	if f.unkept != nil {
		f.unkept.timer.Stop()
		f.unkept = nil
	}
}
