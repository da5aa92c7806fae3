package follow

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
)

// all are the followers of this process, by the keys of their sources.
var all = &registry{followers: make(map[string]*Follower)}

type registry struct {
	opening sync.Map // by key: a *sync.Mutex, held while a source is opened, which may take long

	mu        sync.Mutex // guards the rest
	followers map[string]*Follower
}

// Opening is what is asked of Open.
type Opening struct {
	// Source is followed, and closed, if there is no follower for its key yet; else
	// it is closed at once.
	Source source.Source
	// Generation is the same value for all server blocks of one reading of the
	// Corefile.
	Generation any
	Options    Options
	// Before is what the source's text is judged against where nothing else is
	// known; it may be nil.
	Before *serve.Snapshot
	// Within is how long to wait for a text that is being written.
	Within time.Duration
	// Look says that nothing is to be kept on the disk: whoever opens the source only
	// wants to know what would be served.
	Look bool
	Log  Log
}

// Open returns the process's follower of a source. A new one has a snapshot of the
// text that is there or, where that cannot be taken, of the kept one; where neither
// can be had the error says why. One that is there already has what it has.
func Open(o Opening) (*Follower, error) {
	lock, _ := all.opening.LoadOrStore(o.Source.Key(), new(sync.Mutex))
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()
	if err := all.conflict(o); err != nil {
		o.Source.Close()
		return nil, err
	}
	if f := all.find(o); f != nil {
		o.Source.Close()
		f.reopen(o)
		return f, nil
	}
	f := &Follower{
		src: o.Source, log: o.Log, now: time.Now, offers: make(chan struct{}),
		opened: opening{o.Generation, o.Options}, look: o.Look,
	}
	if err := f.begin(o.Options, o.Before, o.Within); err != nil {
		f.src.Close()
		return nil, err
	}
	all.add(f)
	return f, nil
}

// find returns the follower that is there for a source. One that nobody has joined
// since an earlier reading of the Corefile is none: that has failed, and whatever it
// had is old.
func (r *registry) find(o Opening) *Follower {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.followers[o.Source.Key()]
	if f == nil || f.joined() || f.openedFor(o.Generation) {
		return f
	}
	f.abandoned()
	delete(r.followers, o.Source.Key())
	return nil
}

// conflict says why the options of a server block cannot be, beside those of the
// others of its Corefile.
func (r *registry) conflict(o Opening) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, f := range r.followers {
		name, same := f.Name(), key == o.Source.Key()
		switch opened := f.lastOpened(); {
		case opened.generation != o.Generation:
		case same && opened.options != o.Options:
			return fmt.Errorf("topology %q is named in several server blocks, and they do not agree on guard, complete and snapshot", name)
		case !same && name == o.Source.Name():
			return fmt.Errorf("topology %q is named in several server blocks, and they do not agree on how to come to it, such as by tls, user and name", name)
		case !same && o.Options.Snapshot != "" && opened.options.Snapshot == o.Options.Snapshot:
			return fmt.Errorf("topologies %q and %q have the same snapshot %q", name, o.Source.Name(), o.Options.Snapshot)
		}
	}
	return nil
}

func (r *registry) add(f *Follower) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.followers[f.src.Key()] = f
}

func (r *registry) forget(f *Follower) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key := f.src.Key(); r.followers[key] == f {
		delete(r.followers, key)
	}
}

// Abandon ends a follower, if nobody has joined it.
func (f *Follower) Abandon() {
	if f.joined() {
		return
	}
	all.forget(f)
	f.abandoned()
}

// abandoned ends a follower that nobody has joined.
func (f *Follower) abandoned() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	f.forgetUnkept()
	f.src.Close()
}

// sorted returns all followers by name.
func (r *registry) sorted() []*Follower {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []*Follower
	for _, name := range slices.Sorted(maps.Keys(r.followers)) {
		list = append(list, r.followers[name])
	}
	return list
}

func (f *Follower) joined() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.members) > 0
}

func (f *Follower) lastOpened() opening {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.opened
}

func (f *Follower) openedFor(generation any) bool { return f.lastOpened().generation == generation }

// mostReopening bounds how long a reading of the Corefile waits for a source that is
// there already: the last good text is there, too.
const mostReopening = 2 * time.Second

// reopen is for another server block. The first of a new reading of the Corefile
// has the text looked at, for both may have been changed together.
func (f *Follower) reopen(o Opening) {
	f.mu.Lock()
	known, offers := f.opened.generation == o.Generation, f.offers
	f.opened = opening{o.Generation, o.Options}
	f.mu.Unlock()
	if known {
		return
	}
	f.src.Again()
	ctx, cancel := context.WithTimeout(context.Background(), min(o.Within/5, mostReopening))
	defer cancel()
	select {
	case <-offers:
	case <-ctx.Done():
	}
}
