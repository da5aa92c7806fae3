// Package ci_test runs what the GitHub Action and the GitLab template would run,
// in a repository of its own, with the shells that these systems use.
package ci_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v4"
)

const (
	oneRegion = `regions:
  east: {orchestras: ["0000"]}
vpcs:
  apps: {links: {east: [10.10.10.10]}}
custom_endpoints:
  my-endpoint-abcdef-123456: east
`
	twoRegions = `regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints:
  my-endpoint-abcdef-123456: east
  west-m4yy-gtwk: west
`
	moved = `regions:
  east: {orchestras: []}
  west: {orchestras: ["0000"]}
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints:
  my-endpoint-abcdef-123456: west
`
	exports = "exports:\n- {vpc: apps, format: bind, out: zones/apps}\n- {vpc: apps, format: json, out: json}\n"
)

// broken is a topology with an error, in line 4.
const broken = `regions:
  east: {orchestras: ["0000"]}
vpcs:
  apps: {links: {north: [10.10.10.10]}}
`

// odd is a topology with a warning.
const odd = `regions:
  east: {orchestras: ["0000"]}
vpcs:
  apps: {links: {east: [198.51.100.7]}}
custom_endpoints:
  my-endpoint-abcdef-123456: east
`

// checkout is a repository as a runner has it, with a topology, its exports, and
// a commit of both.
type checkout struct {
	dir, bin, base string
}

func newCheckout(t *testing.T) checkout {
	t.Helper()
	first.Do(func() { firstCheckout(t) })
	c := checkout{dir: t.TempDir(), bin: built}
	if err := os.CopyFS(c.dir, os.DirFS(filepath.Join(built, "checkout"))); err != nil {
		t.Fatal(err)
	}
	c.base = strings.TrimSpace(c.mustRun(t, "git", "rev-parse", "HEAD"))
	return c
}

var first sync.Once

// firstCheckout makes the repository of which each test has a copy.
func firstCheckout(t *testing.T) {
	t.Helper()
	c := checkout{dir: filepath.Join(built, "checkout"), bin: built}
	if err := os.Mkdir(c.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c.mustRun(t, "git", "init", "--quiet")
	c.write(t, oneRegion)
	c.writeFile(t, "topology.exports.yaml", exports)
	c.export(t)
	c.commit(t, "one region")
}

func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (c checkout) write(t *testing.T, topology string) {
	t.Helper()
	c.writeFile(t, "topology.yaml", topology)
}

func (c checkout) writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// commit commits all there is, and returns the commit.
func (c checkout) commit(t *testing.T, message string) string {
	t.Helper()
	c.mustRun(t, "git", "add", ".")
	c.mustRun(t, "git", "-c", "user.name=ci", "-c", "user.email=ci@example.org", "commit", "--quiet", "--allow-empty", "-m", message)
	return strings.TrimSpace(c.mustRun(t, "git", "rev-parse", "HEAD"))
}

// export brings the exports up to date.
func (c checkout) export(t *testing.T) {
	t.Helper()
	c.mustRun(t, filepath.Join(c.bin, "auralink"), "export", "topology.yaml", "--all", "--force", "region")
}

func (c checkout) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "PATH="+c.bin+":"+os.Getenv("PATH"))
	return cmd
}

func (c checkout) mustRun(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := c.command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// result is what became of a script.
type result struct {
	status int
	out    string
}

// script runs a script with an environment.
func (c checkout) script(t *testing.T, shell []string, script string, env map[string]string) result {
	t.Helper()
	cmd := c.command(shell[0], append(shell[1:], script)...)
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String()}
}

// decode reads the nth YAML document of a file of the repository.
func decode(t *testing.T, name string, nth int, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository(t), name))
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for range nth {
		if err := decoder.Decode(new(yaml.Node)); err != nil {
			t.Fatal(err)
		}
	}
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// fill replaces what stands between an opening and a closing bracket, such as
// "inputs.force", by its value.
func fill(t *testing.T, text string, pattern *regexp.Regexp, values map[string]string) string {
	t.Helper()
	return pattern.ReplaceAllStringFunc(text, func(match string) string {
		name := pattern.FindStringSubmatch(match)[1]
		value, known := values[name]
		if !known {
			t.Errorf("the expression %q has no value in this test", name)
		}
		return value
	})
}
