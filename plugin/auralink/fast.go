package auralink

import (
	"fmt"
	"maps"
	"net"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/serve"
)

// fast is the fast path of a server block: on each address of the block, sockets
// of our own that answer most questions without CoreDNS's server.
type fast struct {
	sockets   int // wanted on each address; 0 turns it off
	listeners []*listener
	admitted  *admitted // nil where no acl is ahead
}

// mostByDefault bounds the sockets that are opened unless told otherwise. One
// answers more queries than a network sends in all but floods.
const mostByDefault = 8

// processors is how many there were when the first Corefile was read: package fastpath
// raises GOMAXPROCS by its loops, of which there would be more at each reload.
var processors = sync.OnceValue(func() int { return runtime.GOMAXPROCS(0) })

// defaultSockets leaves a processor for all that is not answered by the fast path.
func defaultSockets() int { return max(1, min(processors()-1, mostByDefault)) }

// parseFastPath reads the number of sockets, or off.
func (a *Auralink) parseFastPath(args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case len(args) > 1:
		return fmt.Errorf("fastpath takes a number of sockets or off, got %q", args)
	case args[0] == "off":
		a.fast.sockets = 0
		return nil
	}
	sockets, err := strconv.Atoi(args[0])
	if err != nil || sockets < 1 || sockets > fastpath.MaxSockets {
		return fmt.Errorf("fastpath takes 1 to %d sockets or off, got %q", fastpath.MaxSockets, args[0])
	}
	a.fast.sockets = sockets
	return nil
}

// hook asks CoreDNS to be told of the servers it makes for the server block. If
// another plugin has asked before, that one goes on to be told.
func (f *fast) hook(config *dnsserver.Config, a *Auralink) {
	if f.sockets > 0 && config.UDPDecorateWriterFunc == nil {
		config.UDPDecorateWriterFunc = a.serverStarts
	}
}

// startFast opens the sockets, before CoreDNS opens its own: so that nothing is
// to be told apart when they are numbered. They are served when CoreDNS's are.
//
// What is in the way turns the fast path off, not the server. The number of
// plugins that stand ahead is as our setup found it.
func (a *Auralink) startFast(c *caddy.Controller, ahead int) {
	if a.fast.sockets == 0 {
		return
	}
	block := newBlock(c)
	if reason := block.inTheWay(ahead); reason != "" {
		log.Infof("fast path off: %s", reason)
		return
	}
	off := make(map[string][]string) // addresses, by what is in the way
	for _, address := range block.addresses() {
		l, err := a.listen(block, address)
		if err != nil {
			off[err.Error()] = append(off[err.Error()], address)
			continue
		}
		a.fast.listeners = append(a.fast.listeners, l)
	}
	for _, reason := range slices.Sorted(maps.Keys(off)) {
		log.Infof("fast path off on %s: %s", strings.Join(off[reason], ", "), reason)
	}
	a.fast.refresh()
	if len(a.fast.listeners) > 0 && slices.Contains(block.ahead(), "acl") {
		a.fast.admitted = newAdmitted()
	}
	a.routeFast(a.served.Load())
}

// routeFast has the listeners answer from a snapshot.
func (a *Auralink) routeFast(s *serve.Snapshot) {
	for _, l := range a.fast.listeners {
		l.route(s)
	}
}

// serverStarts is called by CoreDNS when a server of the block is about to read
// from its UDP socket; several may share an address. What they write needs no
// decoration.
func (a *Auralink) serverStarts(s *dnsserver.Server) dns.DecorateWriter {
	for _, l := range a.fast.listeners {
		if serverName(l.address) == s.Addr {
			l.start(s)
		}
	}
	return nil
}

// serverName is what CoreDNS calls its server for plain DNS on an address.
func serverName(address string) string { return transport.DNS + "://" + address }

// stopFast gives the sockets back. What is in work is answered first.
func (a *Auralink) stopFast() {
	for _, l := range a.fast.listeners {
		l.stop(othersOn(l.address))
	}
}

// servesFast reports whether CoreDNS has started a server of the block for which the
// fast path is there.
func (a *Auralink) servesFast() bool {
	return slices.ContainsFunc(a.fast.listeners, (*listener).started)
}

// refresh looks again at what a Corefile may have changed that then failed to start.
func (f *fast) refresh() {
	if len(f.listeners) == 0 {
		return
	}
	echoes := echoesOptions()
	for _, l := range f.listeners {
		l.echoes.Store(echoes)
	}
}

// abandonFast gives the sockets back that were never served. CoreDNS has as many as it
// had before. Unlike stopFast it may be called outside of CoreDNS's callbacks.
func (a *Auralink) abandonFast() {
	for _, l := range a.fast.listeners {
		if !l.started() {
			l.stop(l.before)
		}
	}
}

// othersOn returns how many UDP sockets CoreDNS has on an address. While it
// restarts, the old and the new instance share them. It must be called from
// CoreDNS's callbacks at start and shutdown, which are alone in changing that.
func othersOn(address string) int {
	wanted, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return 0
	}
	most := 0
	for _, instance := range caddy.Instances() {
		count := 0
		for _, server := range instance.Servers() {
			if has, ok := server.LocalAddr().(*net.UDPAddr); ok && sameAddr(has, wanted) {
				count++
			}
		}
		most = max(most, count)
	}
	return most
}

// sameAddr reports whether two addresses to bind to are the same; none stands for
// all.
func sameAddr(a, b *net.UDPAddr) bool {
	all := func(ip net.IP) bool { return len(ip) == 0 || ip.IsUnspecified() }
	return a.Port == b.Port && a.Zone == b.Zone && (a.IP.Equal(b.IP) || all(a.IP) && all(b.IP))
}
