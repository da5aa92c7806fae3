//go:build linux

package soak_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/network"
	"github.com/auralink/auralink/test/peers"
)

// The addresses of all hosts: one network, in which each is on the link of each other.
var (
	serverAddrs   = []netip.Addr{netip.MustParseAddr("10.0.0.53"), netip.MustParseAddr("10.0.0.54")}
	upstreamAddr  = netip.MustParseAddr("10.0.0.1")
	secondaryAddr = netip.MustParseAddr("10.0.0.60")
	forwarderAddr = netip.MustParseAddr("10.0.0.70") // believed, and does not ask
	balancerAddr  = netip.MustParseAddr("10.0.0.71") // likewise

	// clientAddrs has one client of each range of the topology, and its VPC.
	clientAddrs = map[netip.Addr]int{
		netip.MustParseAddr("10.1.0.10"): 0, netip.MustParseAddr("10.8.0.10"): 0, // the VPN's pool
		netip.MustParseAddr("10.2.0.10"): 1, netip.MustParseAddr("10.3.0.10"): 2,
	}

	// wildAddr is a client of batch that has gone wild, strangerAddrs are in no VPC.
	wildAddr      = netip.MustParseAddr("10.2.0.66")
	strangerAddrs = []netip.Addr{netip.MustParseAddr("10.9.0.1"), netip.MustParseAddr("10.9.0.2"), netip.MustParseAddr("10.9.0.3")}

	// passedAddr is what the upstream says of every name.
	passedAddr = netip.MustParseAddr("203.0.113.1")
)

// world has the hosts, each with an interface eth0 to one switch.
type world struct {
	fabric                                 *network.Network
	servers                                []*network.Network
	upstream, secondary, clients, hostiles *network.Network
}

// newWorld makes the hosts. They are gone with the test.
func newWorld(t *testing.T) *world {
	t.Helper()
	peers.Find(t, "ip", "iproute2")
	w := &world{fabric: newNetwork(t)}
	shell(t, w.fabric, "ip link set lo up\nip link add br0 type bridge forward_delay 0\nip link set br0 up\n")
	host := func(addrs ...netip.Addr) *network.Network {
		n := newNetwork(t)
		w.plug(t, n, addrs)
		return n
	}
	for _, addr := range serverAddrs {
		w.servers = append(w.servers, host(addr))
	}
	w.upstream, w.secondary = host(upstreamAddr), host(secondaryAddr)
	var askers []netip.Addr
	for addr := range clientAddrs {
		askers = append(askers, addr)
	}
	w.clients, w.hostiles = host(askers...), host(append(strangerAddrs, wildAddr)...)
	return w
}

func newNetwork(t *testing.T) *network.Network {
	t.Helper()
	n, err := network.New()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("this host allows no networks to be made")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return n
}

func shell(t *testing.T, n *network.Network, commands string) {
	t.Helper()
	if err := n.Shell(commands); err != nil {
		t.Fatal(err)
	}
}

// plugs numbers the switch's ports.
var plugs int

// plug gives a host its interface.
func (w *world) plug(t *testing.T, n *network.Network, addrs []netip.Addr) {
	t.Helper()
	plugs++
	shell(t, n, fmt.Sprintf("ip link set lo up\nip link add eth0 type veth peer name port%d netns %s\n", plugs, w.fabric.Path()))
	shell(t, w.fabric, fmt.Sprintf("ip link set port%d master br0 up\n", plugs))
	for _, addr := range addrs {
		shell(t, n, fmt.Sprintf("ip addr add %s/8 dev eth0\n", addr))
	}
	shell(t, n, "ip link set eth0 up\n")
}

// upstream is what names that are not ours are asked of. It can be away.
type upstream struct {
	network *network.Network
	mu      sync.Mutex
	servers []*dns.Server
	back    time.Time // since when it has been there
	away    int       // how often it was not
}

// start has it answer.
func (u *upstream) start() error {
	udp, tcp := &dns.Server{Handler: dns.HandlerFunc(pass)}, &dns.Server{Handler: dns.HandlerFunc(pass)}
	at := netip.AddrPortFrom(upstreamAddr, 53).String()
	err := u.network.Do(func() (err error) {
		if udp.PacketConn, err = net.ListenPacket("udp", at); err != nil {
			return err
		}
		tcp.Listener, err = net.Listen("tcp", at)
		return err
	})
	if err != nil {
		return err
	}
	for _, server := range []*dns.Server{udp, tcp} {
		started := make(chan struct{})
		server.NotifyStartedFunc = func() { close(started) }
		go func() { _ = server.ActivateAndServe() }() // it ends with Shutdown
		<-started
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.servers, u.back = []*dns.Server{udp, tcp}, time.Now()
	return nil
}

// stop has it be away.
func (u *upstream) stop() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.back = time.Time{}
	for _, server := range u.servers {
		_ = server.Shutdown()
	}
	u.servers = nil
}

// settles is how long the health checks of a forwarder may take to see that an upstream
// is back, on a busy machine.
const settles = 10 * time.Second

// steady reports whether it was there all the time since, and for a while before.
func (u *upstream) steady(since time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return !u.back.IsZero() && u.back.Add(settles).Before(since)
}

// pass is the upstream's handler.
func pass(w dns.ResponseWriter, r *dns.Msg) {
	m := new(dns.Msg).SetReply(r)
	m.RecursionAvailable = true
	if q := r.Question[0]; q.Qtype == dns.TypeA {
		m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: passedAddr.AsSlice()}}
	}
	_ = w.WriteMsg(m) // whoever asked asks again
}

// get fetches a page of a host.
func get(n *network.Network, url string) (*http.Response, error) {
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(_ context.Context, transport, at string) (conn net.Conn, err error) {
		err = n.Do(func() error {
			conn, err = net.DialTimeout(transport, at, patience)
			return err
		})
		return conn, err
	}}
	return (&http.Client{Transport: transport, Timeout: patience}).Get(url)
}

// patience is how long what must come may take on a busy machine.
const patience = 60 * time.Second
