package exports_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// checker is a program that checks files of a format.
type checker struct {
	program, debianPackage string
	formats                []string // as in the names of goldens
	// files are the patterns of those that are checked, each by itself.
	files string
	// main, if set, is written beside the files, and checked in their place.
	main map[string]string
	// args are the program's, for a file and, of a zone file, its origin.
	args func(file, origin string) []string
}

var (
	allZones = []string{"bind.per-name", "bind.one-zone", "rpz", "unbound"}
	allBind  = []string{"bind.per-name", "bind.one-zone"}
)

// tools are those of the servers' own packages.
var tools = []checker{
	{
		program: "named-checkzone", debianPackage: "bind9-utils", formats: allZones, files: "*.zone",
		args: func(file, origin string) []string { return []string{"-i", "local", "-k", "fail", origin, file} },
	},
	{
		program: "kzonecheck", debianPackage: "knot-dnssecutils", formats: allZones, files: "*.zone",
		args: func(file, origin string) []string { return []string{"-o", origin, file} },
	},
	{
		program: "nsd-checkzone", debianPackage: "nsd", formats: allZones, files: "*.zone",
		args: func(file, origin string) []string { return []string{origin, file} },
	},
	{
		program: "named-checkconf", debianPackage: "bind9-utils", formats: allBind, files: "named.conf",
		args: func(file, _ string) []string { return []string{"-z", file} },
	},
	{
		program: "named-checkconf", debianPackage: "bind9-utils", formats: []string{"rpz"}, files: "main.conf",
		main: map[string]string{"main.conf": "options { include \"named-options.conf\"; };\ninclude \"named.conf\";\n"},
		args: func(file, _ string) []string { return []string{"-z", file} },
	},
	{
		program: "named-checkconf", debianPackage: "bind9-utils", formats: []string{"rpz"}, files: "main.conf",
		main: map[string]string{"main.conf": "view \"v\" { include \"named-options.conf\"; include \"named.conf\"; };\n"},
		args: func(file, _ string) []string { return []string{"-z", file} },
	},
	{
		program: "nsd-checkconf", debianPackage: "nsd", formats: allBind, files: "nsd.conf",
		args: func(file, _ string) []string { return []string{file} },
	},
	{
		program: "knotc", debianPackage: "knot", formats: allBind, files: "knot.conf",
		args: func(file, _ string) []string { return []string{"-c", file, "conf-check"} },
	},
	{
		program: "unbound-checkconf", debianPackage: "unbound", formats: []string{"unbound", "rpz"}, files: "unbound.conf",
		args: func(file, _ string) []string { return []string{file} },
	},
	{
		program: "dnsmasq", debianPackage: "dnsmasq-base", formats: []string{"dnsmasq"}, files: "dnsmasq.conf",
		args: func(file, _ string) []string { return []string{"--test", "--conf-file=" + file} },
	},
	{
		program: "named-checkconf", debianPackage: "bind9-utils", formats: []string{"bind-forward.per-name", "bind-forward.one-zone"},
		files: "named-forward.conf", args: func(file, _ string) []string { return []string{file} },
	},
	{
		program: "unbound-checkconf", debianPackage: "unbound", formats: []string{"unbound-forward.per-name", "unbound-forward.one-zone"},
		files: "unbound-forward.conf", args: func(file, _ string) []string { return []string{file} },
	},
	{
		program: "dnsmasq", debianPackage: "dnsmasq-base", formats: []string{"dnsmasq-forward.per-name", "dnsmasq-forward.one-zone"},
		files: "dnsmasq-forward.conf", args: func(file, _ string) []string { return []string{"--test", "--conf-file=" + file} },
	},
}

// TestTools: each server's own checker takes what we write for it, without a
// warning.
func TestTools(t *testing.T) {
	for _, x := range tools {
		for _, format := range x.formats {
			t.Run(x.program+" of "+format, func(t *testing.T) {
				program := peers.Find(t, x.program, x.debianPackage)
				checked := 0
				for _, golden := range goldens(t, format) {
					checked += x.check(t, program, golden)
				}
				if checked == 0 {
					t.Errorf("no golden has %s", x.files)
				}
			})
		}
	}
}

// goldens returns the goldens of a format, without those that are refusals.
func goldens(t *testing.T, format string) map[string]*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob("../../zones/formats/all/testdata/*." + format + ".golden")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no goldens of %s: %v", format, err)
	}
	all := make(map[string]*txtar.Archive)
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(archive.Files) > 0 {
			all[filepath.Base(path)] = archive
		}
	}
	return all
}

// check runs the tool in a directory with a golden's files, and returns how many
// of them it was given.
func (x checker) check(t *testing.T, program string, golden *txtar.Archive) (checked int) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range x.main {
		golden.Files = append(golden.Files, txtar.File{Name: name, Data: []byte(content)})
	}
	for _, file := range golden.Files {
		if err := os.WriteFile(filepath.Join(dir, file.Name), file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range golden.Files {
		if matched, err := filepath.Match(x.files, file.Name); err != nil || !matched {
			continue
		}
		checked++
		cmd := exec.Command(program, x.args(file.Name, originOf(file))...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil || complains.Match(out) {
			t.Errorf("%s: %v\n%s\n%s", strings.Join(cmd.Args, " "), err, out, file.Data)
		}
	}
	return checked
}

// complains finds what tools say of files that they take all the same.
var complains = regexp.MustCompile(`(?i)\b(warning|error|unknown|ignored)\b: `)

// originOf returns a zone file's origin, or "".
func originOf(file txtar.File) string {
	_, rest, _ := strings.Cut(string(file.Data), "$ORIGIN ")
	origin, _, _ := strings.Cut(rest, "\n")
	return origin
}

// TestCorefiles: CoreDNS starts with each Corefile.
func TestCorefiles(t *testing.T) {
	for name, golden := range goldens(t, "coredns") {
		t.Run(name, func(t *testing.T) {
			e := export{files: map[string]string{golden.Files[0].Name: string(golden.Files[0].Data)}}
			at := peers.FreePort(t, peers.Loopback())
			coredns.Start(t, exportedCorefile(t, e, at, at))
		})
	}
}
