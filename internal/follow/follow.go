// Package follow serves one source of topologies to a whole process. It judges each
// text that the source has, keeps the last good one, and hands one snapshot to all
// who serve it: all of them take a new one, or none does.
//
// What is judged belongs to the process and the source, not to who serves: a new
// reading of the Corefile changes nothing about what is held back. Package source
// says when there is a text, package guard which changes are dangerous; this one
// knows neither paths nor CoreDNS.
package follow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/topology"
)

// Log is where the follower reports.
type Log interface {
	Infof(format string, args ...any)
	Warningf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Follower follows one source.
type Follower struct {
	src  source.Source
	log  Log
	now  func() time.Time
	look bool // nothing is kept on the disk

	served serve.Cell // never empty once it has begun; written with mu held

	mu      sync.Mutex // guards the rest
	refused *offer     // valid, but the Check of some taker failed
	members []member
	opened  opening
	cancel  context.CancelFunc // ends the following; nil while nobody follows
	ended   bool
	used    []acceptance.Acceptance
	offers  chan struct{} // closed, and made anew, with each text that was decided on
	problem error         // why the source's text is not what is served
	stale   bool          // what is served is the kept topology, and not what the source has
	keptAt  string        // where the source led when it had what is kept
	unkept  *unkept       // the topology to be kept, which could not be written; or nil
}

// opening is the last reading of the Corefile that opened the follower.
type opening struct {
	generation any
	options    Options
}

// offer is a text that was judged to be good, and what it leads to.
type offer struct {
	text     source.Text
	snapshot *serve.Snapshot
}

// begin sets the first snapshot: the source's, or else the kept one.
func (f *Follower) begin(options Options, before *serve.Snapshot, within time.Duration) error {
	var base *serve.Snapshot
	if options.Snapshot != "" {
		var err error
		if base, err = f.readKept(options.Snapshot); err != nil {
			return err
		}
	}
	if base == nil {
		base = before
	}
	f.served.Store(base)
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	text, err := f.first(ctx)
	if err != nil {
		err = unreadable(err)
	} else {
		err = f.judged(options, text)
	}
	switch {
	case err == nil:
	case base == nil:
		return err
	default:
		f.problem, f.stale = err, before == nil
		f.log.Errorf("SERVING THE SNAPSHOT of %s instead of topology %q: %v", base.Loaded.Format(time.RFC3339), f.Name(), err)
		count(f.Name(), err)
	}
	return nil
}

func unreadable(err error) error { return fmt.Errorf("reading topology: %w", err) }

// readKept returns the snapshot of the kept topology, or nil if there is none.
func (f *Follower) readKept(path string) (*serve.Snapshot, error) {
	k, there, err := readKept(path)
	if err != nil || !there {
		return nil, err
	}
	// A version that kept no serial served the time of its start.
	s, err := serve.Restore(k.text, cmp.Or(k.serial, uint32(f.now().Unix())), k.taken)
	if err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", path, err)
	}
	f.used, f.keptAt = k.used, k.at
	if r, ok := f.src.(source.Rememberer); ok {
		r.Remember(k.at)
	}
	return s, nil
}

// first returns the first text, or why there is none in time.
func (f *Follower) first(ctx context.Context) (source.Text, error) {
	unrest := errors.New("it is still being written")
	for {
		text, err := f.src.Next(ctx)
		switch restless := (*source.UnrestError)(nil); {
		case errors.As(err, &restless):
			unrest = err
		case errors.Is(err, context.DeadlineExceeded):
			return text, unrest
		default:
			return text, err
		}
	}
}

// judged makes the first snapshot of a text that is judged against the kept one.
func (f *Follower) judged(options Options, text source.Text) error {
	s, err := options.judge(f.current(), text, f.wasUsed, f.now())
	if err != nil {
		return fmt.Errorf("topology %q: %w", f.Name(), f.placed(err))
	}
	changed := s != f.current() || text.At != f.keptAt
	f.adopt(offer{text: text, snapshot: s})
	f.logWarnings(s)
	if changed {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.keep(options, text, s)
	}
	count(f.Name(), nil)
	return nil
}

// placed returns an error whose findings say in which file they are.
func (f *Follower) placed(err error) error {
	if invalid := (*topology.InvalidError)(nil); errors.As(err, &invalid) {
		return &topology.InvalidError{Findings: invalid.Findings.In(f.Name())}
	}
	return err
}

// Name is that of the source.
func (f *Follower) Name() string { return f.src.Name() }

// run follows the source.
func (f *Follower) run(ctx context.Context) {
	defer f.src.Close()
	for {
		text, err := f.src.Next(ctx)
		if ctx.Err() != nil {
			return
		}
		f.offered(ctx, text, err)
	}
}

// offered decides what becomes of a text, or of an error of the source.
func (f *Follower) offered(ctx context.Context, text source.Text, err error) {
	f.mu.Lock()
	before, options := f.current(), f.options()
	f.mu.Unlock()
	s := before
	if err != nil {
		err = unreadable(err)
	} else if s, err = options.judgeSafely(before, text, f.wasUsed, f.now()); err != nil {
		err = f.placed(err)
		err = fmt.Errorf("topology %q: %w", f.Name(), err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return // what was judged is not wanted any more
	}
	f.refused = nil
	if err == nil && s != before {
		err = f.hand(offer{text: text, snapshot: s})
	}
	f.tell(before, s, err)
	for _, m := range f.members {
		m.taker.Doubt(err)
	}
	if err == nil && (s != before || f.unkept != nil || text.At != f.keptAt) {
		f.keep(options, text, s)
	}
	f.report()
	close(f.offers)
	f.offers = make(chan struct{})
}

// report tells a source that wants to know what became of its text. It must be called
// with mu held.
func (f *Follower) report() {
	if hearer, hears := f.src.(source.Hearer); hears {
		s := f.current()
		hearer.Hear(source.Outcome{Serving: s.Digest, Since: s.Loaded, Problem: f.problem})
	}
}

// current is the snapshot that is served.
func (f *Follower) current() *serve.Snapshot { return f.served.Load() }

// adopt makes a snapshot the current one.
func (f *Follower) adopt(o offer) {
	if before := f.current(); before != nil && before != o.snapshot {
		if line := (acceptance.Acceptance{From: before.Digest, To: o.snapshot.Digest}); accepts(o.text, line) {
			f.used = append(f.used[max(0, len(f.used)-mostUsed):], line)
		}
	}
	f.served.Store(o.snapshot)
	f.refused = nil
}

// mostUsed bounds how many acceptances are remembered.
const mostUsed = 100

// wasUsed reports whether an acceptance was good once already. Only the goroutine that
// judges texts may call it.
func (f *Follower) wasUsed(line acceptance.Acceptance) bool {
	return slices.Contains(f.used, line)
}
