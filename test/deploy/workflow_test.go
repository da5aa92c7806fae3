package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/test/peers"
)

// workflow is what is read of a workflow of GitHub's.
type workflow struct {
	Permissions map[string]string
	Jobs        map[string]struct {
		Permissions map[string]string
		Steps       []struct {
			Uses, Run string
			Env       map[string]string
		}
	}
}

var (
	pinned     = regexp.MustCompile(`^[a-z-]+/[a-z-]+@[0-9a-f]{40}$`)
	makeTarget = regexp.MustCompile(`\bmake ([a-z-]+)`)
	expression = regexp.MustCompile(`\$\{\{.*?\}\}`)
)

// TestWorkflows: what runs on a tag is named by its digest, has no permission that its
// job does not ask for, puts nothing of an event into a script, and calls targets that
// there are; shellcheck has nothing to say of its scripts.
func TestWorkflows(t *testing.T) {
	shellcheck := peers.Find(t, "shellcheck", "shellcheck")
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("workflows %q, error %v", files, err)
	}
	targets := matches(t, "../../Makefile", `(?m)^([a-z-]+):`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		if err := yaml.Unmarshal(text, &w); err != nil {
			t.Fatal(err)
		}
		if w.Permissions == nil || len(w.Permissions) > 0 {
			t.Errorf("%s: permissions %v for all jobs", file, w.Permissions)
		}
		called := 0
		for name, job := range w.Jobs {
			for _, step := range job.Steps {
				if step.Uses != "" && !pinned.MatchString(step.Uses) {
					t.Errorf("%s: %s uses %q, which is no digest", file, name, step.Uses)
				}
				if found := expression.FindString(step.Run); found != "" {
					t.Errorf("%s: %s puts %s into a script", file, name, found)
				}
				for _, match := range makeTarget.FindAllStringSubmatch(step.Run, -1) {
					called++
					if !slices.Contains(targets, match[1]) {
						t.Errorf("%s: there is no target %s", file, match[1])
					}
				}
				if step.Run == "" {
					continue
				}
				cmd := exec.Command(shellcheck, "--shell=bash", "-")
				cmd.Stdin = strings.NewReader("set -e\n" + step.Run)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", file, err, out)
				}
			}
		}
		if called == 0 {
			t.Errorf("%s calls no target", file)
		}
	}
}
