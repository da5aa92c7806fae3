package topology_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/auralink/auralink/internal/topology"
)

// octets is how long the texts of TestPeak are, if it shall measure them all:
// "make bombs" does, in minutes.
var octets = flag.Int("octets", 0, "measure memory with all texts, of this length")

// telling are the texts that are measured otherwise, with a length of tellingOctets.
var telling = []string{
	"tags", "anchors", "aliases", "one region again and again", "pairs in lines", "longer keys", "comments behind scalars",
}

const tellingOctets = 2 << 20

// asked says, in the environment of a test that runs itself, what to parse: the
// kind, the name and the size of a text.
const asked = "AURALINK_TEST_PARSE"

// TestParseAsked parses one text, in a process of its own, for [peak].
func TestParseAsked(t *testing.T) {
	what := strings.Split(os.Getenv(asked), "/")
	if len(what) != 3 {
		t.Skip("runs for TestPeak")
	}
	size, err := strconv.Atoi(what[2])
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]map[string]repeated{"dense": dense, "bombs": bombs}[what[0]][what[1]].text(size)
	_, _, err = topology.Parse(strings.NewReader(text))
	if valid := err == nil; valid != (what[0] == "dense") {
		t.Errorf("error %v", err)
	}
}

// peak returns the most memory, in KiB, that a process had which parsed a text.
func peak(t *testing.T, kind, name string, octets int) int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestParseAsked$", "-test.v")
	// What is in use counts, not what the collector has not come to yet.
	cmd.Env = append(os.Environ(), "GOGC=20", fmt.Sprintf("%s=%s/%s/%d", asked, kind, name, octets))
	output, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(output, []byte("--- PASS: TestParseAsked")) {
		t.Fatalf("%s %q: %v\n%s", kind, name, err, output)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatalf("the usage of a process: %T", cmd.ProcessState.SysUsage())
	}
	t.Logf("%s, %s: %d octets, at most %d MiB", kind, name, octets, usage.Maxrss>>10)
	return usage.Maxrss
}

// TestPeak holds that no bomb makes the process larger than the densest valid
// topology of its length does, but for an eighth: a process is not measured closer.
func TestPeak(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process for each text")
	}
	names, length := telling, tellingOctets
	if *octets > 0 {
		names, length = slices.Sorted(maps.Keys(bombs)), *octets
	}
	var most int64
	for _, name := range slices.Sorted(maps.Keys(dense)) {
		if *octets > 0 || name == "regions, and endpoints" {
			most = max(most, peak(t, "dense", name, length))
		}
	}
	for _, name := range names {
		if got := peak(t, "bombs", name, length); got > most+most/8 {
			t.Errorf("%s: %d KiB, the densest valid topology %d KiB", name, got, most)
		}
	}
}
