//go:build linux

package main

import (
	"errors"
	"fmt"
	"net/netip"
	"os/exec"
	"strings"

	"github.com/auralink/auralink/test/network"
)

// clientCount is how many client addresses there are across the pair.
const clientCount = 200

// serverAt is where a server listens across the pair, in [scale.Cable]: it is the
// only one there.
var serverAt = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 99, 0, 1}), 5300)

// clientAddr returns the address of a client, in [scale.Cable].
func clientAddr(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 99, 1, byte(i + 1)}) }

// pair is two networks, joined by a veth pair as two hosts are by a cable: what a
// server sends to a client leaves as a packet of its own, which replies over
// loopback do not.
type pair struct{ servers, clients *network.Network }

// newPair makes both, with all addresses.
func newPair() (p pair, err error) {
	for _, program := range []struct{ name, of string }{{"ip", "iproute2"}, {"nsenter", "util-linux"}} {
		if _, err := exec.LookPath(program.name); err != nil {
			return pair{}, fmt.Errorf("looking for %s (install the Debian package %s): %w", program.name, program.of, err)
		}
	}
	if p.servers, err = network.New(); err != nil {
		return pair{}, err
	}
	if p.clients, err = network.New(); err != nil {
		return pair{}, errors.Join(err, p.servers.Close())
	}
	if err := p.join(); err != nil {
		return pair{}, errors.Join(err, p.close())
	}
	return p, nil
}

func (p pair) join() error {
	err := p.servers.Shell("ip link set lo up\n" +
		"ip link add cable type veth peer name cable netns " + p.clients.Path() + "\n" +
		"ip addr add " + serverAt.Addr().String() + "/16 dev cable\n" +
		"ip link set cable up\n")
	if err != nil {
		return err
	}
	var addrs strings.Builder
	for i := range clientCount {
		fmt.Fprintf(&addrs, "ip addr add %s/16 dev cable;", clientAddr(i))
	}
	return p.clients.Shell("ip link set lo up; ip link set cable up\n" + addrs.String())
}

func (p pair) close() error { return errors.Join(p.servers.Close(), p.clients.Close()) }

// tied returns the command that becomes the one behind it, in the servers' network and
// tied to the servers' processor.
func (p pair) tied() []string {
	return append([]string{"nsenter", "--net=" + p.servers.Path()}, tiedTo(serverCPU)...)
}
