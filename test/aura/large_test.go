//go:build linux

package aura_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/doctor"
	driven "github.com/auralink/auralink/internal/doctor/probe/session"
	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/standin"
)

// The size of a large network, and what its doctor may need.
const (
	largeEndpoints = 500
	largeDelay     = 10 * time.Millisecond // each way: regions are 20 ms away
	largeMemory    = 100 << 10             // KiB
	atOnce         = 8                     // connections to an address, by default
)

// largeTopology has many custom endpoints in both regions of the lab, which the regions
// are given as well.
func largeTopology(w *lab.World) string {
	var b strings.Builder
	b.WriteString(lab.Topology[:strings.Index(lab.Topology, "ttl:")])
	for i := range largeEndpoints - 2 {
		region, site, database := lab.EastLabel, w.East, lab.EastDatabase
		if i%2 == 1 {
			region, site, database = lab.WestLabel, w.West, lab.WestDatabase
		}
		label := fmt.Sprintf("large-%04d", i)
		site.AddEndpoint(label, database)
		fmt.Fprintf(&b, "  %s: %s\n", label, region)
	}
	return b.String() + "ttl: 1\n"
}

// TestLarge: 500 custom endpoints in two regions that are 20 ms away are probed with at
// most 8 connections to an address at once, within 100 MiB, and with progress all the
// while. How long it takes is printed.
func TestLarge(t *testing.T) {
	long(t)
	w := newWorld(t, lab.Options{EastDelay: largeDelay, WestDelay: largeDelay})
	topology := largeTopology(w)
	must(t, os.WriteFile(filepath.Join(w.Dir, "doctor.yaml"), []byte(topology), 0o644))
	must(t, os.WriteFile(filepath.Join(w.Dir, "password"), []byte(standin.Password+"\n"), 0o600))
	_, err := w.StartServer(lab.DNS, topology, lab.Corefile)
	must(t, err)

	for _, format := range []string{"text", "json"} {
		cmd := w.Command(lab.App, "doctor", "doctor.yaml", "--database", eastPrivateURI, "--database", westPrivateURI,
			"--password-file", "password", "--timeout", "5m", "--attempt-timeout", "20s", "-o", format)
		if format == "json" { // on one processor no packet overtakes another, which would be counted
			cmd.Args = slices.Insert(cmd.Args, slices.Index(cmd.Args, "doctor")-1, "taskset", "-c", "0")
		}
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		began := time.Now()
		err := cmd.Run()
		took := time.Since(began)
		connections := w.MostConnections()
		memory := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
		t.Logf("%s: %.1f s, %d MiB at most, %v connections at once at most", format, took.Seconds(), memory>>10, connections)
		if memory > largeMemory {
			t.Errorf("it took %d KiB of memory", memory)
		}
		for _, address := range []string{lab.EastPrivate, lab.EastPrivateTwo, lab.WestPrivate} {
			if n := connections[netip.MustParseAddr(address)]; n == 0 || n > atOnce && format == "json" {
				t.Errorf("%d connections at once to %s", n, address)
			}
		}
		switch {
		case err != nil && cmd.ProcessState.ExitCode() != 1:
			t.Fatal(err)
		case format == "text" && !strings.Contains(out.String(), "\n✓ ready to disable public traffic"):
			t.Errorf("not ready:\n%s", out.String())
		case format == "json":
			checkProgress(t, out.Bytes())
		}
	}
}

// TestSessionConnections: the official driver has no more connections at once than room
// is made for.
func TestSessionConnections(t *testing.T) {
	long(t)
	w := newWorld(t, lab.Options{EastDelay: largeDelay, WestDelay: largeDelay})
	_, err := w.StartServer(lab.DNS, lab.Topology, lab.Corefile)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(w.Dir, "password"), []byte(standin.Password+"\n"), 0o600))
	got := w.Auralink(lab.App, "doctor", "topology.yaml", "--database", eastPrivateURI, "--database", westPrivateURI,
		"--password-file", "password", "--only", "session *", "--attempt-timeout", "20s")
	if !strings.Contains(got.Stdout, "read well, write well") {
		t.Fatalf("%+v", got)
	}
	for address, n := range w.MostConnections() {
		if n > driven.Connections {
			t.Errorf("%d connections at once to %s", n, address)
		}
	}
}

// checkProgress holds that probes ended all the while, and that all endpoints are proved.
func checkProgress(t *testing.T, document []byte) {
	t.Helper()
	var d struct {
		Records []struct {
			Evidence []doctor.Evidence `json:"evidence"`
		} `json:"records"`
	}
	must(t, json.Unmarshal(document, &d))
	evidence := d.Records[0].Evidence
	var ends []time.Time
	for _, e := range evidence {
		ends = append(ends, e.At.Add(time.Duration(e.Took*float64(time.Millisecond))))
	}
	slices.SortFunc(ends, time.Time.Compare)
	longest := time.Duration(0)
	for i := range ends[1:] {
		longest = max(longest, ends[i+1].Sub(ends[i]))
	}
	t.Logf("%d probes, at most %.1f s without one that ended", len(ends), longest.Seconds())
	if total := ends[len(ends)-1].Sub(ends[0]); longest > total/4 {
		t.Errorf("of %s, %s pass without progress", total, longest)
	}
}
