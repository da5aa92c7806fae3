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

// Taker serves snapshots: a server block. Its methods must not call the follower.
type Taker interface {
	// Check says why a snapshot cannot be served, for reasons of the taker's own.
	Check(s *serve.Snapshot) error
	// Take serves a snapshot that was checked. It may be served already.
	Take(s *serve.Snapshot)
	// Doubt is told why what is served is not what the source has, and nil once it is.
	Doubt(problem error)
}

// Log is where is told what happens.
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

	mu      sync.Mutex // guards the rest
	current *serve.Snapshot
	refused *offer // good, but some taker cannot serve it
	members []member
	opened  opening
	cancel  context.CancelFunc // ends the following; nil while nobody follows
	ended   bool
	used    []acceptance.Acceptance
	offers  chan struct{} // closed, and made anew, with each text that was decided on
	problem error         // why the source's text is not what is served
	stale   bool          // what is served is the kept topology, and not what the source has
	unkept  error         // why the kept topology could not be written
}

// opening is for which reading of the Corefile the follower was opened last.
type opening struct {
	generation any
	options    Options
}

// member is a taker that is served, and what its Corefile says.
type member struct {
	taker   Taker
	options Options
}

// offer is a text that was judged to be good, and what it leads to.
type offer struct {
	text     source.Text
	snapshot *serve.Snapshot
}

// begin has the first snapshot: of the source, or else the kept one.
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
	f.current = base
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
	f.used = k.used
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
	s, err := options.judge(f.current, text, f.wasUsed, f.now())
	if err != nil {
		return fmt.Errorf("topology %q: %w", f.Name(), f.placed(err))
	}
	changed := s != f.current
	f.adopt(offer{text: text, snapshot: s})
	f.logWarnings(s)
	if changed {
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

// Pick returns what a taker that is not served yet is to serve: the current
// snapshot or, if it cannot serve that, one that the others cannot serve. Its
// Corefile is newer then, and the others will not be there for long.
func (f *Follower) Pick(check func(*serve.Snapshot) error) (*serve.Snapshot, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := check(f.current)
	if err == nil {
		return f.current, nil
	}
	if f.refused != nil && check(f.refused.snapshot) == nil {
		return f.refused.snapshot, nil
	}
	return nil, err
}

// Join has a taker served from now on, and the source followed. It returns false if
// the last one has left: then the source has to be opened anew.
func (f *Follower) Join(taker Taker, options Options) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return false
	}
	before := f.options()
	f.members = append(f.members, member{taker, options})
	if taker.Check(f.current) == nil {
		taker.Take(f.current)
	}
	taker.Doubt(f.problem)
	switch {
	case f.cancel == nil:
		ctx, cancel := context.WithCancel(context.Background())
		f.cancel = cancel
		f.report()
		go f.run(ctx)
	case options != before:
		f.src.Again()
	}
	return true
}

// Leave ends that a taker is served. The last one to leave ends the following. Who
// is not served may leave, too.
func (f *Follower) Leave(taker Taker) {
	if f.left(taker) {
		all.forget(f)
	}
}

// left takes a taker out, and reports whether it was the last.
func (f *Follower) left(taker Taker) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.options()
	others := slices.DeleteFunc(slices.Clone(f.members), func(m member) bool { return m.taker == taker })
	if len(others) == len(f.members) {
		return false
	}
	f.members = others
	if len(f.members) > 0 {
		if f.refused != nil || f.options() != before {
			f.src.Again()
		}
		return false
	}
	f.ended = true
	f.cancel()
	return true
}

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
	before, options := f.current, f.options()
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
	if err == nil && (s != before || f.unkept != nil) {
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
		hearer.Hear(source.Outcome{Serving: f.current.Digest, Since: f.current.Loaded, Problem: f.problem})
	}
}

// options are those of the newest member: of the newest Corefile. It must be called
// with mu held.
func (f *Follower) options() Options {
	if len(f.members) == 0 {
		return f.opened.options
	}
	return f.members[len(f.members)-1].options
}

// hand gives a snapshot to all takers, or to none.
func (f *Follower) hand(o offer) error {
	for _, m := range f.members {
		if err := m.taker.Check(o.snapshot); err != nil {
			f.refused = &o
			return err
		}
	}
	f.adopt(o)
	for _, m := range f.members {
		m.taker.Take(o.snapshot)
	}
	return nil
}

// adopt makes a snapshot the current one.
func (f *Follower) adopt(o offer) {
	if f.current != nil && f.current != o.snapshot {
		if line := (acceptance.Acceptance{From: f.current.Digest, To: o.snapshot.Digest}); accepts(o.text, line) {
			f.used = append(f.used[max(0, len(f.used)-mostUsed):], line)
		}
	}
	f.current, f.refused = o.snapshot, nil
}

// mostUsed bounds how many acceptances are remembered.
const mostUsed = 100

// wasUsed reports whether an acceptance was good once already. Only who decides on
// texts may ask, one at a time.
func (f *Follower) wasUsed(line acceptance.Acceptance) bool {
	return slices.Contains(f.used, line)
}

// keep writes the kept topology.
func (f *Follower) keep(options Options, text source.Text, s *serve.Snapshot) {
	if options.Snapshot == "" || f.look {
		return
	}
	f.unkept = kept{text: text.Content, taken: s.Loaded, serial: s.Table.Serial(), used: f.used}.write(options.Snapshot)
	if f.unkept != nil {
		f.log.Errorf("the snapshot of topology %q cannot be written: %v", f.Name(), f.unkept)
	}
}
