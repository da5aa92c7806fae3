//go:build linux

package aura_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/standin"
)

// watcher is "auralink doctor --watch" on the machine in the VPC.
type watcher struct {
	*lab.Program
	world *lab.World
}

// watch has the doctor watch the lab's topology while our server has another one, and
// waits until it has looked the first time.
func watch(t *testing.T, w *lab.World, args ...string) watcher {
	t.Helper()
	topology := filepath.Join(w.Dir, "doctor.yaml")
	must(t, os.WriteFile(topology, []byte(lab.Topology), 0o644))
	all := append([]string{"doctor", topology, "--watch=1s", "--database", eastPrivateURI, "--database", westPrivateURI}, args...)
	program, err := w.Start(lab.App, filepath.Join(os.Getenv(programs), "auralink"), all...)
	must(t, err)
	eventually(t, "the doctor does not look", func() bool { return strings.Contains(program.Log(), verdict) || program.Ended() })
	return watcher{program, w}
}

// verdict ends the first look.
const verdict = "\n✗ not ready to disable public traffic: "

// lines returns what it has printed since the first look.
func (w watcher) lines() []string {
	_, after, _ := strings.Cut(w.Log(), verdict)
	_, after, _ = strings.Cut(after, "\n")
	if after == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(after, "\n"), "\n")
}

// looks waits until it has looked at least twice more: each time public DNS is asked for
// a name that is its own.
func (w watcher) looks(t *testing.T) {
	t.Helper()
	asked := func() int { return w.world.DNS.Asked()["api.neo4j.io."] }
	const ofALook = 5 // A and AAAA by the machine, and these and HTTPS at the server
	until := asked() + 3*ofALook
	eventually(t, "the doctor does not go on", func() bool { return asked() >= until || w.Ended() })
}

// says waits until one of the lines from that one on is of a pattern, and returns it. It
// need not be the last: a look in the middle of a change sees some of both.
func (w watcher) says(t *testing.T, from int, pattern string) []string {
	t.Helper()
	var found []string
	eventually(t, pattern+" is not said: "+w.Log(), func() bool {
		for _, line := range w.lines()[from:] {
			if match := regexp.MustCompile("^" + pattern + "$").FindStringSubmatch(line); match != nil {
				found = match
			}
		}
		return found != nil || w.Ended()
	})
	if found == nil {
		t.Fatalf("%q is not said:\n%s", pattern, w.Log())
	}
	return found
}

// stop interrupts it: it ends with a status that tells how the last look was.
func (w watcher) stop(t *testing.T) {
	t.Helper()
	must(t, w.Signal(syscall.SIGINT))
	eventually(t, "the doctor does not end: "+w.Log(), w.Ended)
}

// clock is a time of day.
const clock = `\d\d:\d\d:\d\d`

// TestWatch: a cut-over is told as it happens, one line for each change, and nothing
// while nothing changes: names become private, public traffic is switched off, and
// names are public again.
func TestWatch(t *testing.T) {
	long(t)
	w := newWorld(t, lab.Options{})
	server, err := w.StartServer(lab.DNS, announced, lab.Corefile)
	must(t, err)
	defer func() {
		if t.Failed() {
			t.Logf("[our server]\n%s", server.Log())
		}
	}()
	d := watch(t, w, "--attempt-timeout", "10s", "--expect-private", "--public-server", lab.PublicResolver)
	// A look may have begun before a change, and the next one in the middle of it.
	const unsettled = 3
	quiet := func() (lines int) {
		t.Helper()
		before := d.lines()
		for range unsettled + 1 {
			d.looks(t)
			after := d.lines()
			if len(after) == len(before) {
				return len(after)
			}
			before = after
		}
		t.Fatalf("something is said though nothing changes: %q", before)
		return 0
	}
	first := quiet()
	must(t, w.WriteTopology(lab.Topology))
	private := `✓ aws-us-west-1 became private at ` + clock + `, 0 failed connects in between`
	d.says(t, first, private)
	second := quiet()
	between := regexp.MustCompile(`of aws-us-west-1 leads? to public addresses \[leaks\]|\[system-differs\]|^` + private + `$`)
	for _, line := range d.lines()[first:second] {
		if !between.MatchString(line) {
			t.Errorf("it says %q", line)
		}
	}
	for _, site := range []*lab.Site{w.East, w.West} {
		site.Public.Behave(standin.Behaviour{NoNames: true})
	}
	d.says(t, second, `✓ no more: .* can still be used by public addresses \[public-open\] at `+clock+`, 0 failed connects in between`)
	third := quiet()
	must(t, w.WriteTopology(announced))
	d.says(t, third, `✗ (now: )?\d+ names of aws-us-west-1 lead to public addresses \[leaks\] at `+clock)
	quiet()
	d.stop(t)
}

// TestWatchCounts: connections that failed while names became private are counted.
func TestWatchCounts(t *testing.T) {
	long(t)
	w := newWorld(t, lab.Options{})
	_, err := w.StartServer(lab.DNS, announced, lab.Corefile)
	must(t, err)
	must(t, lab.VPC.Firewall("ip daddr 10.20.10.10 tcp dport 7687 reject with tcp reset"))
	d := watch(t, w, "--attempt-timeout", "5s")
	must(t, w.WriteTopology(lab.Topology))
	d.says(t, 0, `✓ no more: .* lead to public addresses \[leaks\] at .*`)
	d.looks(t)
	must(t, lab.VPC.Firewall())
	found := d.says(t, 0, `✓ aws-us-west-1 became private at `+clock+`, (\d+) failed connects in between`)
	if failed, err := strconv.Atoi(found[1]); err != nil || failed == 0 {
		t.Errorf("no connection failed: %s", found[0])
	}
	d.stop(t)
}

// settled waits until the doctor asks nothing more and waits for ingresses that say
// nothing.
func settled(t *testing.T, w *lab.World) {
	t.Helper()
	const looks = 100 // in a row that see the same
	same, before := 0, ""
	eventually(t, "the doctor does not come to rest", func() bool {
		open, err := lab.App.Connections()
		must(t, err)
		now := fmt.Sprint(open[lab.EastPrivate], open[lab.EastPrivateTwo], open[lab.WestPrivate], w.DNS.Asked()["console.neo4j.io."])
		if same++; now != before || open[lab.EastPrivate] == 0 {
			same, before = 0, now
		}
		return same == looks
	})
}

// TestInterrupt: who interrupts the doctor gets what is known by then, and no verdict that
// says ready.
func TestInterrupt(t *testing.T) {
	long(t)
	w := newWorld(t, lab.Options{})
	_, err := w.StartServer(lab.DNS, lab.Topology, lab.Corefile)
	must(t, err)
	for _, site := range []*lab.Site{w.East, w.West} {
		for _, ingress := range site.Private {
			ingress.Behave(standin.Behaviour{Silent: true})
		}
	}
	doctor, err := w.Start(lab.App, filepath.Join(os.Getenv(programs), "auralink"), "doctor", w.TopologyPath(),
		"--database", eastPrivateURI, "--timeout", "1h", "--attempt-timeout", "30m", "--at-once", "64")
	must(t, err)
	settled(t, w)
	must(t, doctor.Signal(syscall.SIGINT))
	eventually(t, "the doctor does not end", doctor.Ended)
	for _, want := range []string{
		"✓ aws-us-east-1: port 7687 at 2 of 2 addresses", "it was interrupted", "✗ aws-us-east-1: not ready",
		"? not ready to disable public traffic: ",
	} {
		if !strings.Contains(doctor.Log(), want) {
			t.Errorf("it does not say %q:\n%s", want, doctor.Log())
		}
	}
}
