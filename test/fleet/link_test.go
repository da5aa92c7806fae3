package fleet_test

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

// link is the network between a server and a node of etcd. When it is cut nothing gets
// through, and nobody is told: connections stay, as where a cable is pulled.
type link struct {
	at       string // where it is entered
	listener net.Listener
	mu       sync.Mutex
	whole    *sync.Cond
	cut      bool
	ended    bool
	conns    []net.Conn
}

// newLink makes a link to an address.
func newLink(t *testing.T, to string) *link {
	t.Helper()
	listener, err := net.Listen("tcp", peers.FreePort(t, peers.Loopback()).String())
	if err != nil {
		t.Fatal(err)
	}
	l := &link{at: listener.Addr().String(), listener: listener}
	l.whole = sync.NewCond(&l.mu)
	t.Cleanup(l.end)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go l.carry(conn, to)
		}
	}()
	return l
}

// carry carries one connection.
func (l *link) carry(near net.Conn, to string) {
	defer near.Close()
	if !l.pass(near) {
		return
	}
	far, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer far.Close()
	if !l.pass(far) {
		return
	}
	done := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() {
			defer func() { done <- struct{}{} }()
			buffer := make([]byte, 32<<10)
			for {
				n, err := way[0].Read(buffer)
				if n > 0 && l.pass(nil) {
					_, err = way[1].Write(buffer[:n])
				}
				if err != nil && err != io.EOF || n == 0 { //nolint:errorlint // Read returns it bare
					return
				}
			}
		}()
	}
	<-done
}

// pass waits while the link is cut. It returns false once it is ended.
func (l *link) pass(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if conn != nil {
		l.conns = append(l.conns, conn)
	}
	for l.cut && !l.ended {
		l.whole.Wait()
	}
	return !l.ended
}

// set cuts the link, or joins it.
func (l *link) set(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
	l.whole.Broadcast()
}

// end ends the link and all that it carries.
func (l *link) end() {
	_ = l.listener.Close() // nothing is lost with it
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.whole.Broadcast()
	for _, conn := range l.conns {
		_ = conn.Close()
	}
}
