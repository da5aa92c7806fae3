package peers

import (
	"errors"
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

// take gives a port out, if it was not before.
func take(port uint16) bool {
	used.Lock()
	defer used.Unlock()
	again := used.ports[port]
	used.ports[port] = true
	return !again
}

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
		if take(at.Port()) {
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

// The ports from which Linux picks none for clients (ip(7),
// ip_local_port_range, which is 32768 to 60999).
const firstFixedPort, fixedPorts = 10240, 32768 - 10240

// FixedPort is [FreeEverywhere] for a test, which fails if there is none.
func FixedPort(tb testing.TB) string {
	tb.Helper()
	port, err := FreeEverywhere()
	if err != nil {
		tb.Fatal(err)
	}
	return strconv.Itoa(port)
}

// FreeEverywhere returns a port that is free on all addresses, for UDP and TCP,
// that no client is given, and this process never again: for servers that listen
// on all addresses, where other tests have sockets of their own.
func FreeEverywhere() (int, error) {
	for range 100 {
		port := firstFixedPort + rand.IntN(fixedPorts)
		if freeEverywhere(port) && take(uint16(port)) {
			return port, nil
		}
	}
	return 0, errors.New("no port is free on all addresses for both UDP and TCP")
}

func freeEverywhere(port int) bool {
	tcp, err := net.ListenTCP("tcp", &net.TCPAddr{Port: port})
	if err != nil {
		return false
	}
	defer tcp.Close()
	udp, err := net.ListenUDP("udp", &net.UDPAddr{Port: port})
	if err != nil {
		return false
	}
	defer udp.Close()
	return true
}
