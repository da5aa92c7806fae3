package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/auralink/auralink/internal/notify"
)

// secondary is one that answers as a test has it, and remembers when it was told.
type secondary struct {
	name   string
	start  time.Time
	mu     sync.Mutex
	answer func(zone string) error
	told   []string
}

func (s *secondary) Name() string { return s.name }

func (s *secondary) Notify(_ context.Context, zone string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, fmt.Sprintf("%s %s", time.Since(s.start), zone))
	return s.answer(zone)
}

// answers has it answer otherwise from now on, and returns what it was told until now.
func (s *secondary) answers(answer func(string) error) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := strings.Join(s.told, "\n")
	s.answer, s.told = answer, nil
	return told
}

// logged is a log that is kept.
type logged struct {
	mu    sync.Mutex
	lines []string
}

func (l *logged) Infof(format string, args ...any)    { l.add("info: "+format, args) }
func (l *logged) Warningf(format string, args ...any) { l.add("warning: "+format, args) }

func (l *logged) add(format string, args []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

var (
	confirms = func(string) error { return nil }
	hasGone  = func(string) error { return errors.New("no answer") }
)

// waiting returns the metric of that name for a secondary.
func waiting(t *testing.T, name string) float64 {
	t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if family.GetName() == "coredns_auralink_notifies_waiting" && metric.GetLabel()[0].GetValue() == name {
				return metric.GetGauge().GetValue()
			}
		}
	}
	return -1
}

// TestNotify: a secondary that is away is told again, ever less often, until it has
// confirmed each zone, and then once more; nobody waits for it, and another one is told
// at once.
func TestNotify(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := &secondary{name: "away", start: time.Now(), answer: hasGone}
		there := &secondary{name: "there", start: time.Now(), answer: confirms}
		log := &logged{}
		n := notify.Start([]notify.Secondary{away, there}, 3*time.Second, log)
		defer n.Close()
		n.Tell([]string{"b.", "a."})
		time.Sleep(100 * time.Second)
		synctest.Wait()
		want := "3s a.\n4s a.\n6s a.\n10s a.\n18s a.\n34s a.\n1m6s a."
		if diff := cmp.Diff(want, away.answers(hasGone)); diff != "" {
			t.Errorf("who is away (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff("3s a.\n3s b.\n8s a.\n8s b.", there.answers(confirms)); diff != "" {
			t.Errorf("who is there (-want +got):\n%s", diff)
		}
		if got := []float64{waiting(t, "away"), waiting(t, "there")}; !cmp.Equal(got, []float64{2, 0}) {
			t.Errorf("waiting: %v", got)
		}

		// Once a minute. A change is told at once, and zone b. is no more.
		time.Sleep(100 * time.Second)
		n.Tell([]string{"a.", "c."})
		synctest.Wait()
		if diff := cmp.Diff("2m6s a.\n3m6s a.\n3m20s a.", away.answers(confirms)); diff != "" {
			t.Errorf("who is away (-want +got):\n%s", diff)
		}
		time.Sleep(2 * time.Minute) // at the end all has been said
		synctest.Wait()
		if diff := cmp.Diff("4m20s a.\n4m20s c.\n4m25s a.\n4m25s c.", away.answers(confirms)); diff != "" {
			t.Errorf("who is back (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff("3m20s a.\n3m20s c.\n3m25s a.\n3m25s c.", there.answers(confirms)); diff != "" {
			t.Errorf("who is there (-want +got):\n%s", diff)
		}
		if got := waiting(t, "away"); got != 0 {
			t.Errorf("waiting: %v", got)
		}
		wantLog := []string{
			"warning: secondary away has not confirmed that zones have changed, and is told again until it does, at least once a minute: no answer",
			"info: secondary away has confirmed all that has changed",
		}
		if diff := cmp.Diff(wantLog, log.lines); diff != "" {
			t.Errorf("the log (-want +got):\n%s", diff)
		}
	})
}

// TestRefused: a zone that a secondary refuses keeps no other zone from being told.
func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &secondary{name: "refuses", start: time.Now(), answer: func(zone string) error {
			if zone == "a." {
				return &notify.RefusedError{Zone: zone, Rcode: 9}
			}
			return nil
		}}
		log := &logged{}
		n := notify.Start([]notify.Secondary{s}, 0, log)
		n.Tell([]string{"a.", "b."})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		n.Close()
		synctest.Wait()
		if diff := cmp.Diff("0s a.\n0s b.\n1s a.", s.answers(confirms)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		n.Tell([]string{"a."}) // has ended
		time.Sleep(time.Hour)
		if told := s.answers(confirms); told != "" {
			t.Errorf("told after the end: %s", told)
		}
		if len(log.lines) != 1 || !strings.HasSuffix(log.lines[0], ": it answers NOTAUTH for the zone a.") {
			t.Errorf("the log: %q", log.lines)
		}
	})
}
