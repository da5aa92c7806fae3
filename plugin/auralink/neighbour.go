package auralink

import (
	"context"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/alias"
	"github.com/auralink/auralink/internal/authority"
)

// neighbours is what the server blocks of one Corefile have in common: the names of
// ours in any of them. A plugin of any block may have an alias that leads there.
type neighbours struct {
	// instances are complete when the servers start, and not changed then.
	instances []*Auralink
}

// neighboursKey is where CoreDNS's instance has the neighbours.
type neighboursKey struct{}

// meet makes the plugin one of the neighbours. The first of a Corefile also has each
// server block lead aliases, at the place that the directive has in the order, which
// is ahead of the cache. It returns how many handlers the block had there before.
func (a *Auralink) meet(c *caddy.Controller) (ahead int) {
	ahead = len(dnsserver.GetConfig(c).Plugin)
	all, others := c.Get(neighboursKey{}).(*neighbours)
	if others {
		ahead-- // the one for blocks without us, which steps aside
	} else {
		all = new(neighbours)
		c.Set(neighboursKey{}, all)
		dnsserver.AddPluginToAllServerBlocks(c, all.handler)
	}
	all.instances = append(all.instances, a)
	a.neighbours = all
	return ahead
}

// handler returns what leads aliases in a server block. Where the plugin itself comes
// next there is nothing to add.
func (n *neighbours) handler(next plugin.Handler) plugin.Handler {
	if self, ok := next.(*Auralink); ok {
		return self
	}
	return &neighbour{next: next, all: n}
}

// neighbour leads aliases in a server block that has no topology.
type neighbour struct {
	next plugin.Handler
	all  *neighbours
}

// Name implements the plugin.Handler interface.
func (n *neighbour) Name() string { return pluginName + "_neighbour" }

// ServeDNS implements the plugin.Handler interface.
func (n *neighbour) ServeDNS(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	if _, first := w.(*request.ScrubWriter); first && n.next == nil {
		return dns.RcodeRefused, nil // as CoreDNS does where a block has no plugins
	}
	if n.all.hold(ctx, w, r) {
		return dns.RcodeSuccess, nil
	}
	return n.all.pass(ctx, passing{name: n.Name(), next: n.next}, w, r)
}

// Ours implements the alias.Names interface.
func (n *neighbours) Ours(name string) bool {
	var last *authority.Table // mostly, all have the same
	for _, a := range n.instances {
		table := a.served.Load().Table
		if table != last && table.Has(name) {
			return true
		}
		last = table
	}
	return false
}

// hold answers a question for a name of ours with a placeholder, if somebody behind one
// of us asks it to make an answer of his own of that. It reports whether it has.
func (n *neighbours) hold(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) bool {
	if n == nil || !transitOf(ctx).behind || !leads(r) || !n.Ours(r.Question[0].Name) {
		return false
	}
	_ = w.WriteMsg(alias.Placeholder(r)) // to whoever asked, in this process
	return true
}

// passing says how a question is passed on.
type passing struct {
	name string // of the plugin that does
	next plugin.Handler
	who  askers // without a subnet, whoever asks
}

// pass hands a question to the next plugin, and leads what is written from there.
func (n *neighbours) pass(ctx context.Context, how passing, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	if n == nil || !leads(r) {
		return plugin.NextOrFailure(how.name, how.next, ctx, w, r)
	}
	p, behind := n.newPassage(ctx, w, r)
	p.who = how.who
	return plugin.NextOrFailure(how.name, how.next, behind, p, r)
}

// leads reports whether an answer to a request may have to be led: it is a question,
// not a message of another kind or a transfer, which has aliases as they are.
func leads(r *dns.Msg) bool {
	if r.Opcode != dns.OpcodeQuery || len(r.Question) != 1 {
		return false
	}
	qtype := r.Question[0].Qtype
	return qtype != dns.TypeAXFR && qtype != dns.TypeIXFR
}
