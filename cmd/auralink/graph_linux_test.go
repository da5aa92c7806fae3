package main

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// TestGraphOnTerminal: what is no text is not poured out on a terminal; Mermaid is, for it is one.
func TestGraphOnTerminal(t *testing.T) {
	path := write(t, "topology.yaml", "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {links: {east: [10.10.10.10]}}}\n")
	for form, want := range map[string]string{
		"svg": "hint: write it into a file: auralink graph -o html > FILE.html", "html": "error: html is not for a terminal", "mermaid": "flowchart",
	} {
		user, program := openTerminal(t)
		cmd := exec.Command("auralink", "graph", path, "-o", form)
		cmd.Env = append(cmd.Environ(), "NO_COLOR=1")
		cmd.Stdout, cmd.Stderr = program, program
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_ = program.Close() // the command has it
		var shown bytes.Buffer
		_, _ = shown.ReadFrom(user) // until nobody has the other end, which is an error
		err := cmd.Wait()
		if got := shown.String(); !strings.Contains(got, want) || strings.Contains(got, "<svg") || (err == nil) != (form == "mermaid") {
			t.Errorf("%s: %v\n%s", form, err, got)
		}
	}
}
