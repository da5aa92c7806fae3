package corefast

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/edns"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/serve"
)

// graceTime is how long queries in work may take when a server stops, as in
// CoreDNS's own.
const graceTime = 5 * time.Second

// listener is the fast path on one address.
type listener struct {
	path    *Path
	block   *Block
	address string // as CoreDNS has it: ":53"
	before  int    // sockets that CoreDNS had there when ours were opened
	others  int    // sockets that CoreDNS has there once it serves, at least
	tenant  *fastpath.Tenant
	report  *report     // nil without prometheus
	echoes  atomic.Bool // CoreDNS copies EDNS options into replies
	routes  atomic.Pointer[prepared]
	told    string // the zones that were last said not to be answered
	allowed serve.Lazy[prometheus.Counter]

	mu      sync.Mutex // guards the rest
	stopped bool
	misses  *dns.Server   // has CoreDNS's server answer what we do not; nil until then
	reading chan struct{} // closed when that reads
}

// listen opens the sockets of an address.
func (p *Path) listen(b *Block, address string) (*listener, error) {
	if reason := b.inTheWayOn(address); reason != "" {
		return nil, errors.New(reason)
	}
	before := othersOn(address)
	tenant, err := fastpath.Open(address, p.Sockets, before)
	if err != nil {
		return nil, err
	}
	return &listener{
		before:  before,
		others:  max(before, b.sockets(address)),
		path:    p,
		block:   b,
		address: address,
		tenant:  tenant,
		reading: make(chan struct{}),
		report:  newReport(b, ServerName(address)),
	}, nil
}

// EchoesOptions reports whether CoreDNS's servers copy any EDNS option from
// queries into replies. They do in all server blocks of the process once a plugin
// of any of them, such as rewrite, says so in its setup.
func EchoesOptions() bool {
	for code := range 1 << 16 {
		if edns.SupportedOption(uint16(code)) {
			return true
		}
	}
	return false
}

// start has the sockets served, beside the server. An address can have several
// servers: the first is taken.
func (l *listener) start(s *dnsserver.Server) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped || l.misses != nil {
		return
	}
	work := l.tenant.Misses()
	l.misses = &dns.Server{
		PacketConn:        work,
		Net:               "udp",
		UDPSize:           fastpath.MaxQuery,
		TsigSecret:        s.TsigSecret,
		Handler:           missHandler{server: s, misses: work},
		NotifyStartedFunc: func() { close(l.reading) },
		// Each packet comes to one of these, or to the handler, and to both of
		// them only if the first accepts it.
		MsgAcceptFunc: func(header dns.Header) dns.MsgAcceptAction {
			action := dns.DefaultMsgAcceptFunc(header)
			if action != dns.MsgAccept {
				work.Done()
			}
			return action
		},
		MsgInvalidFunc: func([]byte, error) { work.Done() },
	}
	go func() {
		if err := l.misses.ActivateAndServe(); err != nil {
			l.path.Log.Errorf("fast path on %s: handing on what is not answered: %v", l.address, err)
		}
	}()
	fresh := func() fastpath.Responder { return newResponder(l) }
	l.tenant.Watch(l.health)
	if err := l.tenant.Serve(fresh, l.others); err != nil {
		l.path.Log.Errorf("fast path on %s: %v", l.address, err)
	}
}

// stop gives the sockets back, once all that came in has been answered, or its time is
// over. The parameter others is how many sockets CoreDNS keeps on the address: packets
// go to them from now on.
func (l *listener) stop(others int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	l.stopped = true
	l.tenant.Drain(others)
	defer l.tenant.Close()
	if l.misses == nil {
		return
	}
	grace, cancel := context.WithTimeout(context.Background(), graceTime)
	defer cancel()
	for !l.tenant.Idle() && grace.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	select {
	case <-l.reading:
		_ = l.misses.ShutdownContext(grace)
	case <-grace.Done(): // it could not be started
	}
}

// health logs that the system does not let sockets be read or written, or does again.
func (l *listener) health(h fastpath.Health) {
	switch {
	case h.Working == 0:
		l.path.Log.Errorf("fast path off on %s: the system refuses to read or write its sockets, and CoreDNS has the packets until it does again: %v", l.address, h.Err)
	case h.Err != nil:
		l.path.Log.Errorf("fast path on %s: %d of %d sockets are left, for the system refuses to read or write: %v", l.address, h.Working, h.Sockets, h.Err)
	default:
		l.path.Log.Infof("fast path on again on %s", l.address)
	}
}

// started reports whether start has been called.
func (l *listener) started() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.misses != nil
}

// missHandler hands queries to CoreDNS's server, as the server does itself.
type missHandler struct {
	server *dnsserver.Server
	misses *fastpath.Misses
}

// ServeDNS implements the dns.Handler interface.
func (h missHandler) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	defer h.misses.Done()
	client, ok := fastpath.Client(w.RemoteAddr())
	if !ok {
		return // never: all queries come from there
	}
	ctx := context.WithValue(context.Background(), dnsserver.Key{}, h.server)
	ctx = context.WithValue(ctx, dnsserver.LoopKey{}, 0)
	h.server.ServeDNS(ctx, missWriter{w, client}, r)
}

// missWriter is a ResponseWriter whose client has the address that plugins expect.
type missWriter struct {
	dns.ResponseWriter
	client *net.UDPAddr
}

// RemoteAddr implements the dns.ResponseWriter interface.
func (w missWriter) RemoteAddr() net.Addr { return w.client }
