package machine_test

import (
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/doctor/probe/machine"
)

// TestOpen finds a connection of this process, over IPv4 and IPv6, whose far side it
// takes for public.
func TestOpen(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		t.Run(host, func(t *testing.T) {
			listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
			if err != nil {
				t.Skip(err) // there is no IPv6 here
			}
			defer listener.Close()
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			remote := listener.Addr().(*net.TCPAddr).AddrPort()
			watch := machine.Watch{Public: []netip.Addr{remote.Addr()}}
			open, err := machine.Open(t.Context(), os.DirFS("/"), watch)
			if err != nil {
				t.Fatal(err)
			}
			local := conn.LocalAddr().(*net.TCPAddr).AddrPort()
			found := false
			for _, c := range open {
				if c.Local == local && c.Remote == remote {
					found = true
					if number := "(" + strconv.Itoa(os.Getpid()) + ")"; !strings.HasSuffix(c.Program, number) {
						t.Errorf("it is %q's, want %s", c.Program, number)
					}
				}
			}
			if !found {
				t.Errorf("%s to %s is not among %v", local, remote, open)
			}
		})
	}
}

// TestWatch: which connections count.
func TestWatch(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	at := listener.Addr().(*net.TCPAddr).AddrPort()
	for name, watch := range map[string]machine.Watch{
		"the port alone, at an address that is not public": {Ports: []uint16{at.Port()}},
		"a link's":        {Public: []netip.Addr{at.Addr()}, Links: []netip.Addr{at.Addr()}},
		"nobody's":        {},
		"of this process": {Public: []netip.Addr{at.Addr()}, Self: os.Getpid()},
		"another public":  {Public: []netip.Addr{netip.MustParseAddr("203.0.113.9")}},
	} {
		open, err := machine.Open(t.Context(), os.DirFS("/"), watch)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range open {
			if c.Remote == at {
				t.Errorf("%s: %v counts", name, c)
			}
		}
	}
}
