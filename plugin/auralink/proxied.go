package auralink

import (
	"fmt"
	"net"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/pires/go-proxyproto"

	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/plan"
)

// anybody are addresses that are nobody's (RFC 5737, RFC 3849), and are not next to each
// other: a proxyproto that believes all of them believes whoever asks.
var anybody = []net.IP{
	net.IPv4(192, 0, 2, 1), net.IPv4(198, 51, 100, 1), net.IPv4(203, 0, 113, 1), net.ParseIP("2001:db8::1"),
}

// believesAnybody reports whether a server block takes the address of a client from a
// header of the PROXY protocol whoever sends it: its plugin proxyproto has no allow.
func believesAnybody(config *dnsserver.Config) bool {
	if config.ProxyProtoConnPolicy == nil {
		return false
	}
	for _, ip := range anybody {
		policy, err := config.ProxyProtoConnPolicy(proxyproto.ConnPolicyOptions{Upstream: &net.TCPAddr{IP: ip, Port: 53}})
		if believed := policy == proxyproto.USE || policy == proxyproto.REQUIRE; err != nil || !believed {
			return false
		}
	}
	return true
}

// lookAtProxies finds out whether clients can say who they are, and refuses to start
// where that makes a difference. It must not be called before CoreDNS has made its
// servers.
func (a *Auralink) lookAtProxies(b *corefast.Block) error {
	a.saysWho = ""
	for _, config := range b.All {
		if sharesServer(config, b.Own) && believesAnybody(config) {
			a.saysWho = fmt.Sprintf("%s:%s", config.Zone, config.Port)
		}
	}
	return a.checkProxied(a.served.Load().Plan)
}

// checkProxied refuses a plan by which clients differ, where clients can say who they
// are.
func (a *Auralink) checkProxied(p *plan.Plan) error {
	if why := a.clientsDiffer(p); a.saysWho != "" && why != "" {
		return fmt.Errorf("the plugin proxyproto in server block %s believes whoever asks, so that anybody could choose whose answers to get, and %s; "+
			"list the balancers that are to be believed in its property allow, such as: allow 10.0.0.5/32", a.saysWho, why)
	}
	return nil
}
