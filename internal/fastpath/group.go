package fastpath

import (
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// MaxSockets is how many sockets an address can have.
const MaxSockets = 64

// settleTime is how long packets can still come to a socket after the kernel has
// stopped choosing it: it was chosen for them before.
const settleTime = 5 * time.Millisecond

// drainTime bounds how long the packets that have come are still read; the rest is
// left unread. stopTime bounds how long a loop may take to end when it is told to. A
// loop that takes longer is left behind with its socket.
const (
	drainTime = time.Second
	stopTime  = 500 * time.Millisecond
)

// opened has the groups of this process, by the keys of their addresses. The lock is
// held while a group is changed, which is seldom.
var opened = struct {
	sync.Mutex
	groups map[string]*group
}{groups: make(map[string]*group)}

// group is our sockets on one address.
type group struct {
	address string
	local   net.Addr
	order   order
	sockets []*socket
	tenants []*Tenant
	current *Tenant // whose Responders answer

	responders atomic.Pointer[responders]
	misses     *missQueue
	counted    Counts // by sockets that are closed
}

// keyOf returns a key that is the same for all spellings of an address. An address
// without a host and the unspecified addresses of both families mean the same: sockets
// on them are bound to all addresses, and are in one group of the kernel's.
func keyOf(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return ":" + port
	}
	return address
}

// Open opens sockets on an address ("127.0.0.1:53", "[::]:53", ":53"), or takes
// those that this process has there already. Nothing comes to them before Serve.
//
// The other server has others sockets on the address already. An error means that
// this host, or the sandbox the process is in, does not allow it; nothing is left
// behind.
func Open(address string, sockets, others int) (*Tenant, error) {
	if sockets < 1 || sockets > MaxSockets {
		return nil, fmt.Errorf("%d sockets: there can be 1 to %d", sockets, MaxSockets)
	}
	opened.Lock()
	defer opened.Unlock()
	key := keyOf(address)
	g := opened.groups[key]
	if g == nil {
		g = &group{misses: newMissQueue()}
	}
	g.address = address
	g.order = g.order.reconcile(others)
	if err := g.grow(sockets); err != nil {
		if len(g.tenants) == 0 {
			for len(g.sockets) > 0 {
				g.closeLast()
			}
		}
		return nil, err
	}
	opened.groups[key] = g
	c := &Tenant{group: g, sockets: sockets, misses: newMisses(g.misses, g.local)}
	g.tenants = append(g.tenants, c)
	return c, nil
}

// grow opens sockets until there are n. Until a loop reads them, packets go to the
// other server, if it is there.
func (g *group) grow(n int) error {
	for id := len(g.sockets); id < n; id++ {
		c, local, err := open(g.address, g.choice())
		if err != nil {
			return err
		}
		c = wrap(c)
		g.order = g.order.with(id)
		l := &loop{conn: c, misses: g.misses, responders: &g.responders}
		l.health.quit, l.health.changed = make(chan struct{}), g.heal
		g.sockets = append(g.sockets, &socket{conn: c, loop: l, done: make(chan struct{})})
		if id == 0 {
			g.local, g.misses.reply = local, c
		}
	}
	return nil
}

// wrap is a variable for tests.
var wrap = func(c conn) conn { return c }

// choice is the filter for the sockets as they are. It chooses our sockets whose
// loops work, up to the number that is wanted. If there are none, it chooses those of
// the other server; without such a server, the one of ours that will have a loop first.
func (g *group) choice() filter {
	others := g.order.numbers(other, other)
	if g.current != nil {
		if working := g.working(); len(working) > 0 || len(others) == 0 {
			return choose(working)
		}
	}
	if len(others) > 0 {
		return choose(others)
	}
	return choose([]int{0})
}

// working returns the numbers of the sockets that work. If the first one does not, it
// returns none: all replies to missed queries leave by the first.
func (g *group) working() []int {
	var numbers []int
	for id, s := range g.sockets[:min(len(g.sockets), g.current.sockets)] {
		if s.works() {
			numbers = append(numbers, g.order.numbers(id, id)...)
		} else if id == 0 {
			return nil
		}
	}
	slices.Sort(numbers)
	return numbers
}

// steer tells the kernel the choice, by any of the sockets.
func (g *group) steer() (err error) {
	for _, s := range g.sockets {
		if err = s.conn.steer(g.choice()); err == nil {
			return nil
		}
	}
	return err
}

// heal has the kernel give packets to the sockets that work, and says so.
func (g *group) heal() {
	opened.Lock()
	defer opened.Unlock()
	if g.current != nil {
		_ = g.steer()
		g.tell()
	}
}

// tell says how many sockets work, if that has changed.
func (g *group) tell() {
	h := Health{Sockets: g.current.sockets, Working: len(g.working())}
	if h.Working == g.current.told {
		return
	}
	for _, s := range g.sockets {
		if wrong := s.loop.health.wrong.Load(); wrong != nil {
			h.Err = *wrong
		}
	}
	g.current.told = h.Working
	if g.current.watch != nil {
		g.current.watch(h)
	}
}

func (g *group) count() Counts {
	sum := g.counted
	for _, s := range g.sockets {
		s.loop.counters.addTo(&sum)
	}
	return sum
}

// Status is what there is on an address.
type Status struct {
	// Sockets is how many packets are spread over, 0 before Serve or when none works.
	Sockets int
	Counts  Counts
}

// Opened returns what there is on each address that is open, by its address as it
// was given to Open last.
func Opened() map[string]Status {
	opened.Lock()
	defer opened.Unlock()
	status := make(map[string]Status, len(opened.groups))
	for _, g := range opened.groups {
		s := Status{Counts: g.count()}
		if g.current != nil {
			s.Sockets = len(g.working())
		}
		status[g.address] = s
	}
	return status
}
