package standin

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// The ports at which Aura answers.
const (
	portHTTPS  = 443
	portLegacy = 7474
	portBolt   = 7687
)

// Listen opens a listener, as net.Listen does, wherever the ingress is to be.
type Listen func(network, address string) (net.Listener, error)

// Ingress is one address at which a region answers. It behaves in its own way, so
// that of several addresses one can be at fault.
type Ingress struct {
	region    *Region
	behaviour atomic.Pointer[Behaviour]
	bolt      *net.TCPAddr
	https     *net.TCPAddr

	mu        sync.Mutex
	closed    bool
	listeners []net.Listener
	conns     map[net.Conn]bool
	running   sync.WaitGroup
}

// Open has the region answer at an address, at the ports that Aura has.
func (r *Region) Open(listen Listen, addr netip.Addr) (*Ingress, error) {
	return r.OpenPorts(listen, addr, portHTTPS, portLegacy, portBolt)
}

// OpenPorts is [Region.Open] with other ports, of which 0 is any that is free.
func (r *Region) OpenPorts(listen Listen, addr netip.Addr, https, legacy, bolt uint16) (*Ingress, error) {
	i := &Ingress{region: r, conns: make(map[net.Conn]bool)}
	i.behaviour.Store(new(Behaviour))
	for _, at := range []struct {
		port  uint16
		serve func(*tls.Conn, server)
		addr  **net.TCPAddr
	}{
		{https, i.serveHTTPS, &i.https}, {legacy, i.serveHTTPS, nil}, {bolt, i.serveBolt, &i.bolt},
	} {
		listener, err := listen("tcp", netip.AddrPortFrom(addr, at.port).String())
		if err != nil {
			i.Close()
			return nil, fmt.Errorf("listening for %s: %w", r.Label, err)
		}
		if at.addr != nil {
			*at.addr, _ = listener.Addr().(*net.TCPAddr)
		}
		i.listeners = append(i.listeners, listener)
		i.running.Go(func() { i.accept(listener, at.serve) })
	}
	return i, nil
}

// Behave has connections from now on be taken as b says.
func (i *Ingress) Behave(b Behaviour) { i.behaviour.Store(&b) }

// BoltAddr is where it speaks Bolt.
func (i *Ingress) BoltAddr() *net.TCPAddr { return i.bolt }

// HTTPSAddr is where it speaks HTTPS.
func (i *Ingress) HTTPSAddr() *net.TCPAddr { return i.https }

// Close ends it, with all its connections.
func (i *Ingress) Close() {
	i.mu.Lock()
	i.closed = true
	for _, listener := range i.listeners {
		_ = listener.Close() // nothing was written to it
	}
	i.mu.Unlock()
	i.Disconnect()
	i.running.Wait()
}

// Disconnect ends the connections that there are.
func (i *Ingress) Disconnect() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for conn := range i.conns {
		_ = conn.Close() // the client sees it
	}
}

// accept serves the connections of one port until its listener is closed.
func (i *Ingress) accept(listener net.Listener, serve func(*tls.Conn, server)) {
	for {
		conn, err := listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(10 * time.Millisecond) // too many open files, say
			continue
		}
		if !i.keep(conn) {
			_ = conn.Close()
			return
		}
		i.running.Go(func() {
			defer i.drop(conn)
			i.greet(conn, serve)
		})
	}
}

// keep notes a connection, if it is not too late.
func (i *Ingress) keep(conn net.Conn) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.conns[conn] = true
	return !i.closed
}

func (i *Ingress) drop(conn net.Conn) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.conns, conn)
	_ = conn.Close()
}

// greet makes the handshake, and serves whatever the server name leads to.
func (i *Ingress) greet(conn net.Conn, serve func(*tls.Conn, server)) {
	b := i.behaviour.Load()
	switch {
	case b.Silent:
		_, _ = conn.Read(make([]byte, 1)) // until it is closed: nothing is read further
		for {
			if _, err := conn.Read(make([]byte, 1024)); err != nil {
				return
			}
		}
	case b.Reset:
		_, _ = conn.Read(make([]byte, 1024)) // the client has said something
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		return
	}
	time.Sleep(b.Slow)
	var to server
	config := &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		found, known := i.region.find(hello.ServerName, b.CatchAll)
		to, known = found, known && !b.NoNames
		with := b.tlsConfig()
		if known { // without a certificate, crypto/tls sends unrecognized_name
			with.Certificates = []tls.Certificate{i.region.certificates[b.Certificate]}
		}
		return with, nil
	}}
	config.MinVersion = tls.VersionTLS10 // the client's version is judged by the config above
	secured := tls.Server(patient{Conn: conn, limit: b.DropIdle}, config)
	if err := secured.Handshake(); err != nil {
		return
	}
	serve(secured, to)
}

// patient is a connection that ends when nothing was read for too long.
type patient struct {
	net.Conn
	limit time.Duration
}

// Read implements net.Conn.
func (p patient) Read(b []byte) (int, error) {
	if p.limit > 0 {
		_ = p.SetReadDeadline(time.Now().Add(p.limit))
	}
	return p.Conn.Read(b)
}

// buffered is a connection of which something was read ahead.
type buffered struct {
	net.Conn
	ahead *bufio.Reader
}

// Read implements net.Conn.
func (b buffered) Read(p []byte) (int, error) { return b.ahead.Read(p) }
