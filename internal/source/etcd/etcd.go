// Package etcd is the source of a topology that is a fleet's, in etcd. It returns the
// revision that is meant for this server, whole, and says under a lease which one the
// server has.
//
// While etcd is away there is no text and no error, but for the first one. How a fleet
// is laid out is in package fleet.
package etcd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/source"
)

// Options is which fleet it is, how to come to it, and who we are in it.
type Options struct {
	// URL is the fleet's, as somebody wrote it.
	URL     string
	Address fleet.Address
	Access  fleet.Access
	// Server is the name of this server in the fleet.
	Server string
	// Version is that of this program.
	Version string
	Log     source.Log
}

// Source is a fleet's topology, for one server.
type Source struct {
	options Options
	ctx     context.Context // until Close
	cancel  context.CancelFunc
	running sync.WaitGroup // what uses the store
	outage  fleet.Outage

	connecting sync.Mutex
	store      *fleet.Store // nil until it could be opened

	heads chan fleet.Head // the newest pointer that was seen
	again chan struct{}   // a wish for the text once more

	// What Next alone uses.
	begun, followed bool
	head            fleet.Head // the one that was seen last
	read            fleet.Head // the one whose revision was read last
	has             string     // the ID of the revision that was returned last
	told            string     // the error that was told last

	views  chan fleet.View // the newest thing to say of this server
	enrol  sync.Once
	mu     sync.Mutex // guards the rest
	offer  taken      // the revision that was returned last
	served taken      // the revision that is served; zero if that is not known
}

// taken is a revision that a server has. The number alone does not tell which: an etcd that
// was made anew counts from 1 again.
type taken struct {
	number int64
	id     string
}

var (
	_ source.Source = (*Source)(nil)
	_ source.Hearer = (*Source)(nil)
	_ source.Remote = (*Source)(nil)
)

// New returns the source. It asks nobody yet.
func New(options Options) *Source {
	ctx, cancel := context.WithCancel(context.Background())
	return &Source{
		options: options, ctx: ctx, cancel: cancel,
		heads: make(chan fleet.Head, 1), again: make(chan struct{}, 1), views: make(chan fleet.View, 1),
	}
}

// Name returns the URL.
func (s *Source) Name() string { return s.options.URL }

// Key returns all that the source depends on: with other files it is another one.
func (s *Source) Key() string {
	return fmt.Sprintf("%s %q %q", s.options.Address.Key(), s.options.Access, s.options.Server)
}

// AwaySince implements source.Remote.
func (s *Source) AwaySince() time.Time { return s.outage.Since() }

// Again has the text returned once more: it is read again.
func (s *Source) Again() { put(s.again, struct{}{}) }

// put makes a value the newest that a channel of one has.
func put[T any](channel chan T, value T) {
	for {
		select {
		case channel <- value:
			return
		default:
		}
		select {
		case <-channel:
		default:
		}
	}
}

// Close ends it: the server leaves the fleet.
func (s *Source) Close() {
	s.cancel()
	go func() {
		s.running.Wait()
		s.connecting.Lock()
		defer s.connecting.Unlock()
		if s.store != nil {
			s.store.Close()
			s.store = nil
		}
	}()
}

// connected returns the store.
func (s *Source) connected() (*fleet.Store, error) {
	s.connecting.Lock()
	defer s.connecting.Unlock()
	if s.store != nil {
		return s.store, nil
	}
	if s.ctx.Err() != nil {
		return nil, s.ctx.Err()
	}
	var err error
	s.store, err = fleet.Open(s.options.Address, s.options.Access)
	return s.store, err
}

// Next implements source.Source.
func (s *Source) Next(ctx context.Context) (source.Text, error) {
	if !s.begun {
		s.begun = true
		return s.first(ctx)
	}
	s.follow()
	var retry <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return source.Text{}, ctx.Err()
		case <-s.again:
			s.told, s.has, s.read = "", "", fleet.Head{}
		case s.head = <-s.heads:
		case <-retry:
			s.head = fleet.Head{At: s.head.At} // it is read anew
		}
		retry = nil
		if s.head.At == 0 || s.head.Same(s.read) && s.read.Swapped != 0 {
			continue
		}
		text, fresh, err := s.fetch(ctx, s.head)
		if err != nil && !lasting(err) {
			retry = time.After(retryAfter)
		} else if s.news(fresh, err) {
			return text, err
		}
	}
}

// news reports whether what was read is to be returned: a text that was not, or an error
// that was not told.
func (s *Source) news(fresh bool, err error) bool {
	told := s.told
	if s.told = ""; err != nil {
		s.told = err.Error()
		s.has = ""         // once it can be read, the text is news, though it be the same
		s.read.Swapped = 0 // and so is the pointer
		return s.told != told
	}
	return fresh
}

// follow has the pointer followed from now on.
func (s *Source) follow() {
	if s.followed {
		return
	}
	s.followed = true
	s.running.Go(func() {
		store := s.patiently()
		if store == nil {
			return
		}
		store.Follow(s.ctx, func(h fleet.Head) {
			if s.outage.End() {
				s.options.Log.Infof("topology %q: etcd is there again", s.Name())
			}
			put(s.heads, h)
		}, s.lost)
	})
}

// patiently returns the store as soon as it can be opened, or nil once it is closed.
func (s *Source) patiently() *fleet.Store {
	for {
		store, err := s.connected()
		if err == nil {
			return store
		}
		if s.ctx.Err() != nil {
			return nil
		}
		s.lost(err)
		select {
		case <-s.ctx.Done():
			return nil
		case <-time.After(retryAfter):
		}
	}
}

// lost notes that etcd is away.
func (s *Source) lost(err error) {
	if s.outage.Begin() {
		s.options.Log.Warningf("topology %q: etcd is away, what was taken is served on: %v", s.Name(), err)
	}
}

// Hear implements source.Hearer: what is served is what the fleet is told.
func (s *Source) Hear(o source.Outcome) {
	s.mu.Lock()
	v := fleet.View{Digest: o.Serving, Since: o.Since.UTC().Truncate(time.Second)}
	if o.Problem == nil {
		if s.served != s.offer {
			s.options.Log.Infof("topology %q: revision %d is served", s.Name(), s.offer.number)
		}
		s.served = s.offer
	} else {
		v.Error = o.Problem.Error()
	}
	v.Revision = s.served.number
	s.mu.Unlock()
	put(s.views, v)
	s.enrol.Do(func() { s.running.Go(s.say) })
}

// say tells the fleet what is served, for as long as the source is open.
func (s *Source) say() {
	store := s.patiently()
	if store == nil {
		return
	}
	denied := false
	store.Enrol(s.options.Server, s.options.Version).Run(s.ctx, s.views, func(err error) {
		if errors.Is(err, fleet.ErrDenied) && !denied {
			denied = true
			s.options.Log.Warningf("topology %q: the fleet does not see what server %q has: %v", s.Name(), s.options.Server, err)
		}
	})
}
