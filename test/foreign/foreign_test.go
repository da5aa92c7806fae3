// Package foreign holds the test that the plugin builds into a CoreDNS that is not
// ours, as the README says, and of what it brings along.
package foreign

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var build = flag.Bool("build", false, "build a plain CoreDNS with the plugin, which takes minutes the first time")

// brought are the packages that come with the plugin: our own and those of two
// libraries. Whatever else would be linked is something that CoreDNS has not.
var brought = []string{"github.com/auralink/auralink/", "github.com/gaissmai/bart", "go.yaml.in/yaml/v4"}

// TestForeignCoreDNS follows the README in a copy of CoreDNS.
func TestForeignCoreDNS(t *testing.T) {
	if !*build {
		t.Skip("make test-foreign")
	}
	plain := copyOfCoreDNS(t)
	before := plain.state(t)
	plain.addPlugin(t)
	after := plain.state(t)

	for path, version := range before.modules {
		if after.modules[path] != version {
			t.Errorf("module %s is %s with the plugin, and %s without it", path, after.modules[path], version)
		}
	}
	count := 0
	for _, linked := range after.packages {
		if slices.Contains(before.packages, linked) {
			continue
		}
		count++
		if !slices.ContainsFunc(brought, func(prefix string) bool { return strings.HasPrefix(linked, prefix) }) {
			t.Errorf("package %s is linked because of the plugin", linked)
		}
	}
	t.Logf("%d packages linked, %d of them with the plugin; %d modules known, %d before",
		len(after.packages), count, len(after.modules), len(before.modules))

	plain.run(t, "go", "build", "-o", "coredns", ".")
	plugins := strings.Fields(plain.run(t, "./coredns", "-plugins"))
	if !slices.Contains(plugins, "auralink") {
		t.Errorf("the CoreDNS that was built has no auralink: %s", plugins)
	}
	if order := plain.read(t, "core/dnsserver/zdirectives.go"); strings.Index(order, `"auralink"`) > strings.Index(order, `"cache"`) {
		t.Error("the plugin is behind cache, where the README has it ahead")
	}
}

// checkout is a directory with CoreDNS's source.
type checkout string

// copyOfCoreDNS returns a copy of the CoreDNS that go.mod requires.
func copyOfCoreDNS(t *testing.T) checkout {
	t.Helper()
	from := strings.TrimSpace(checkout(".").run(t, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/coredns/coredns"))
	to := filepath.Join(t.TempDir(), "coredns")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	// What is in the module cache is for reading alone, and so is its copy.
	err := filepath.WalkDir(to, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chmod(path, 0o755)
	})
	if err != nil {
		t.Fatal(err)
	}
	return checkout(to)
}

// snippet finds the lines for plugin.cfg in the README, and the commands below.
var snippet = regexp.MustCompile("(?s)```\n(acl:acl\n.*?)```\n.*?```sh\n(.*?)```")

// addPlugin does what the README says. Where the plugin is taken from stands in no
// README: it is this source.
func (c checkout) addPlugin(t *testing.T) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	said := snippet.FindStringSubmatch(checkout(root).read(t, "README.md"))
	if said == nil {
		t.Fatal("the README does not say how to build a CoreDNS of one's own")
	}
	// The lines around the plugin's are there already, one after the other.
	around := regexp.MustCompile("(?m)^auralink:.*\n").ReplaceAllString(said[1], "")
	config := c.read(t, "plugin.cfg")
	if around == said[1] || !strings.Contains(config, around) {
		t.Fatalf("CoreDNS's plugin.cfg has no place for %s", said[1])
	}
	config = strings.Replace(config, around, said[1], 1)
	if err := os.WriteFile(filepath.Join(string(c), "plugin.cfg"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	const path = "github.com/auralink/auralink"
	c.run(t, "go", "mod", "edit", "-require", path+"@v0.0.0", "-replace", path+"="+root)
	c.run(t, "sh", "-ec", said[2])
}

// state is what a CoreDNS is made of.
type state struct {
	packages []string          // linked into it
	modules  map[string]string // versions, by path
}

func (c checkout) state(t *testing.T) state {
	t.Helper()
	s := state{
		packages: strings.Fields(c.run(t, "go", "list", "-deps", ".")),
		modules:  make(map[string]string),
	}
	for line := range strings.Lines(c.run(t, "go", "list", "-m", "-f", "{{.Path}} {{.Version}}", "all")) {
		path, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.modules[path] = version
	}
	return s
}

// run runs a command there and returns what it prints.
func (c checkout) run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = string(c)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

func (c checkout) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(string(c), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
