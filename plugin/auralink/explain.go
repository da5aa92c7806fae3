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

// explain gives the reply to a request an explanation, under the same conditions as
// [authority.Answer.Explain].
func (a *Auralink) explain(w dns.ResponseWriter, r, m *dns.Msg, answer authority.Answer) {
	why := a.explanations.Load().Of(answer)
	if len(why.Wire) == 0 || r.IsEdns0() == nil {
		return
	}
	limit := dns.MaxMsgSize
	if state := (request.Request{W: w, Req: r}); state.Proto() == "udp" {
		limit = authority.WholeLimit(state.Size(), addrPort(w.RemoteAddr()).Addr())
	}
	const optLen = 11
	if m.Len()+optLen+len(why.Wire) <= limit {
		m.Extra = append(m.Extra, optOf(r, *why))
	}
}

// optOf returns the OPT record of the reply to a request, but for what CoreDNS fills in.
// Of the request's options CoreDNS gives back those that a plugin has asked for, where a
// reply has no OPT record.
func optOf(r *dns.Msg, why serve.Explanation) *dns.OPT {
	opt := &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}, Option: slices.Clone(why.Errors)}
	for _, option := range r.IsEdns0().Option {
		if edns.SupportedOption(option.Option()) {
			opt.Option = append(opt.Option, option)
		}
	}
	return opt
}

// refuse refuses a stranger, and says why if it may. Returned as a response code, a
// refusal is written by CoreDNS's server, which knows no reasons.
func (a *Auralink) refuse(w dns.ResponseWriter, r *dns.Msg) (int, error) {
	if !a.refusesAloud || r.IsEdns0() == nil {
		return dns.RcodeRefused, nil
	}
	client := addrPort(w.RemoteAddr()).Addr().Unmap().WithZone("")
	m := new(dns.Msg).SetRcode(r, dns.RcodeRefused)
	m.Extra = []dns.RR{optOf(r, serve.ExplainStranger(client))}
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
