//go:build linux

package outside_test

import (
	"errors"
	"syscall"
	"testing"

	"github.com/auralink/auralink/test/network"
	"github.com/auralink/auralink/test/peers"
)

// namespace is a network of its own, as another host has it.
type namespace struct{ *network.Network }

// newNamespace makes a network in which there is nothing yet. It is gone when the
// test ends and nobody uses it any more.
func newNamespace(t *testing.T) *namespace {
	t.Helper()
	n, err := network.New()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("this host allows no networks to be made")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return &namespace{n}
}

// sh runs commands in the network, one a line.
func (n *namespace) sh(t *testing.T, commands string) {
	t.Helper()
	if err := n.Shell(commands); err != nil {
		t.Fatal(err)
	}
}

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
ip link add inside type veth peer name outside netns `+outside.Path()+`
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
