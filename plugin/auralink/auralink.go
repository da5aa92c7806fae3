// Package auralink implements a CoreDNS plugin that answers for Neo4j Aura's
// private links: each client gets the addresses of its own VPC's private
// endpoints, and no name ever leads to another region than its own.
//
// What to answer is decided by the packages plan and authority, and which topology
// to serve by package follow; this one only carries messages and counts.
package auralink

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/pkg/fall"
	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/notify"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/wire"
)

// Auralink answers from the plan of a topology file.
type Auralink struct {
	// Next is the next plugin in the chain.
	Next plugin.Handler
	// Fall has the zones in which a question for an undeclared custom endpoint
	// goes to the next plugin.
	Fall fall.F

	topology string        // path of the topology file, or URL of its source
	remote   bool          // it is a URL
	scheme   source.Scheme // of the URL
	// sourceProperties are the arguments of the properties that belong to the scheme;
	// root is where relative paths of the Corefile begin.
	sourceProperties map[string][]string
	root             string

	options serve.Options // what decides beside the topology
	served  servedOf
	xfer    *transfer.Transfer // set on startup where the server block has one
	// secondaries are those of the property notify, and toTell, which is set on startup,
	// who is told of changes; notifier tells them, from start to stop.
	secondaries []secondaries
	toTell      []notify.Secondary
	notifier    atomic.Pointer[notify.Notifier]
	taking      follow.Options                  // how the topology is taken
	taken       *serve.Snapshot                 // told of last; see Take
	follower    atomic.Pointer[follow.Follower] // whose snapshots it serves
	parked      atomic.Bool                     // see park
	replaced    atomic.Bool                     // a restart has begun, and has not failed
	// generation is the same for all instances that one Corefile was read for.
	generation caddy.Context
	undeclared *undeclaredLog
	strangers  *strangersLog
	// toldStrangers is what the log said last of strangers; exposed, that the Internet
	// may be able to ask.
	toldStrangers string
	exposed       bool
	// challenges answers an authority's questions about certificates; nil where the
	// plugin tls has none to get.
	challenges plugin.Handler
	fast       corefast.Path
	neighbours *neighbours     // set by the setup
	caches     cachesAhead     // set on startup
	ledger     ledgerOf        // from start to stop
	saysWho    string          // the server block in which clients say who they are, or ""
	expecting  *time.Timer     // see expectServers
	passesCH   bool            // see inCH; set on startup
	position   position        // set by the setup
	behind     behind          // set on startup
	inspected  bool            // see Inspect
	block      *corefast.Block // set by Inspect
	nobypass   nobypass
	board      boardOf // from start to stop
	// explanations are those of answers; never nil.
	explanations atomic.Pointer[serve.Explanations]
	refusesAloud bool // see refuse; set on startup
}

// Name implements the plugin.Handler interface.
func (a *Auralink) Name() string { return pluginName }

// ServeDNS implements the plugin.Handler interface.
//
// It writes from a small frame: CoreDNS answers each query in a goroutine of its
// own, whose stack would have to be moved to a larger one at the deepest point,
// which is in the write. That was a quarter of all processor time.
func (a *Auralink) ServeDNS(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	if a.neighbours.hold(ctx, w, r) {
		return dns.RcodeSuccess, nil
	}
	if rcode, done := a.inCH(ctx, w, r); done {
		return rcode, nil
	}
	out := a.respond(ctx, w, r)
	if !out.Passed() {
		a.options.Manner.Frame(r, forgeable(ctx, w.RemoteAddr()))
	}
	switch out.Way {
	case serve.NotOurs, serve.NoView, serve.FellThrough:
		return a.neighbours.pass(ctx, passing{name: a.Name(), next: a.Next, who: out.askers}, w, r)
	case serve.Malformed:
		return dns.RcodeFormatError, nil
	case serve.NotImplemented:
		return dns.RcodeNotImplemented, nil
	case serve.Refused:
		return dns.RcodeRefused, nil
	case serve.StrangerRefused:
		return a.refuse(w, r, out.askers)
	case serve.Transferred:
		return a.serveTransfer(ctx, w, r)
	case serve.Challenged:
		return a.challenges.ServeDNS(ctx, w, r)
	case serve.Dropped:
		return dns.RcodeSuccess, nil // for which CoreDNS writes nothing
	case serve.Answered, serve.Slipped: // are written
	}
	a.finish(w, r, out)
	// An error is the client's going away: there is nobody to tell.
	_ = w.WriteMsg(out.message)
	return dns.RcodeSuccess, nil
}

// ending is what becomes of a request.
type ending struct {
	serve.Result
	askers  askers
	answer  authority.Answer
	message *dns.Msg // the reply, where there is one of ours
}

// respond decides what becomes of a request, and counts it.
func (a *Auralink) respond(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) ending {
	if a.parked.Load() {
		a.unpark()
	}
	malformed := ending{Result: serve.Result{Way: serve.Malformed}}
	if !serve.WellFormed(r) {
		return malformed
	}
	s := a.served.Load()
	who, ok := a.askers(s, w, r)
	switch {
	case !ok:
		return malformed
	case !who.known:
		return a.stranger(ctx, s, who, w, r)
	case len(r.Question) != 1:
		out := ending{askers: who, Result: serve.Result{Way: serve.NotOurs}}
		s.Counters.Count(who.view, &out.answer, out.Result)
		return out
	}
	a.fast.Admit(w.RemoteAddr())
	var buf [wire.MaxName]byte
	name, err := wire.Pack(&buf, r.Question[0].Name)
	if err != nil {
		return malformed
	}
	answer := a.options.Lookup(s.Table, who.view, name, r.Question[0].Qtype)
	result := a.decide(ctx, w, r, &answer)
	s.Counters.Count(who.view, &answer, result)
	a.note(ctx, s, who, r, name, &answer, result)
	return ending{Result: result, askers: who, answer: answer, message: a.replyTo(w, r, &answer, result)}
}

// note notes what there is to know of a question of a view's client besides its result.
func (a *Auralink) note(ctx context.Context, s *serve.Snapshot, who askers, r *dns.Msg, name wire.Name, answer *authority.Answer, result serve.Result) {
	if result.Way == serve.NotOurs {
		countElsewhere(s, who.view, name)
	}
	if result.Passed() {
		a.ledger.note(s, who, r)
	}
	if serve.IsUndeclared(answer, name) && s.Counters.CountUndeclared(answer.Zone, result) {
		a.undeclared.note(answer.Zone, r.Question[0].Name, name)
	}
	if wildcard := answer.Wildcard; result.Way == serve.Answered && wildcard != "" {
		metadata.SetValueFunc(ctx, "zone/wildcard", func() string { return wildcard })
	}
}

// decide says what becomes of a question, of which the answer is known.
func (a *Auralink) decide(ctx context.Context, w dns.ResponseWriter, r *dns.Msg, answer *authority.Answer) serve.Result {
	question := r.Question[0]
	result := a.options.Decide(serve.Question{
		Opcode:         r.Opcode,
		Class:          question.Qclass,
		Type:           question.Qtype,
		PassUndeclared: answer.Endpoint == authority.Undeclared && a.Fall.Through(dnsname.Lower(question.Name)),
	}, answer)
	if a.options.Limiter != nil && forgeable(ctx, w.RemoteAddr()) {
		result = a.options.Limit(result, addrPort(w.RemoteAddr()).Addr(), time.Now())
	}
	return result
}

// replyTo makes the reply to a request, if the result is that it has one of ours, else
// nil.
func (a *Auralink) replyTo(w dns.ResponseWriter, r *dns.Msg, answer *authority.Answer, result serve.Result) *dns.Msg {
	var m *dns.Msg
	switch result.Way {
	case serve.Answered:
		m = answer.Reply(r, authority.Rotation(r.Id, addrPort(w.RemoteAddr())))
	case serve.Slipped:
		m = truncated(r)
	default:
		return nil
	}
	a.options.Manner.Mark(m)
	return m
}

// addrPort returns the address and port that a net.Addr stands for, or none. It
// does not allocate for plain UDP and TCP addresses.
func addrPort(addr net.Addr) netip.AddrPort {
	switch a := addr.(type) {
	case *net.UDPAddr:
		return a.AddrPort()
	case *net.TCPAddr:
		return a.AddrPort()
	case interface{ Unwrap() net.Addr }:
		return addrPort(a.Unwrap())
	case nil:
		return netip.AddrPort{}
	default:
		parsed, err := netip.ParseAddrPort(a.String())
		if err != nil {
			return netip.AddrPort{}
		}
		return parsed
	}
}
