package auralink

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/serve"
)

// A client may ask in which view it is: TXT of this name in class CH, where servers
// tell of themselves (RFC 4892). It is below a name of Aura, so that server blocks for
// those zones alone are asked it as well; in class IN it means nothing.
const (
	viewName   = "view.auralink.neo4j.io."
	viewPrefix = "auralink view "
)

// CoreDNS asks a chain in class CH only if a plugin is in it that is listed.
func init() { dnsserver.EnableChaos[pluginName] = struct{}{} }

// answersCH are the plugins for which CoreDNS let questions in class CH through before
// this one was among them.
var answersCH = []string{"chaos", "forward", "proxy"}

// passesCH reports whether a server block has another plugin that is asked in class CH.
func passesCH(config *dnsserver.Config) bool {
	return slices.ContainsFunc(answersCH, func(name string) bool { return config.Handler(name) != nil })
}

// inCH takes care of questions in class CH, and of all others that CoreDNS would not
// hand to a chain without a plugin that is listed: it tells a client its view, and
// refuses what no other plugin is there for, as CoreDNS does. It reports whether it did.
func (a *Auralink) inCH(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (rcode int, done bool) {
	if len(r.Question) == 0 || r.Question[0].Qclass == dns.ClassINET {
		return 0, false
	}
	question := r.Question[0]
	asksView := len(r.Question) == 1 && r.Opcode == dns.OpcodeQuery && question.Qclass == dns.ClassCHAOS &&
		question.Qtype == dns.TypeTXT && strings.EqualFold(question.Name, viewName)
	if !asksView {
		return dns.RcodeRefused, !a.passesCH
	}
	s := a.served.Load()
	who, ok := a.askers(s, w, r)
	if !ok || !who.known {
		return dns.RcodeRefused, true
	}
	if a.limited(ctx, w.RemoteAddr()) {
		return dns.RcodeSuccess, true // for which CoreDNS writes nothing
	}
	m := new(dns.Msg).SetReply(r)
	m.Authoritative = true
	m.Answer = []dns.RR{&dns.TXT{
		Hdr: dns.RR_Header{Name: question.Name, Rrtype: dns.TypeTXT, Class: dns.ClassCHAOS},
		Txt: []string{viewPrefix + s.Table.View(who.view).Name},
	}}
	if opt := optOf(r, who); who.subnet != nil {
		m.Extra = []dns.RR{opt}
	}
	// An error is the client's going away: there is nobody to tell.
	_ = w.WriteMsg(m)
	return dns.RcodeSuccess, true
}

// limited reports whether a client has had enough answers, if its address may be
// forged.
func (a *Auralink) limited(ctx context.Context, addr net.Addr) bool {
	return a.options.Limiter != nil && forgeable(ctx, addr) &&
		a.options.Limit(serve.Result{Way: serve.Answered}, addrPort(addr).Addr(), time.Now()).Way != serve.Answered
}
