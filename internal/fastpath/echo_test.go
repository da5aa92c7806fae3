package fastpath_test

import (
	"bytes"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/test/peers"
)

// echo is a Responder: it sends back what begins with "hit", turned to capitals
// so that nobody takes the query for the reply, misses "miss", drops "drop".
type echo struct{ batches, ended *atomic.Int64 }

func (e echo) Begin() { e.batches.Add(1) }
func (e echo) End()   { e.ended.Add(1) }

func (e echo) Respond(buf, query []byte, client netip.AddrPort) (int, fastpath.Disposition) {
	switch {
	case bytes.HasPrefix(query, []byte("hit")):
		copy(buf, "HIT")
		return copy(buf[3:], query[3:]) + 3, fastpath.Answered
	case bytes.HasPrefix(query, []byte("who")):
		return len(client.AppendTo(buf[:0])), fastpath.Answered
	case bytes.HasPrefix(query, []byte("drop")):
		return 0, fastpath.Dropped
	default:
		return 0, fastpath.Missed
	}
}

func newEcho() fastpath.Responder { return echo{new(atomic.Int64), new(atomic.Int64)} }

// serve opens an address with echo on it. Misses come back as "MISS" and the
// client's address.
func serve(t *testing.T, address string, sockets int) *fastpath.Tenant {
	t.Helper()
	tenant, err := fastpath.Open(address, sockets, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { giveUp(tenant) })
	go answerMisses(tenant.Misses())
	if err := tenant.Serve(newEcho, 0); err != nil {
		t.Fatal(err)
	}
	return tenant
}

func answerMisses(misses *fastpath.Misses) {
	buf := make([]byte, 512)
	for {
		n, addr, err := misses.ReadFrom(buf)
		if err != nil {
			return
		}
		client, _ := fastpath.Client(addr)
		_, _ = misses.WriteTo([]byte("MISS"+string(buf[4:n])+" "+client.String()), addr)
		misses.Done()
	}
}

// giveUp ends a tenant as a server does.
func giveUp(tenant *fastpath.Tenant) {
	tenant.Drain(0)
	for !tenant.Idle() {
		time.Sleep(time.Millisecond)
	}
	tenant.Close()
}

// freePort returns an address of the host with a port that is free for UDP.
func freePort(t *testing.T, host string) string {
	t.Helper()
	return net.JoinHostPort(host, peers.FixedPort(t))
}

// dial makes a client of an address, from any address of its own.
func dial(t *testing.T, address string) *net.UDPConn { return dialFrom(t, "", address) }

// dialFrom makes a client that asks from an address, or from any.
func dialFrom(t *testing.T, from, address string) *net.UDPConn {
	t.Helper()
	conn, err := (&net.Dialer{LocalAddr: &net.UDPAddr{IP: net.ParseIP(from)}}).Dial("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn.(*net.UDPConn)
}

// ask sends a query and returns the reply, or "" if there is none. The client is
// connected: a reply from another address than the one asked does not reach it.
func ask(t *testing.T, client *net.UDPConn, query string) string {
	t.Helper()
	if _, err := client.Write([]byte(query)); err != nil {
		t.Fatal(err)
	}
	patience := 30 * time.Second
	if query == "drop" {
		patience = 100 * time.Millisecond
	}
	if err := client.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 2048)
	n, err := client.Read(buf)
	if err != nil {
		return ""
	}
	return string(buf[:n])
}
