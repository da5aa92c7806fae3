package records_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shown is a Corefile in a document of CoreDNS.
var shown = regexp.MustCompile("(?ms)^~~~ *corefile\n(.*?)^~~~$")

// TestReadmes: with what CoreDNS's own documents show it starts, but for files that are not here, and
// nothing says that it does not.
func TestReadmes(t *testing.T) {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/coredns/coredns").Output()
	if err != nil {
		t.Fatal(err)
	}
	documents, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(module)), "plugin", "*", "README.md"))
	if err != nil || len(documents) == 0 {
		t.Fatalf("%d documents: %v", len(documents), err)
	}
	s := starters[slices.IndexFunc(starters, func(s starter) bool { return s.file == "Corefile" })]
	check := s.starts
	s.starts = func(t *testing.T, dir string) string {
		wrong := check(t, dir)
		if strings.Contains(wrong, "no such file") {
			return notBuiltIn
		}
		return wrong
	}
	dir := startingDir(t)
	for _, path := range documents {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range shown.FindAllStringSubmatch(string(text), -1) {
				s.compare(t, dir, match[1])
			}
		})
	}
}
