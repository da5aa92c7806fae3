package follow

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/source/sourcetest"
)

// logged is a log that is kept.
type logged struct {
	mu    sync.Mutex
	lines []string
}

func (l *logged) add(level, format string, args []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, level+": "+fmt.Sprintf(format, args...))
}

func (l *logged) Infof(format string, args ...any)    { l.add("info", format, args) }
func (l *logged) Warningf(format string, args ...any) { l.add("warning", format, args) }
func (l *logged) Errorf(format string, args ...any)   { l.add("error", format, args) }

func (l *logged) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(strings.Join(l.lines, "\n"), text)
}

// block is a server block.
type block struct {
	mu     sync.Mutex
	served *serve.Cell
	needs  string // a VPC

	preparing func() // may be nil, as may the next
	taking    func()

	problem error // that it was told last
}

func (b *block) Check(s *serve.Snapshot) error {
	if _, ok := s.Plan.VPC(b.needs); b.needs != "" && !ok {
		return fmt.Errorf("there is no VPC %q", b.needs)
	}
	return nil
}

func (b *block) Prepare(*serve.Snapshot) {
	if b.preparing != nil {
		b.preparing()
	}
}

func (b *block) Take(served *serve.Cell) {
	b.mu.Lock()
	b.served = served
	b.mu.Unlock()
	if b.taking != nil {
		b.taking()
	}
}

func (b *block) Doubt(problem error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problem = problem
}

// doubts reports why what is served is not what the source has.
func (b *block) doubts() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.problem
}

// links is how many links the first VPC has in what is served.
func (b *block) links() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.served.Load().Plan.VPCs[0].Links)
}

// scene is one source with one server block.
type scene struct {
	*testing.T
	src      *sourcetest.Fake
	log      *logged
	follower *Follower
	block    *block
}

var inPlace = Options{Guard: GuardInPlace}

// follow opens a source as a process does that starts, and joins it.
func follow(t *testing.T, text string, written source.Written, options Options) *scene {
	t.Helper()
	sc := &scene{T: t, src: sourcetest.New(t.Name(), text, written), log: &logged{}, block: &block{}}
	if err := sc.open("first", options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sc.end)
	return sc
}

// open opens the source, and has the block served.
func (sc *scene) open(generation string, options Options) error {
	f, err := Open(Opening{Source: sc.src, Generation: generation, Options: options, Within: 200 * time.Millisecond, Log: sc.log})
	if err != nil {
		return err
	}
	sc.follower = f
	f.Join(sc.block, options)
	return nil
}

// end ends the process that the scene stands for.
func (sc *scene) end() { sc.follower.Leave(sc.block) }

// put has a text there, and waits until it is decided on.
func (sc *scene) put(text string, written source.Written) {
	sc.Helper()
	sc.decided(func() { sc.src.Put(source.Text{Content: []byte(text), Written: written}) })
}

func (sc *scene) decided(do func()) {
	sc.Helper()
	sc.follower.mu.Lock()
	offers := sc.follower.offers
	sc.follower.mu.Unlock()
	do()
	select {
	case <-offers:
	case <-time.After(20 * time.Second):
		sc.Fatal("nothing was decided")
	}
}

func (sc *scene) serves(links int) {
	sc.Helper()
	if got := sc.block.links(); got != links {
		sc.Errorf("%d links are served, want %d", got, links)
	}
}

// TestHeld: a change is held whatever time passes and however often the Corefile is
// read, and is told once; a rename of the same text releases it.
func TestHeld(t *testing.T) {
	sc := follow(t, twoLinks, source.InPlace, inPlace)
	sc.put(oneLink, source.InPlace)
	sc.serves(2)
	for _, generation := range []string{"second", "third"} {
		before := sc.block
		sc.block = &block{}
		if err := sc.open(generation, inPlace); err != nil {
			t.Fatal(err)
		}
		sc.follower.Leave(before)
		sc.serves(2)
		if held(sc.block.doubts()) == nil {
			t.Errorf("the %s block is not told that a change is held: %v", generation, sc.block.doubts())
		}
	}
	if n := sc.log.count("a change is held back"); n != 1 {
		t.Errorf("told %d times:\n%s", n, strings.Join(sc.log.lines, "\n"))
	}
	if sc.follower.Fine() {
		t.Error("all is fine")
	}
	sc.put(oneLink, source.Whole)
	sc.serves(1)
	if !sc.follower.Fine() || sc.block.doubts() != nil {
		t.Error("not fine when released")
	}
}

// TestAtOnce: no block serves a new snapshot before the last one is prepared for it, and
// from then on all do.
func TestAtOnce(t *testing.T) {
	sc := follow(t, twoLinks, source.Whole, inPlace)
	blocks := []*block{sc.block, {}, {}}
	var prepared []int // how many links each block had when another was prepared
	for _, b := range blocks {
		if b != sc.block {
			sc.follower.Join(b, inPlace)
			defer sc.follower.Leave(b)
		}
		b.preparing = func() {
			for _, other := range blocks {
				prepared = append(prepared, other.links())
			}
		}
		b.taking = func() {
			for _, other := range blocks {
				if links := other.links(); links != 1 {
					t.Errorf("one block has taken the snapshot, and another serves %d links", links)
				}
			}
		}
	}
	sc.put(oneLink, source.Whole)
	if want := slices.Repeat([]int{2}, len(blocks)*len(blocks)); !slices.Equal(prepared, want) {
		t.Errorf("links served while blocks are prepared: %v, want %v", prepared, want)
	}
}

// TestGuardTurnedOff: a Corefile that judges no changes releases what is held.
func TestGuardTurnedOff(t *testing.T) {
	sc := follow(t, twoLinks, source.InPlace, inPlace)
	sc.put(oneLink, source.InPlace)
	before := sc.block
	sc.block = &block{}
	off := Options{Guard: GuardOff}
	sc.decided(func() {
		if err := sc.open("second", off); err != nil {
			t.Fatal(err)
		}
	})
	for end := time.Now().Add(20 * time.Second); sc.block.links() != 1 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	sc.serves(1)
	sc.follower.Leave(before)
}

// TestAcceptedOnce: an acceptance is good once: after the old text is back, the same
// line releases nothing.
func TestAcceptedOnce(t *testing.T) {
	sc := follow(t, twoLinks, source.InPlace, inPlace)
	accepted := accepting(twoLinks, oneLink) + oneLink
	for _, step := range []struct {
		text    string
		written source.Written
		links   int
	}{
		{accepted, source.InPlace, 1},
		{twoLinks, source.Whole, 2},
		{accepted, source.InPlace, 2},
		{accepted, source.Whole, 1},
	} {
		sc.put(step.text, step.written)
		sc.serves(step.links)
	}
}

// TestAgainWhatItWas: a text that is again what is served ends what was wrong.
func TestAgainWhatItWas(t *testing.T) {
	sc := follow(t, twoLinks, source.InPlace, inPlace)
	sc.put(invalid, source.Whole)
	sc.put(invalid, source.InPlace)
	sc.decided(func() { sc.src.Fail(fs.ErrNotExist) })
	sc.put(twoLinks, source.InPlace)
	if !sc.follower.Fine() || sc.log.count("is again what it was") != 1 || sc.log.count("keeping the plan of") != 2 {
		t.Errorf("the log:\n%s", strings.Join(sc.log.lines, "\n"))
	}
}

// TestOptionsDiffer: server blocks of one Corefile have to agree.
func TestOptionsDiffer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot.yaml")
	sc := follow(t, twoLinks, source.InPlace, Options{Guard: GuardInPlace, Snapshot: path})
	if err := sc.open("first", inPlace); err == nil || !strings.Contains(err.Error(), "do not agree on guard") {
		t.Errorf("error %v", err)
	}
	other := &scene{T: t, src: sourcetest.New("another", oneLink, source.InPlace), log: &logged{}, block: &block{}}
	if err := other.open("first", Options{Snapshot: path}); err == nil || !strings.Contains(err.Error(), "have the same snapshot") {
		t.Errorf("error %v", err)
	}
}

// TestClosed: the last one to leave ends the following; who joins then has to open
// the source anew.
func TestClosed(t *testing.T) {
	sc := follow(t, twoLinks, source.InPlace, inPlace)
	sc.follower.Leave(&block{}) // was never served
	if sc.src.Closed() {
		t.Error("closed while it is served")
	}
	sc.end()
	sc.end()
	for end := time.Now().Add(20 * time.Second); !sc.src.Closed(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not closed")
		}
	}
	if sc.follower.Join(sc.block, inPlace) {
		t.Error("joined what has ended")
	}
}

// restart is a new process with the same snapshot.
func (sc *scene) restart(text string, written source.Written, options Options) error {
	sc.Helper()
	sc.end()
	sc.src, sc.log, sc.block = sourcetest.New(sc.Name(), text, written), &logged{}, &block{}
	return sc.open("restarted "+text, options)
}

// TestSnapshot: what is held stays held over a restart and for a second server, and
// the last good topology is served where the source has none.
func TestSnapshot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot.yaml")
	options := Options{Guard: GuardInPlace, Snapshot: path}
	sc := follow(t, twoLinks, source.InPlace, options)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the snapshot: %v, %v", info, err)
	}
	check := func(name string, err error, links int, stale bool, lines ...string) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sc.serves(links)
		if got := gauge(t, sc.follower, "snapshot_served"); got != number(stale) {
			t.Errorf("%s: snapshot_served is %v", name, got)
		}
		for _, line := range lines {
			if sc.log.count(line) != 1 {
				t.Errorf("%s: the log lacks %q:\n%s", name, line, strings.Join(sc.log.lines, "\n"))
			}
		}
	}
	check("the same text", sc.restart(twoLinks, source.InPlace, options), 2, false)
	check("a dangerous change", sc.restart(oneLink, source.InPlace, options), 2, true, "SERVING THE SNAPSHOT", "a change is held back")
	check("still", sc.restart(oneLink, source.InPlace, options), 2, true, "SERVING THE SNAPSHOT")
	check("accepted", sc.restart(accepting(twoLinks, oneLink)+oneLink, source.InPlace, options), 1, false)
	check("a harmless change", sc.restart(twoLinks, source.InPlace, options), 2, false)
	check("accepted before", sc.restart(accepting(twoLinks, oneLink)+oneLink, source.InPlace, options), 2, true, "a change is held back")
	check("an invalid text", sc.restart(invalid, source.Whole, options), 2, true, "invalid topology")
	sc.put(newAddress, source.InPlace)
	check("mended", nil, 2, false)

	sc.end()
	sc.src, sc.log, sc.block = sourcetest.New(t.Name(), "", source.InPlace), &logged{}, &block{}
	sc.src.Fail(fs.ErrPermission)
	check("an unreadable source", sc.open("unreadable", options), 2, true, "SERVING THE SNAPSHOT", "permission denied")

	sc.end()
	sc.src, sc.log, sc.block = sourcetest.New(t.Name(), "", source.InPlace), &logged{}, &block{}
	sc.src.Fail(&source.UnrestError{Since: time.Second, Why: "it keeps changing"})
	check("a source without rest", sc.open("restless", options), 2, true, "it does not come to rest: for 1s, it keeps changing")
}

// TestSerialKept: with a snapshot the same text has the same serial after a restart, and
// another one a greater serial, whatever the clock says.
func TestSerialKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot.yaml")
	options := Options{Guard: GuardInPlace, Snapshot: path}
	sc := follow(t, twoLinks, source.InPlace, options)
	serial := func() uint32 { return sc.follower.current().Table.Serial() }
	first := serial()
	if err := sc.restart(twoLinks, source.InPlace, options); err != nil || serial() != first {
		t.Errorf("%v: the same text has serial %d after a restart, and had %d", err, serial(), first)
	}
	k, _, err := readKept(path)
	if err != nil {
		t.Fatal(err)
	}
	k.serial += 1000 // as if the clock had been set back since
	if err := k.write(path); err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{twoLinks, newAddress, newAddress, twoLinks + "serial: 41\n"} {
		want := k.serial + []uint32{0, 1, 1, 2}[i]
		if err := sc.restart(text, source.InPlace, options); err != nil || serial() != want {
			t.Errorf("%d: %v: serial %d, want %d", i, err, serial(), want)
		}
	}
	if sc.log.count("serial 41 is not ahead") != 1 {
		t.Errorf("the log:\n%s", strings.Join(sc.log.lines, "\n"))
	}

	// A snapshot of a version that kept none.
	k.serial = 0
	if err := k.write(path); err != nil {
		t.Fatal(err)
	}
	if err := sc.restart(twoLinks, source.InPlace, options); err != nil || serial() < first || serial() > first+3600 {
		t.Errorf("%v: serial %d, want the time, which was %d", err, serial(), first)
	}
}

// TestStartWithout: without a snapshot there is nothing to serve.
func TestStartWithout(t *testing.T) {
	for _, options := range []Options{inPlace, {Snapshot: filepath.Join(t.TempDir(), "none.yaml")}} {
		sc := &scene{T: t, src: sourcetest.New(t.Name(), invalid, source.Whole), log: &logged{}, block: &block{}}
		if err := sc.open("first", options); err == nil || !strings.Contains(err.Error(), "invalid topology") {
			t.Errorf("an invalid text: %v", err)
		}
		sc.src = sourcetest.New(t.Name(), twoLinks, source.InPlace)
		if _, err := sc.src.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := sc.open("first", options); err == nil || !strings.Contains(err.Error(), "it is still being written") {
			t.Errorf("no text in time: %v", err)
		}
	}
}

// TestDamaged: a snapshot that is not as it was written is told from a good one,
// wherever it is damaged or cut, and refuses the start.
func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot.yaml")
	options := Options{Guard: GuardInPlace, Snapshot: path}
	sc := follow(t, twoLinks, source.InPlace, options)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decode(good); err != nil {
		t.Fatal(err)
	}
	for i := range good {
		flipped := append([]byte(nil), good...)
		flipped[i] ^= 1
		for what, file := range map[string][]byte{"octet": flipped, "end": good[:i]} {
			if _, err := decode(file); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s %d is damaged: %v", what, i, err)
			}
		}
	}
	if err := os.WriteFile(path, good[:len(good)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sc.restart(twoLinks, source.InPlace, options); !errors.Is(err, ErrDamaged) {
		t.Errorf("started with %v", err)
	}
}

// TestUnwritable: a snapshot that cannot be written stops nothing, and is said.
func TestUnwritable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "there is no such directory", "snapshot.yaml")
	sc := follow(t, twoLinks, source.InPlace, Options{Guard: GuardInPlace, Snapshot: path})
	sc.serves(2)
	if sc.log.count("cannot be written") != 1 || gauge(t, sc.follower, "snapshot_written") != 0 {
		t.Errorf("the log:\n%s", strings.Join(sc.log.lines, "\n"))
	}
}

// TestWritableAgain: a snapshot that could not be written is written as soon as it can be,
// though nothing happens to the topology any more.
func TestWritableAgain(t *testing.T) {
	defer func(before time.Duration) { keepsAgain = before }(keepsAgain)
	keepsAgain = 10 * time.Millisecond
	dir := filepath.Join(t.TempDir(), "later")
	path := filepath.Join(dir, "snapshot.yaml")
	sc := follow(t, twoLinks, source.InPlace, Options{Guard: GuardInPlace, Snapshot: path})
	time.Sleep(5 * keepsAgain)
	if sc.log.count("cannot be written") != 1 {
		t.Errorf("the log:\n%s", strings.Join(sc.log.lines, "\n"))
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); gauge(t, sc.follower, "snapshot_written") != 1; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is not written")
		}
	}
	if k, there, err := readKept(path); err != nil || !there || string(k.text) != twoLinks {
		t.Errorf("the snapshot: %q, %v, %v", k.text, there, err)
	}
	if sc.log.count("is written") != 1 {
		t.Errorf("the log:\n%s", strings.Join(sc.log.lines, "\n"))
	}
}

// TestCollectable: what was served before is not kept by anything.
func TestCollectable(t *testing.T) {
	sc := follow(t, twoLinks, source.InPlace, Options{Guard: GuardOff})
	var old []weak.Pointer[serve.Snapshot]
	for _, text := range []string{oneLink, newAddress, twoLinks} {
		old = append(old, weak.Make(sc.block.served.Load()))
		before := sc.block
		sc.block = &block{}
		if err := sc.open(text, Options{Guard: GuardOff}); err != nil {
			t.Fatal(err)
		}
		sc.follower.Leave(before)
		sc.put(text, source.Whole)
	}
	runtime.GC()
	for i, p := range old {
		if p.Value() != nil {
			t.Errorf("snapshot %d is kept", i)
		}
	}
	runtime.KeepAlive(sc)
}

// gauge returns the value of a metric of a follower, without labels but its own.
func gauge(t *testing.T, f *Follower, name string) float64 {
	t.Helper()
	for line := range strings.Lines(metrics(t, f)) {
		if value, ok := strings.CutPrefix(line, "coredns_auralink_"+name+" "); ok {
			return map[string]float64{"0\n": 0, "1\n": 1}[value]
		}
	}
	t.Fatalf("there is no metric %s in\n%s", name, metrics(t, f))
	return 0
}

// collector is one follower, as a collector.
type collector struct{ *Follower }

func (collector) Describe(descs chan<- *prometheus.Desc)     { all.Describe(descs) }
func (c collector) Collect(metrics chan<- prometheus.Metric) { c.collect(metrics) }

// metrics returns all metrics of a follower, without its name.
func metrics(t *testing.T, f *Follower) string {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(collector{f})
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			b.WriteString(family.GetName())
			for _, label := range metric.GetLabel() {
				if label.GetName() != "topology" {
					fmt.Fprintf(&b, " %s=%s", label.GetName(), label.GetValue())
				}
			}
			fmt.Fprintf(&b, " %v\n", metric.GetGauge().GetValue())
		}
	}
	return b.String()
}

// TestMetrics: gauges follow what is served and what is held.
func TestMetrics(t *testing.T) {
	sc := follow(t, twoLinks+"serial: 41\n", source.InPlace, inPlace)
	sc.follower.current().Loaded = start
	want := `coredns_auralink_held_change guard=bulk 0
coredns_auralink_held_change guard=clients 0
coredns_auralink_held_change guard=complete 0
coredns_auralink_held_change guard=empty 0
coredns_auralink_held_change guard=newline 0
coredns_auralink_held_change guard=region 0
coredns_auralink_held_change guard=section 0
coredns_auralink_held_change guard=serial 0
coredns_auralink_held_change guard=wildcard 0
coredns_auralink_last_reload_success_timestamp_seconds 1.8e+09
coredns_auralink_last_reload_successful 1
coredns_auralink_serial 41
coredns_auralink_serial_raised 0
coredns_auralink_view_links view=apps 2
coredns_auralink_view_mode mode=individual reason=several-links view=apps 1
`
	if diff := cmp.Diff(want, metrics(t, sc.follower)); diff != "" {
		t.Errorf("served (-want +got):\n%s", diff)
	}
	sc.put(oneLink+"serial: 41\n", source.InPlace)
	want = strings.NewReplacer("guard=wildcard 0", "guard=wildcard 1", "guard=region 0", "guard=region 1", "guard=serial 0", "guard=serial 1", "successful 1", "successful 0").Replace(want)
	if diff := cmp.Diff(want, metrics(t, sc.follower)); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	sc.put(strings.ReplaceAll(oneLink, "apps", "batch")+"serial: 41\n", source.Whole)
	if got := metrics(t, sc.follower); !strings.Contains(got, "serial 42\ncoredns_auralink_serial_raised 1\n") || strings.Contains(got, "apps") || strings.Contains(got, "held_change guard=wildcard 1") {
		t.Errorf("after a VPC was renamed:\n%s", got)
	}
	sc.end()
	if got := metrics(t, sc.follower); got != "" {
		t.Errorf("after all have left:\n%s", got)
	}
}
