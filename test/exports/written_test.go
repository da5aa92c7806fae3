package exports_test

import (
	"bytes"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// writtenFile is a file of an export.
type writtenFile struct {
	name    string
	snippet bool
	text    string
}

// writeExport returns the files of a view in a format.
func writeExport(tb rapid.TB, name string, view zones.View, options formats.Options) []writtenFile {
	tb.Helper()
	format, ok := all.Named(name)
	if !ok {
		tb.Fatalf("there is no format %q", name)
	}
	all, err := format.Files(view, options)
	if err != nil {
		tb.Fatalf("VPC %s as %s: %v", view.Name, name, err)
	}
	var written []writtenFile
	for file := range all {
		var text bytes.Buffer
		if err := file.Write(&text, 1); err != nil {
			tb.Fatalf("%s of %s: %v", file.Name, name, err)
		}
		written = append(written, writtenFile{name: file.Name, snippet: file.Snippet, text: text.String()})
	}
	return written
}

// onlyFile returns the text of an export that has one file, or of the file with
// that name.
func onlyFile(tb rapid.TB, files []writtenFile, name string) string {
	tb.Helper()
	for _, file := range files {
		if file.name == name {
			return file.text
		}
	}
	tb.Fatalf("there is no file %q", name)
	return ""
}

// saveExport writes the files of an export into a directory of the test's.
func saveExport(tb testing.TB, files []writtenFile) string {
	tb.Helper()
	texts := make(map[string]string)
	for _, file := range files {
		texts[file.name] = file.text
	}
	return saved(tb, texts)
}

// eachTopology runs a test for the view of each numbered topology.
func eachTopology(t *testing.T, test func(t *testing.T, view zones.View)) {
	paths, err := filepath.Glob(numbered)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no topologies: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) { test(t, readTopology(t, path)) })
	}
}

// needTool returns the path of a program that no Debian package has. It skips the
// test where that is not there.
func needTool(tb testing.TB, program, install string) string {
	tb.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		tb.Skipf("%s is not there: install %s", program, install)
	}
	return path
}

// bothServers are an IPv4 and an IPv6 address for clients to ask.
var bothServers = []netip.Addr{netip.MustParseAddr("10.0.0.53"), netip.MustParseAddr("fd00::53")}
