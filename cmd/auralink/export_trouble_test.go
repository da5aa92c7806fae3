//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/guard"
)

// twoRegions is a topology whose export is individual records; n custom
// endpoints make its one zone large.
func twoRegions(n int) string {
	var b strings.Builder
	b.WriteString("regions: {east: {orchestras: [\"0000\"]}, west: {}}\n" +
		"vpcs: {apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}}\ncustom_endpoints:\n")
	for i := range n {
		fmt.Fprintf(&b, "  custom-endpoint-%d: west\n", i)
	}
	return b.String()
}

// auralink returns the command with these arguments, in a directory.
func auralink(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	program, err := exec.LookPath("auralink") // testscript.Main puts it into the PATH
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	return cmd
}

// contents returns all files below a directory, by path.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// exported makes a working directory with an export of few endpoints in zones,
// and the topology many.yaml with many more.
func exported(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, n := range map[string]int{"few.yaml": 3, "many.yaml": 50_000} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(twoRegions(n)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := auralink(t, dir, "export", "few.yaml", "--shape", "one-zone", "--out", "zones").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// TestExportKilled kills an export while it writes: the old files stand, whole,
// and the next export ends what it began.
func TestExportKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many exports")
	}
	dir := exported(t)
	zones := filepath.Join(dir, "zones")
	before := contents(t, zones)
	for attempt := 1; !killed(t, dir, before); attempt++ {
		if attempt == maxKills {
			t.Fatalf("%d exports were killed too late to show anything", attempt)
		}
		dir = exported(t)
		zones = filepath.Join(dir, "zones")
		before = contents(t, zones)
	}
	out, err := auralink(t, dir, "export", "many.yaml", "--shape", "one-zone", "--out", "zones").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(zones, exportdir.StageName)); err == nil {
		t.Error("what the killed export left is still there")
	}
	if got := strings.Count(contents(t, zones)[filepath.Join(zones, "endpoints.neo4j.io.zone")], "10.20.10.10"); got != 5*50_000 {
		t.Errorf("%d records after the second export", got)
	}
}

// maxKills is how often TestExportKilled kills an export: a busy machine may do so too late.
const maxKills = 20

// killed kills an export of many endpoints while it writes, and reports whether it did so in
// time. If so, the files from before stand.
func killed(t *testing.T, dir string, before map[string]string) bool {
	t.Helper()
	zones := filepath.Join(dir, "zones")
	cmd := auralink(t, dir, "export", "many.yaml", "--shape", "one-zone", "--out", "zones")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	growing := filepath.Join(zones, exportdir.StageName, "endpoints.neo4j.io.zone")
	for grows := false; !grows; {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			return false
		default:
			info, err := os.Stat(growing)
			grows = err == nil && info.Size() > 0
		}
	}
	_ = cmd.Process.Kill() // it may have ended
	if <-ended == nil {
		return false
	}
	after := contents(t, zones)
	if strings.Count(after[growing], "\n") >= 50_000*len("abcde") {
		return false // all is written, and only not yet in its place
	}
	delete(after, growing)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("files after the kill (-before +after):\n%s", diff)
	}
	return true
}

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !condition(); {
		if time.Now().After(deadline) {
			t.Fatal("nothing happened within a minute")
		}
	}
}

// TestExportDiskFull exports into a file system that is too small: the old files
// stand, and nothing else is left.
func TestExportDiskFull(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many exports")
	}
	dir := exported(t)
	script := "mount -t tmpfs -o size=1m auralink zones && cp -a kept/. zones/ &&" +
		" { \"$0\" export many.yaml --shape one-zone --out zones; echo status $?; rm -rf seen; cp -a zones seen; }"
	if err := os.CopyFS(filepath.Join(dir, "kept"), os.DirFS(filepath.Join(dir, "zones"))); err != nil {
		t.Fatal(err)
	}
	cmd := auralink(t, dir)
	cmd = exec.Command("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, cmd.Path)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("this host lets nobody mount a file system of his own: %v\n%s", err, out)
	}
	if !bytes.Contains(out, []byte("no space left on device")) || !bytes.Contains(out, []byte("status 2")) {
		t.Errorf("the export said:\n%s", out)
	}
	before, after := contents(t, filepath.Join(dir, "kept")), contents(t, filepath.Join(dir, "seen"))
	if diff := cmp.Diff(relative(before, dir+"/kept"), relative(after, dir+"/seen")); diff != "" {
		t.Errorf("files after the failure (-before +after):\n%s", diff)
	}
}

func relative(files map[string]string, dir string) map[string]string {
	short := make(map[string]string, len(files))
	for path, text := range files {
		short[strings.TrimPrefix(path, dir)] = text
	}
	return short
}

// TestExportUnwritable exports into a directory that belongs to somebody else.
func TestExportUnwritable(t *testing.T) {
	dir := exported(t)
	zones := filepath.Join(dir, "zones")
	before := contents(t, zones)
	if err := os.Chmod(zones, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(zones, 0o755) })
	cmd := auralink(t, dir, "export", "many.yaml", "--shape", "one-zone", "--out", "zones")
	withoutPrivileges(t, cmd)
	out, err := cmd.CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("permission denied")) {
		t.Errorf("the export ended with %v and said:\n%s", err, out)
	}
	if diff := cmp.Diff(before, contents(t, zones)); diff != "" {
		t.Errorf("files after the failure (-before +after):\n%s", diff)
	}
}

// TestExportsAtOnce has three exports into one directory at once. Those that come
// while another one writes wait for it, and say so; in the end the directory has one
// of the exports, whole.
func TestExportsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many exports")
	}
	dir := exported(t)
	alone := make(map[string]map[string]string)
	for _, name := range []string{"few", "other"} {
		topology := twoRegions(len(name))
		if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(topology), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := auralink(t, dir, "export", name+".yaml", "--out", name, "--serial", "1").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		alone[name] = relative(contents(t, filepath.Join(dir, name)), filepath.Join(dir, name))
	}
	zones := filepath.Join(dir, "zones")
	first := auralink(t, dir, "export", "many.yaml", "--shape", "one-zone", "--out", "zones")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool {
		_, err := os.Stat(filepath.Join(zones, exportdir.StageName))
		return err == nil
	})
	var later []*exec.Cmd
	var said [2]bytes.Buffer
	for i, name := range []string{"few", "other"} {
		cmd := auralink(t, dir, "export", name+".yaml", "--out", "zones", "--serial", "1", "--force", strings.ReplaceAll(guard.Codes(), " ", ""))
		cmd.Stderr = &said[i]
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		later = append(later, cmd)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("the first export ended with %v", err)
	}
	for i, cmd := range later {
		if err := cmd.Wait(); err != nil {
			t.Errorf("export %d ended with %v and said:\n%s", i, err, said[i].String())
		}
	}
	if text := said[0].String() + said[1].String(); !strings.Contains(text, "note: another export is writing into zones: waiting for it\n") {
		t.Errorf("nobody waited:\n%s", text)
	}
	got := relative(contents(t, zones), zones)
	for _, want := range alone {
		if cmp.Equal(want, got) {
			return
		}
	}
	t.Errorf("the directory has none of the exports (-few +there):\n%s", cmp.Diff(alone["few"], got))
}

// TestCheckWaits: a comparison does not look at half an export.
func TestCheckWaits(t *testing.T) {
	dir := exported(t)
	held, err := os.Open(filepath.Join(dir, "zones"))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := unix.Flock(int(held.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := auralink(t, dir, "export", "few.yaml", "--shape", "one-zone", "--out", "zones", "--check")
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool {
		text, err := os.ReadFile(log.Name())
		return err == nil && string(text) == "note: another export is writing into zones: waiting for it\n"
	})
	if err := unix.Flock(int(held.Fd()), unix.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the comparison ended with %v", err)
	}
}
