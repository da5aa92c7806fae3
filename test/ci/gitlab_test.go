package ci_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// component is what is read of templates/check.yml: its second document.
type component struct {
	Auralink struct {
		Variables    map[string]string
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		Artifacts    struct{ Paths []string }
	}
}

// inputs is its first document.
type inputs struct {
	Spec struct {
		Inputs map[string]struct{ Default string }
	}
}

var gitlabExpression = regexp.MustCompile(`\$\[\[ (.*?) \]\]`)

// gitlabShells are bash as GitLab's runner calls it, and sh, which it calls where
// an image has no bash.
var gitlabShells = [][]string{{"bash", "-eo", "pipefail", "-c"}, {"dash", "-e", "-c"}}

// job runs the job's script with inputs.
func job(t *testing.T, c checkout, shell []string, given map[string]string) result {
	t.Helper()
	var declared inputs
	decode(t, "templates/check.yml", 0, &declared)
	values := make(map[string]string)
	for name, input := range declared.Spec.Inputs {
		values["inputs."+name] = input.Default
	}
	for name, value := range given {
		values["inputs."+name] = value
	}
	var template component
	decode(t, "templates/check.yml", 1, &template)
	env := map[string]string{"CI_MERGE_REQUEST_DIFF_BASE_SHA": c.base}
	for name, value := range template.Auralink.Variables {
		env[name] = fill(t, value, gitlabExpression, values)
	}
	return c.script(t, shell, strings.Join(template.Auralink.Script, "\n"), env)
}

func TestGitLab(t *testing.T) {
	tests := []struct {
		name, topology string
		inputs         map[string]string
		status         int
		says           string
	}{
		{"nothing changed", oneRegion, map[string]string{"exports": exports}, 0, ""},
		{"a second link", twoRegions, map[string]string{"exports": exports}, 1, "stale: auralink export topology.yaml --format bind"},
		{"a second link, without exports", twoRegions, nil, 0, "west-m4yy-gtwk.endpoints.neo4j.io"},
		{"another region", moved, nil, 2, "region"},
		{"another region, as meant", moved, map[string]string{"force": "region"}, 0, "west"},
		{"the first topology", oneRegion, map[string]string{"topology": "new.yaml"}, 0, "there is no new.yaml at"},
	}
	for _, tt := range tests {
		for _, shell := range gitlabShells {
			t.Run(tt.name+" in "+shell[0], func(t *testing.T) {
				if _, err := exec.LookPath(shell[0]); err != nil {
					t.Skipf("%s is not there", shell[0])
				}
				c := newCheckout(t)
				c.write(t, tt.topology)
				got := job(t, c, shell, tt.inputs)
				if got.status != tt.status || !strings.Contains(got.out, tt.says) {
					t.Errorf("status %d, want %d and %q:\n%s", got.status, tt.status, tt.says, got.out)
				}
			})
		}
	}
}

// TestGitLabInstalls: what the job installs is the command of this module.
func TestGitLabInstalls(t *testing.T) {
	var template component
	decode(t, "templates/check.yml", 1, &template)
	install := strings.Join(template.Auralink.BeforeScript, "\n")
	path, found := strings.CutPrefix(regexp.MustCompile(`go install "([^@]+)@`).FindStringSubmatch(install)[1], "github.com/auralink/auralink/")
	if _, err := os.Stat(filepath.Join(repository(t), path, "main.go")); !found || err != nil {
		t.Errorf("%s: %v", install, err)
	}
}
