package fastpath_test

import (
	"runtime"
	"testing"

	"github.com/auralink/auralink/internal/fastpath"
)

// TestNoAllocations: between the kernel and the Responder and back nothing is
// allocated, for packets of all kinds; and nothing where misses overflow.
func TestNoAllocations(t *testing.T) {
	for _, backend := range []string{"batched", "portable"} {
		for _, tc := range []struct{ name, query string }{{"answered", "hit"}, {"missed", "miss"}} {
			t.Run(tc.name+" "+backend, func(t *testing.T) {
				if backend == "portable" {
					fastpath.UsePortable(t)
				}
				address := freePort(t, "127.0.0.1")
				tenant, err := fastpath.Open(address, 1, 0)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { tenant.Drain(0); tenant.Close() })
				// Nobody reads the misses: the queue is filled, then they overflow.
				if err := tenant.Serve(newEcho, 0); err != nil {
					t.Fatal(err)
				}
				client := dial(t, address)
				query, buf := []byte(tc.query), make([]byte, 512)
				last := []byte("hit")
				put := func(rounds int) {
					for range rounds {
						for range 15 {
							_, _ = client.Write(query)
						}
						// The answer to this one says that all were read.
						_, _ = client.Write(last)
						for n := 0; n < 16; n++ {
							if _, err := client.Read(buf); err != nil {
								t.Fatal(err)
							}
							if tc.query == "miss" {
								break
							}
						}
					}
				}
				put(10)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				const rounds = 1000
				put(rounds)
				runtime.ReadMemStats(&after)
				// The runtime itself allocates now and then.
				if got := float64(after.Mallocs-before.Mallocs) / (16 * rounds); got > 0.01 {
					t.Errorf("%.3f allocations per packet", got)
				}
			})
		}
	}
}
