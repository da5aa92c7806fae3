package fleet_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// longPushes has the long form run, with so many pushes: AURALINK_LONG, which make fleet
// sets; 0 for the bounded form.
var longPushes, _ = strconv.Atoi(os.Getenv("AURALINK_LONG")) // 0 if it is not set

// largeExtent is how many custom endpoints are pushed, and how many servers serve them.
type largeExtent struct{ lines, servers int }

// largeExtents is the bounded form, or the long one. A million are a gigabyte for each
// server.
func largeExtents() []largeExtent {
	if longPushes == 0 {
		return []largeExtent{{20_000, 2}}
	}
	return []largeExtent{{100_000, 10}, {1_000_000, 4}}
}

// TestLarge: 100,000 custom endpoints reach ten servers, and a line more is a piece or
// two; 1,000,000 reach four. The nodes of etcd wait for their disks.
func TestLarge(t *testing.T) {
	c := startCluster(t, localNodes(t, 3), nil, "--quota-backend-bytes", "2147483648")
	store := c.store()
	push(t, store, []byte(topology(1)))
	var servers []*server
	for i := range largeExtents()[0].servers {
		s := newServer(t, fmt.Sprintf("s%d", i), c.url())
		s.start()
		s.awaitServes(1)
		servers = append(servers, s)
	}
	fmt.Printf("\n| custom endpoints | servers | written | pushed in | served by the first after | by the last after | memory of a server |\n|---|---|---|---|---|---|---|\n")
	number := 1
	for _, e := range largeExtents() {
		for _, s := range servers[e.servers:] {
			s.kill()
		}
		servers = servers[:e.servers]
		for more := range 2 {
			number++
			begin := time.Now()
			pushed := push(t, store, []byte(large(number, e.lines+more)))
			took := time.Since(begin)
			first, last := spread(t, servers, number)
			fmt.Printf("| %d | %d | %d octets, %d of %d pieces new | %s | %s | %s | %d MiB |\n", e.lines+more, len(servers), pushed.Revision.Octets,
				pushed.Written, len(pushed.Revision.Pieces), took.Round(time.Millisecond), first, last, mostMemory(servers))
			if more == 1 && pushed.Written > 4 {
				t.Errorf("a line more wrote %d pieces of %d", pushed.Written, len(pushed.Revision.Pieces))
			}
		}
	}
	fmt.Println()
}

// spread returns when the first and the last of the servers serve a text, from now.
func spread(t *testing.T, servers []*server, number int) (first, last time.Duration) {
	t.Helper()
	begin := time.Now()
	lacking := slices.Clone(servers)
	for len(lacking) > 0 {
		if time.Since(begin) > 5*patience {
			t.Fatalf("%d servers do not serve %d; one of them says\n%s", len(lacking), number, lacking[0].log())
		}
		lacking = slices.DeleteFunc(lacking, func(s *server) bool { return s.serves() == number })
		if last = time.Since(begin).Round(time.Millisecond); first == 0 && len(lacking) < len(servers) {
			first = last
		}
		time.Sleep(10 * time.Millisecond)
	}
	return first, last
}

// mostMemory returns the most memory that one of some servers has had, in MiB.
func mostMemory(servers []*server) (mib int) {
	for _, s := range servers {
		mib = max(mib, s.memory())
	}
	return mib
}
