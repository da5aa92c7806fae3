package corefast

import (
	"net/netip"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// Responder answers queries of one socket from octets to octets. What is decided
// is decided by the same code as in ServeDNS.
type Responder struct {
	listener *listener
	path     *Path
	query    wire.Query
	routes   *routes
	now      time.Time     // of the batch; zero until somebody needs it
	counted  []*zoneReport // of the batch, until it is known how long it took
	parked   bool          // all is left to the plugin
	last     lastView

	explanations *serve.Explanations // of the batch
	scoped       [wire.MaxScoped]byte
}

// lastView is the view of the client that asked last, and whether it was found to be
// admitted, which is for good: most queries come from few clients, a resolver's
// above all.
type lastView struct {
	snapshot *serve.Snapshot
	client   netip.Addr
	view     authority.ViewID
	known    bool
	admitted bool
}

func newResponder(l *listener) *Responder {
	r := &Responder{listener: l, path: l.path, counted: make([]*zoneReport, 0, fastpath.BatchSize)}
	r.query.Flags = l.path.Serve.Manner.Flags
	return r
}

// Begin implements the fastpath.Responder interface.
func (r *Responder) Begin() {
	r.routes = r.listener.routesOf(r.path.Served())
	r.parked = r.routes == nil || r.path.Parked.Load()
	r.explanations = r.path.Explanations.Load()
	r.now = time.Time{}
	if r.listener.report != nil {
		r.now = r.path.now()
	}
}

// End implements the fastpath.Responder interface.
func (r *Responder) End() {
	if len(r.counted) == 0 {
		return
	}
	took := r.path.now().Sub(r.now)
	for _, counts := range r.counted {
		counts.observe(took)
	}
	r.counted = r.counted[:0]
}

// Respond implements the fastpath.Responder interface. Whatever is out of the
// ordinary is missed: CoreDNS's server then answers, through our ServeDNS.
func (r *Responder) Respond(buf, packet []byte, client netip.AddrPort) (int, fastpath.Disposition) {
	if !r.ordinary(packet) {
		return 0, fastpath.Missed
	}
	q, s := &r.query, r.routes.snapshot
	view, ok := r.viewOf(s, client)
	if !ok {
		return 0, fastpath.Missed
	}
	answer := r.path.Serve.Lookup(s.Table, view, q.Name(), q.Type)
	if answer.Zone == nil {
		return 0, fastpath.Missed
	}
	route := r.routes.of(answer.Zone)
	result := r.decide(route, &answer)
	if !route.fast || result.Way != serve.Answered {
		return 0, fastpath.Missed
	}
	q.UDPSize = r.path.Serve.Manner.UDPSize(q.UDPSize)
	if q.EDNS {
		r.explain(&answer, client)
	}
	n := answer.WriteReply(buf, q, client)
	undeclared := serve.IsUndeclared(&answer, q.Name())
	if n == 0 || undeclared && r.due(answer.Zone) {
		return 0, fastpath.Missed
	}
	n, result = r.limit(buf, n, client, result)
	r.count(view, &answer, undeclared, result)
	if route.counts != nil {
		size := n
		if result == serve.Answer(zones.Positive) && len(answer.Addrs) > 0 {
			size = answer.WholeLen(q)
		}
		route.counts.add(q, len(packet), size, client, result)
		r.counted = append(r.counted, route.counts)
	}
	if result.Way == serve.Dropped {
		return 0, fastpath.Dropped
	}
	return n, fastpath.Answered
}

// explain has the reply say why it is what it is, if there is anything to say.
func (r *Responder) explain(answer *authority.Answer, client netip.AddrPort) {
	if why := r.explanations.Of(answer).Wire; len(why) > 0 {
		answer.Explain(why, &r.query, client)
	}
}

// viewOf returns the view of the client or, where a trusted forwarder asks for others, of
// these, if there is one and it may be asked for.
func (r *Responder) viewOf(s *serve.Snapshot, client netip.AddrPort) (authority.ViewID, bool) {
	if r.query.Subnet != nil && r.path.Serve.Trusts(client.Addr()) {
		return r.viewOfSubnet(s, client)
	}
	last := &r.last
	if last.snapshot != s || last.client != client.Addr() {
		last.snapshot, last.client = s, client.Addr()
		last.view, last.known = r.path.Serve.View(s.Table, client.Addr())
		last.admitted = false
	}
	last.admitted = last.admitted || r.path.admitted.has(client.Addr())
	return last.view, last.known && last.admitted
}

// viewOfSubnet returns the view of the clients for whom a trusted forwarder asks, and has
// the reply say for whom it is. What is odd is left to the slow path.
func (r *Responder) viewOfSubnet(s *serve.Snapshot, forwarder netip.AddrPort) (authority.ViewID, bool) {
	subnet, ok := wire.ParseSubnet(r.query.Subnet)
	if !ok || !r.path.admitted.has(forwarder.Addr()) {
		return 0, false
	}
	view, scope, ok := s.Table.ViewForSubnet(subnet)
	r.query.For = wire.Scoped(r.scoped[:], r.query.Subnet, uint8(scope))
	return view, ok
}

// ordinary reads a packet, and reports whether it is a question that may be
// answered here.
func (r *Responder) ordinary(packet []byte) bool {
	q := &r.query
	switch {
	case r.parked, !q.Parse(packet), !r.listener.report.counts(q.Type):
		return false
	case q.Options && r.listener.echoes.Load(): // some of them come back in the reply
		return false
	case q.Type == dns.TypeDS: // CoreDNS has another way to find its server block
		return false
	default:
		return true
	}
}

func (r *Responder) decide(route *route, answer *authority.Answer) serve.Result {
	return r.path.Serve.Decide(serve.Question{
		Opcode:         dns.OpcodeQuery,
		Class:          dns.ClassINET,
		Type:           r.query.Type,
		PassUndeclared: route.passUndeclared,
	}, answer)
}

// due reports whether the question, which is for an undeclared endpoint of the zone,
// is to be logged, by the slow path.
func (r *Responder) due(zone *authority.Zone) bool {
	return r.path.Due != nil && r.path.Due(zone, r.query.Name(), r.clock())
}

// limit says what becomes of a reply of n octets, and how many it has then.
func (r *Responder) limit(buf []byte, n int, client netip.AddrPort, result serve.Result) (int, serve.Result) {
	if r.path.Serve.Limiter == nil {
		return n, result
	}
	switch result = r.path.Serve.Limit(result, client.Addr(), r.clock()); result.Way {
	case serve.Slipped:
		return r.query.PutTruncated(buf), result
	case serve.Dropped:
		return 0, result
	default:
		return n, result
	}
}

// count counts a query in our own metrics, and in those of acl.
func (r *Responder) count(view authority.ViewID, answer *authority.Answer, undeclared bool, result serve.Result) {
	counters := r.routes.snapshot.Counters
	counters.Count(view, answer, result)
	if undeclared {
		counters.CountUndeclared(answer.Zone, result)
	}
	if r.path.admitted != nil {
		r.listener.countAllowed()
	}
}

// clock returns the time of the batch.
func (r *Responder) clock() time.Time {
	if r.now.IsZero() {
		r.now = r.path.now()
	}
	return r.now
}
