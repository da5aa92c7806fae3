package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPackageVersion(t *testing.T) {
	for _, tt := range []struct{ version, want string }{
		{"v1.2.3", "1.2.3"},
		{"v1.2.3-4-gabcdef", "1.2.3+4.gabcdef"},
		{"v1.2.3-4-gabcdef-dirty", "1.2.3+4.gabcdef.dirty"},
		{"abcdef", "0.0.0+abcdef"},
		{"dev", "0.0.0+dev"},
	} {
		if got := packageVersion(tt.version); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.version, got, tt.want)
		}
	}
}

func TestSection(t *testing.T) {
	const text = "# Changelog\n\n## Unreleased\n\n- new\n\n## 1.1.0 (2026-01-02)\n\n- old\n\n## 1.0.0\n\n- first\n"
	for _, tt := range []struct {
		title, want string
		ok          bool
	}{
		{"Unreleased", "- new\n", true},
		{"1.1.0", "- old\n", true},
		{"1.0.0", "- first\n", true},
		{"2.0.0", "", false},
	} {
		if got, ok := section(text, tt.title); got != tt.want || ok != tt.ok {
			t.Errorf("%q: %q, %v; want %q, %v", tt.title, got, ok, tt.want, tt.ok)
		}
	}
}

// TestTag: an archive's manifests name the image of its version.
func TestTag(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kustomization.yaml")
	if err := os.WriteFile(path, []byte("images: [{newTag: latest}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]string{"1.2.3": "images: [{newTag: \"1.2.3\"}]\n", "": "images: [{newTag: latest}]\n"} {
		if got, err := (entry{from: path, tag: tag}).read(); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v; want %q", tag, got, err, want)
		}
	}
}
