package auralink

import (
	"context"
	"slices"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/alias"
)

const (
	// maxAsks bounds how often an answer that was asked for leads to another name
	// that is asked for.
	maxAsks = 8
	// asksWithin bounds the time after which no more is asked for one answer. It is
	// that of the plugin forward for a question.
	asksWithin = 5 * time.Second
)

// transit is how far a question has come on its way through the server.
type transit struct {
	// behind says that an instance of ours has passed the question on, or has passed on
	// the question for whose sake it is asked: the answer comes back through that
	// instance.
	behind bool
	// asks is how many questions of ours are being answered around it, each asked to
	// answer the one before.
	asks  int
	until time.Time // when it is too late to ask; zero until one of us asks
}

// transitKey is where a context has the transit.
type transitKey struct{}

func transitOf(ctx context.Context) transit {
	if t, ok := ctx.Value(transitKey{}).(*transit); ok {
		return *t
	}
	return transit{}
}

// in returns a context with the transit, which must not be changed any more.
func (t *transit) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, transitKey{}, t)
}

// passage takes the answer of the plugins behind to the client, and leads it to the
// client's own where it says something of names of ours.
type passage struct {
	dns.ResponseWriter
	neighbours *neighbours
	ctx        context.Context
	request    *dns.Msg
	question   dns.Question // plugins may change that of the request
	transit    transit
	behind     transit // that of what is asked on the way
	who        askers  // for whom the answer is
}

// newPassage returns the passage for a request, and the context in which it goes on.
func (n *neighbours) newPassage(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (*passage, context.Context) {
	p := &passage{ResponseWriter: w, neighbours: n, ctx: ctx, request: r, question: r.Question[0], transit: transitOf(ctx)}
	p.behind = p.transit
	p.behind.behind = true
	return p, p.behind.in(ctx)
}

// WriteMsg implements the dns.ResponseWriter interface.
func (p *passage) WriteMsg(m *dns.Msg) error {
	led := m != nil && alias.Concerns(p.neighbours, p.question, m)
	if led {
		m = alias.Lead(p.neighbours, p.ask, p.question, m)
	}
	return p.ResponseWriter.WriteMsg(p.scoped(m, led))
}

// scoped returns the message as it goes to a trusted forwarder: where other clients may
// have another answer it says for whom this one is (RFC 7871, section 7.2.1). That is so
// of a name that is in any view, and of an alias that leads there.
func (p *passage) scoped(m *dns.Msg, led bool) *dns.Msg {
	if m == nil || p.who.subnet == nil || !led && !p.neighbours.Ours(p.question.Name) {
		return m
	}
	m = m.Copy()
	subnet, opt := *p.who.subnet, m.IsEdns0()
	if opt == nil {
		opt = &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}}
		m.Extra = append(m.Extra, opt)
	}
	opt.Option = slices.DeleteFunc(opt.Option, func(option dns.EDNS0) bool {
		theirs, ok := option.(*dns.EDNS0_SUBNET)
		if ok {
			subnet.SourceScope = max(subnet.SourceScope, theirs.SourceScope)
		}
		return ok
	})
	opt.Option = append(opt.Option, &subnet)
	if p.who.tailored() {
		unkept(m)
	}
	return m
}

// Write implements the dns.ResponseWriter interface.
func (p *passage) Write(packet []byte) (int, error) {
	m := new(dns.Msg)
	if m.Unpack(packet) != nil || p.who.subnet == nil && !alias.Concerns(p.neighbours, p.question, m) {
		return p.ResponseWriter.Write(packet)
	}
	return len(packet), p.WriteMsg(m)
}

// ask asks this server for what the client would be answered if it asked for a name
// itself: another server block may have the name, or another plugin, and the view of
// the client may not. It returns nil if there is no answer.
//
// Whoever asks for an answer of his own gets a placeholder for now: the one of us
// through whose hands that goes to the client will ask.
func (p *passage) ask(name string, qtype uint16) *dns.Msg {
	r := p.request.Copy()
	r.Question = []dns.Question{{Name: name, Qtype: qtype, Qclass: dns.ClassINET}}
	if p.transit.behind {
		return alias.Placeholder(r)
	}
	server, running := p.ctx.Value(dnsserver.Key{}).(*dnsserver.Server)
	if !running || p.transit.asks == maxAsks {
		return nil
	}
	now := time.Now()
	if p.transit.until.IsZero() {
		p.transit.until = now.Add(asksWithin)
	}
	if now.After(p.transit.until) {
		return nil
	}
	asked := &transit{asks: p.transit.asks + 1, until: p.transit.until}
	w := &listening{ResponseWriter: p.ResponseWriter}
	server.ServeDNS(asked.in(p.ctx), w, r)
	return w.heard
}

// listening is a client that asks for nobody but us: it is where the real one is, and
// keeps what it is answered.
type listening struct {
	dns.ResponseWriter
	heard *dns.Msg
}

// WriteMsg implements the dns.ResponseWriter interface.
func (l *listening) WriteMsg(m *dns.Msg) error {
	l.heard = m
	return nil
}

// Write implements the dns.ResponseWriter interface.
func (l *listening) Write(packet []byte) (int, error) {
	m := new(dns.Msg)
	if err := m.Unpack(packet); err != nil {
		return 0, err
	}
	l.heard = m
	return len(packet), nil
}

// Close implements the dns.ResponseWriter interface. The client stays.
func (l *listening) Close() error { return nil }

// Hijack implements the dns.ResponseWriter interface. The client stays.
func (l *listening) Hijack() {}
