package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestInitAsks: on a terminal, init asks for what it lacks without being told to, and
// takes what is typed. In a pipe it does not.
func TestInitAsks(t *testing.T) {
	const zone = "@ 60 IN SOA ns.example. root.example. 1 900 300 86400 30\n@ 60 IN A 10.10.10.10\n* 60 IN A 10.10.10.10\n"
	from := write(t, "db.production-orch-0042.neo4j.io", zone)
	path := filepath.Join(t.TempDir(), "topology.yaml")
	user, program := openTerminal(t)
	cmd := exec.Command("auralink", "init", path, "--from", from)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = program.Close() // the command has it
	answers := map[string]string{"\nregion (Enter": "aws-us-east-1\n", "endpoint: region (Enter leaves": "my-ep-1\n", "endpoint: region (Enter if": "\n"}
	var shown bytes.Buffer
	octets := make([]byte, 4096)
	for {
		n, err := user.Read(octets)
		shown.Write(octets[:n])
		if err != nil {
			break // nobody has the other end
		}
		for prompt, answer := range answers {
			if strings.Contains(shown.String(), prompt) {
				delete(answers, prompt)
				if _, err := user.WriteString(answer); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, shown.String())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n  aws-us-east-1:\n", "\n  my-ep-1: aws-us-east-1 # as was answered\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is not in\n%s\nshown\n%s", want, text, shown.String())
		}
	}
	if status, printed := runLine("init", "-", "--from", from); status != 0 || strings.Contains(printed, "(Enter") || !strings.Contains(printed, "TODO") {
		t.Errorf("in a pipe, status %d:\n%s", status, printed)
	}
}
