package fleet_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/fleet"
)

// awaitStates waits until the servers of a fleet are in some states, whatever their order,
// and returns them.
func awaitStates(t *testing.T, store *fleet.Store, states ...fleet.State) (servers []fleet.Server) {
	t.Helper()
	slices.Sort(states)
	await(t, "the states are "+joined(states), func() bool {
		var err error
		if servers, _, err = store.Servers(t.Context()); err != nil {
			return false
		}
		var got []fleet.State
		for _, s := range servers {
			got = append(got, s.State)
		}
		slices.Sort(got)
		return slices.Equal(got, states)
	})
	return servers
}

func joined(states []fleet.State) string {
	var words []string
	for _, s := range states {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}

// TestTwoOfOneName: two servers with one name are two lines, neither hides the other, and
// one that is killed is gone.
func TestTwoOfOneName(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	store := c.store()
	push(t, store, []byte(topology(1)))
	var twins [2]*server
	for i := range twins {
		twins[i] = newServer(t, "twin", c.url())
		twins[i].start()
		twins[i].awaitServes(1)
	}
	const word = "2 servers run with the name twin: give each its own"
	awaitStates(t, store, fleet.UpToDate, fleet.UpToDate)
	if out, status := auralink(c, "fleet"); status != 0 || strings.Count(out, "\ntwin ") != 2 || !strings.Contains(out, word) {
		t.Errorf("status %d\n%s", status, out)
	}
	twins[0].kill()
	awaitStates(t, store, fleet.UpToDate, fleet.Gone)
	if out, status := auralink(c, "fleet"); status != 1 || strings.Count(out, "\ntwin ") != 2 || strings.Contains(out, word) {
		t.Errorf("one is killed: status %d\n%s", status, out)
	}
	if out, status := auralink(c, "fleet", "--forget", "twin"); status != 0 {
		t.Errorf("status %d: %s", status, out)
	}
	awaitStates(t, store, fleet.UpToDate)
	twins[1].stop()
	awaitStates(t, store, fleet.Gone)
}

// TestStartedInPlace: a server that was killed, and is started again before it is found
// gone, is one line in the end.
func TestStartedInPlace(t *testing.T) {
	t.Parallel()
	_, store, s := serving(t)
	before := awaitStates(t, store, fleet.UpToDate)[0].Instance
	s.kill()
	s.start()
	s.awaitServes(1)
	awaitStates(t, store, fleet.UpToDate, fleet.UpToDate) // the lease of the one that was killed
	if after := awaitStates(t, store, fleet.UpToDate)[0].Instance; after == before {
		t.Errorf("instance %s was killed", before)
	}
}
