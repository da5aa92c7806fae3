package ci_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/auralink/auralink/test/peers"
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
	r.values[baseExpression] = r.base
	r.values[headExpression] = r.base
	r.values[labelExpression] = "null"
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
	r := newRunner(t, nil)
	if got := r.step(t, "install"); got.status != 0 {
		t.Fatalf("status %d:\n%s", got.status, got.out)
	}
	dir := strings.TrimSpace(r.said(t, "GITHUB_PATH"))
	if out := r.mustRun(t, filepath.Join(dir, "auralink"), "version"); !strings.Contains(out, "auralink") {
		t.Errorf("the command says %q", out)
	}
}

// TestAction runs the steps that check something, on a change.
func TestAction(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, r *runner)
		inputs map[string]string
		step   string
		status int
		says   string
	}{
		{"nothing changed", nil, nil, "plan", 0, "No findings."},
		{"nothing changed", nil, nil, "check", 0, ""},
		{"nothing changed", nil, nil, "diff", 0, "all the same"},
		{"no topology", nil, map[string]string{"topology": "nosuch.yaml"}, "plan", 2, "::error::auralink plan ended with status 2"},
		{"an empty topology", nil, map[string]string{"topology": ""}, "plan", 2, "\n::error::the input topology is empty"},
		{"an error", writing(broken), nil, "plan", 1, "\n::error file=topology.yaml,line=4,col=18,title=unknown-region::"},
		{"a warning", writing(odd), nil, "plan", 0, "\n::warning file=topology.yaml,line=4,"},
		{"a warning, strictly", writing(odd), map[string]string{"strict": "true"}, "plan", 1, "\n::warning "},
		{"a line break in the name", nil, map[string]string{"topology": "a\n::error::b"}, "plan", 2, "::error::auralink plan ended with status 2"},
		{"stale exports", writing(twoRegions), nil, "check", 1, "\n::error file=zones/apps/"},
		{"no list, but exports", removing("topology.exports.yaml"), nil, "check", 2, "no topology.exports.yaml that lists them"},
		{"another list that is not there", nil, map[string]string{"list": "none.yaml"}, "check", 2, "::error::auralink export --check ended with status 2"},
		{"the input of old", nil, map[string]string{"exports": "--format bind --out zones/apps"}, "check", 2, "the input exports is gone"},
		{"a second link", writing(twoRegions), nil, "diff", 0, "west-m4yy-gtwk.endpoints.neo4j.io"},
		{"another region", writing(moved), nil, "diff", 2, "\n::error file=topology.yaml,title=guard region::"},
		{"another region, as is always meant", writing(moved), map[string]string{"force": "region"}, "diff", 0, "\n::notice file=topology.yaml,title=guard region::"},
		{"another region, by a label", all(writing(moved), labels("dns", "auralink-force:region")), nil, "diff", 0, ""},
		{"another region, by another's label", all(writing(moved), labels("auralink-force:bulk", "region")), nil, "diff", 2, ""},
		{"another region, by a trailer", all(writing(moved), committing("x\n\nAuralink-Force: region, bulk")), nil, "diff", 0, ""},
		{"another region, by a trailer of an older commit", all(writing(moved), committing("x\n\nAuralink-Force: region"), committing("y")), nil, "diff", 0, ""},
		{"another region, by a trailer of what was there", all(basing("x\n\nAuralink-Force: region"), writing(moved), committing("y")), nil, "diff", 2, ""},
		{"another region, where trailers do not count", all(writing(moved), committing("x\n\nAuralink-Force: region")), map[string]string{"trailers": "false"}, "diff", 2, ""},
		{"a guard that there is not", all(writing(moved), labels("auralink-force:regoin")), nil, "diff", 2, ""},
		{"the first topology", nil, map[string]string{"topology": "new.yaml"}, "diff", 0, "::notice::there is no new.yaml at"},
		{"a base that is no commit", setting(baseExpression, "HEAD"), nil, "diff", 2, "is no commit"},
		{"a base that cannot be had", setting(baseExpression, strings.Repeat("1", 40)), nil, "diff", 2, "cannot be fetched"},
		{"no base", setting(baseExpression, strings.Repeat("0", 40)), nil, "diff", 0, "::notice::this event has no base"},
		{"a base with errors", all(writing(broken), basing("broken"), writing(oneRegion)), nil, "diff", 2, "the topology at the base has errors"},
		{"a base with errors, as is known", all(writing(broken), basing("broken"), writing(oneRegion), labels("auralink-force:base")), nil, "diff", 0, "::warning::"},
	}
	for _, tt := range tests {
		t.Run(tt.step+" "+tt.name, func(t *testing.T) {
			r := newRunner(t, tt.inputs)
			if tt.change != nil {
				tt.change(t, r)
			}
			got := r.step(t, tt.step)
			if got.status != tt.status || !strings.Contains("\n"+got.out, tt.says) {
				t.Errorf("status %d, want %d and %q:\n%s", got.status, tt.status, tt.says, got.out)
			}
			checkCommands(t, got.out)
		})
	}
}

// The expressions of action.yml that tests change.
const (
	baseExpression  = "github.event.pull_request.base.sha || github.event.before"
	headExpression  = "github.event.pull_request.head.sha || github.sha"
	labelExpression = "toJSON(github.event.pull_request.labels.*.name)"
)

func writing(topology string) func(*testing.T, *runner) {
	return func(t *testing.T, r *runner) { t.Helper(); r.write(t, topology) }
}

func removing(name string) func(*testing.T, *runner) {
	return func(t *testing.T, r *runner) { t.Helper(); r.mustRun(t, "rm", name) }
}

func committing(message string) func(*testing.T, *runner) {
	return func(t *testing.T, r *runner) { t.Helper(); r.values[headExpression] = r.commit(t, message) }
}

// basing makes what is there now the base.
func basing(message string) func(*testing.T, *runner) {
	return func(t *testing.T, r *runner) {
		t.Helper()
		r.values[baseExpression] = r.commit(t, message)
		r.values[headExpression] = r.values[baseExpression]
	}
}

func labels(names ...string) func(*testing.T, *runner) {
	return func(t *testing.T, r *runner) {
		t.Helper()
		text, err := json.MarshalIndent(names, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		r.values[labelExpression] = string(text)
	}
}

func setting(expression, value string) func(*testing.T, *runner) {
	return func(t *testing.T, r *runner) { t.Helper(); r.values[expression] = value }
}

func all(changes ...func(*testing.T, *runner)) func(*testing.T, *runner) {
	return func(t *testing.T, r *runner) {
		t.Helper()
		for _, change := range changes {
			change(t, r)
		}
	}
}

// checkCommands reads what a step prints as the runner does: between stop-commands
// and its token nothing is a command, and elsewhere all commands are ours.
func checkCommands(t *testing.T, out string) {
	t.Helper()
	token := ""
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if stop, found := strings.CutPrefix(line, "::stop-commands::"); found && token == "" {
			token = stop
			continue
		}
		if line == "::"+token+"::" {
			token = ""
			continue
		}
		if token == "" && strings.HasPrefix(line, "::") && !ourCommand.MatchString(line) {
			t.Errorf("the runner takes %q for a command", line)
		}
	}
	if token != "" {
		t.Errorf("commands stay stopped:\n%s", out)
	}
}

var ourCommand = regexp.MustCompile(`^::(error|warning|notice) ?(file=[^:]*)?(title=[^:]*)?::`)

// TestActionOutputs: what other steps are told.
func TestActionOutputs(t *testing.T) {
	r := newRunner(t, nil)
	r.write(t, twoRegions)
	if got := r.step(t, "diff"); got.status != 0 {
		t.Fatalf("status %d:\n%s", got.status, got.out)
	}
	if got := r.said(t, "GITHUB_OUTPUT"); !strings.Contains(got, "changed=true\n") {
		t.Errorf("outputs:\n%s", got)
	}
	if got := r.said(t, "GITHUB_STEP_SUMMARY"); !strings.Contains(got, "against the base of this change\n") || strings.Contains(got, r.temp) {
		t.Errorf("the summary names what only the runner knows:\n%s", got)
	}
	if got := r.said(t, "GITHUB_STEP_SUMMARY"); !strings.Contains(got, "west-m4yy-gtwk.endpoints.neo4j.io") {
		t.Errorf("summary:\n%s", got)
	}
	r.export(t)
	if got := r.step(t, "check"); got.status != 0 {
		t.Errorf("check after the export: status %d:\n%s", got.status, got.out)
	}
}

// TestActionPinned: actions of others are named by a digest.
func TestActionPinned(t *testing.T) {
	var a action
	decode(t, "action.yml", 0, &a)
	for _, s := range a.Runs.Steps {
		if s.Uses != "" && !regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40}$`).MatchString(s.Uses) {
			t.Errorf("%s can be moved", s.Uses)
		}
	}
}

// TestActionScript: shellcheck has nothing to say about it.
func TestActionScript(t *testing.T) {
	shellcheck := peers.Find(t, "shellcheck", "shellcheck")
	script := filepath.Join(repository(t), "ci", "action.sh")
	if out, err := exec.Command(shellcheck, script).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
