//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/zones/formats/all"
)

// editedTopology has two regions, whose addresses are swapped by an edit.
const editedTopology = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}}
custom_endpoints: {sales-ab12-cd34: east, stock-ef56-gh78: west}
`

// editedFlags are what formats must be told.
var editedFlags = map[string][]string{
	"route53":          {"--set", "vpc-id=vpc-0a1b2c3d,vpc-region=us-east-1"},
	"octodns":          {"--set", "target=x"},
	"hosts":            {"--set", "partial=yes"},
	"aws-client-vpn":   {"--set", "endpoint-id=cvpn-endpoint-0a1b2c3d"},
	"route53-resolver": {"--set", "resolver-endpoint-id=rslvr-out-0a1b2c3d,vpc-id=vpc-0a1b2c3d"},
	"gcp-inbound":      {"--set", "network=x"},
	"mobileconfig":     {"--set", "host=dns.example.org"},
}

// TestEditedExport edits the export of each format by hand: what sends the names of one
// region to the other, or clients to another server, is either read and found, or
// refused. No copy that is kept beside the files speaks for them.
func TestEditedExport(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and edits an export in each format")
	}
	for _, format := range all.Formats() {
		t.Run(format.Name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "topology.yaml"), []byte(editedTopology), 0o600); err != nil {
				t.Fatal(err)
			}
			args := append([]string{"export", "topology.yaml", "--format", format.Name, "--out", "out"}, editedFlags[format.Name]...)
			if format.Servers {
				args = append(args, "--server", "10.0.0.53")
			}
			if code, out := ended(t, dir, args...); code != 0 {
				t.Fatalf("export: status %d\n%s", code, out)
			}
			out := filepath.Join(dir, "out")
			edited := edit(t, out, "10.10.10.10", "10.20.10.10") + edit(t, out, "10.0.0.53", "10.0.0.54")
			if edited == 0 && edit(t, out, "endpoints.neo4j.io", "endpoints.example.org")+edit(t, out, "console.neo4j.io", "console.example.org") == 0 {
				t.Fatal("nothing to edit")
			}
			code, printed := ended(t, dir, "audit", "out", "--against", "topology.yaml")
			switch found := code == 1 && strings.Contains(printed, "[wrong-region]"); {
			case found, code == 2 && strings.Contains(printed, "edited"):
			default:
				t.Errorf("audit: status %d\n%s", code, printed)
			}
			code, printed = ended(t, dir, "diff", "topology.yaml", "--against", "out")
			switch found := strings.Contains(printed, "\nregion: "); {
			case code == 2 && (found || strings.Contains(printed, "edited")):
			default:
				t.Errorf("diff: status %d\n%s", code, printed)
			}
			if code, printed = ended(t, dir, args...); code != 2 {
				t.Errorf("export over what was edited: status %d\n%s", code, printed)
			}
			if code, printed = ended(t, dir, append(args, "--check")...); code != 1 || !strings.HasPrefix(printed, "diff ") {
				t.Errorf("export --check: status %d\n%s", code, printed)
			}
		})
	}
}

// TestEditedView: an edited copy of the view is seen as any other edited file is, and the
// hint says how to go on.
func TestEditedView(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "topology.yaml"), []byte(editedTopology), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"export", "topology.yaml", "--format", "openvpn", "--out", "out", "--server", "10.0.0.53"}
	if code, out := ended(t, dir, args...); code != 0 {
		t.Fatalf("export: status %d\n%s", code, out)
	}
	view := filepath.Join(dir, "out", exportdir.ViewName)
	text, err := os.ReadFile(view)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(view, bytes.ReplaceAll(text, []byte("10.10.10.10"), []byte("10.20.10.10")), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := ended(t, dir, append(args, "--check")...); code != 1 || !strings.Contains(out, exportdir.ViewName) {
		t.Errorf("export --check: status %d\n%s", code, out)
	}
	if code, out := ended(t, dir, args...); code != 2 || !strings.Contains(out, "remove the file") {
		t.Errorf("export: status %d\n%s", code, out)
	}
	if err := os.Remove(view); err != nil {
		t.Fatal(err)
	}
	if code, out := ended(t, dir, args...); code != 0 {
		t.Errorf("export without it: status %d\n%s", code, out)
	}
}

// ended runs the command, and returns its status and all that it prints.
func ended(t *testing.T, dir string, args ...string) (code int, out string) {
	t.Helper()
	text, err := auralink(t, dir, args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit != nil {
		code = exit.ExitCode()
	}
	return code, string(text)
}

// edit replaces a text in all files of a directory that people look at, and returns in
// how many.
func edit(t *testing.T, dir, old, by string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "[^.]*"))
	if err != nil {
		t.Fatal(err)
	}
	edited := 0
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte(old)) {
			continue
		}
		edited++
		if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte(old), []byte(by)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return edited
}
