package auralink

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/acl"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/serve"
)

// opens reports whether a server block would hand questions of most of the Internet on
// to the plugin that resolves any name, if it is asked at an address. It has admits, or
// nil, say whom auralink hands on.
func opens(config *dnsserver.Config, address string, admits func(netip.Addr) bool) bool {
	if !reachable(address) || config.TLSConfig != nil && config.TLSConfig.ClientAuth >= tls.RequireAndVerifyClientCert {
		return false
	}
	for _, family := range internet {
		if let := let(config, family, admits); let*mostly > len(family) {
			return true
		}
	}
	return false
}

// mostly is a share of the Internet, as one of so many: who lets fewer ask has listed
// networks, of which some may be public.
const mostly = 8

// internet are addresses from all over it: of IPv4 and of IPv6.
var internet = func() [2][]netip.Addr {
	var v4, v6 []netip.Addr
	for i := range 224 { // what is above is multicast, or reserved
		if addr := netip.AddrFrom4([4]byte{byte(i), 77, 123, 45}); i > 0 && serve.Public(addr) {
			v4 = append(v4, addr)
		}
	}
	for i := range 32 { // 2000::/3 is what has been given out
		v6 = append(v6, netip.AddrFrom16([16]byte{byte(0x20 + i), 0x12, 0x34, 0x56, 15: 1}))
	}
	return [2][]netip.Addr{v4, v6}
}()

// reachable reports whether the Internet may reach an address that a server listens on.
func reachable(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err != nil || addr.IsUnspecified() || serve.Public(addr)
}

// let counts the clients that a server block lets through, up to the plugin that
// resolves any name.
func let(config *dnsserver.Config, clients []netip.Addr, admits func(netip.Addr) bool) (count int) {
	views := looksAtClients(config)
	for _, client := range clients {
		if views && !viewed(config, client) || !passesACL(config, client) || admits != nil && !admits(client) {
			continue
		}
		count++
	}
	return count
}

// admits reports whether a client's question for a name that is not ours goes on to the
// next plugin.
func (a *Auralink) admits(client netip.Addr) bool {
	if _, ok := a.options.View(a.served.Load().Table, client); ok {
		return true
	}
	return a.options.Stranger(client).Way == serve.NoView
}

// passesACL reports whether the plugin acl, if there is one, lets a client ask.
func passesACL(config *dnsserver.Config, client netip.Addr) bool {
	rules, ok := config.Handler("acl").(acl.ACL)
	if !ok {
		return true
	}
	passed := false
	rules.Next = plugin.HandlerFunc(func(context.Context, dns.ResponseWriter, *dns.Msg) (int, error) {
		passed = true
		return dns.RcodeSuccess, nil
	})
	w, r := question(config, client)
	_, _ = rules.ServeDNS(context.Background(), w, r) // it hands on, or does not
	return passed
}

// looksAtClients reports whether the plugin view has a server block for some clients
// and not for others. One that lets nobody in of those that are tried looks at something
// else, which is not known here.
func looksAtClients(config *dnsserver.Config) bool {
	if len(config.FilterFuncs) == 0 {
		return false
	}
	for _, near := range []string{"10.0.0.7", "172.16.0.7", "192.168.0.7", "100.64.0.7", "127.0.0.1", "::1", "fd00::7"} {
		if viewed(config, netip.MustParseAddr(near)) {
			return true
		}
	}
	return false
}

// viewed reports whether the plugin view has a server block for a client.
func viewed(config *dnsserver.Config, client netip.Addr) bool {
	for _, filter := range config.FilterFuncs {
		w, r := question(config, client)
		if !filter(context.Background(), &request.Request{W: w, Req: r}) {
			return false
		}
	}
	return true
}

// question returns a question for a name of a server block that nobody has, as from a
// client.
func question(config *dnsserver.Config, client netip.Addr) (dns.ResponseWriter, *dns.Msg) {
	name := "auralink-inspects."
	if config.Zone != "." {
		name += config.Zone
	}
	return &mute{client: &net.UDPAddr{IP: client.AsSlice(), Port: dns.DefaultMsgSize}}, new(dns.Msg).SetQuestion(name, dns.TypeA)
}

// mute is how a client is answered who is in no network.
type mute struct {
	dns.ResponseWriter
	client net.Addr
}

// RemoteAddr implements the dns.ResponseWriter interface.
func (m *mute) RemoteAddr() net.Addr { return m.client }

// LocalAddr implements the dns.ResponseWriter interface.
func (m *mute) LocalAddr() net.Addr { return &net.UDPAddr{IP: net.IPv4zero, Port: 53} }

// WriteMsg implements the dns.ResponseWriter interface.
func (m *mute) WriteMsg(*dns.Msg) error { return nil }

// Write implements the dns.ResponseWriter interface.
func (m *mute) Write(b []byte) (int, error) { return len(b), nil }
