package auralink

import (
	"errors"
	"slices"

	"github.com/coredns/coredns/plugin/pkg/edns"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/serve"
)

// Doubt implements follow.Taker.
func (a *Auralink) Doubt(problem error) {
	stale := ""
	switch held := (*follow.HeldError)(nil); {
	case errors.As(problem, &held):
		stale = serve.TextHeld
	case problem != nil:
		stale = serve.TextUntaken
	}
	a.explanations.Store(serve.Explain(stale))
}

// finish gives a reply of ours its OPT record, where it has more to say there than
// CoreDNS: for whom it is, and why it is what it is.
func (a *Auralink) finish(w dns.ResponseWriter, r *dns.Msg, out ending) {
	opt := optOf(r, out.askers)
	if opt == nil {
		return
	}
	if out.askers.tailored() {
		unkept(out.message)
	}
	if out.Way == serve.Answered {
		opt.Option = append(opt.Option, a.explanation(w, r, out.message, &out.answer, opt).Errors...)
	}
	if len(opt.Option) > 0 {
		opt.Option = append(opt.Option, givenBack(r)...)
		out.message.Extra = append(out.message.Extra, opt)
	}
}

// optOf returns the OPT record of the reply to a request, but for what CoreDNS fills in;
// nil if there is to be none.
func optOf(r *dns.Msg, who askers) *dns.OPT {
	if r.IsEdns0() == nil {
		return nil
	}
	opt := &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}}
	if who.subnet != nil {
		opt.Option = append(opt.Option, who.subnet)
	}
	return opt
}

// explanation returns that of an answer, if there is room for it in the reply to a
// request, which is to have an OPT record: under the same conditions as
// [authority.Answer.Explain].
func (a *Auralink) explanation(w dns.ResponseWriter, r, m *dns.Msg, answer *authority.Answer, opt *dns.OPT) serve.Explanation {
	why := a.explanations.Load().Of(answer)
	if len(why.Wire) == 0 {
		return serve.Explanation{}
	}
	limit := dns.MaxMsgSize
	if state := (request.Request{W: w, Req: r}); state.Proto() == "udp" {
		limit = authority.WholeLimit(state.Size(), addrPort(w.RemoteAddr()).Addr())
	}
	if m.Len()+dns.Len(opt)+len(why.Wire) > limit {
		return serve.Explanation{}
	}
	return *why
}

// givenBack returns the options of a request that CoreDNS gives back, because some plugin
// has asked for them. It does so in replies without an OPT record.
func givenBack(r *dns.Msg) (options []dns.EDNS0) {
	for _, option := range r.IsEdns0().Option {
		if edns.SupportedOption(option.Option()) {
			options = append(options, option)
		}
	}
	return options
}

// refuse refuses a stranger, and says why if it may. Returned as a response code, a
// refusal is written by CoreDNS's server, which knows no reasons.
func (a *Auralink) refuse(w dns.ResponseWriter, r *dns.Msg, who askers) (int, error) {
	opt := optOf(r, who)
	if !a.refusesAloud || opt == nil {
		return dns.RcodeRefused, nil
	}
	opt.Option = append(append(opt.Option, serve.ExplainStranger(who.client).Errors...), givenBack(r)...)
	m := new(dns.Msg).SetRcode(r, dns.RcodeRefused)
	m.Extra = []dns.RR{opt}
	_ = w.WriteMsg(m)
	return dns.RcodeSuccess, nil
}

// indifferent are the plugins that leave a refusal as it is, by whichever of us it is
// written. Others may take it for a reply without records, and look for some.
var indifferent = []string{
	"acl", "any", "bufsize", "cache", "cancel", "chaos", "debug", "dnstap", "errors", "geoip", "loadbalance", "log",
	"loop", "metadata", "nsid", "prometheus", "trace", "tsig",
}

// allIndifferent reports whether all plugins that stand ahead are, whose number is known.
func allIndifferent(ahead []string, count int) bool {
	return len(ahead) == count && !slices.ContainsFunc(ahead, func(name string) bool { return !slices.Contains(indifferent, name) })
}
