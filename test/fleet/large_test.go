package fleet_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// longPushes has the long form run, with so many pushes: AURALINK_LONG, which make fleet
// sets; 0 for the bounded form.
var longPushes, _ = strconv.Atoi(os.Getenv("AURALINK_LONG")) // 0 if it is not set

// TestLarge: 100,000 custom endpoints reach all servers, and a line more is a piece or
// two; 1,000,000 in the long form. etcd waits for its disk.
func TestLarge(t *testing.T) {
	sizes := []int{20_000}
	if longPushes > 0 {
		sizes = []int{100_000, 1_000_000}
	}
	c := startCluster(t, localNodes(t, 1), nil, "--quota-backend-bytes", "2147483648")
	store := c.store()
	push(t, store, []byte(topology(1)))
	s := newServer(t, "a", c.url())
	s.start()
	s.awaitServes(1)
	fmt.Printf("\n| topology | written | time | memory |\n|---|---|---|---|\n")
	for i, size := range sizes {
		for j, lines := range []int{size, size + 1} {
			number := 2 + 2*i + j
			begin := time.Now()
			pushed := push(t, store, []byte(large(number, lines)))
			took := time.Since(begin)
			s.awaitServes(number)
			fmt.Printf("| %d custom endpoints | %d octets, %d of %d pieces new | pushed in %s, served after %s more | %d MiB |\n", lines, pushed.Revision.Octets,
				pushed.Written, len(pushed.Revision.Pieces), took.Round(time.Millisecond), (time.Since(begin) - took).Round(time.Millisecond), s.memory())
			if j == 1 && pushed.Written > 4 {
				t.Errorf("a line more wrote %d pieces of %d", pushed.Written, len(pushed.Revision.Pieces))
			}
		}
	}
	fmt.Println()
}
