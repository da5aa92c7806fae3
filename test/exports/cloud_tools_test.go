package exports_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

// numbered are the topologies of the goldens.
const numbered = "../../zones/formats/all/testdata/*.yaml"

// optional returns the path of a program that Debian does not have; the test is
// skipped where it is not there, with what to install, and in short mode.
func optional(tb testing.TB, program, install string) string {
	tb.Helper()
	if testing.Short() {
		tb.Skipf("%s takes long", program)
	}
	path, err := exec.LookPath(program)
	if err != nil {
		tb.Skipf("%s is not there: %s", program, install)
	}
	return path
}

// eachExport writes the numbered topologies in each format for clouds and each
// shape, each into a directory of its own.
func eachExport(t *testing.T, formats []string, check func(t *testing.T, dir string)) {
	t.Helper()
	topologies, err := filepath.Glob(numbered)
	if err != nil || len(topologies) == 0 {
		t.Fatalf("no topologies: %v", err)
	}
	for _, path := range topologies {
		view := readTopology(t, path)
		for _, c := range clouds {
			for _, shape := range c.shapes() {
				files, refusal := c.export(t, view, shape)
				if refusal != nil || !slices.Contains(formats, c.format) {
					continue // the goldens have the refusals
				}
				name := strings.TrimSuffix(fmt.Sprintf("%s %s %s", filepath.Base(path), c.format, shape), " ")
				t.Run(name, func(t *testing.T) { check(t, saved(t, files)) })
			}
		}
	}
}

func readTopology(tb testing.TB, path string) zones.View {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	p, _, err := plan.Read(file)
	if err != nil {
		tb.Fatal(err)
	}
	return p.VPCs[0].View
}

// saved writes files into a directory of the test's.
func saved(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// run runs a program in a directory with more in its environment, and returns its
// exit status and what it printed.
func run(tb testing.TB, dir string, env []string, program string, args ...string) (int, string) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), program, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if cmd.ProcessState == nil {
		tb.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// passes runs a checker, which must find nothing to say against the files.
func passes(tb testing.TB, dir string, env []string, program string, args ...string) string {
	tb.Helper()
	status, out := run(tb, dir, env, program, args...)
	if status != 0 {
		tb.Errorf("%s %s ended with %d:\n%s", filepath.Base(program), strings.Join(args, " "), status, out)
	}
	return out
}

// TestScriptsAreSound: shellcheck has nothing to say against any script.
func TestScriptsAreSound(t *testing.T) {
	shellcheck := peers.Find(t, "shellcheck", "shellcheck")
	formats := []string{"route53", "gcp-response-policy", "gcp-record-sets", "azure-zone"}
	eachExport(t, formats, func(t *testing.T, dir string) {
		scripts, err := filepath.Glob(filepath.Join(dir, "*.sh"))
		if err != nil || len(scripts) != 1 {
			t.Fatalf("scripts %v: %v", scripts, err)
		}
		passes(t, dir, nil, shellcheck, scripts[0])
	})
}

// TestEmbeddedScriptsAreSound: nor has it against one as it stands in the tree, with
// places for what an export puts there.
func TestEmbeddedScriptsAreSound(t *testing.T) {
	shellcheck := peers.Find(t, "shellcheck", "shellcheck")
	scripts, err := filepath.Glob("../../zones/formats/*/*.sh")
	if err != nil || len(scripts) < 8 {
		t.Fatalf("scripts %v: %v", scripts, err)
	}
	passes(t, t.TempDir(), nil, shellcheck, absolute(t, scripts)...)
}

func absolute(t *testing.T, paths []string) []string {
	t.Helper()
	all := make([]string, len(paths))
	for i, path := range paths {
		var err error
		if all[i], err = filepath.Abs(path); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestTerraformReads: Terraform itself parses the modules, and knows of the
// providers that they need. (Without a registry it cannot have the providers'
// schemas: TestCloudRoundTrip has those of our resources.)
func TestTerraformReads(t *testing.T) {
	terraform := optional(t, "terraform", "install Terraform, https://developer.hashicorp.com/terraform/install")
	providers := map[string]string{"terraform-aws": "aws", "terraform-google": "google", "terraform-azure": "azurerm"}
	for format, provider := range providers {
		eachExport(t, []string{format}, func(t *testing.T, dir string) {
			out := passes(t, dir, []string{"CHECKPOINT_DISABLE=1"}, terraform, "providers", "-no-color")
			if !strings.Contains(out, "/hashicorp/"+provider+"]") {
				t.Errorf("the provider %s is not known:\n%s", provider, out)
			}
		})
	}
}

// TestTemplatesPassLint: cfn-lint has nothing to say against the templates.
func TestTemplatesPassLint(t *testing.T) {
	lint := optional(t, "cfn-lint", "pip install cfn-lint")
	templates := 0
	eachExport(t, []string{"cloudformation"}, func(t *testing.T, dir string) {
		template, err := filepath.Glob(filepath.Join(dir, "*.template.json"))
		if err != nil || len(template) != 1 {
			t.Fatalf("templates %v: %v", template, err)
		}
		templates++
		passes(t, dir, nil, lint, "--non-zero-exit-code", "informational", template[0])
	})
	if templates == 0 {
		t.Error("there was no template")
	}
}
