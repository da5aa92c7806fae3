package corefast

import (
	"net"
	"slices"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/pkg/transport"
)

// addresses returns what the block listens on for plain DNS, as CoreDNS writes it.
func (b *Block) addresses() []string {
	var list []string
	for _, config := range b.Own {
		for _, address := range listens(config) {
			if !slices.Contains(list, address) {
				list = append(list, address)
			}
		}
	}
	return list
}

// listens returns the addresses of a configuration, if it is one for plain DNS.
func listens(config *dnsserver.Config) []string {
	if config.Transport != transport.DNS {
		return nil
	}
	return Binds(config)
}

// Binds returns the addresses of a configuration.
func Binds(config *dnsserver.Config) []string {
	var list []string
	for _, host := range config.ListenHosts {
		addr, err := net.ResolveTCPAddr("tcp", net.JoinHostPort(host, config.Port))
		if err == nil { // else CoreDNS does not start
			list = append(list, addr.String())
		}
	}
	return list
}

// on returns the configurations that listen on an address.
func on(address string, configs []*dnsserver.Config) []*dnsserver.Config {
	var list []*dnsserver.Config
	for _, config := range configs {
		if slices.Contains(listens(config), address) {
			list = append(list, config)
		}
	}
	return list
}

// sockets returns how many UDP sockets CoreDNS will have on an address.
func (b *Block) sockets(address string) int { return max(1, on(address, b.All)[0].NumSockets) }

// overlap reports whether one of two zones is in the other.
func overlap(x, y string) bool {
	return plugin.Name(x).Matches(y) || plugin.Name(y).Matches(x)
}
