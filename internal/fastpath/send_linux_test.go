package fastpath

import (
	"net"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestSendGoesOn: a reply that the kernel refuses is counted, and those behind it
// are sent.
func TestSendGoesOn(t *testing.T) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newBatched(fd, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	client, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	port := client.LocalAddr().(*net.UDPAddr).Port
	b := newBatch()
	for i, to := range []int{port, 0, port, 0, 0, port, 0} { // nothing can be sent to port 0
		name := (*unix.RawSockaddrInet4)(unsafe.Pointer(&c.names[i]))
		*name = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: [4]byte{127, 0, 0, 1}}
		octets := (*[2]byte)(unsafe.Pointer(&name.Port))
		octets[0], octets[1] = byte(to>>8), byte(to)
		c.in[i].Hdr.Namelen = unix.SizeofSockaddrInet4
		c.in[i].Hdr.SetControllen(0)
		b.packets[i].buf[0] = 'a' + byte(i)
		b.packets[i].reply = 1
		b.n++
	}
	if refused := c.send(b); refused != 4 {
		t.Errorf("%d replies were refused, want 4", refused)
	}
	var got []string
	for range 3 {
		buf := make([]byte, 2)
		_ = client.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, err := client.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(buf[:n]))
	}
	if diff := cmp.Diff([]string{"a", "c", "f"}, got); diff != "" {
		t.Errorf("replies (-want +got):\n%s", diff)
	}
}
