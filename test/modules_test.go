package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// required finds the requirements of a go.mod file: module, version, and what
// follows.
var required = regexp.MustCompile(`(?m)^\s+([^\s/]+\.[^\s]+) (v\S+)(.*)$`)

// TestModulesOfCoreDNS: whoever compiles the plugin into a CoreDNS takes the
// requirements of go.mod along. None may be of another version than CoreDNS has,
// for the tests of CoreDNS's plugins know that one alone.
func TestModulesOfCoreDNS(t *testing.T) {
	of := func(template string, args ...string) string {
		t.Helper()
		out, err := exec.Command("go", append([]string{"list", "-m", "-f", template}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	theirs := read(t, filepath.Join(of("{{.Dir}}", "github.com/coredns/coredns"), "go.mod"))
	ours := make(map[string]string)
	for line := range strings.Lines(of("{{.Path}} {{.Version}}", "all")) {
		path, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		ours[path] = version
	}
	compared := 0
	for _, requirement := range required.FindAllStringSubmatch(theirs, -1) {
		compared++
		if path, version := requirement[1], requirement[2]; ours[path] != version {
			t.Errorf("%s is %s here, and %s in CoreDNS", path, ours[path], version)
		}
	}
	if compared < 100 {
		t.Errorf("CoreDNS requires %d modules only", compared)
	}
}

// TestNoHeavyModules: what is heavy is required by CoreDNS alone. What end-to-end
// tests need beside it is in a module of theirs. The command line is cobra's, and its
// flags are pflag's.
func TestNoHeavyModules(t *testing.T) {
	for _, requirement := range required.FindAllStringSubmatch(read(t, "../go.mod"), -1) {
		ofCommands := requirement[1] == "github.com/spf13/cobra" || requirement[1] == "github.com/spf13/pflag"
		if direct := !strings.Contains(requirement[3], "// indirect"); direct && !ofCommands && hasPrefix(heavy, requirement[1]+"/") {
			t.Errorf("go.mod requires %s: give its tests a module of their own", requirement[1])
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
