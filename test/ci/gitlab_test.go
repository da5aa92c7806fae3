package ci_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

// component is what is read of templates/check.yml: its second document.
type component struct {
	Auralink struct {
		Variables    map[string]string
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		Artifacts    struct {
			Paths   []string
			Reports struct {
				CodeQuality string `yaml:"codequality"`
			}
		}
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
	env := map[string]string{"CI_MERGE_REQUEST_DIFF_BASE_SHA": c.base, "CI_MERGE_REQUEST_LABELS": given["labels"]}
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
		{"nothing changed", oneRegion, nil, 0, "all the same"},
		{"a second link", twoRegions, nil, 1, "+++ b/zones/apps/"},
		{"a second link, where no export is checked", twoRegions, map[string]string{"list": "none.yaml"}, 0, "west-m4yy-gtwk.endpoints.neo4j.io"},
		{"another region", moved, map[string]string{"list": "none.yaml"}, 2, "held back by its guards: region"},
		{"another region, as meant", moved, map[string]string{"list": "none.yaml", "force": "region"}, 0, "west"},
		{"another region, by a label", moved, map[string]string{"list": "none.yaml", "labels": "dns,auralink-force:region"}, 0, "west"},
		{"another region, by another's label", moved, map[string]string{"list": "none.yaml", "labels": "dns,auralink-force:bulk"}, 2, "region"},
		{"another region, by a trailer", moved, map[string]string{"list": "none.yaml", "trailer": "Auralink-Force: region"}, 0, "west"},
		{"no topology", oneRegion, map[string]string{"topology": "new.yaml"}, 2, "new.yaml: no such file"},
		{"no list", oneRegion, map[string]string{"list": "gone.yaml"}, 2, "gone.yaml: no such file"},
		{"an error", broken, nil, 1, "topology.yaml:4:18: error"},
		{"a warning", odd, map[string]string{"list": "none.yaml"}, 0, "warning"},
		{"a warning, strictly", odd, map[string]string{"list": "none.yaml", "strict": "true"}, 1, "warning"},
	}
	for _, tt := range tests {
		for i, shell := range gitlabShells {
			if i == 0 && tt.status != 0 {
				continue // sh is the poorer one, and what fails there is enough
			}
			t.Run(tt.name+" in "+shell[0], func(t *testing.T) {
				peers.Find(t, shell[0], shell[0])
				c := newCheckout(t)
				c.writeFile(t, "none.yaml", "exports:\n- {vpc: apps, format: json, out: elsewhere}\n")
				c.write(t, tt.topology)
				if tt.inputs["list"] == "none.yaml" {
					c.mustRun(t, filepath.Join(c.bin, "auralink"), "export", "topology.yaml", "--list", "none.yaml")
				}
				if tt.inputs["trailer"] != "" {
					c.commit(t, "a change\n\n"+tt.inputs["trailer"])
				}
				got := job(t, c, shell, tt.inputs)
				if got.status != tt.status || !strings.Contains(got.out, tt.says) {
					t.Errorf("status %d, want %d and %q:\n%s", got.status, tt.status, tt.says, got.out)
				}
				if want := issuesOf[tt.topology]; tt.inputs["topology"] == "" && !slices.Equal(quality(t, c), want) {
					t.Errorf("the report has %v, want %v", quality(t, c), want)
				}
			})
		}
	}
}

// issuesOf are those of a topology, as the Code Quality report has them.
var issuesOf = map[string][]string{
	broken: {"critical topology.yaml:4 unknown-region"}, odd: {"minor topology.yaml:4 public-address"},
}

// quality returns the issues of the report that is the job's artifact.
func quality(t *testing.T, c checkout) []string {
	t.Helper()
	var template component
	decode(t, "templates/check.yml", 1, &template)
	text, err := os.ReadFile(filepath.Join(c.dir, template.Auralink.Artifacts.Reports.CodeQuality))
	if err != nil {
		t.Fatal(err)
	}
	var issues []struct {
		CheckName string `json:"check_name"`
		Severity  string
		Location  struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal(text, &issues); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	var all []string
	for _, i := range issues {
		all = append(all, fmt.Sprintf("%s %s:%d %s", i.Severity, i.Location.Path, i.Location.Lines.Begin, i.CheckName))
	}
	return all
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
