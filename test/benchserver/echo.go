//go:build linux

package main

import (
	"context"
	_ "embed" // the source of the floor
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/auralink/auralink/test/peers"
)

//go:embed floor/echo.c
var echoSource string

// echoPeer returns the floor, compiled into dir: a program that sends back what
// it gets, without a look at it. The error is a [peers.MissingError] where there
// is no C compiler.
func echoPeer(ctx context.Context, name, dir string) (peers.Peer, error) {
	compiler, err := exec.LookPath("cc")
	if err != nil {
		return peers.Peer{}, &peers.MissingError{Binary: "cc", Package: "gcc with libc6-dev"}
	}
	binary := filepath.Join(dir, "echo")
	cmd := exec.CommandContext(ctx, compiler, "-O2", "-o", binary, "-xc", "-")
	cmd.Stdin = strings.NewReader(echoSource)
	if out, err := cmd.CombinedOutput(); err != nil {
		return peers.Peer{}, fmt.Errorf("compiling floor/echo.c: %w\n%s", err, out)
	}
	return peers.Peer{
		Name: name, Package: "gcc with libc6-dev", Binary: binary, NoTCP: true,
		Configure: func(at netip.AddrPort) peers.Setup {
			return peers.Setup{Args: []string{at.Addr().String(), strconv.Itoa(int(at.Port()))}}
		},
	}, nil
}
