package corefast

import (
	"errors"
	"net"
	"syscall"

	"github.com/coredns/coredns/core/dnsserver"
)

// Shared returns the addresses of a configuration for plain DNS that another process serves
// already, before this one does. CoreDNS shares its ports (SO_REUSEPORT, socket(7)), so that
// both listen, and the kernel says which of them is asked.
func Shared(config *dnsserver.Config) []string {
	var shared []string
	for _, address := range listens(config) {
		alone, err := net.ListenPacket("udp", address) // which does not share its port
		switch {
		case err == nil:
			_ = alone.Close() // nothing was sent to it yet
		case errors.Is(err, syscall.EADDRINUSE):
			shared = append(shared, address)
		}
	}
	return shared
}
