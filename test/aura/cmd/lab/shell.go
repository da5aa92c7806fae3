//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/auralink/auralink/test/aura/lab"
)

// shell is what it takes to have a shell in the lab, on the machine in the VPC.
type shell struct {
	dir string
	env []string
}

// furnish writes the commands that the shell has beside those of the system.
func furnish(w *lab.World, programs string) (shell, error) {
	bin := filepath.Join(w.Dir, "bin")
	self, err := os.Executable()
	if err != nil {
		return shell{}, err
	}
	err = errors.Join(
		os.Mkdir(bin, 0o755),
		os.WriteFile(filepath.Join(bin, "on"), []byte("#!/bin/sh\nhost=$1\nshift\nexec ip netns exec \"$host\" \"$@\"\n"), 0o755),
		os.WriteFile(filepath.Join(bin, "drive"), []byte("#!/bin/sh\nexec "+self+" drive \"$@\"\n"), 0o755),
		os.WriteFile(filepath.Join(w.Dir, "rc"), []byte("PS1='lab:app# '\n"), 0o644),
	)
	env := append(os.Environ(), "PATH="+bin+":"+programs+":"+os.Getenv("PATH")+":/usr/sbin", "NODE_EXTRA_CA_CERTS="+w.CA())
	return shell{dir: w.Dir, env: env}, err
}

func (s shell) command(args ...string) *exec.Cmd {
	cmd := lab.App.Command("bash", args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	return cmd
}

// interactive is a shell for the user, until it ends.
func (s shell) interactive() error {
	cmd := s.command("--rcfile", "rc", "-i")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}

// try is something to try in the lab.
type try struct{ why, command string }

var tries = []try{
	{"a database of each region, by its Private URI and by its custom endpoint", "dig +short abcd1234.production-orch-0000.neo4j.io west-m4yy-gtwk.endpoints.neo4j.io | sort"},
	{"the official Go driver: a read at a reader and a write at the writer, in the right region", "drive neo4j+s://west-m4yy-gtwk.endpoints.neo4j.io"},
	{"from a laptop, over WireGuard", "on laptop curl -s -w '\\nfrom %{remote_ip}\\n' https://c466fb81.production-orch-0042.neo4j.io"},
	{"what public DNS says, which a VPC must not", "on internet dig +short west-m4yy-gtwk.endpoints.neo4j.io"},
	{"is the VPC's DNS what the topology wants?", "auralink diff topology.yaml --vpc apps --against dns://10.0.0.53"},
	{"is this network ready to go private? (with all that was found: leave grep away)", "auralink doctor topology.yaml | grep '^. aws-'"},
	{"link one region only: the server follows the file", "sed -i '/west-1: .10.20/d' topology.yaml; auralink plan topology.yaml | head -1"},
}

// welcome tells what there is, and what to try.
func welcome() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nThis shell is on the host app of a VPC. Others: %s. A command on one of them: on HOST COMMAND.\n", others())
	fmt.Fprint(&b, "The server of the VPC's DNS reads topology.yaml here. All is gone when the shell ends. Try:\n\n")
	for _, t := range tries {
		fmt.Fprintf(&b, "  # %s\n  %s\n", t.why, t.command)
	}
	fmt.Fprintln(&b)
	return b.String()
}

func others() string {
	var names []string
	for _, host := range lab.Hosts {
		if host != lab.App {
			names = append(names, string(host))
		}
	}
	return strings.Join(names, ", ")
}

// tryAll runs what there is to try, and prints each command with what it says.
func (s shell) tryAll(out io.Writer) error {
	for _, t := range tries {
		printed, err := s.command("-c", t.command).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", t.command, err, printed)
		}
		fmt.Fprintf(out, "# %s\n$ %s\n%s", t.why, t.command, printed)
	}
	return nil
}
