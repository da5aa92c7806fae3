package fleet_test

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"testing"

	"github.com/auralink/auralink/test/network"
	"github.com/auralink/auralink/test/peers"
)

// The addresses of hosts: nodes from the first, servers from the second. They are few,
// for the kernel's table of neighbours is one for all networks of a machine.
var (
	firstNode   = netip.MustParseAddr("10.99.0.1")
	testsAddr   = netip.MustParseAddr("10.99.0.8")
	firstServer = netip.MustParseAddr("10.99.0.16")
)

// serversRange has the addresses of all servers.
const serversRange = "10.99.0.16/28"

// fabric is the network between hosts: two switches, with a cable between them.
type fabric struct {
	*testing.T
	switches *network.Network
	ports    int
	parted   []*host // those at the second switch
}

// host is a network with one interface, at a port of a switch.
type host struct {
	fabric *fabric
	*network.Network
	addr netip.Addr
	port string
}

// newFabric makes a network without hosts, but for this process, which it plugs in.
func newFabric(t *testing.T) *fabric {
	t.Helper()
	if os.Getenv(inside) == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("networks of its own need root")
		}
		t.Skip("left out: networks of its own need root")
	}
	peers.Find(t, "nft", "nftables")
	f := &fabric{T: t, switches: newNetwork(t)}
	f.shell(f.switches, "ip link set lo up\nip link add cable0 type veth peer name cable1\n")
	for i := range 2 {
		f.shell(f.switches, fmt.Sprintf("ip link add br%[1]d type bridge forward_delay 0\nip link set br%[1]d up\n"+
			"ip link set cable%[1]d master br%[1]d up\n", i))
	}
	f.plugInTests()
	return f
}

func newNetwork(t *testing.T) *network.Network {
	t.Helper()
	n, err := network.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return n
}

func (f *fabric) shell(n *network.Network, commands string) {
	f.Helper()
	if err := n.Shell(commands); err != nil {
		f.Fatal(err)
	}
}

// plugInTests gives this process an interface, for as long as the test runs.
func (f *fabric) plugInTests() {
	f.Helper()
	for _, command := range []string{
		"ip link add eth0 type veth peer name tests netns " + f.switches.Path(),
		fmt.Sprintf("ip addr add %s/24 dev eth0", testsAddr), "ip link set eth0 up",
	} {
		if out, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
			f.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
	f.Cleanup(func() { _ = exec.Command("ip", "link", "del", "eth0").Run() })
	f.shell(f.switches, "ip link set tests master br0 up\n")
}

// host makes a host with an address, at the first switch.
func (f *fabric) host(addr netip.Addr) *host {
	f.Helper()
	h := &host{fabric: f, Network: newNetwork(f.T), addr: addr, port: fmt.Sprintf("port%d", f.ports)}
	f.ports++
	f.shell(h.Network, fmt.Sprintf("echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6\nip link set lo up\n"+
		"ip link add eth0 type veth peer name %s netns %s\nip addr add %s/24 dev eth0\nip link set eth0 up\n", h.port, f.switches.Path(), addr))
	f.shell(f.switches, fmt.Sprintf("ip link set %s master br0 up\n", h.port))
	return h
}

// cut pulls the cable of a host, or puts it back.
func (h *host) cut(cut bool) {
	h.fabric.Helper()
	h.fabric.shell(h.fabric.switches, fmt.Sprintf("ip link set %s %s\n", h.port, map[bool]string{true: "down", false: "up"}[cut]))
}

// refuse has a host drop what comes from servers, in silence, or take it again.
func (h *host) refuse(drop bool) {
	h.fabric.Helper()
	commands := "nft delete table ip cut\n"
	if drop {
		commands = "nft add table ip cut\nnft add chain ip cut in '{ type filter hook input priority 0; }'\n" +
			"nft add rule ip cut in ip saddr " + serversRange + " drop\n"
	}
	h.fabric.shell(h.Network, commands)
}

// part puts hosts at the second switch, and pulls the cable between the two.
func (f *fabric) part(hosts ...*host) {
	f.Helper()
	f.parted = hosts
	f.plugIn("br1")
	f.shell(f.switches, "ip link set cable0 down\n")
}

// join puts the cable back, and all hosts at the first switch.
func (f *fabric) join() {
	f.Helper()
	f.shell(f.switches, "ip link set cable0 up\n")
	f.plugIn("br0")
}

// plugIn puts the hosts that are parted at a switch.
func (f *fabric) plugIn(bridge string) {
	f.Helper()
	for _, h := range f.parted {
		f.shell(f.switches, fmt.Sprintf("ip link set %s master %s\n", h.port, bridge))
	}
}
