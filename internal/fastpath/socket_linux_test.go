package fastpath

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestFromWhereAskedIPv4: on a socket of IPv4 alone, too, which Go opens only where
// there is no IPv6, the reply leaves from the address that was asked.
func TestFromWhereAskedIPv4(t *testing.T) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{}); err != nil {
		t.Fatal(err)
	}
	if ipv6, err := tellLocalAddress(fd); err != nil || ipv6 {
		t.Fatalf("IPv6 %t, error %v", ipv6, err)
	}
	c, err := newBatched(fd, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	asked := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), uint16(name.(*unix.SockaddrInet4).Port))
	dialer := net.Dialer{LocalAddr: &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}}
	client, err := dialer.Dial("udp", asked.String()) // connected: it hears nobody else
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	if _, err := client.Write([]byte("query")); err != nil {
		t.Fatal(err)
	}
	b := newBatch()
	if err := c.receive(b); err != nil {
		t.Fatal(err)
	}
	b.packets[0].reply = copy(b.packets[0].buf, "reply")
	if refused := c.send(b); refused > 0 {
		t.Fatal("the reply was refused")
	}
	buf := make([]byte, 16)
	_ = client.SetReadDeadline(time.Now().Add(30 * time.Second))
	if n, err := client.Read(buf); err != nil || string(buf[:n]) != "reply" {
		t.Errorf("%q, error %v", buf[:n], err)
	}
}

// TestPortableRefused: a reply that cannot be sent is counted by the portable conn.
func TestPortableRefused(t *testing.T) {
	udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	c := &portable{udp: udp}
	t.Cleanup(c.close)
	b := newBatch()
	b.n, b.packets[0].reply = 1, 5
	c.last.client = netip.MustParseAddrPort("127.0.0.1:0")
	if got := c.send(b); got != 1 {
		t.Errorf("%d replies were refused, want 1", got)
	}
}

// refusing is a conn that has one batch and sends none of its replies but one.
type refusing struct {
	conn
	received bool
}

func (c *refusing) receive(b *batch) error {
	if c.received {
		return errDrained
	}
	c.received = true
	for b.n = 0; b.n < 3; b.n++ {
		b.packets[b.n].client = netip.MustParseAddrPort("127.0.0.1:5353")
	}
	return nil
}

func (c *refusing) send(b *batch) int { return b.n - 1 }

// always is a Responder that answers everything.
type always struct{}

func (always) Begin() {}
func (always) End()   {}

func (always) Respond([]byte, []byte, netip.AddrPort) (int, Disposition) { return 1, Answered }

// TestSendErrors: replies that the kernel refuses are counted.
func TestSendErrors(t *testing.T) {
	l := &loop{conn: &refusing{}, misses: newMissQueue()}
	g := &group{}
	l.responders = &g.responders
	g.responders.Store(&responders{fresh: func() Responder { return always{} }})
	l.run()
	var got Counts
	l.counters.addTo(&got)
	if want := (Counts{Received: 3, Answered: 3, SendErrors: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
