package fastpath

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// reply is one of a batch: to one of some clients, or to a port to which nothing
// can be sent, with so many octets.
type reply struct{ client, length int }

// nowhere stands for a client that cannot be replied to.
const nowhere = -1

// sending is a socket, and clients of it.
type sending struct {
	conn    *batched
	clients []*net.UDPConn
}

func newSending(t *testing.T, host string, clients int) *sending {
	t.Helper()
	addr := netip.MustParseAddr(host)
	family := unix.AF_INET
	if addr.Is6() {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &sending{}
	if s.conn, err = newBatched(fd, addr.Is6()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.conn.close)
	for range clients {
		client, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		s.clients = append(s.clients, client)
	}
	return s
}

// batch makes a batch as if queries for these replies had been received.
func (s *sending) batch(replies []reply) *batch {
	b := newBatch()
	for i, r := range replies {
		to := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), 0)
		if s.conn.ipv6 {
			to = netip.AddrPortFrom(netip.MustParseAddr("::1"), 0)
		}
		if r.client != nowhere {
			to = s.clients[r.client].LocalAddr().(*net.UDPAddr).AddrPort()
		}
		s.from(i, to)
		p := &b.packets[i]
		p.client, p.reply = to, r.length
		copy(p.buf, content(i, r.length))
		b.n++
	}
	return b
}

// from is what the kernel does for the i-th packet from a client.
func (s *sending) from(i int, client netip.AddrPort) {
	c := s.conn
	c.in[i].Hdr.SetControllen(0)
	octets := (*[unix.SizeofSockaddrInet6]byte)(unsafe.Pointer(&c.names[i]))
	octets[2], octets[3] = byte(client.Port()>>8), byte(client.Port())
	if c.ipv6 {
		c.names[i].Family = unix.AF_INET6
		c.names[i].Addr = client.Addr().As16()
		c.in[i].Hdr.Namelen = unix.SizeofSockaddrInet6
		return
	}
	c.names[i].Family = unix.AF_INET
	addr := client.Addr().As4()
	copy(octets[4:], addr[:])
	c.in[i].Hdr.Namelen = unix.SizeofSockaddrInet4
}

// content is that of the i-th reply: no other of its length has it.
func content(i, length int) string {
	return strings.Repeat(string(rune(' '+i)), length)
}

// got returns what the client has received, until there are n or no more come.
func (s *sending) got(t *testing.T, client, n int) []string {
	t.Helper()
	var all []string
	buf := make([]byte, 1<<16)
	for range n {
		_ = s.clients[client].SetReadDeadline(time.Now().Add(30 * time.Second))
		length, err := s.clients[client].Read(buf)
		if err != nil {
			t.Fatalf("client %d has %d of %d replies: %v", client, len(all), n, err)
		}
		all = append(all, string(buf[:length]))
	}
	_ = s.clients[client].SetReadDeadline(time.Now().Add(time.Millisecond))
	if length, err := s.clients[client].Read(buf); err == nil {
		t.Errorf("client %d has a reply of %d octets more", client, length)
	}
	slices.Sort(all)
	return all
}

// check sends a batch, and compares what the clients receive. Some are refused.
func (s *sending) check(t *testing.T, replies []reply, refused int) {
	t.Helper()
	if got := s.conn.send(s.batch(replies)); got != refused {
		t.Errorf("%d replies were refused, want %d", got, refused)
	}
	for client := range s.clients {
		var want []string
		for i, r := range replies {
			if r.client == client && r.length > 0 {
				want = append(want, content(i, r.length))
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, s.got(t, client, len(want))); diff != "" {
			t.Errorf("client %d (-want +got):\n%s", client, diff)
		}
	}
}

// TestSendGoesOn: a reply that the kernel refuses is counted, and those behind it
// are sent.
func TestSendGoesOn(t *testing.T) {
	s := newSending(t, "127.0.0.1", 1)
	s.check(t, []reply{{0, 1}, {nowhere, 1}, {0, 2}, {nowhere, 3}, {nowhere, 3}, {0, 3}, {nowhere, 1}}, 4)
}

// TestSendTogether: replies to one client are sent together as far as they can be,
// and come apart: each as it is, at whom it is for.
func TestSendTogether(t *testing.T) {
	for _, tc := range []struct {
		name     string
		replies  []reply
		messages int
	}{
		{"nothing", []reply{{0, 0}, {1, 0}}, 0},
		{"one", []reply{{0, 100}}, 1},
		{"a host's pair", []reply{{0, 80}, {0, 130}}, 1},
		{"one that is shorter", []reply{{0, 80}, {0, 80}, {0, 10}, {0, 80}}, 1},
		{"two that are shorter", []reply{{0, 10}, {0, 80}, {0, 10}, {0, 80}}, 2},
		{"three lengths", []reply{{0, 30}, {0, 20}, {0, 10}}, 2},
		{"clients by turns", []reply{{0, 50}, {1, 50}, {2, 50}, {0, 50}, {1, 50}, {2, 50}}, 3},
		{"some without a reply", []reply{{0, 0}, {0, 40}, {1, 0}, {0, 40}}, 1},
		{"a full batch", slices.Repeat([]reply{{0, 100}, {1, 200}}, BatchSize/2), 2},
		{"more than an IP packet", slices.Repeat([]reply{{0, MaxReply}}, BatchSize), 2},
	} {
		for _, host := range []string{"127.0.0.1", "::1"} {
			t.Run(fmt.Sprintf("%s to %s", tc.name, host), func(t *testing.T) {
				s := newSending(t, host, 3)
				requireCuts(t, s)
				s.check(t, tc.replies, 0)
				if got := s.conn.out.n; got != tc.messages {
					t.Errorf("sent as %d messages, want %d", got, tc.messages)
				}
			})
		}
	}
}

// TestSendShortFirst: whoever has asked once is answered before those who have asked
// more often.
func TestSendShortFirst(t *testing.T) {
	const clients = 4
	for once := range clients { // their order in the batch is that of their ports
		s := newSending(t, "127.0.0.1", clients)
		requireCuts(t, s)
		replies := []reply{{once, 70}}
		for client := range clients {
			if client != once {
				replies = append(replies, reply{client, 50}, reply{client, 60}, reply{client, 60})
			}
		}
		s.check(t, replies, 0)
		var got []int
		for _, message := range s.conn.out.messages[:s.conn.out.n] {
			got = append(got, int(message.Hdr.Iovlen))
		}
		if diff := cmp.Diff([]int{1, 3, 3, 3}, got); diff != "" {
			t.Errorf("replies in the messages (-want +got):\n%s", diff)
		}
	}
}

// TestSendApart: where the kernel does not cut messages, or not these, replies go
// one by one.
func TestSendApart(t *testing.T) {
	replies := []reply{{0, 80}, {1, 80}, {0, 80}, {1, 20}, {0, 10}}
	t.Run("unknown to the kernel", func(t *testing.T) {
		before := canCut
		canCut = func(int) bool { return false }
		t.Cleanup(func() { canCut = before })
		s := newSending(t, "127.0.0.1", 2)
		s.check(t, replies, 0)
		if got := s.conn.out.n; got != len(replies) {
			t.Errorf("sent as %d messages, want %d", got, len(replies))
		}
	})
	t.Run("refused", func(t *testing.T) {
		s := newSending(t, "127.0.0.1", 2)
		requireCuts(t, s)
		// Without checksums a message cannot be cut, and is an error.
		if err := unix.SetsockoptInt(s.conn.fd, unix.SOL_SOCKET, unix.SO_NO_CHECK, 1); err != nil {
			t.Fatal(err)
		}
		s.conn.pack(s.batch(replies))
		if _, err := s.conn.sendMessages(s.conn.out.messages[:s.conn.out.n]); !errors.Is(err, unix.EINVAL) {
			t.Fatalf("error %v, want %v", err, unix.EINVAL)
		}
		s.check(t, replies, 0)
		if s.conn.out.cuts {
			t.Error("it will be tried again")
		}
		s.check(t, append(replies, reply{nowhere, 5}, reply{nowhere, 5}), 2)
	})
	t.Run("wrong whether cut or not", func(t *testing.T) {
		s := newSending(t, "127.0.0.1", 2)
		requireCuts(t, s)
		s.check(t, append(replies, reply{nowhere, 5}, reply{nowhere, 5}), 2)
		if !s.conn.out.cuts {
			t.Error("it will not be tried again")
		}
	})
}

func requireCuts(t *testing.T, s *sending) {
	t.Helper()
	if !s.conn.out.cuts {
		t.Skip("the kernel does not cut messages (UDP_SEGMENT, Linux 4.18)")
	}
}

// TestSendElsewhere: replies to other hosts are messages of their own.
func TestSendElsewhere(t *testing.T) {
	s := newSending(t, "127.0.0.1", 1)
	b := s.batch([]reply{{0, 10}, {0, 10}, {0, 10}, {0, 10}})
	for i := range b.n - 1 {
		other := netip.MustParseAddrPort("192.0.2.1:53")
		s.from(i, other)
		b.packets[i].client = other
	}
	s.conn.pack(b)
	if got := s.conn.out.n; got != 4 {
		t.Errorf("%d messages, want 4", got)
	}
}

// TestSendFromWhereAsked: replies to one client that has asked several addresses of
// this host come from there, also where they are sent together: as on sockets that
// are bound to all addresses of IPv4, and of both families.
func TestSendFromWhereAsked(t *testing.T) {
	asked := []string{"127.0.0.1", "127.0.0.2", "127.0.0.1", "127.0.0.2", "127.0.0.2"}
	for _, family := range []string{"0.0.0.0", "::"} {
		t.Run(family, func(t *testing.T) {
			s := newSending(t, family, 0)
			client, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = client.Close() })
			s.clients = append(s.clients, client)
			b := s.batch(slices.Repeat([]reply{{0, 9}}, len(asked)))
			want := make(map[string]string)
			for i, addr := range asked {
				s.askedAt(i, netip.MustParseAddr(addr))
				want[content(i, 9)] = addr
			}
			if refused := s.conn.send(b); refused > 0 {
				t.Errorf("%d replies were refused", refused)
			}
			if s.conn.out.cuts && s.conn.out.n != 4 { // the last two are one
				t.Errorf("sent as %d messages, want 4", s.conn.out.n)
			}
			if diff := cmp.Diff(want, sources(t, client, len(asked))); diff != "" {
				t.Errorf("replies by source (-want +got):\n%s", diff)
			}
		})
	}
}

// askedAt is what the kernel says of the address that the i-th packet was sent to.
func (s *sending) askedAt(i int, addr netip.Addr) {
	control := unix.PktInfo4(&unix.Inet4Pktinfo{Spec_dst: addr.As4()})
	if s.conn.ipv6 {
		control = unix.PktInfo6(&unix.Inet6Pktinfo{Addr: addr.As16()})
	}
	s.conn.in[i].Hdr.SetControllen(copy(s.conn.controls[i][:], control))
}

// sources returns where n replies come from.
func sources(t *testing.T, client *net.UDPConn, n int) map[string]string {
	t.Helper()
	from := make(map[string]string)
	buf := make([]byte, 1<<16)
	for range n {
		_ = client.SetReadDeadline(time.Now().Add(30 * time.Second))
		length, addr, err := client.ReadFromUDPAddrPort(buf)
		if err != nil {
			t.Fatal(err)
		}
		from[string(buf[:length])] = addr.Addr().Unmap().String()
	}
	return from
}

// TestSendNeverWaits: replies to hosts that are not there wait in the kernel until ARP
// gives up, for seconds. What there is no room for then is refused; others are answered.
func TestSendNeverWaits(t *testing.T) {
	if os.Getenv(Stage) != Prepared {
		t.Skip("run by TestUnprivileged, with a link to a network that is empty")
	}
	s := newSending(t, "127.0.0.1", 1)
	b, refused, sent := newBatch(), 0, 0
	b.n = BatchSize
	// They are few hosts: all networks of a machine share the kernel's table of
	// neighbours, and what is sent to one that it has no room for is dropped unsaid.
	for range 50 {
		for i := range b.packets {
			absent := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 77, 1, byte(1 + i)}), 5353)
			s.from(i, absent)
			b.packets[i].client, b.packets[i].reply = absent, 512
		}
		refused += s.conn.send(b)
		sent += b.n
	}
	if refused == 0 {
		t.Errorf("all of %d replies to nobody had room, or have been waited for", sent)
	}
}
