package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestEndings: each command is in the table of exit statuses, its help says how it
// ends, and the README has the table.
func TestEndings(t *testing.T) {
	root := newRoot()
	known := make(map[string]bool)
	for _, e := range endings {
		known[strings.Fields(e.command)[0]] = true
	}
	for _, cmd := range root.Commands() {
		if !known[cmd.Name()] {
			t.Errorf("%s is not in the table", cmd.Name())
		}
		if !strings.Contains(cmd.Long, "Exit status") {
			t.Errorf("the help of %s does not say how it ends", cmd.Name())
		}
		delete(known, cmd.Name())
	}
	if len(known) > 0 {
		t.Errorf("no commands: %v", known)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range endings {
		row := fmt.Sprintf("| `%s` | %s | %s | %s |\n", e.command, e.fine, e.findings, e.trouble)
		if !strings.Contains(string(readme), strings.ReplaceAll(row, "|  |", "| |")) {
			t.Errorf("the README lacks %s", row)
		}
	}
}
