package fleet_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clocks is the directory below that of the programs with those whose clock can be wrong.
const clocks = "clocks"

// clockEnv says by how many seconds the clock of such a program is ahead.
const clockEnv = "AURALINK_TEST_CLOCK"

// command returns how a program is run whose clock is ahead.
func command(program string, ahead time.Duration, args ...string) *exec.Cmd {
	if ahead == 0 {
		return exec.Command(filepath.Join(programs, program), args...)
	}
	cmd := exec.Command(filepath.Join(programs, clocks, program), args...)
	cmd.Env = append(os.Environ(), clockEnv+"="+strconv.Itoa(int(ahead.Seconds())))
	return cmd
}

// now is the line of Go's package time that has what the system's clock says, and moved
// is what a program has instead of it. The clock of durations stays as it is.
const (
	now   = "	sec, nsec, mono := runtimeNow()\n	if mono == 0 {\n"
	moved = "	sec, nsec, mono := runtimeNow()\n	sec += ahead\n	if mono == 0 {\n"
)

const ahead = `
// ahead is by how many seconds the clock is wrong, for a test.
var ahead = func() int64 {
	text, _ := syscall.Getenv("` + clockEnv + `")
	early := len(text) > 0 && text[0] == '-'
	if early {
		text = text[1:]
	}
	seconds, _ := atoi(text)
	if early {
		seconds = -seconds
	}
	return int64(seconds)
}()
`

// buildClocks builds the programs once more, with a package time whose clock can be
// wrong: nothing can be put below a program of Go's from without, which asks the kernel
// itself, and the clock of this machine is everybody's.
func buildClocks(t *testing.T) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(strings.TrimSpace(string(root)), "src/time/time.go")
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(source), now, moved, 1)
	text = strings.Replace(text, "import (\n", "import (\n\t\"syscall\"\n", 1) + ahead
	if !strings.Contains(text, moved) || !strings.Contains(text, "\"syscall\"") {
		t.Fatalf("%s is not as this test knows it", path)
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "time.go"), text)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: filepath.Join(dir, "time.go")}})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "overlay.json"), string(overlay))
	if err := buildAll(filepath.Join(programs, clocks), "-overlay", filepath.Join(dir, "overlay.json")); err != nil {
		t.Fatal(err)
	}
}
