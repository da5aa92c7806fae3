//go:build linux

// Command lab builds the lab of test/aura, has a shell in it, and removes it when the
// shell ends. With -try it runs what it would have told to try, and prints that; with
// -readme it is put into the README. As "lab drive URI..." it is the official Go driver.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/load"
	"github.com/auralink/auralink/test/aura/standin"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "drive" {
		os.Exit(conclude(drive(os.Args[2:])))
	}
	delay := flag.Duration("delay", 0, "how long a packet takes from the VPC to aws-us-west-1, and back")
	programs := flag.String("programs", "bin", "the `directory` with coredns and auralink")
	try := flag.Bool("try", false, "run what there is to try, print it, and end")
	readme := flag.String("readme", "", "do as -try does, and put it into a `file` between its markers")
	flag.Parse()
	if status, exit := lab.Enter(); exit {
		os.Exit(status)
	}
	if !lab.Possible() {
		fmt.Fprintln(os.Stderr, "lab: error: it needs Linux, and root for network namespaces")
		os.Exit(1)
	}
	os.Exit(conclude(run(*programs, *delay, *try, *readme)))
}

func conclude(err error) (status int) {
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended): // of the shell: it is the user's own
		return ended.ExitCode()
	case err != nil:
		fmt.Fprintln(os.Stderr, "lab: error:", err)
		return 1
	}
	return 0
}

// drive has the official Go driver make transactions, and prints one line for each.
func drive(uris []string) error {
	plan := load.Plan{URIs: uris, CA: os.Getenv("NODE_EXTRA_CA_CERTS"), Password: standin.Password, Rounds: 1}
	return plan.Run(context.Background(), os.Stdout)
}

// run builds the lab, with our server and the VPN, and has something done in it.
func run(programs string, delay time.Duration, try bool, readme string) (err error) {
	programs, err = filepath.Abs(programs)
	if err != nil {
		return err
	}
	say := io.Writer(os.Stderr)
	if try || readme != "" {
		say = io.Discard
	}
	fmt.Fprintln(say, "lab: building networks, regions, DNS and the VPN")
	w, err := lab.Build(lab.Options{Programs: programs, WestDelay: delay})
	if err != nil {
		return err
	}
	defer func() {
		fmt.Fprintln(say, "lab: removing it")
		err = errors.Join(err, w.Close())
	}()
	if _, err := w.StartServer(lab.DNS, lab.Topology, lab.Corefile); err != nil {
		return err
	}
	if err := w.ConnectVPN(); err != nil {
		return err
	}
	shell, err := furnish(w, programs)
	if err != nil {
		return err
	}
	switch {
	case readme != "":
		return rewrite(readme, shell.tryAll)
	case try:
		return shell.tryAll(os.Stdout)
	}
	fmt.Print(welcome())
	return shell.interactive()
}
