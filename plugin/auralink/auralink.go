// Package auralink implements a CoreDNS plugin that answers for Neo4j Aura's
// private links: each client gets the addresses of its own VPC's private
// endpoints, and no name ever leads to another region than its own.
//
// What to answer is decided by the packages plan and authority; this one only
// carries messages, watches the topology file and counts.
package auralink

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/pkg/fall"
	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/ratelimit"
	"github.com/auralink/auralink/internal/wire"
)

// Auralink answers from the plan of a topology file.
type Auralink struct {
	// Next is the next plugin in the chain.
	Next plugin.Handler
	// Fall has the zones in which a question for an undeclared custom endpoint
	// goes to the next plugin.
	Fall fall.F

	topology string // path of the topology file
	vpc      string // name of the one VPC to answer as, or ""
	served   atomic.Pointer[snapshot]
	failing  atomic.Bool        // the file is not what is served, for it is bad
	xfer     *transfer.Transfer // set on startup where the server block has one
	watcher  *watcher
	parked   atomic.Bool // see park
	// generation is the same for all instances that one Corefile was read for.
	generation caddy.Context
	unknown    *unknownLog
	limiter    *ratelimit.Limiter // nil for no limit
	fast       fast
	// cachedZones are the zones that a cache ahead of this plugin was told to
	// pass by; nil where there is no such cache.
	cachedZones []string
}

// Name implements the plugin.Handler interface.
func (a *Auralink) Name() string { return pluginName }

// ServeDNS implements the plugin.Handler interface.
//
// It writes from a small frame: CoreDNS answers each query in a goroutine of its
// own, whose stack would have to be moved to a larger one at the deepest point,
// which is in the write. That was a quarter of all processor time.
func (a *Auralink) ServeDNS(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	m, result := a.respond(ctx, w, r)
	switch result {
	case notOurs, fellThrough:
		return plugin.NextOrFailure(a.Name(), a.Next, ctx, w, r)
	case malformed:
		return dns.RcodeFormatError, nil
	case notImplemented:
		return dns.RcodeNotImplemented, nil
	case refused:
		return dns.RcodeRefused, nil
	case transferred:
		return a.serveTransfer(ctx, w, r)
	case dropped:
		return dns.RcodeSuccess, nil // for which CoreDNS writes nothing
	case slipped: // is written as an answer is
	}
	// An error is the client's going away: there is nobody to tell.
	_ = w.WriteMsg(m)
	return dns.RcodeSuccess, nil
}

// respond decides what becomes of a request, and counts it. The message is the
// reply where the result is an answer, else nil.
func (a *Auralink) respond(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (*dns.Msg, result) {
	if a.parked.Load() {
		a.unpark()
	}
	s := a.served.Load()
	client, known := addrPort(w.RemoteAddr())
	view, ok := a.viewOf(s.table, client, known)
	if !ok || len(r.Question) != 1 {
		s.counters.countNone()
		return nil, notOurs
	}
	a.fast.admitted.note(w.RemoteAddr())
	question := r.Question[0]
	var buf [wire.MaxName]byte
	name, err := wire.Pack(&buf, question.Name)
	if err != nil {
		return nil, malformed
	}
	answer := s.table.Lookup(view, name, question.Qtype)
	result := a.judge(asked{
		opcode:         r.Opcode,
		class:          question.Qclass,
		qtype:          question.Qtype,
		passUndeclared: answer.Endpoint == authority.Undeclared && a.Fall.Through(strings.ToLower(question.Name)),
	}, answer)
	if a.limiter != nil && forgeable(ctx, w.RemoteAddr()) {
		result = a.limit(result, client.Addr(), time.Now())
	}
	s.counters.count(view, answer, result)
	if result == slipped {
		return truncated(r), result
	}
	if answer.Endpoint == authority.Undeclared && result != dropped {
		a.unknown.note(answer.Zone, question.Name)
	}
	if !result.isAnswer() {
		return nil, result
	}
	if answer.Wildcard != "" {
		metadata.SetValueFunc(ctx, "zone/wildcard", func() string { return answer.Wildcard })
	}
	return answer.Reply(r, authority.Rotation(r.Id, client)), result
}

// asked is what a decision depends on besides the answer to it.
type asked struct {
	opcode         int
	class, qtype   uint16
	passUndeclared bool // whether undeclared endpoints of the name's zone go on
}

// judge says what becomes of a request, of which answer would be the answer if
// it is a plain question. It decides for the slow path and for the fast one.
func (a *Auralink) judge(q asked, answer authority.Answer) result {
	switch {
	case answer.Kind == authority.NotOurs:
		return notOurs
	case answer.Endpoint == authority.Undeclared && q.passUndeclared:
		return fellThrough
	case q.opcode != dns.OpcodeQuery:
		return notImplemented
	case q.class != dns.ClassINET:
		return refused
	case q.qtype != dns.TypeAXFR && q.qtype != dns.TypeIXFR:
		return resultOf(answer.Kind)
	case a.xfer == nil:
		return refused
	default:
		return transferred
	}
}

// viewOf returns the view of the client, if its address is known, or the one that
// is pinned.
func (a *Auralink) viewOf(table *authority.Table, client netip.AddrPort, known bool) (authority.ViewID, bool) {
	if a.vpc != "" {
		return table.ViewNamed(a.vpc)
	}
	if !known {
		return 0, false
	}
	return table.ViewFor(client.Addr())
}

// addrPort returns the address and port that a net.Addr stands for. It does not
// allocate for plain UDP and TCP addresses.
func addrPort(addr net.Addr) (netip.AddrPort, bool) {
	switch a := addr.(type) {
	case *net.UDPAddr:
		return a.AddrPort(), a.IP != nil
	case *net.TCPAddr:
		return a.AddrPort(), a.IP != nil
	case interface{ Unwrap() net.Addr }:
		return addrPort(a.Unwrap())
	case nil:
		return netip.AddrPort{}, false
	default:
		parsed, err := netip.ParseAddrPort(a.String())
		return parsed, err == nil
	}
}
