//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestUnheard: whoever stops reading what a command prints has it do its work all the
// same.
func TestUnheard(t *testing.T) {
	dir := t.TempDir()
	list := "exports:\n- {format: bind, out: a}\n- {format: bind, out: b}\n- {format: bind, out: c}\n"
	for name, text := range map[string]string{"topology.yaml": twoRegions(3), "topology.exports.yaml": list} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"export", "--all"}, {"export", "--format", "bind", "--out", "d"}} {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = reader.Close() // nobody reads
		cmd := auralink(t, dir, args...)
		cmd.Stdout, cmd.Stderr = writer, writer
		if err := cmd.Run(); err != nil {
			t.Errorf("%q: %v", args, err)
		}
		_ = writer.Close()
	}
	for _, out := range []string{"a", "b", "c", "d"} {
		if files := contents(t, filepath.Join(dir, out)); len(files) == 0 {
			t.Errorf("nothing is in %s", out)
		}
	}
}
