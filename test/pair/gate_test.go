package pair_test

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/auralink/auralink/test/peers"
)

// gates are ways to servers that can be shut all at once: then packets are lost, and
// connections are cut and not taken.
type gates struct {
	*testing.T
	mu     sync.Mutex
	isShut bool
	conns  map[net.Conn]bool
}

func newGates(t *testing.T) *gates { return &gates{T: t, conns: make(map[net.Conn]bool)} }

// to returns an address that leads to a server, over UDP and TCP.
func (g *gates) to(server netip.AddrPort) netip.AddrPort {
	g.Helper()
	at, udp, tcp := g.listen()
	g.Cleanup(func() {
		_, _ = udp.Close(), tcp.Close() // what they would tell is of no interest any more
		g.shut()
	})
	go g.packets(udp, server)
	go g.connections(tcp, server)
	return at
}

// listen listens on a port. One that was free may be taken by a client before it is used.
func (g *gates) listen() (at netip.AddrPort, udp *net.UDPConn, tcp *net.TCPListener) {
	g.Helper()
	var err error
	for range 10 {
		at = peers.FreePort(g.T, peers.Loopback())
		if udp, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(at)); err != nil {
			continue
		}
		if tcp, err = net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at)); err == nil {
			return at, udp, tcp
		}
		_ = udp.Close()
	}
	g.Fatal(err)
	return at, nil, nil
}

// packets hands on one question after the other, and its answer.
func (g *gates) packets(from *net.UDPConn, server netip.AddrPort) {
	for {
		packet := make([]byte, 65535)
		n, client, err := from.ReadFromUDPAddrPort(packet)
		if err != nil {
			return
		}
		go func() {
			to, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(server))
			if err != nil || !g.enter(to) {
				return
			}
			defer g.leave(to)
			_ = to.SetDeadline(time.Now().Add(within)) // sockets of UDP can have one
			if _, err := to.Write(packet[:n]); err != nil {
				return
			}
			if n, err = to.Read(packet); err == nil && g.open() {
				_, _ = from.WriteToUDPAddrPort(packet[:n], client) // or it is lost, as packets are
			}
		}()
	}
}

// connections hands on what comes over TCP.
func (g *gates) connections(from *net.TCPListener, server netip.AddrPort) {
	for {
		client, err := from.Accept()
		if err != nil {
			return
		}
		to, err := net.DialTimeout("tcp", server.String(), within)
		if err != nil || !g.enter(client, to) {
			_ = client.Close()
			continue
		}
		for _, way := range [][2]net.Conn{{client, to}, {to, client}} {
			go func() {
				defer g.leave(client, to)
				_, _ = io.Copy(way[0], way[1]) // until either closes, or the gate is shut
			}()
		}
	}
}

// enter notes connections, to be cut when the gates are shut; while they are it closes
// them.
func (g *gates) enter(conns ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range conns {
		if g.isShut {
			_ = c.Close() // nothing was sent
			continue
		}
		g.conns[c] = true
	}
	return !g.isShut
}

func (g *gates) leave(conns ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range conns {
		_ = c.Close() // the other way has done so already, perhaps
		delete(g.conns, c)
	}
}

func (g *gates) open() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.isShut
}

// shut cuts all off.
func (g *gates) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.isShut = true
	for c := range g.conns {
		_ = c.Close() // is what cuts it
	}
}

// reopen ends that.
func (g *gates) reopen() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.isShut = false
}
