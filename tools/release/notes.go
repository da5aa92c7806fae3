package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// writeNotes writes the section of CHANGELOG.md that is about the version, or the
// one of what is not released yet.
func (r *release) writeNotes() error {
	text, err := os.ReadFile(filepath.Join(r.root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	notes, ok := section(string(text), strings.TrimPrefix(r.version, "v"))
	if !ok {
		notes, ok = section(string(text), "Unreleased")
	}
	if !ok {
		return fmt.Errorf("CHANGELOG.md has no section for %s", r.version)
	}
	return os.WriteFile(filepath.Join(r.out, "NOTES.md"), []byte(notes), 0o644)
}

// section returns what stands below a heading of the second level that begins
// with a title, up to the next.
func section(text, title string) (string, bool) {
	_, rest, found := strings.Cut("\n"+text, "\n## "+title)
	if !found {
		return "", false
	}
	_, body, _ := strings.Cut(rest, "\n")
	body, _, _ = strings.Cut(body, "\n## ")
	return strings.TrimSpace(body) + "\n", true
}

// writeChecksums writes SHA256SUMS, of all files in a directory, as sha256sum(1)
// reads it.
func writeChecksums(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), file.Name())
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(sums.String()), 0o644)
}
