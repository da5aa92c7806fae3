package status

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// loopback is where a board is unless its address says otherwise.
	loopback = "127.0.0.1"
	// sampleEvery is how often queries are counted for rates, and samples how many of
	// these counts are compared: a rate is that of the last minute.
	sampleEvery = 10 * time.Second
	samples     = 7
	// within bounds a request, and how long one may wait for others.
	within = 30 * time.Second
	// together is how many pages are made at a time: the rest of the processor is for
	// queries.
	together = 2
	// endWithin is how long those who read may go on when a board ends.
	endWithin = time.Second
)

// ParseAddress reads where to listen: an IP address, or localhost, with a port; a port
// alone is one of the loopback address.
func ParseAddress(text string) (string, error) {
	if _, err := netip.ParseAddr(text); err == nil {
		return "", fmt.Errorf("%q has no port: %s", text, net.JoinHostPort(text, "8053"))
	}
	if !strings.Contains(text, ":") {
		text = ":" + text
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", fmt.Errorf("%q is no address with a port", text)
	}
	if host == "" {
		host = loopback
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "localhost" {
		return "", fmt.Errorf("%q is no IP address", host)
	}
	if _, err := netip.ParseAddrPort(net.JoinHostPort(loopback, port)); err != nil {
		return "", fmt.Errorf("%q is no port", port)
	}
	return net.JoinHostPort(host, port), nil
}

// IsLoopback reports whether only this machine can reach an address of ParseAddress.
func IsLoopback(address string) bool {
	host, _, _ := net.SplitHostPort(address)
	addr, err := netip.ParseAddr(host)
	return err != nil || addr.Unmap().IsLoopback()
}

// boards are those of the process, by address: one goes on while the Corefile is read
// again, as the new server block joins before the old one leaves.
var boards = struct {
	sync.Mutex
	all map[string]*board
}{all: make(map[string]*board)}

// board serves the pages of some subjects at one address.
type board struct {
	address string
	server  *http.Server
	ended   chan struct{}
	turns   chan struct{} // of those who make pages

	mu       sync.Mutex
	subjects []Subject
	counts   []count                // the oldest first
	drawings map[string]drawnChange // by the subject's key
}

// count is how many queries there were at a time, by subject and view.
type count struct {
	at      time.Time
	queries map[string]map[string]uint64
}

// Join shows a subject at an address of ParseAddress until the function that it returns
// is called, which may be done more than once. The first one to join opens the address,
// and the last one to leave closes it.
func Join(address string, s Subject) (leave func(), err error) {
	boards.Lock()
	defer boards.Unlock()
	b := boards.all[address]
	if b == nil {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return nil, fmt.Errorf("status: %w", err)
		}
		b = newBoard(address)
		boards.all[address] = b
		go func() { _ = b.server.Serve(listener) }() // ends by Shutdown
		go b.run()
	}
	b.mu.Lock()
	b.subjects = append(b.subjects, s)
	b.mu.Unlock()
	return sync.OnceFunc(func() { b.left(s) }), nil
}

func newBoard(address string) *board {
	b := &board{address: address, ended: make(chan struct{}), turns: make(chan struct{}, together), drawings: make(map[string]drawnChange)}
	b.server = &http.Server{
		Handler: b.handler(), ReadTimeout: within, ReadHeaderTimeout: within, WriteTimeout: 2 * within, IdleTimeout: within, MaxHeaderBytes: 1 << 14,
	}
	return b
}

// left ends that a subject is shown.
func (b *board) left(s Subject) {
	boards.Lock()
	defer boards.Unlock()
	b.mu.Lock()
	b.subjects = slices.DeleteFunc(b.subjects, func(other Subject) bool { return other == s })
	empty := len(b.subjects) == 0
	b.mu.Unlock()
	if !empty {
		return
	}
	delete(boards.all, b.address)
	close(b.ended)
	ctx, cancel := context.WithTimeout(context.Background(), endWithin)
	defer cancel()
	if b.server.Shutdown(ctx) != nil {
		_ = b.server.Close() // who still reads then is cut off
	}
}

// run counts queries from time to time.
func (b *board) run() {
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	for now := time.Now(); ; {
		b.sample(now)
		select {
		case <-b.ended:
			return
		case now = <-ticker.C:
		}
	}
}

// sample counts the queries of all subjects.
func (b *board) sample(now time.Time) {
	c := count{at: now, queries: make(map[string]map[string]uint64)}
	for _, s := range b.shown() {
		c.queries[s.Key()] = s.Queries()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts = append(b.counts[max(0, len(b.counts)-samples+1):], c)
}

// shown returns the subjects by key, of each key the last.
func (b *board) shown() []Subject {
	b.mu.Lock()
	defer b.mu.Unlock()
	var shown []Subject
	for _, s := range b.subjects {
		at := slices.IndexFunc(shown, func(other Subject) bool { return other.Key() == s.Key() })
		if at >= 0 {
			shown[at] = s
			continue
		}
		shown = append(shown, s)
	}
	slices.SortFunc(shown, func(a, b Subject) int { return strings.Compare(a.Key(), b.Key()) })
	return shown
}

// subject returns the one that is asked for, by its key; the first if none is.
func (b *board) subject(key string) (Subject, bool) {
	shown := b.shown()
	for _, s := range shown {
		if key == "" || s.Key() == key {
			return s, true
		}
	}
	return nil, false
}

// state returns the state of a subject, with rates.
func (b *board) state(s Subject, now time.Time) State {
	state := s.State(now)
	state.Server, state.Now, state.Servers = s.Key(), now, []string{}
	for _, other := range b.shown() {
		state.Servers = append(state.Servers, other.Key())
	}
	rate := b.rates(s.Key())
	for i := range state.Views {
		state.Views[i].Rate = rate(state.Views[i].VPC, state.Views[i].Queries, now)
	}
	state.Strangers.Rate = rate("", state.Strangers.Queries, now)
	return state
}

// rates returns the function that says how many queries a second there were lately in a
// view, which has had so many until now.
func (b *board) rates(key string) func(view string, queries uint64, now time.Time) float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.counts) == 0 {
		return func(string, uint64, time.Time) float64 { return 0 }
	}
	first := b.counts[0]
	return func(view string, queries uint64, now time.Time) float64 {
		before, took := first.queries[key][view], now.Sub(first.at).Seconds()
		if took < 1 || queries < before {
			return 0
		}
		return float64(queries-before) / took
	}
}
