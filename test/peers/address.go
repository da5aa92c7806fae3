package peers

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"testing"
)

// Loopback returns the loopback address of this process, in 127.64.0.0/10. The
// servers set SO_REUSEPORT, with which the kernel lets two of the same user
// share a port and spreads the questions over them: two tests that run at the
// same time must not meet, so each process has an address of its own.
func Loopback() netip.Addr {
	pid := os.Getpid() // at most 22 bits on Linux
	return netip.AddrFrom4([4]byte{127, 64 | byte(pid>>16)&63, byte(pid >> 8), byte(pid)})
}

// used are the ports that this process has given out.
var used = struct {
	sync.Mutex
	ports map[uint16]bool
}{ports: make(map[uint16]bool)}

// FreePort is [FreeAddr] for a test, which fails if there is none.
func FreePort(tb testing.TB, host netip.Addr) netip.AddrPort {
	tb.Helper()
	at, err := FreeAddr(host)
	if err != nil {
		tb.Fatal(err)
	}
	return at
}

// FreeAddr returns the host with a port that is free for both UDP and TCP, and
// that this process is never given again. The host is best [Loopback].
func FreeAddr(host netip.Addr) (netip.AddrPort, error) {
	for range 100 {
		at, err := freePort(host)
		if err != nil {
			continue // free for TCP only
		}
		used.Lock()
		again := used.ports[at.Port()]
		used.ports[at.Port()] = true
		used.Unlock()
		if !again {
			return at, nil
		}
	}
	return netip.AddrPort{}, fmt.Errorf("no port of %s is free for both UDP and TCP", host)
}

// freePort has the kernel pick a port for TCP and tries it for UDP.
func freePort(host netip.Addr) (netip.AddrPort, error) {
	tcp, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(host, 0)))
	if err != nil {
		return netip.AddrPort{}, err
	}
	defer tcp.Close()
	at := tcp.Addr().(*net.TCPAddr).AddrPort()
	udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("port %d: %w", at.Port(), err)
	}
	defer udp.Close()
	return at, nil
}

// fixedPorts are below the range from which Linux picks ports for clients, 32768
// to 60999 (ip(7), ip_local_port_range).
const firstFixedPort, fixedPorts = 10240, 32768 - 10240

// FixedPort returns a port that is free on all addresses, for UDP and TCP, and
// that no client is given: for servers that listen on all addresses, where other
// tests have sockets of their own.
func FixedPort(tb testing.TB) string {
	tb.Helper()
	for range 100 {
		port := strconv.Itoa(firstFixedPort + rand.IntN(fixedPorts)) //nolint:gosec // no secret
		tcp, err := net.Listen("tcp", ":"+port)                      //nolint:gosec // on all addresses is the point
		if err != nil {
			continue
		}
		udp, err := net.ListenPacket("udp", ":"+port)
		_ = tcp.Close()
		if err == nil {
			_ = udp.Close()
			return port
		}
	}
	tb.Fatal("no port is free on all addresses for both UDP and TCP")
	return ""
}
