package corefast_test

import (
	"net"
	"slices"
	"testing"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/reuseport"
	"github.com/coredns/coredns/plugin/pkg/transport"

	"github.com/auralink/auralink/internal/corefast"
)

// TestShared: an address is shared while somebody else listens there.
func TestShared(t *testing.T) {
	other, err := reuseport.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := other.LocalAddr().String()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	config := &dnsserver.Config{Transport: transport.DNS, ListenHosts: []string{host}, Port: port}
	if got := corefast.Shared(config); !slices.Equal(got, []string{address}) {
		t.Errorf("%v, want %s", got, address)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if got := corefast.Shared(config); len(got) != 0 {
		t.Errorf("nobody else listens: %v", got)
	}
}
