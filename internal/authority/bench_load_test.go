package authority_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/benchserver/scale"
)

// BenchmarkLoad measures the way from a topology file to a table, as the plugin
// goes it, each time in a process of its own that has done nothing else:
//
//	cpu-s/op         seconds of processor time, the garbage collector's included
//	peak-MiB         the most memory that was resident in that process
//	rss-MiB          what was resident when the table was made
//	reload-peak-MiB  the most when the file was then loaded once more with the
//	                 first table still in use
//
// Memory is not handed back to the system by force: this is what a server has.
// The other figures, too, are the process's.
func BenchmarkLoad(b *testing.B) {
	for _, size := range benchSizes() {
		b.Run(size.String(), func(b *testing.B) {
			file := writeTopology(b, size)
			var sum, most loadReport
			for b.Loop() {
				r := loadInChild(b, file)
				sum.CPU += r.CPU
				sum.Wall += r.Wall
				sum.Bytes += r.Bytes
				sum.Allocs += r.Allocs
				most.Peak = max(most.Peak, r.Peak)
				most.Resident = max(most.Resident, r.Resident)
				most.ReloadPeak = max(most.ReloadPeak, r.ReloadPeak)
			}
			n := float64(b.N)
			b.ReportMetric(sum.CPU.Seconds()/n, "cpu-s/op")
			b.ReportMetric(float64(most.Peak)/1024, "peak-MiB")
			b.ReportMetric(float64(most.Resident)/1024, "rss-MiB")
			b.ReportMetric(float64(most.ReloadPeak)/1024, "reload-peak-MiB")
			b.ReportMetric(float64(sum.Wall)/n, "ns/op")
			b.ReportMetric(float64(sum.Bytes)/n, "B/op")
			b.ReportMetric(float64(sum.Allocs)/n, "allocs/op")
		})
	}
}

// loadReport is what a child process says of its load.
type loadReport struct {
	CPU, Wall                  time.Duration
	Bytes, Allocs              uint64
	Peak, Resident, ReloadPeak int // in KiB
}

func writeTopology(b *testing.B, size scale.Size) string {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "topology.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := size.WriteTo(file); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return file.Name()
}

// loadFile, in the environment of a child process, is the topology it is to load.
const loadFile = "AURALINK_BENCH_LOAD"

// loadInChild has a new process load the topology. That process is this test
// binary, told to run TestLoadChild alone.
func loadInChild(b *testing.B, file string) loadReport {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), self, "-test.run=^TestLoadChild$")
	cmd.Env = append(os.Environ(), loadFile+"="+file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("loading in a child: %v\n%s", err, out)
	}
	var report loadReport
	line, _, _ := bytes.Cut(out, []byte("\n"))
	if err := json.Unmarshal(line, &report); err != nil {
		b.Fatalf("reading the child's report %q: %v", out, err)
	}
	return report
}

// TestLoadChild is the child's side of BenchmarkLoad, and no test.
func TestLoadChild(t *testing.T) {
	file := os.Getenv(loadFile)
	if file == "" {
		t.Skip("only for BenchmarkLoad")
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, wall := cpuTime(t), time.Now()
	served := load(t, file)
	report := loadReport{CPU: cpuTime(t) - cpu, Wall: time.Since(wall)}
	runtime.ReadMemStats(&after)
	report.Bytes, report.Allocs = after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs
	report.Peak, report.Resident = memory(t, "VmHWM"), memory(t, "VmRSS")
	load(t, file)
	report.ReloadPeak = memory(t, "VmHWM")
	runtime.KeepAlive(served)
	line, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(string(line))
}

// load does what the plugin does with a new topology. Plan and table are both
// kept: the plugin shows the one and answers from the other.
func load(t *testing.T, file string) [2]any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := plan.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	table, err := authority.Compile(p.Views(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return [2]any{p, table}
}

// memory returns a value of this process's status, in KiB.
func memory(t *testing.T, key string) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skipf("no memory figures on this system: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		var kib int
		if _, err := fmt.Sscanf(line, key+": %d kB", &kib); err == nil {
			return kib
		}
	}
	t.Fatalf("no %s in /proc/self/status", key)
	return 0
}
