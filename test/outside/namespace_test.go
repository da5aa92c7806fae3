//go:build linux

package outside_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/test/peers"
)

// namespace is a network of its own, as another host has it.
type namespace struct{ file *os.File }

// newNamespace makes a network in which there is nothing yet. It is gone when the
// test ends and nobody uses it any more.
func newNamespace(t *testing.T) *namespace {
	t.Helper()
	n := new(namespace)
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("making a network: %w", err)
		}
		var err error
		n.file, err = os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
		return err
	})
	if errors.Is(err, syscall.EPERM) {
		t.Skip("this host allows no networks to be made")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.file.Close() })
	return n
}

// do does something in the network. What it opens stays there: sockets, and programs.
func (n *namespace) do(f func() error) error {
	return onThread(func() error {
		if err := unix.Setns(int(n.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("entering a network: %w", err)
		}
		return f()
	})
}

// onThread does something on a thread that nobody uses any more then: what it is in
// cannot be left.
func onThread(f func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked, so that the thread ends
		result <- f()
	}()
	return <-result
}

// sh runs commands in the network, one a line.
func (n *namespace) sh(t *testing.T, commands string) {
	t.Helper()
	for line := range strings.Lines(commands) {
		err := n.do(func() error {
			out, err := exec.Command("sh", "-c", line).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%s%w\n%s", line, err, out)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// path is where the network is, for programs.
func (n *namespace) path() string { return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), n.file.Fd()) }

// The addresses of the server's host, and of those who ask from outside. The link
// between them stands in for all networks that there are.
const (
	hostPublic  = "198.51.100.53"
	hostPrivate = "10.0.0.53"
	hostPublic6 = "2001:db8::53"

	outsidePublic  = "198.51.100.7"
	outsidePublic6 = "2001:db8::7"
	outsideClient  = "10.0.0.7" // in a VPC of topology.example.yaml
	outsidePrivate = "172.16.0.7"
	outsideCarrier = "100.64.0.7"
	outsideULA     = "fd00:53::7"

	// publicDNS is the resolver that the examples send questions to.
	publicDNS = "192.0.2.53"
)

// newHosts makes the server's host and the world outside of it.
func newHosts(t *testing.T) (host, outside *namespace) {
	t.Helper()
	peers.Find(t, "ip", "iproute2")
	host, outside = newNamespace(t), newNamespace(t)
	host.sh(t, `ip link set lo up
ip link add inside type veth peer name outside netns `+outside.path()+`
ip addr add `+hostPublic+`/24 dev inside
ip addr add `+hostPrivate+`/16 dev inside
ip addr add 172.16.0.53/16 dev inside
ip addr add 100.64.0.53/16 dev inside
ip -6 addr add `+hostPublic6+`/64 dev inside nodad
ip -6 addr add fd00:53::53/64 dev inside nodad
ip link set inside up
`)
	outside.sh(t, `ip link set lo up
ip addr add `+publicDNS+`/32 dev lo
ip addr add `+outsidePublic+`/24 dev outside
ip addr add `+outsideClient+`/16 dev outside
ip addr add `+outsidePrivate+`/16 dev outside
ip addr add `+outsideCarrier+`/16 dev outside
ip -6 addr add `+outsidePublic6+`/64 dev outside nodad
ip -6 addr add `+outsideULA+`/64 dev outside nodad
ip link set outside up
`)
	host.sh(t, "ip route add "+publicDNS+"/32 via "+outsidePublic)
	return host, outside
}
