package pair_test

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// resolver asks as glibc does by default: one server after the other, and all of them
// twice, with five seconds for each.
type resolver struct {
	servers []netip.AddrPort
	*counts
}

// counts are what the resolvers of a test have seen.
type counts struct{ asked, retried, lost, wrong atomic.Int64 }

const (
	attempts = 2
	timeout  = 5 * time.Second
)

// look looks a name up that has one address.
func (r resolver) look(name, want string) {
	r.asked.Add(1)
	for try := range attempts * len(r.servers) {
		client := &dns.Client{Timeout: timeout}
		reply, _, err := client.Exchange(new(dns.Msg).SetQuestion(name, dns.TypeA), r.servers[try%len(r.servers)].String())
		if err != nil {
			r.retried.Add(1)
			continue
		}
		if len(reply.Answer) != 1 || reply.Answer[0].(*dns.A).A.String() != want {
			r.wrong.Add(1)
		}
		return
	}
	r.lost.Add(1)
}

// TestUpgrade: while one server after the other ends and comes back, and then one is
// killed, clients of both lose no question and are answered as ever.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	pair := []*primary{newPrimary(t, second), newPrimary(t, second)}
	for _, p := range pair {
		p.lines = fmt.Sprintf("errors\nauralink topology.yaml {\nvpc apps\nsnapshot snapshot.yaml\n}\nhealth %s {\nlameduck 1s\n}\n", peers.FreePort(t, peers.Loopback()))
		p.start()
	}
	seen := new(counts)
	end := make(chan struct{})
	var clients sync.WaitGroup
	for i := range 4 {
		r := resolver{[]netip.AddrPort{pair[i%2].addr, pair[1-i%2].addr}, seen}
		clients.Go(func() {
			for {
				select {
				case <-end:
					return
				default:
					r.look("west-1.endpoints.neo4j.io.", "10.20.10.10")
					r.look("db.production-orch-0000.neo4j.io.", "10.10.10.10")
				}
			}
		})
	}
	some := func() { // questions after what was done
		t.Helper()
		before := seen.asked.Load()
		await(t, "clients ask", func() bool { return seen.asked.Load() > before+500 })
	}
	some()
	for _, p := range pair {
		p.end()
		some()
		p.start()
		some()
	}
	gracefully := seen.retried.Load()
	pair[0].die()
	some()
	close(end)
	clients.Wait()
	t.Logf("questions %d, asked again while servers ended by SIGTERM %d, after one was killed %d, lost %d, answered otherwise %d",
		seen.asked.Load(), gracefully, seen.retried.Load()-gracefully, seen.lost.Load(), seen.wrong.Load())
	if seen.lost.Load() > 0 || seen.wrong.Load() > 0 {
		t.Error("questions were lost, or answered otherwise")
	}
	if seen.retried.Load() == 0 {
		t.Error("no question was asked again: nothing was tried")
	}
}
