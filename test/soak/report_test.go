//go:build linux

package soak_test

import (
	"fmt"
	"strings"
	"time"
)

// What a server may use more than before it was disturbed. Go keeps what 10,000
// connections took for the next ones, and returns it to the system when it pleases: the
// heap tells of what is lost.
const (
	moreResident   = 256 << 20 // octets
	moreHeap       = 64 << 20
	moreFiles      = 20
	moreGoroutines = 40
)

// holds returns what is beyond the bounds in what is used after, or "".
func (u usage) holds(after usage) string {
	var beyond []string
	for _, value := range []struct {
		what              string
		was, is, mostMore int
	}{
		{"octets of memory", u.resident, after.resident, moreResident},
		{"octets of heap", u.heap, after.heap, moreHeap},
		{"descriptors", u.files, after.files, moreFiles},
		{"goroutines", u.goroutines, after.goroutines, moreGoroutines},
	} {
		if value.is > value.was+value.mostMore {
			beyond = append(beyond, fmt.Sprintf("%d %s, before %d", value.is, value.what, value.was))
		}
	}
	return strings.Join(beyond, "; ")
}

// report is what the soak prints.
func (s *soak) report() string {
	var b strings.Builder
	c := s.judge.counts
	line := func(what, format string, args ...any) {
		fmt.Fprintf(&b, "%-30s %s\n", what, fmt.Sprintf(format, args...))
	}
	line("questions", "%d asked, %d answered (%d without an address of ours, %d only at a second try)", c.asked, c.answered, c.negative, c.retried)
	line("lost while a server was up", "%d; besides %d while none was, %d of the upstream's while it was away, %d cut off at the end", c.lost, c.noServer, c.noUpstream, c.cut)
	line("from another region", "%d", c.otherRegion)
	line("from another VPC", "%d", c.otherVPC)
	line("from a plan never valid", "%d", c.never)
	line("from a plan before the served", "%d", c.back)
	line("from an older valid plan", "%d, while the newest was not loaded yet", c.stale)
	line("from an older after a restart", "%d times at first: the disk was too full to keep the newest", c.restarted)
	line("to a new plan", "%s at most, of %d plans", s.judge.longest.Round(time.Millisecond), c.plans)
	line("secondary", "%d asked, %d answered, %d from no plan", s.secondary.counts.asked, s.secondary.counts.answered, s.secondary.counts.never)
	line("to a forged client subnet", "%d answers, judged as the sender's own", c.forged)
	line("topologies", "%d: %s", s.writer.number, table(s.writer.counts))
	line("disturbances", "%s, upstream away %d", table(s.chaos.counts), s.upstream.away)
	line("hostile", "%s", table(s.hostile.counts))
	for _, use := range s.uses {
		line(use.server.addr.String(), "memory %d → %d MiB, heap %d → %d MiB, descriptors %d → %d, goroutines %d → %d",
			use.before.resident>>20, use.after.resident>>20, use.before.heap>>20, use.after.heap>>20,
			use.before.files, use.after.files, use.before.goroutines, use.after.goroutines)
	}
	return b.String()
}
