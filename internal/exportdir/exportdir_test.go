package exportdir_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const (
	oneLink = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.10.10.10]}}}
custom_endpoints: {foo: east}
`
	twoLinks = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}}
custom_endpoints: {foo: east}
`
)

// silent shows no progress.
type silent struct{}

func (silent) Watch(file formats.File) formats.File { return file }
func (silent) Done()                                {}

// exported returns the export of a topology's only VPC in the format bind, into a
// directory.
func exported(t *testing.T, path, topology string, forced ...guard.Code) *exportdir.Dir {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(topology))
	if err != nil {
		t.Fatalf("%v\n%s", err, findings.Report())
	}
	vpc := &p.VPCs[0]
	format, _ := all.Named("bind")
	files, err := format.Files(vpc.View, formats.Options{Shape: zones.ShapePerName})
	if err != nil {
		t.Fatal(err)
	}
	return &exportdir.Dir{
		Path: path, Now: exportdir.ManifestOf(format, vpc), Files: files, Serials: exportdir.Serials{Now: 7},
		Guard: exportdir.Protection{VPC: vpc, Views: p.Views(), Forced: forced}, Progress: silent{},
	}
}

// write writes an export, and returns what it says.
func write(t *testing.T, d *exportdir.Dir) string {
	t.Helper()
	var log bytes.Buffer
	if err := d.Write(t.Context(), &log); err != nil {
		t.Fatal(err)
	}
	return log.String()
}

// listed returns the names of the files in a directory that are no one's business but
// the reader's.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestWrite: the directory has the files of the last export and no others, and says
// which they are; what is written again is left as it is.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "zones")
	first := write(t, exported(t, dir, oneLink))
	if !strings.Contains(first, " in "+dir+": ") {
		t.Errorf("it says %q", first)
	}
	m, err := exportdir.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m.Files, listed(t, dir)); d != "" || m.VPC != "apps" || m.Format != "bind" {
		t.Errorf("VPC %q, format %q, files (-manifest +directory):\n%s", m.VPC, m.Format, d)
	}
	if again := write(t, exported(t, dir, oneLink)); !strings.Contains(again, ": 0 new or changed; 0 removed\n") {
		t.Errorf("written again, it says %q", again)
	}
	if removes := write(t, exported(t, dir, twoLinks)); !strings.Contains(removes, "removed endpoints.neo4j.io.zone\n") {
		t.Errorf("it says %q", removes)
	}
	if slices.Contains(listed(t, dir), "endpoints.neo4j.io.zone") {
		t.Error("the wildcard's zone file stays")
	}
}

// TestManifestIsBounded: what has no end is not read for a manifest.
func TestManifestIsBounded(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/dev/zero", filepath.Join(dir, exportdir.ManifestName)); err != nil {
		t.Skip(err)
	}
	if _, err := exportdir.ReadManifest(dir); err == nil || !strings.Contains(err.Error(), "it is a device") {
		t.Errorf("error %v", err)
	}
}

// TestHeldBack: a guard that is not forced leaves everything as it was.
func TestHeldBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "zones")
	write(t, exported(t, dir, twoLinks))
	before := listed(t, dir)
	err := exported(t, dir, oneLink).Write(t.Context(), new(bytes.Buffer))
	if err == nil || !strings.Contains(hint.Of(err), "--force wildcard") {
		t.Fatalf("error %v, hint %q", err, hint.Of(err))
	}
	if d := cmp.Diff(before, listed(t, dir)); d != "" {
		t.Errorf("files (-before +after):\n%s", d)
	}
	forced, err := guard.ParseCodes([]string{"wildcard", "region", "bulk"})
	if err != nil {
		t.Fatal(err)
	}
	write(t, exported(t, dir, oneLink, forced...))
}

// TestForeign: what no export has written, or one for somebody else, is not touched.
func TestForeign(t *testing.T) {
	theirs := t.TempDir()
	path := filepath.Join(theirs, "endpoints.neo4j.io.zone")
	if err := os.WriteFile(path, []byte("; mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	others := filepath.Join(t.TempDir(), "zones")
	write(t, exported(t, others, strings.Replace(oneLink, "apps", "batch", 1)))
	for dir, want := range map[string]string{
		theirs: path + " is there already, and not auralink's",
		others: others + ` has the bind export of VPC "batch"`,
	} {
		if err := exported(t, dir, oneLink).Write(t.Context(), new(bytes.Buffer)); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "; mine\n" {
		t.Errorf("the file has %q, error %v", text, err)
	}
}

// TestLock: an export waits for another one, says so, and can be told to wait no
// longer.
func TestLock(t *testing.T) {
	path := t.TempDir()
	dir, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX); err != nil {
		t.Skipf("the file system has no locks for directories: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	log := &watched{seen: cancel}
	err = exported(t, path, oneLink).Write(ctx, log)
	if !errors.Is(err, context.Canceled) || !strings.Contains(log.text, "another export is writing into "+path) {
		t.Errorf("error %v, log %q", err, log.text)
	}
	if names := listed(t, path); len(names) > 0 {
		t.Errorf("it has written %q", names)
	}
}

// watched is a log that tells of its first line.
type watched struct {
	text string
	seen func()
}

func (w *watched) Write(p []byte) (int, error) {
	w.text += string(p)
	w.seen()
	return len(p), nil
}

// TestCheck: a difference is shown, and nothing is written; a serial is none.
func TestCheck(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "zones")
	check := func(topology string) (bool, string) {
		var out, log bytes.Buffer
		d := exported(t, dir, topology)
		d.Serials.Now = 99
		same, err := d.Check(t.Context(), &out, &log)
		if err != nil {
			t.Fatal(err)
		}
		return same, out.String()
	}
	if same, out := check(oneLink); same || !strings.Contains(out, "+*\tIN\tA\t10.10.10.10") {
		t.Errorf("nothing is there: same %t\n%s", same, out)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("a check has made the directory")
	}
	write(t, exported(t, dir, oneLink))
	if same, out := check(oneLink); !same || out != "" {
		t.Errorf("just written: same %t\n%s", same, out)
	}
	if same, out := check(twoLinks); same || !strings.Contains(out, "-*\tIN\tA\t10.10.10.10") {
		t.Errorf("another topology: same %t\n%s", same, out)
	}
}
