package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/version"
)

// runMain, if set in the environment, makes the test binary the command: it has
// the same code under the same build tag, and nothing is built twice.
const runMain = "AURALINK_TEST_RUN_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runMain) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// run executes the command with args and returns what it wrote and whether its
// exit status was 0. A command that has not ended after a minute is killed.
func run(t *testing.T, args ...string) (stdout, stderr string, ok bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), runMain+"=1")
	cmd.Dir = t.TempDir() // no Corefile here, so none is read by chance
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err = cmd.Wait()
	return out.String(), errs.String(), err == nil
}

// runCorefile executes the command with a Corefile of the given text.
func runCorefile(t *testing.T, text string) (stdout, stderr string, ok bool) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "Corefile")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, "-conf", name)
}

// listed is what -plugins prints, one name an element.
func listed(t *testing.T) []string {
	t.Helper()
	stdout, stderr, ok := run(t, "-plugins")
	if !ok {
		t.Fatalf("-plugins ended with an error: %s", stderr)
	}
	return strings.Fields(stdout)
}

func TestVersionNamesBoth(t *testing.T) {
	stdout, stderr, ok := run(t, "-version")
	if !ok {
		t.Fatalf("-version ended with an error: %s", stderr)
	}
	first, _, _ := strings.Cut(stdout, "\n")
	want := "CoreDNS-" + coremain.CoreVersion + ", auralink-" + version.String()
	if first != want {
		t.Errorf("first line %q, want %q", first, want)
	}
}

func TestPluginsListsAuralink(t *testing.T) {
	if names := listed(t); !slices.Contains(names, "auralink") {
		t.Errorf("auralink is not among %q", names)
	}
}

// A plugin that a new CoreDNS adds is noticed here, and is then put either into
// plugins_slim.go or into leftOut.
func TestPluginsAreTheStandardOnes(t *testing.T) {
	want := []string{"auralink"}
	for _, name := range dnsserver.Directives {
		if !slices.Contains(leftOut, name) {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	got := listed(t)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plugins (-want +got):\n%s", diff)
	}
}

// The plugin itself has to refuse this Corefile: that it is asked shows that
// the directive is both in the order and registered.
func TestCorefileReachesThePlugin(t *testing.T) {
	_, stderr, ok := runCorefile(t, "example.org:0 {\n\tauralink no-such-topology.yaml\n}\n")
	if ok {
		t.Fatal("a topology that does not exist was accepted")
	}
	if !strings.Contains(stderr, "plugin/auralink: ") {
		t.Errorf("stderr %q, want an error of plugin/auralink", stderr)
	}
}

func TestCorefileWithAnUnknownDirective(t *testing.T) {
	_, stderr, ok := runCorefile(t, "example.org:0 {\n\taurlink topology.yaml\n}\n")
	if ok {
		t.Fatal("an unknown directive was accepted")
	}
	if want := "Corefile:2 - Error during parsing: Unknown directive 'aurlink'"; !strings.Contains(stderr, want) {
		t.Errorf("stderr %q, want %q in it", stderr, want)
	}
}

func TestCorefileWithADirectiveLeftOut(t *testing.T) {
	for _, name := range leftOut {
		t.Run(name, func(t *testing.T) {
			_, stderr, ok := runCorefile(t, "example.org:0 {\n\twhoami\n\t"+name+"\n}\n")
			if ok {
				t.Fatalf("%q was accepted", name)
			}
			want := regexp.MustCompile(`plugin/` + name + `: \S+/Corefile:3 - Error during parsing: not in the slim build: "go build -tags full -o bin/coredns ./cmd/coredns" has it`)
			if !want.MatchString(stderr) {
				t.Errorf("stderr %q, want a match of %q", stderr, want)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	directives := []string{"on", "trace", "auralink", "cache", "kubernetes"}
	registered := []string{"dns.auralink", "dns.cache", "dns.tracer", "on"}
	if diff := cmp.Diff([]string{"trace", "kubernetes"}, missing(directives, registered)); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}
