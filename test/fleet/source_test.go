package fleet_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/fleet"
)

// TestServerFollows: a server takes what is pushed, refuses what does not plan, says so
// in log, metric and fleet, and is told nothing twice.
func TestServerFollows(t *testing.T) {
	t.Parallel()
	_, store, s := serving(t)
	push(t, store, []byte(topology(2)))
	s.awaitServes(2)
	awaitState(t, store, "a", fleet.UpToDate, 2)
	if n := strings.Count(s.log(), ": revision 2 is served"); n != 1 {
		t.Errorf("the log says %d times which revision is served\n%s", n, s.log())
	}

	push(t, store, []byte("vpcs: {apps: {links: {nowhere: [10.0.0.1]}}}\n"))
	awaitState(t, store, "a", fleet.Refusing, 2)
	s.awaitMetric("last_reload_successful", func(v string) bool { return v == "0" })
	if s.serves() != 2 {
		t.Errorf("what does not plan is served: %d", s.serves())
	}
	if n := strings.Count(s.log(), "keeping the plan of"); n != 1 {
		t.Errorf("the log says %d times that the plan is kept\n%s", n, s.log())
	}
	// Another wildcard than before: held if it stood in a file that was written in place.
	push(t, store, []byte(strings.Replace(topology(4), "      west: [10.2.0.4]\n", "", 1)))
	s.awaitServes(4)
	awaitState(t, store, "a", fleet.UpToDate, 4)
	s.awaitMetric("last_reload_successful", func(v string) bool { return v == "1" })

	s.stop()
	awaitState(t, store, "a", fleet.Gone, 4)
}

// awaitState waits until a server is in a state, with a revision.
func awaitState(t *testing.T, store *fleet.Store, name string, state fleet.State, revision int64) {
	t.Helper()
	var last []fleet.Server
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		servers, _, err := store.Servers(t.Context())
		if servers == nil {
			t.Fatal(err)
		}
		for _, s := range servers {
			if s.Name == name && s.State == state && s.Revision == revision {
				return
			}
		}
		if last = servers; time.Now().After(end) {
			t.Fatalf("%s is not %s with revision %d: %+v", name, state, revision, last)
		}
	}
}

// TestEtcdAway: without etcd a server starts from its snapshot or not at all; while
// etcd is away nothing changes, and a metric says since when.
func TestEtcdAway(t *testing.T) {
	t.Parallel()
	c, _, s := serving(t)
	if got := s.metric("source_away_since_timestamp_seconds"); got != "0" {
		t.Errorf("etcd is there, and away since %s", got)
	}
	asking := ask(t, s, func(number int) bool { return number == 1 })
	c.nodes[0].kill()
	s.awaitMetric("source_away_since_timestamp_seconds", func(v string) bool { return v != "0" })
	if got := s.metric("last_reload_successful"); got != "1" {
		t.Errorf("last_reload_successful is %s while etcd is away", got)
	}
	asking.end(t, "a")

	s.stop()
	s.start()
	s.awaitServes(1)
	if !strings.Contains(s.log(), "SERVING THE SNAPSHOT") {
		t.Errorf("the log does not say that the snapshot is served\n%s", s.log())
	}
	without := newServer(t, "b", c.url())
	without.start()
	<-without.done
	if without.ended == nil || !strings.Contains(without.log(), "etcd is away") {
		t.Errorf("a server without a snapshot ended with %v\n%s", without.ended, without.log())
	}

	c.start(c.nodes[0])
	c.awaitLeader()
	store := c.store() // the other client waits longer from try to try
	push(t, store, []byte(topology(2)))
	s.awaitServes(2)
	s.awaitMetric("source_away_since_timestamp_seconds", func(v string) bool { return v == "0" })
	s.awaitMetric("snapshot_served", func(v string) bool { return v == "0" })
	awaitState(t, store, "a", fleet.UpToDate, 2)
}

// TestNothingPushed: a server of an empty fleet says what to do.
func TestNothingPushed(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	s := newServer(t, "a", c.url())
	s.start()
	<-s.done
	if want := "nothing was pushed yet, or etcd was made anew since: auralink push TOPOLOGY --to " + c.url() + " --uncompared"; s.ended == nil || !strings.Contains(s.log(), want) {
		t.Errorf("it ended with %v\n%s", s.ended, s.log())
	}
}

// TestCorefile: what cannot stand behind etcd:// is refused, and no error has a secret.
func TestCorefile(t *testing.T) {
	t.Parallel()
	tests := []struct{ url, property, want string }{
		{"etcd://127.0.0.1:1/p", "guard always", "guard is for files"},
		{"etcd://127.0.0.1:1/p", "complete", "complete is for files"},
		{"etcd://127.0.0.1:1/p", "user me:hunter2 x", "user takes one path"},
		{"etcd://127.0.0.1:1/p", "user me:hunter2", "user needs tls"},
		{"etcd://127.0.0.1:1/p", "tls a b", "tls takes three paths"},
		{"etcd://127.0.0.1:1/p", "tls a b c", "reading the certificate: open a: no such file"},
		{"etcd://me:hunter2@127.0.0.1:1/p", "", "has a user in it"},
		{"etcd://127.0.0.1:1", "", "has no prefix"},
		{"consul://127.0.0.1:1/p", "", "no build reads a topology from consul:// URLs"},
		{"topology.yaml", "tls a b c", `unknown property "tls"`},
	}
	for _, tt := range tests {
		s := newServer(t, "a", tt.url, tt.property)
		if tt.url == "topology.yaml" {
			s.corefile = strings.Replace(s.corefile, "  name a\n", "", 1)
		}
		s.start()
		<-s.done
		log := s.log()
		if s.ended == nil || !strings.Contains(log, tt.want) || strings.Contains(log, "hunter2") {
			t.Errorf("%s, %s: it ended with %v, want %s\n%s", tt.url, tt.property, s.ended, tt.want, log)
		}
	}
}

// TestStandsStill: a server that stands still is gone once its lease has ended, and takes
// what it has missed when it goes on.
func TestStandsStill(t *testing.T) {
	t.Parallel()
	_, store, s := serving(t)
	awaitState(t, store, "a", fleet.UpToDate, 1)
	s.signal(syscall.SIGSTOP)
	awaitState(t, store, "a", fleet.Gone, 1)
	push(t, store, []byte(topology(2)))
	s.signal(syscall.SIGCONT)
	s.awaitServes(2)
	awaitState(t, store, "a", fleet.UpToDate, 2)
}
