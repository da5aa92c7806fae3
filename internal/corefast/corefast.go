// Package corefast is the fast path inside CoreDNS: on each address of a server block,
// sockets of our own that answer most questions without CoreDNS's server, and hand all
// others to it.
//
// It knows CoreDNS: which server blocks there are, which plugins stand ahead, and what
// these need to see. What is answered is decided by package serve, as in the plugin's
// ServeDNS; how packets are read and written is package fastpath's to know.
package corefast

import (
	"maps"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/fall"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/wire"
)

// Options are what the plugin says of its server block.
type Options struct {
	// Plugin is the name of its directive.
	Plugin string
	// Sockets are wanted on each address; 0 turns the fast path off.
	Sockets int
	// Serve decides, as in the plugin's ServeDNS. It is complete when [Path.Start] is
	// called.
	Serve *serve.Options
	// Served is the snapshot that is served: by the plugin, and by the fast path once it is
	// prepared for it.
	Served func() *serve.Snapshot
	// Fall has the zones in which a question for an undeclared endpoint goes to the
	// next plugin.
	Fall *fall.F
	// Parked says that all questions are left to the plugin: each of them tells it that
	// it is asked again.
	Parked *atomic.Bool
	// Explanations are those of answers.
	Explanations *atomic.Pointer[serve.Explanations]
	// Due reports whether a question for an undeclared endpoint of a zone is to be
	// logged, for which it is left to the plugin; nil if none is.
	Due func(zone *authority.Zone, name wire.Name, now time.Time) bool
	// Now is the time; nil for the system's.
	Now func() time.Time
	// Log is told why the fast path is off.
	Log Log
}

// Log is where an operator reads.
type Log interface {
	Infof(format string, args ...any)
	Errorf(format string, args ...any)
}

// Path is the fast path of a server block. Its options must be set before it is started.
type Path struct {
	Options
	listeners []*listener
	admitted  *admitted // nil where no acl is ahead
}

// mostByDefault bounds the sockets that are opened unless told otherwise. One
// answers more queries than a network sends in all but floods.
const mostByDefault = 8

// processors is how many there were when the first Corefile was read: package fastpath
// raises GOMAXPROCS by its loops, of which there would be more at each reload.
var processors = sync.OnceValue(func() int { return runtime.GOMAXPROCS(0) })

// DefaultSockets is how many sockets an address has unless told otherwise. One processor
// is left for all that the fast path does not answer.
func DefaultSockets() int { return max(1, min(processors()-1, mostByDefault)) }

// Hook asks CoreDNS to be told of the servers it makes for the server block. If
// another plugin has asked before, that one goes on to be told.
func (p *Path) Hook(config *dnsserver.Config) {
	if p.Sockets > 0 && config.UDPDecorateWriterFunc == nil {
		config.UDPDecorateWriterFunc = p.serverStarts
	}
}

// Start opens the sockets. It must be called before CoreDNS opens its own: the kernel
// numbers the sockets of an address as they are opened, and ours come first. They are
// served once CoreDNS's are.
//
// Where something is in the way the fast path is off, and the server starts all the
// same. The parameter ahead is how many plugins the setup found ahead of ours.
func (p *Path) Start(block *Block, ahead int) {
	if p.Sockets == 0 {
		return
	}
	if reason := block.inTheWay(ahead); reason != "" {
		p.Log.Infof("fast path off: %s", reason)
		return
	}
	off := make(map[string][]string) // addresses, by what is in the way
	for _, address := range block.addresses() {
		l, err := p.listen(block, address)
		if err != nil {
			off[err.Error()] = append(off[err.Error()], address)
			continue
		}
		p.listeners = append(p.listeners, l)
	}
	for _, reason := range slices.Sorted(maps.Keys(off)) {
		p.Log.Infof("fast path off on %s: %s", strings.Join(off[reason], ", "), reason)
	}
	p.Refresh()
	if len(p.listeners) > 0 && slices.Contains(block.Ahead(), "acl") {
		p.admitted = newAdmitted()
	}
	p.Prepare(p.Served())
	p.Settle()
}

// Prepare has the listeners answer from a snapshot as soon as it is served. What is
// served meanwhile is answered on.
func (p *Path) Prepare(s *serve.Snapshot) {
	for _, l := range p.listeners {
		l.prepare(s)
	}
}

// Settle drops what was prepared for snapshots that are not served any more.
func (p *Path) Settle() {
	for _, l := range p.listeners {
		l.settle()
	}
}

// serverStarts is called by CoreDNS when a server of the block is about to read
// from its UDP socket; several may share an address. What they write needs no
// decoration.
func (p *Path) serverStarts(s *dnsserver.Server) dns.DecorateWriter {
	for _, l := range p.listeners {
		if ServerName(l.address) == s.Addr {
			l.start(s)
		}
	}
	return nil
}

// ServerName is what CoreDNS calls its server for plain DNS on an address.
func ServerName(address string) string { return transport.DNS + "://" + address }

// Stop gives the sockets back. What is in work is answered first.
func (p *Path) Stop() {
	for _, l := range p.listeners {
		l.stop(othersOn(l.address))
	}
}

// There reports whether the fast path is there on any address.
func (p *Path) There() bool { return len(p.listeners) > 0 }

// Serves reports whether CoreDNS has started a server of the block for which the fast
// path is there.
func (p *Path) Serves() bool { return slices.ContainsFunc(p.listeners, (*listener).started) }

// Admit is told that a query from a client has come through the plugins ahead.
func (p *Path) Admit(client net.Addr) { p.admitted.note(client) }

// now returns the time.
func (p *Path) now() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

// Refresh looks again at what a Corefile may have changed that then failed to start.
func (p *Path) Refresh() {
	if len(p.listeners) == 0 {
		return
	}
	echoes := EchoesOptions()
	for _, l := range p.listeners {
		l.echoes.Store(echoes)
	}
}

// Abandon gives the sockets back that were never served. CoreDNS has as many as it
// had before. Unlike Stop it may be called outside of CoreDNS's callbacks.
func (p *Path) Abandon() {
	for _, l := range p.listeners {
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
