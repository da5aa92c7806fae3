package dnsprobe_test

import (
	"slices"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dnsprobe"
)

// TestSystem: a name of the hosts file, which every machine has, for which no server
// is asked.
func TestSystem(t *testing.T) {
	r := dnsprobe.System{}.Ask(t.Context(), "localhost", 20*time.Second)
	if r.Via.Way != doctor.WaySystem || r.Via.Server == "" || len(r.Answers) != 2 {
		t.Fatalf("%+v", r)
	}
	var addrs []string
	for _, a := range r.Answers {
		if a.Outcome != doctor.Answered || a.Rcode != "NOERROR" {
			t.Errorf("%+v", a)
		}
		for _, addr := range a.Addrs {
			addrs = append(addrs, addr.String())
		}
	}
	if !slices.Contains(addrs, "127.0.0.1") && !slices.Contains(addrs, "::1") {
		t.Errorf("localhost has %v by %s", addrs, r.Via.Server)
	}
}
