package run_test

import (
	"context"
	"fmt"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/run"
)

// fake is a probe that a test writes.
type fake struct {
	name  string
	kind  doctor.Kind
	probe func(ctx context.Context) doctor.Evidence
}

func (f fake) Name() string      { return f.name }
func (f fake) Kind() doctor.Kind { return f.kind }
func (f fake) Proves() string    { return "it is a test" }
func (f fake) Probe(ctx context.Context) doctor.Evidence {
	if f.probe == nil {
		return doctor.Evidence{TCP: &doctor.Connect{Outcome: doctor.Connected}}
	}
	return f.probe(ctx)
}

func stage(probes ...doctor.Probe) doctor.Stage {
	return func([]doctor.Evidence) []doctor.Probe { return probes }
}

func options() run.Options {
	return run.Options{AtOnce: 4, Timeout: time.Minute, ProbeTimeout: time.Second, Now: time.Now}
}

// TestOrder: evidence comes in the order in which the stages list the probes, stamped,
// and a later stage is given what the earlier ones brought.
func TestOrder(t *testing.T) {
	follow := func(soFar []doctor.Evidence) []doctor.Probe {
		return []doctor.Probe{fake{name: fmt.Sprintf("after %d", len(soFar)), kind: doctor.KindBolt}}
	}
	slow := fake{name: "slow", kind: doctor.KindTCP, probe: func(context.Context) doctor.Evidence {
		time.Sleep(20 * time.Millisecond)
		return doctor.Evidence{}
	}}
	o := options()
	var told []int
	o.Progress = func(p run.Progress) { told = append(told, p.Done) }
	var got []string
	for _, e := range run.Run(t.Context(), []doctor.Stage{stage(slow, fake{name: "quick", kind: doctor.KindTLS}), follow}, o) {
		got = append(got, fmt.Sprintf("%s %s %s", e.Kind, e.Probe, e.Proves))
	}
	want := []string{"tcp slow it is a test", "tls quick it is a test", "bolt after 2 it is a test"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2, 3}, told); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

// TestWants: probes that are not wanted are not run.
func TestWants(t *testing.T) {
	o := options()
	o.Wants = func(p doctor.Probe) bool { return p.Kind() == doctor.KindTLS }
	got := run.Run(t.Context(), []doctor.Stage{stage(fake{name: "a", kind: doctor.KindTCP}, fake{name: "b", kind: doctor.KindTLS})}, o)
	if len(got) != 1 || got[0].Probe != "b" {
		t.Errorf("got %+v", got)
	}
}

// TestTimeIsOver: a run ends, with evidence for each probe that says why there is no
// other: of those that wait, that never began, and that do not heed their context.
func TestTimeIsOver(t *testing.T) {
	waits := func(ctx context.Context) doctor.Evidence {
		<-ctx.Done()
		return doctor.Evidence{TCP: &doctor.Connect{Outcome: doctor.TimedOut}}
	}
	never := make(chan struct{})
	defer close(never)
	deaf := func(context.Context) doctor.Evidence {
		<-never
		return doctor.Evidence{}
	}
	o := options()
	o.AtOnce, o.Timeout = 3, 50*time.Millisecond
	probes := []doctor.Probe{fake{name: "fine"}, fake{name: "waits", probe: waits}, fake{name: "deaf", probe: deaf}, fake{name: "waits too", probe: waits}, fake{name: "late", probe: waits}}
	got := run.Run(t.Context(), []doctor.Stage{stage(probes...), stage(fake{name: "later"})}, o)
	for _, e := range got {
		want := "the time was over"
		if e.Probe == "fine" {
			want = ""
		}
		if e.NotProbed != want || want != "" && e.TCP != nil {
			t.Errorf("%s: %+v", e.Probe, e)
		}
	}
	if len(got) != 6 {
		t.Errorf("%d pieces of evidence", len(got))
	}
}

// TestTimedOutByItself: what a probe waited for as long as it may is evidence, also at
// the end.
func TestTimedOutByItself(t *testing.T) {
	o := options()
	o.Timeout, o.ProbeTimeout = 50*time.Millisecond, 30*time.Millisecond
	got := run.Run(t.Context(), []doctor.Stage{stage(fake{name: "a", probe: func(ctx context.Context) doctor.Evidence {
		<-ctx.Done()
		return doctor.Evidence{TCP: &doctor.Connect{Outcome: doctor.TimedOut}}
	}})}, o)
	if got[0].TCP == nil || got[0].NotProbed != "" {
		t.Errorf("got %+v", got[0])
	}
}

// TestTimeIsOverForAll: whichever part of the evidence has an outcome that is the end
// of the run is taken for none; and what came about by then stays.
func TestTimeIsOverForAll(t *testing.T) {
	evidence := reflect.TypeFor[doctor.Evidence]()
	tried := 0
	for i := range evidence.NumField() {
		field := evidence.Field(i)
		if field.Type.Kind() != reflect.Pointer {
			continue
		}
		for _, outcome := range []doctor.Outcome{doctor.Connected, doctor.TimedOut} {
			var brought doctor.Evidence
			part := reflect.New(field.Type.Elem())
			if set(part.Elem(), outcome) == 0 {
				continue
			}
			tried++
			reflect.ValueOf(&brought).Elem().Field(i).Set(part)
			o := options()
			o.ProbeTimeout = time.Hour
			ctx, end := context.WithCancel(t.Context())
			got := run.Run(ctx, []doctor.Stage{stage(fake{name: field.Name, probe: func(context.Context) doctor.Evidence {
				end()
				return brought
			}})}, o)
			if kept := got[0].NotProbed == ""; kept != (outcome == doctor.Connected) {
				t.Errorf("%s that is %s: kept: %v", field.Name, outcome, kept)
			}
		}
	}
	if tried != 2*11 {
		t.Errorf("%d parts of the evidence have outcomes, not 11: put the others into outcomes, in run.go", tried/2)
	}
}

// set gives all outcomes in a value one, with one element in each list, and returns how
// many there are. How a silent connection ended is no outcome of the probe.
func set(v reflect.Value, outcome doctor.Outcome) int {
	n := 0
	if v.Type() == reflect.TypeFor[doctor.Outcome]() {
		v.SetString(string(outcome))
		return 1
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return set(v.Index(0), outcome)
	}
	for i := 0; v.Kind() == reflect.Struct && i < v.NumField(); i++ {
		if v.Type() != reflect.TypeFor[doctor.Silence]() && v.Type().Field(i).IsExported() {
			n += set(v.Field(i), outcome)
		}
	}
	return n
}

// TestJustBeforeTheEnd: a connection whose deadline is the run's may be given up a moment
// before the run ends, which is no evidence either.
func TestJustBeforeTheEnd(t *testing.T) {
	o := options()
	o.ProbeTimeout, o.Timeout = time.Hour, time.Minute
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(50*time.Millisecond))
	defer cancel()
	got := run.Run(ctx, []doctor.Stage{stage(fake{name: "a", probe: func(context.Context) doctor.Evidence {
		return doctor.Evidence{TCP: &doctor.Connect{Outcome: doctor.TimedOut}}
	}})}, o)
	if got[0].NotProbed != "the time was over" {
		t.Errorf("got %+v", got[0])
	}
}

// TestInterrupted: so is a run that its user ends.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := run.Run(ctx, []doctor.Stage{stage(fake{name: "a"})}, options())
	if got[0].NotProbed != "it was interrupted" {
		t.Errorf("got %+v", got[0])
	}
}

// TestGate: there are never more inside than the bounds say, for a host and in all.
func TestGate(t *testing.T) {
	gate := run.NewGate(3, 5)
	var all, most, mostOfHost atomic.Int64
	hosts := make([]atomic.Int64, 4)
	raise := func(to *atomic.Int64, n int64) {
		for old := to.Load(); n > old; old = to.Load() {
			if to.CompareAndSwap(old, n) {
				return
			}
		}
	}
	var probes []doctor.Probe
	for i := range 200 {
		host := i % len(hosts)
		probes = append(probes, fake{name: fmt.Sprint(i), probe: func(ctx context.Context) doctor.Evidence {
			leave, err := gate.Enter(ctx, fmt.Sprint(host))
			if err != nil {
				return doctor.Evidence{NotProbed: err.Error()}
			}
			raise(&most, all.Add(1))
			raise(&mostOfHost, hosts[host].Add(1))
			time.Sleep(100 * time.Microsecond)
			all.Add(-1)
			hosts[host].Add(-1)
			leave()
			leave() // which does nothing
			return doctor.Evidence{}
		}})
	}
	o := options()
	o.AtOnce = 100
	for _, e := range run.Run(t.Context(), []doctor.Stage{stage(probes...)}, o) {
		if e.NotProbed != "" {
			t.Error(e.NotProbed)
		}
	}
	if most.Load() > 5 || mostOfHost.Load() > 3 || most.Load() == 0 {
		t.Errorf("%d at once, %d of a host", most.Load(), mostOfHost.Load())
	}
}

// TestGateEnds: whoever waits at a gate is let off when the context ends, and takes no
// place along.
func TestGateEnds(t *testing.T) {
	gate := run.NewGate(1, 1)
	leave, err := gate.Enter(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := gate.Enter(ctx, "b"); err == nil {
		t.Error("it was let in")
	}
	leave()
	if leave, err := gate.Enter(t.Context(), "b"); err != nil {
		t.Error(err)
	} else {
		leave()
	}
}
