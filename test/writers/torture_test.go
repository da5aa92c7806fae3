//go:build linux

package writers_test

import (
	"flag"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source/file"
	"github.com/auralink/auralink/internal/source/rest"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/test/peers"
)

// long, in the environment, has the writers pause and be killed at every line, not at
// some.
const long = "AURALINK_LONG"

// head is about how many lines are regions and VPCs, where most depends on a line.
const head = 45

// stops reports whether a writer pauses, or is killed, at a line.
func stops(line int) bool {
	return os.Getenv(long) != "" || line < head && line%3 == 0 || line%41 == 0
}

// TestMain has many writers at once: they mostly pause.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "100"); err != nil {
		panic(err)
	}
	os.Exit(peers.Run(m))
}

// waits are short, so that a writer gets past them at each line.
var waits = rest.Waits{
	Rest: 10 * time.Millisecond, Young: 10 * time.Millisecond, Look: 20 * time.Millisecond,
	Sanity: time.Minute, Unrest: 100 * time.Millisecond,
}

// pause is how long a writer pauses: long enough to be taken for one that is done.
const pause = 25 * time.Millisecond

// patience is how long what must come may take.
const patience = 30 * time.Second

// server is what a process is that serves a topology: it may be started again, and
// read its Corefile again.
type server struct {
	*testing.T
	path    string
	options follow.Options
	judge   func(*serve.Snapshot) string // what is wrong with what is served, or ""
	name    string                       // of what is being done
	within  time.Duration                // how long is waited at the start

	follower   *follow.Follower
	block      *block
	generation int
}

// block is a server block: it looks at all that it is to serve.
type block struct {
	server *server

	mu     sync.Mutex
	served *serve.Snapshot
}

func (b *block) Check(*serve.Snapshot) error { return nil }

func (b *block) Prepare(*serve.Snapshot) {}

func (b *block) Take(served *serve.Cell) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := served.Load()
	if s == b.served {
		return
	}
	b.served = s
	if wrong := b.server.judge(s); wrong != "" {
		b.server.Errorf("%s: %s", b.server.name, wrong)
	}
}

// Doubt is told what is held or refused; what is served is judged by itself.
func (b *block) Doubt(error) {}

func (b *block) digest() acceptance.Digest {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.served == nil {
		return ""
	}
	return b.served.Digest
}

// quiet is a log that nobody reads.
type quiet struct{}

func (quiet) Infof(string, ...any)    {}
func (quiet) Warningf(string, ...any) {}
func (quiet) Errorf(string, ...any)   {}

// open serves what is there, for another reading of the Corefile.
func (s *server) open() error {
	src, err := file.New(s.path, topology.MaxOctets, waits)
	if err != nil {
		s.Fatal(err)
	}
	s.generation++
	f, err := follow.Open(follow.Opening{
		Source: src, Generation: fmt.Sprint(s.path, s.generation), Options: s.options,
		Within: s.within, Log: quiet{},
	})
	if err != nil {
		return err
	}
	s.follower, s.block = f, &block{server: s}
	f.Join(s.block, s.options)
	return nil
}

func (s *server) stop() {
	if s.follower != nil {
		s.follower.Leave(s.block)
		s.follower = nil
	}
}

// reload reads the Corefile again, as on SIGUSR1.
func (s *server) reload() {
	follower, block := s.follower, s.block
	if follower == nil {
		return
	}
	if err := s.open(); err != nil {
		s.Errorf("%s: reading the Corefile again: %v", s.name, err)
	}
	follower.Leave(block)
}

// restart ends the process and starts another one, which may find nothing to serve.
func (s *server) restart() {
	s.stop()
	_ = s.open()
}

// replace puts a finished text in the place of what is there, and waits until that is
// served.
func (s *server) replace(text string) {
	s.Helper()
	if err := os.WriteFile(s.path+".new", []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
	if err := os.Rename(s.path+".new", s.path); err != nil {
		s.Fatal(err)
	}
	want := acceptance.Of([]byte(text))
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if s.follower == nil {
			s.restart()
			continue
		}
		if s.block.digest() == want {
			return
		}
		if time.Now().After(end) {
			s.Fatalf("%s: what was renamed is not served", s.name)
		}
	}
}

// answers has what each client of some is answered for each name of some.
type answers map[string][]string

var clients = []string{"10.0.0.1", "10.8.0.1", "10.1.0.1", "10.2.0.1", "10.9.0.1", "192.0.2.1"}

// ask returns what is answered from a snapshot.
func ask(s *serve.Snapshot, names []string) answers {
	all := make(answers)
	for _, client := range clients {
		view, ok := s.Table.ViewFor(netip.MustParseAddr(client))
		if !ok {
			continue
		}
		for _, name := range names {
			var buf [wire.MaxName]byte
			packed, err := wire.Pack(&buf, name)
			if err != nil {
				panic(fmt.Sprintf("%s: %v", name, err))
			}
			for _, addr := range s.Table.Lookup(view, packed, dns.TypeA).Addrs {
				all[client+" "+name] = append(all[client+" "+name], addr.String())
			}
		}
	}
	return all
}

// judgeBy returns a judge by which a client may be answered what one of the versions
// says, and nothing else. A version that was cut off may deny names.
func judgeBy(t *testing.T, versions ...version) func(*serve.Snapshot) string {
	names := []string{"undeclared.endpoints.neo4j.io.", "x.graph.example.org.", "x.elsewhere.example.org."}
	for _, orchestra := range []string{"0000", "0001", "0042", "0043", "0077"} {
		names = append(names, "x.production-orch-"+orchestra+".neo4j.io.")
	}
	for _, v := range versions {
		for _, e := range v.endpoints {
			names = append(names, e.label+".endpoints.neo4j.io.")
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	allowed := make(answers)
	for _, v := range versions {
		s, err := serve.Read([]byte(v.String()), nil, time.Now())
		if err != nil {
			t.Fatalf("%v\n%s", err, v)
		}
		for question, addrs := range ask(s, names) {
			allowed[question] = append(allowed[question], addrs...)
		}
	}
	return func(s *serve.Snapshot) string {
		for question, addrs := range ask(s, names) {
			for _, addr := range addrs {
				if !slices.Contains(allowed[question], addr) {
					return fmt.Sprintf("%s is answered %s, which no version has", question, addr)
				}
			}
		}
		return ""
	}
}

// way is how a text is written; it may be killed after so many lines.
type way func(s *server, lines []string, kill int, paused func())

// ways are how texts are written in place.
var ways = map[string]way{
	// As a shell does for >, and cp: cut, and written by one program.
	"truncated": func(s *server, lines []string, kill int, paused func()) {
		s.writeOpen(os.O_WRONLY|os.O_TRUNC, lines, kill, paused)
	},
	// As rsync --inplace: the new text over the old one, of which the rest is cut in
	// the end.
	"over the old": func(s *server, lines []string, kill int, paused func()) {
		s.writeOpen(os.O_WRONLY, lines, kill, paused)
		if kill == len(lines) {
			if err := os.Truncate(s.path, int64(len(strings.Join(lines, "")))); err != nil {
				s.Fatal(err)
			}
		}
	},
	// As a script that appends with >>: it closes the file each time.
	"appended": func(s *server, lines []string, kill int, paused func()) {
		if err := os.Truncate(s.path, 0); err != nil {
			s.Fatal(err)
		}
		for i, line := range lines[:kill] {
			s.writeOpen(os.O_WRONLY|os.O_APPEND, []string{line}, 1, func() {})
			if stops(i) {
				paused()
			}
		}
	},
	// As tar does: removed, and made anew.
	"made anew": func(s *server, lines []string, kill int, paused func()) {
		if err := os.Remove(s.path); err != nil {
			s.Fatal(err)
		}
		s.writeOpen(os.O_WRONLY|os.O_CREATE, lines, kill, paused)
	},
}

// writeOpen writes lines to a file that stays open meanwhile.
func (s *server) writeOpen(flags int, lines []string, kill int, paused func()) {
	s.Helper()
	f, err := os.OpenFile(s.path, flags, 0o600)
	if err != nil {
		s.Fatal(err)
	}
	defer f.Close()
	for i, line := range lines[:kill] {
		if _, err := f.WriteString(line); err != nil {
			s.Fatal(err)
		}
		if stops(i) {
			paused()
		}
	}
}

// places are the file systems to write on, each as a directory.
func places(t *testing.T) map[string]string {
	all := map[string]string{"disk": t.TempDir()}
	if shm, err := os.MkdirTemp("/dev/shm", "writers"); err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(shm) })
		all["tmpfs"] = shm
	}
	if merged := overlay(t); merged != "" {
		all["overlay"] = merged
	}
	if len(all) < 3 && os.Getenv("CI") != "" {
		t.Fatalf("there are but %v", slices.Sorted(maps.Keys(all)))
	}
	return all
}

// overlay mounts an overlay, where that is allowed.
func overlay(t *testing.T) string {
	dir := t.TempDir()
	var options []string
	for _, name := range []string{"lowerdir", "upperdir", "workdir", "merged"} {
		path := filepath.Join(dir, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		options = append(options, name+"="+path)
	}
	merged := filepath.Join(dir, "merged")
	if err := unix.Mount("overlay", merged, "overlay", 0, strings.Join(options[:3], ",")); err != nil {
		t.Logf("no overlay: %v", err)
		return ""
	}
	t.Cleanup(func() { _ = unix.Unmount(merged, unix.MNT_DETACH) })
	return merged
}

// TestTorture: a writer that pauses at each line, and is killed at each, in all ways
// of writing in place, for each kind of change, on each file system; the Corefile is
// read again meanwhile, and the server started again, with a snapshot or with the
// option complete. No client is ever answered what no version of the file has.
func TestTorture(t *testing.T) {
	dirs, n := places(t), 0
	for _, kind := range slices.Sorted(maps.Keys(changes)) {
		for _, place := range slices.Sorted(maps.Keys(dirs)) {
			for _, name := range slices.Sorted(maps.Keys(ways)) {
				// In short, of each kind of change two of twelve, all of them in turn.
				if n++; os.Getenv(long) == "" && n%7 != 0 {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%s", kind, place, name), func(t *testing.T) {
					t.Parallel()
					torture(t, dirs[place], changes[kind], ways[name])
				})
			}
		}
	}
}

func torture(t *testing.T, dir string, change func(*version), write way) {
	dir, err := os.MkdirTemp(dir, "torture")
	if err != nil {
		t.Fatal(err)
	}
	before, after := base(), base()
	change(&after)
	for _, complete := range []bool{false, true} {
		s := &server{T: t, path: filepath.Join(dir, "topology.yaml"), judge: judgeBy(t, before, after), within: 5 * pause}
		s.options = follow.Options{Guard: follow.GuardInPlace, Complete: complete}
		end := "...\n"
		if !complete {
			end, s.options.Snapshot = "", filepath.Join(dir, "snapshot.yaml")
		}
		s.run(before.String()+end, after.String()+end, write)
		s.stop()
	}
}

func (s *server) run(before, after string, write way) {
	lines := slices.Collect(strings.Lines(after))
	s.name = "starting"
	s.replace(before)

	s.name = "a writer that pauses"
	pauses := 0
	write(s, lines, len(lines), func() {
		time.Sleep(pause)
		pauses++
		switch pauses % 7 {
		case 3:
			s.reload()
		case 5:
			s.restart()
		}
	})
	s.replace(before)

	for kill := range lines {
		if !stops(kill) {
			continue
		}
		s.name = fmt.Sprintf("a writer that is killed after line %d", kill)
		write(s, lines, kill, func() {})
		time.Sleep(pause)
		if kill%2 == 0 {
			s.reload()
		}
		s.restart()
		time.Sleep(pause)
		s.replace(before)
	}
	s.name = "a rename"
	s.replace(after)
}
