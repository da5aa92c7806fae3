package ci_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// action is what is read of action.yml.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []step
	}
}

type step struct {
	ID, If, Uses, Shell, Run string
	With, Env                map[string]string
	Dir                      string `yaml:"working-directory"`
}

var githubExpression = regexp.MustCompile(`\$\{\{ (.*?) \}\}`)

// runner is a GitHub runner with a checkout.
type runner struct {
	checkout
	action action
	temp   string
	values map[string]string // of expressions
}

func newRunner(t *testing.T, inputs map[string]string) *runner {
	t.Helper()
	r := &runner{checkout: newCheckout(t), temp: t.TempDir(), values: make(map[string]string)}
	decode(t, "action.yml", 0, &r.action)
	for name, input := range r.action.Inputs {
		r.values["inputs."+name] = input.Default
	}
	for name, value := range inputs {
		r.values["inputs."+name] = value
	}
	r.values["github.event.pull_request.base.sha || github.event.before"] = r.base
	r.values["github.action_path"] = repository(t)
	return r
}

// step runs the step with that id.
func (r *runner) step(t *testing.T, id string) result {
	t.Helper()
	for _, s := range r.action.Runs.Steps {
		if s.ID != id {
			continue
		}
		if s.Shell != "bash" || s.Dir != "" && s.Dir != "${{ inputs.working-directory }}" {
			t.Fatalf("step %s is run by %s in %q", id, s.Shell, s.Dir)
		}
		env := maps.Clone(s.Env)
		if env == nil {
			env = make(map[string]string)
		}
		for name, value := range env {
			env[name] = fill(t, value, githubExpression, r.values)
		}
		env["RUNNER_TEMP"] = r.temp
		env["GITHUB_ACTION_PATH"] = repository(t)
		for _, name := range []string{"GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
			env[name] = filepath.Join(r.temp, name)
		}
		// As GitHub calls bash where a step says "shell: bash".
		return r.script(t, []string{"bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"}, s.Run, env)
	}
	t.Fatalf("there is no step %q", id)
	return result{}
}

// said returns what the steps wrote into a file of the runner's.
func (r *runner) said(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.temp, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestActionInstalls: the command is built from where the action is.
func TestActionInstalls(t *testing.T) {
	if testing.Short() {
		t.Skip("builds auralink as a runner does")
	}
	r := newRunner(t, nil)
	if got := r.step(t, "install"); got.status != 0 {
		t.Fatalf("status %d:\n%s", got.status, got.out)
	}
	dir := strings.TrimSpace(r.said(t, "GITHUB_PATH"))
	if out := r.mustRun(t, filepath.Join(dir, "auralink"), "version"); !strings.Contains(out, "auralink") {
		t.Errorf("the command says %q", out)
	}
}

// TestActionNothingChanged: nothing is stale, nothing differs.
func TestActionNothingChanged(t *testing.T) {
	r := newRunner(t, map[string]string{"exports": exports})
	r.mustRun(t, "mkdir", filepath.Join(r.temp, "auralink"))
	for _, id := range []string{"check", "diff"} {
		if got := r.step(t, id); got.status != 0 {
			t.Errorf("%s: status %d:\n%s", id, got.status, got.out)
		}
	}
	if got := r.said(t, "GITHUB_OUTPUT"); !strings.Contains(got, "changed=false\n") {
		t.Errorf("outputs:\n%s", got)
	}
}

// TestActionSecondLink: exports that are stale fail; the difference is shown and
// does not.
func TestActionSecondLink(t *testing.T) {
	r := newRunner(t, map[string]string{"exports": exports})
	r.mustRun(t, "mkdir", filepath.Join(r.temp, "auralink"))
	r.write(t, twoRegions)
	got := r.step(t, "check")
	if got.status != 1 || strings.Count(got.out, "::error file=topology.yaml::stale: auralink export topology.yaml --format") != 2 {
		t.Errorf("check: status %d:\n%s", got.status, got.out)
	}
	if got := r.step(t, "diff"); got.status != 0 {
		t.Errorf("diff: status %d:\n%s", got.status, got.out)
	}
	if got := r.said(t, "GITHUB_OUTPUT"); !strings.Contains(got, "changed=true\n") {
		t.Errorf("outputs:\n%s", got)
	}
	if got := r.said(t, "GITHUB_STEP_SUMMARY"); !strings.Contains(got, "west-m4yy-gtwk.endpoints.neo4j.io") {
		t.Errorf("summary:\n%s", got)
	}
	r.export(t)
	if got := r.step(t, "check"); got.status != 0 {
		t.Errorf("check after the export: status %d:\n%s", got.status, got.out)
	}
}

// TestActionMovedRegion: a name that would lead to another region fails, unless
// that is meant.
func TestActionMovedRegion(t *testing.T) {
	for force, want := range map[string]int{"": 2, "region": 0} {
		r := newRunner(t, map[string]string{"force": force})
		r.mustRun(t, "mkdir", filepath.Join(r.temp, "auralink"))
		r.write(t, moved)
		if got := r.step(t, "diff"); got.status != want {
			t.Errorf("force %q: status %d, want %d:\n%s", force, got.status, want, got.out)
		}
	}
}

// TestActionFirstTopology: there is nothing to compare with yet.
func TestActionFirstTopology(t *testing.T) {
	r := newRunner(t, map[string]string{"topology": "new.yaml"})
	r.mustRun(t, "mkdir", filepath.Join(r.temp, "auralink"))
	if got := r.step(t, "diff"); got.status != 0 || !strings.Contains(got.out, "there is no new.yaml at") {
		t.Errorf("status %d:\n%s", got.status, got.out)
	}
}
