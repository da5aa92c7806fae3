package test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// excuse finds what a finding is excused by, and the linters whose it is.
var excuse = regexp.MustCompile(`//nolint:([a-z,]+)`)

// TestExcusesAreNeeded: nolintlint finds an excuse that is no longer needed only
// if it is for a linter that is on. No excuse may be for another.
func TestExcusesAreNeeded(t *testing.T) {
	var config struct {
		Linters struct{ Enable []string }
	}
	text, err := os.ReadFile("../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range excuse.FindAllStringSubmatch(string(source), -1) {
			for linter := range strings.SplitSeq(found[1], ",") {
				if !slices.Contains(config.Linters.Enable, linter) {
					t.Errorf("%s excuses a finding of %s, which is not on", path, linter)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
