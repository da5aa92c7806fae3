//go:build linux

package soak_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// written is a version that was valid and written as a whole.
type written struct {
	version version
	at      time.Time // right before its last octet, or before it took its place
	whole   bool      // replaced as a whole, so that it must be taken at once
}

// history is what a server was given and what it was seen to serve.
type history struct {
	name      string
	written   []written
	life      int // of the process
	seen      int // the newest version that this process was seen to serve, or -1
	before    int // the newest that one before it was
	firstSeen map[int]time.Time
	steady    time.Time // since when it has been up
}

// judge knows all histories, and counts what the answers were.
type judge struct {
	mu      sync.Mutex
	servers []*history
	ways    map[int]string // how each version was written
	counts  counts
	longest time.Duration // from a new plan to the first answer from it
	slow    []string      // which plans took long
	wrong   []string      // what was wrong, the first few
}

// counts are of answers, and of questions without.
type counts struct {
	asked, answered, retried, negative int
	stale                              int // from an older plan than the newest
	lost                               int
	noServer, noUpstream, cut          int // questions without an answer, by what excuses them
	otherRegion, otherVPC, never, back int
	plans                              int // whose first answer was timed
	restarted                          int // processes that began with an older version than was served before
	forged                             int // answers to questions for somebody else
}

// wrongs is how many answers were wrong.
func (c counts) wrongs() int { return c.otherRegion + c.otherVPC + c.never + c.back }

// mostWrong is how many wrong answers are told.
const mostWrong = 20

func newJudge(servers ...string) *judge {
	j := &judge{ways: make(map[int]string)}
	for _, name := range servers {
		j.servers = append(j.servers, &history{name: name, seen: -1, firstSeen: make(map[int]time.Time)})
	}
	return j
}

// begins notes how a version is about to be written.
func (j *judge) begins(number int, way string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ways[number] = way
}

// wrote notes a version that is about to be there.
func (j *judge) wrote(server int, w written) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.servers[server].written = append(j.servers[server].written, w)
}

// ended notes that a server's process has ended: none of its answers is still to come.
func (j *judge) ended(server int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.servers[server]
	h.life++
	h.before, h.seen = max(h.before, h.seen), -1
}

// up notes since when a server has been up, or with the zero time that it is not.
func (j *judge) up(server int, since time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.servers[server].steady = since
}

// moment is what is known of a server when it is asked.
type moment struct {
	server, life, seen int
	at                 time.Time
}

func (j *judge) moment(server int) moment {
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.servers[server]
	return moment{server, h.life, h.seen, time.Now()}
}

// answer is what a client was told.
type answer struct {
	asked  moment
	by     string // the client and the transport
	vpc    int
	name   name
	ipv6   bool // asked for AAAA
	forged bool // asked for somebody else
	secure bool // asked of the server block for TLS
	// addrs are the addresses, and text is them, sorted, or what else it was.
	addrs []netip.Addr
	text  string
}

// judge judges an answer of one of the servers. A process that has served a version goes
// back to no older one.
func (j *judge) judge(a answer) {
	j.mu.Lock()
	defer j.mu.Unlock()
	h, now := j.servers[a.asked.server], time.Now()
	if a.forged {
		j.counts.forged++
	} else {
		j.counts.answered++
	}
	floor := -1
	// Server blocks take a plan one after the other, and stop to at the end of the process.
	if h.life == a.asked.life && !a.secure {
		floor = a.asked.seen
	}
	switch from, ok := h.explain(a, floor); {
	case !ok:
		j.accuse(h, a)
	case from < 0: // passed on, or denied
		j.counts.negative++
	default:
		j.notice(h, a, from, now)
	}
}

// explain returns the version that an answer is from: the newest one, no older than
// floor, that says so. It is -1 where an answer has no address that tells.
func (h *history) explain(a answer, floor int) (from int, ok bool) {
	for i := len(h.written) - 1; i >= 0 && h.written[i].version.number >= floor; i-- {
		v := h.written[i].version
		if a.is(v.expected(a.vpc, a.name)) {
			if len(a.addrs) == 0 || a.text == passed {
				return -1, true
			}
			return v.number, true
		}
	}
	return 0, false
}

// is reports whether an answer is the expected one: where there are addresses, there is
// no AAAA record.
func (a answer) is(expected string) bool {
	if a.ipv6 && expected != noName {
		return a.text == noData
	}
	return a.text == expected
}

// notice notes which version a server serves.
func (j *judge) notice(h *history, a answer, from int, now time.Time) {
	newest := h.written[len(h.written)-1]
	if from != newest.version.number && newest.at.Before(a.asked.at) {
		j.counts.stale++
	}
	if h.life != a.asked.life {
		return // a process that has ended said so
	}
	if h.seen < 0 && from < h.before && !a.secure {
		j.counts.restarted++
	}
	if !a.secure {
		h.seen = max(h.seen, from)
	}
	if _, before := h.firstSeen[from]; before {
		return
	}
	h.firstSeen[from] = now
	for _, w := range h.written {
		if w.version.number == from && w.whole && !h.steady.IsZero() && h.steady.Before(w.at) {
			j.timed(h, w, now)
		}
	}
}

// soon is how long a server takes to come to a new plan on a machine that is not busy.
const soon = 2 * time.Second

// timed takes note of how long a server took to come to a version.
func (j *judge) timed(h *history, w written, now time.Time) {
	took := now.Sub(w.at)
	j.counts.plans++
	j.longest = max(j.longest, took)
	if took > soon {
		j.slow = append(j.slow, fmt.Sprintf("%s took %s to come to version %d, written at %s, up since %s", h.name, took.Round(time.Millisecond),
			w.version.number, w.at.Format(time.TimeOnly), h.steady.Format(time.TimeOnly)))
	}
}

// accuse says what is wrong with an answer that no version explains.
func (j *judge) accuse(h *history, a answer) {
	c, way := &j.counts.never, "of no version"
	for _, addr := range a.addrs {
		o, ok := originOf(addr)
		if ok {
			way = j.ways[o.version]
		}
		switch {
		case !ok:
		case o.vpc != a.vpc:
			c = &j.counts.otherVPC
		case a.name.kind != undeclared && o.region != a.name.region && !h.wrote(o.version, func(v version) bool { return v.wildcard(a.vpc) }):
			c = &j.counts.otherRegion
		case o.version < a.asked.seen && h.wrote(o.version, func(v version) bool { return v.expected(a.vpc, a.name) == a.text }):
			c = &j.counts.back
		}
	}
	*c++
	newest := -1
	if n := len(h.written); n > 0 {
		newest = h.written[n-1].version.number
	}
	j.tell("%s told %s that %s (AAAA %v) is %s (%s) at %s; version %d was written last, %d was served",
		h.name, a.by, a.name.text, a.ipv6, a.text, way, time.Now().Format(time.TimeOnly+".000"), newest, a.asked.seen)
}

// wrote reports whether a version was written as a whole, and is as said.
func (h *history) wrote(number int, is func(version) bool) bool {
	for _, w := range h.written {
		if w.version.number == number {
			return is(w.version)
		}
	}
	return false
}

func (j *judge) tell(format string, args ...any) {
	if len(j.wrong) < mostWrong {
		j.wrong = append(j.wrong, fmt.Sprintf(format, args...))
	}
}

// complaints returns what was wrong, a line each.
func (j *judge) complaints() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.wrong, "\n")
}

// count changes the counts.
func (j *judge) count(change func(c *counts)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(&j.counts)
}

// serves reports whether a server was seen to serve a version.
func (j *judge) serves(server, number int) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.servers[server].seen == number
}

// reached reports whether each server was seen to serve a version, or a newer one.
func (j *judge) reached(number int) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !slices.ContainsFunc(j.servers, func(h *history) bool { return h.seen < number })
}

// newest returns the newest version of a server.
func (j *judge) newest(server int) version {
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.servers[server]
	return h.written[len(h.written)-1].version
}

// any reports whether a version that any server was given says so of a name in the
// zones that a secondary has.
func (j *judge) any(vpc int, n name, text string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, h := range j.servers {
		for i := len(h.written) - 1; i >= 0; i-- {
			if h.written[i].version.transferred(vpc, n) == text {
				return true
			}
		}
	}
	return false
}

// state says what each server was seen to serve last.
func (j *judge) state() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var parts []string
	for _, h := range j.servers {
		parts = append(parts, fmt.Sprintf("%s version %d", h.name, h.seen))
	}
	return strings.Join(parts, ", ")
}
