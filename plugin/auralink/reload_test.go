package auralink

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// start is when the plugins under test loaded their first topology.
var start = time.Unix(1_700_000_000, 0)

// polled polls twice, as a change needs to be acted upon, and returns whether
// another plan is served.
func polled(a *Auralink) bool {
	before := a.served.Load()
	a.poll(start.Add(time.Second))
	a.poll(start.Add(2 * time.Second))
	return a.served.Load() != before
}

func TestPoll(t *testing.T) {
	changed := strings.Replace(oneLink, "10.0.0.1", "10.0.0.22", 1)
	tests := []struct {
		name   string
		change func(t *testing.T, path string)
		want   bool // another plan is served
		result string
	}{
		{"nothing", func(*testing.T, string) {}, false, ""},
		{"other content", func(t *testing.T, path string) { write(t, path, changed) }, true, "success"},
		{"touched", func(t *testing.T, path string) {
			if err := os.Chtimes(path, start, start); err != nil {
				t.Fatal(err)
			}
		}, false, "unchanged"},
		{"renamed over", func(t *testing.T, path string) {
			write(t, path+".new", changed)
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		}, true, "success"},
		{"broken", func(t *testing.T, path string) { write(t, path, "regions: [") }, false, "failure"},
		{"emptied", func(t *testing.T, path string) { write(t, path, "") }, false, "failure"},
		{"removed", func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, false, "failure"},
		{"a pipe instead", func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
		}, false, "failure"},
		{"a directory instead", func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, false, "failure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, path := newLoaded(t, oneLink)
			tt.change(t, path)
			if got := polled(a); got != tt.want {
				t.Errorf("another plan is served: %v, want %v", got, tt.want)
			}
			for _, result := range []string{"success", "unchanged", "failure"} {
				want := 0.0
				if result == tt.result {
					want = 1
				}
				if got := testutil.ToFloat64(reloads.WithLabelValues(path, result)); got != want {
					t.Errorf("reloads with result %s: %v, want %v", result, got, want)
				}
			}
			if polled(a) {
				t.Error("a change was acted upon twice")
			}
		})
	}
}

// TestPollWaits: a file is not read while it is being written.
func TestPollWaits(t *testing.T) {
	a, path := newLoaded(t, oneLink)
	before := a.served.Load()
	for i, part := range []string{"regions: {east: {orch", "estras: [\"0000\"]}}\n", "vpcs: {apps: {links: {east: [10.0.0.2]}}}\n"} {
		appendTo(t, path, part, i == 0)
		a.poll(start)
		if a.served.Load() != before {
			t.Fatalf("acted upon after part %d", i)
		}
	}
	a.poll(start)
	if a.served.Load() == before {
		t.Fatal("not acted upon when written")
	}
	if got := testutil.ToFloat64(reloads.WithLabelValues(path, "failure")); got != 0 {
		t.Errorf("%v reloads failed", got)
	}
}

func appendTo(t *testing.T, path, text string, truncate bool) {
	t.Helper()
	mode := os.O_WRONLY | os.O_APPEND
	if truncate {
		mode = os.O_WRONLY | os.O_TRUNC
	}
	file, err := os.OpenFile(path, mode, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// TestPollMovedAway: a file that is moved away and back heals at once, although
// it looks as it did when it was loaded.
func TestPollMovedAway(t *testing.T) {
	a, path := newLoaded(t, oneLink)
	move := func(from, to string) {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			a.poll(start)
		}
	}
	move(path, path+".away")
	if !a.failing.Load() {
		t.Error("not failing while the file is away")
	}
	if got := testutil.ToFloat64(reloads.WithLabelValues(path, "failure")); got != 1 {
		t.Errorf("%v reloads failed, want 1", got)
	}
	move(path+".away", path)
	if a.failing.Load() {
		t.Error("still failing with the file back")
	}
}

// TestStopped: what was loaded while the server stops is thrown away.
func TestStopped(t *testing.T) {
	a, path := newLoaded(t, oneLink)
	a.startWatching()
	a.stopWatching()
	a.stopWatching()
	write(t, path, strings.Replace(oneLink, "10.0.0.1", "10.0.0.22", 1))
	if polled(a) {
		t.Error("a stopped instance serves another plan")
	}
}

// TestPollRereads: a file that was changed without a trace from outside is read
// again in the end, and one that was not is no news.
func TestPollRereads(t *testing.T) {
	a, path := newLoaded(t, oneLink)
	for range rereadEvery + 1 {
		a.poll(start)
	}
	if got := testutil.ToFloat64(reloads.WithLabelValues(path, "unchanged")); got != 0 {
		t.Errorf("%v reloads of an unchanged file", got)
	}
	before := a.served.Load()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Replace(oneLink, "10.0.0.1", "10.0.0.9", 1))
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	for range rereadEvery {
		a.poll(start)
	}
	if a.served.Load() == before {
		t.Error("not read again")
	}
}

// TestPollSurvives: whatever happens to the code that reads a topology, the
// server goes on. No topology is known to do it harm, so that a served plan
// without a table stands in for one.
func TestPollSurvives(t *testing.T) {
	a, path := newLoaded(t, oneLink)
	before := a.served.Load()
	write(t, path, strings.Replace(oneLink, "apps", "batch", 1))
	broken := *before
	broken.Table = nil // the serial of what is served cannot be had
	a.served.Store(&broken)
	a.poll(start)
	a.poll(start)
	if a.served.Load() != &broken {
		t.Error("another plan is served")
	}
	if got := testutil.ToFloat64(reloads.WithLabelValues(path, "failure")); got != 1 {
		t.Errorf("%v reloads failed, want 1", got)
	}
}

// TestSerial: secondaries see each change, even two within a second or after the
// clock was set back, and around the wrap of RFC 1982.
func TestSerial(t *testing.T) {
	a, path := newLoaded(t, oneLink)
	serial := func(now time.Time, addr string) uint32 {
		write(t, path, strings.Replace(oneLink, "10.0.0.1", addr, 1))
		s, err := a.load(a.served.Load(), now)
		if err != nil {
			t.Fatal(err)
		}
		a.served.Store(s)
		return s.Table.Serial()
	}
	base := uint32(start.Unix())
	for _, step := range []struct {
		name string
		now  time.Time
		addr string
		want uint32
	}{
		{"same content", start.Add(time.Hour), "10.0.0.1", base},
		{"within the same second", start, "10.0.0.2", base + 1},
		{"the clock was set back", start.Add(-time.Hour), "10.0.0.3", base + 2},
		{"later", start.Add(time.Minute), "10.0.0.4", base + 60},
		{"before the wrap", time.Unix(1<<32-1, 0), "10.0.0.5", base + 61},
	} {
		if got := serial(step.now, step.addr); got != step.want {
			t.Errorf("%s: serial %d, want %d", step.name, got, step.want)
		}
	}
}
