package tlsprobe

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Scan says how a server is to be scanned.
type Scan struct {
	// Dial opens a connection to it, as often as it is called.
	Dial Dial
	// ServerName is as in an [Offer].
	ServerName string
	// Patience is how long an offer may take.
	Patience time.Duration
	// Parallel is how many offers are made at the same time.
	Parallel int
}

// Choice is a suite in a version.
type Choice struct {
	Version Version
	Suite   Suite
}

// Result is what a scan has found.
type Result struct {
	// Accepted are all that the server accepts, the oldest version first, by number.
	Accepted []Choice
	// Unanswered are those of which it is not known.
	Unanswered []Choice
	// Offers is how many were made.
	Offers int
	// Spoke says that the server answered at least once in TLS.
	Spoke bool
	// Err is why offers remained unanswered: the first reason.
	Err error
}

// bunch is how many suites are offered together at most: a ClientHello of all would
// be longer than some old servers take.
const bunch = 64

// Run finds out all that the server accepts. Suites of Aura's are offered one at a
// time. Of all others many are offered together: the server chooses one, which is
// left out of the next offer, until it accepts none of them. So each accepted suite
// has one ClientHello that chose it, and the others need few.
func (s Scan) Run(ctx context.Context) Result {
	t := tally{scan: s}
	if !t.opened(ctx) {
		t.leave(groupsOfAll()...)
		return t.result()
	}
	var group errgroup.Group
	group.SetLimit(max(s.Parallel, 1))
	for _, g := range groupsOfAll() {
		group.Go(func() error {
			t.eliminate(ctx, g)
			return nil
		})
	}
	_ = group.Wait() // all return nil
	return t.result()
}

// offered is what is offered together.
type offered struct {
	version Version
	suites  []Suite
}

// groupsOfAll returns all suites of all versions, by what is offered together.
func groupsOfAll() []offered {
	var all []offered
	for _, version := range Versions {
		for _, suite := range AuraSuites(version) {
			all = append(all, offered{version, []Suite{suite}})
		}
		others := slices.DeleteFunc(Suites(version), func(s Suite) bool { return slices.Contains(aura[version], s) })
		for some := range slices.Chunk(others, bunch) {
			all = append(all, offered{version, some})
		}
	}
	return all
}

// tally is a scan under way.
type tally struct {
	scan Scan

	mu  sync.Mutex
	got Result
}

// opened reports whether the server answers an offer that most servers accept:
// there is no use in waiting many times for one that answers none.
func (t *tally) opened(ctx context.Context) bool {
	for _, version := range []Version{TLS13, TLS12} {
		response := t.ask(ctx, offered{version, AuraSuites(version)})
		if response.Reaction != Unanswered {
			return true
		}
	}
	return false
}

// eliminate makes offers until the server accepts none of the rest.
func (t *tally) eliminate(ctx context.Context, o offered) {
	o.suites = slices.Clone(o.suites)
	for len(o.suites) > 0 {
		response := t.ask(ctx, o)
		switch response.Reaction {
		case Declined:
			return
		case Unanswered:
			t.leave(o)
			return
		case Accepted:
			t.accept(Choice{o.version, response.Suite})
			o.suites = slices.DeleteFunc(o.suites, func(s Suite) bool { return s == response.Suite })
		}
	}
}

func (t *tally) ask(ctx context.Context, o offered) Response {
	response := Ask(ctx, t.scan.Dial, Offer{ServerName: t.scan.ServerName, Version: o.version, Suites: o.suites}, t.scan.Patience)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got.Offers++
	t.got.Spoke = t.got.Spoke || response.spoke()
	if t.got.Err == nil && response.Reaction == Unanswered {
		t.got.Err = response.Err
	}
	return response
}

func (t *tally) accept(c Choice) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got.Accepted = append(t.got.Accepted, c)
}

// leave notes that nothing is known of what was offered.
func (t *tally) leave(all ...offered) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, o := range all {
		for _, suite := range o.suites {
			t.got.Unanswered = append(t.got.Unanswered, Choice{o.version, suite})
		}
	}
}

func (t *tally) result() Result {
	slices.SortFunc(t.got.Accepted, compareChoices)
	slices.SortFunc(t.got.Unanswered, compareChoices)
	return t.got
}

func compareChoices(a, b Choice) int {
	return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Suite, b.Suite))
}
