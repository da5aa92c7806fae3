package report

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
)

// issue is an issue of a Code Quality report, as GitLab reads it from an artifact: the
// part of Code Climate's format that GitLab takes.
type issue struct {
	Description string   `json:"description"`
	CheckName   string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"`
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

// location is where an issue is: a path without "./" in front, and a line.
type location struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

// severities are GitLab's, by level.
var severities = map[string]string{"error": "critical", "warning": "minor", "notice": "info"}

// WriteQuality writes annotations as a Code Quality report. What is at no file is put at
// the first line of the one called elsewhere: an issue must have some.
func WriteQuality(w io.Writer, all []Annotation, elsewhere string) error {
	issues := make([]issue, 0, len(all))
	same := make(map[string]int)
	for _, a := range all {
		i := issue{Description: strings.ReplaceAll(a.Message, "\n", ". "), CheckName: a.Title, Severity: severities[a.Level]}
		if a.File == "" {
			a.File = elsewhere
		}
		i.Location.Path = path.Clean(a.File)
		i.Location.Lines.Begin = max(a.Line, 1)
		// It tells issues apart and must stay when lines are added above: of issues that are
		// the same but for the line they are counted.
		key := strings.Join([]string{i.Location.Path, a.Level, a.Title, a.Message}, "\x00")
		i.Fingerprint = fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, same[key])))
		same[key]++
		issues = append(issues, i)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(issues)
}
