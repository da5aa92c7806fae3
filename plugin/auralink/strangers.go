package auralink

import (
	"context"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/wire"
)

// parseStrangers reads which strangers are refused.
func (a *Auralink) parseStrangers(args []string) (err error) {
	if len(args) != 1 {
		return fmt.Errorf("strangers takes refuse, refuse-public or pass, got %q", args)
	}
	a.options.Strangers, err = serve.ParseStrangers(args[0])
	return err
}

// stranger decides what becomes of a question of a client in no VPC, and counts it. It
// is answered where it is for a canary, and would be passed on.
// Nothing of this concerns the fast path, which leaves such questions to us.
func (a *Auralink) stranger(ctx context.Context, s *serve.Snapshot, who askers, w dns.ResponseWriter, r *dns.Msg) ending {
	result := a.options.Stranger(who.client)
	if result.Way == serve.StrangerRefused {
		result = a.exempt(ctx, who, w, r, result)
	}
	refused := result.Way == serve.StrangerRefused
	if refused && a.options.Limiter != nil && forgeable(ctx, w.RemoteAddr()) &&
		a.options.Limit(result, addrPort(w.RemoteAddr()).Addr(), time.Now()).Way == serve.Dropped {
		// A truncated reply would be no shorter than this one.
		result = serve.Result{Way: serve.Dropped}
	}
	if answer, ok := a.canary(r); ok && result.Way == serve.NoView {
		result = a.decide(ctx, w, r, &answer)
		s.Counters.CountStranger(answer.Zone, result)
		return ending{Result: result, askers: who, answer: answer, message: a.replyTo(w, r, &answer, result)}
	}
	s.Counters.CountStranger(nil, result)
	a.noteStranger(s, who, w, r, refused)
	if result.Passed() {
		a.ledger.note(s, who, r)
	}
	return ending{Result: result, askers: who}
}

// noteStranger notes what there is to know of a question of a stranger.
func (a *Auralink) noteStranger(s *serve.Snapshot, who askers, w dns.ResponseWriter, r *dns.Msg, refused bool) {
	holder := holder(s.Table, r)
	if holder != "" {
		s.Counters.CountElsewhereOfStranger()
	}
	switch {
	case who.divided:
		a.strangers.divided(addrPort(w.RemoteAddr()).Addr(), who.subnet.String())
	case holder != "":
		a.strangers.asks(who.client, r.Question[0].Name, holder, refused)
	case refused:
		a.strangers.refused(who.client)
	}
}

// canary returns the answer to a request for a canary.
func (a *Auralink) canary(r *dns.Msg) (authority.Answer, bool) {
	var buf [wire.MaxName]byte
	name, ok := asked(&buf, r)
	if !ok {
		return authority.Answer{}, false
	}
	return a.options.Canaries.Lookup(name, r.Question[0].Qtype)
}

// asked returns the name that a request asks for, if it asks for one.
func asked(buf *[wire.MaxName]byte, r *dns.Msg) (wire.Name, bool) {
	if len(r.Question) != 1 {
		return nil, false
	}
	name, err := wire.Pack(buf, r.Question[0].Name)
	return name, err == nil
}

// exempt says what becomes of the question of a stranger who would be refused: this
// host and this process may ask whatever they like, and everybody may ask what other
// plugins answer to the world of themselves.
func (a *Auralink) exempt(ctx context.Context, who askers, w dns.ResponseWriter, r *dns.Msg, refused serve.Result) serve.Result {
	switch {
	case internalLookup(ctx, w), who.subnet == nil && (who.client.IsLoopback() || ownAddresses.has(who.client)):
		return serve.Result{Way: serve.NoView}
	case len(r.Question) != 1 || r.Opcode != dns.OpcodeQuery:
		return refused
	case a.options.Transfers && isTransfer(r.Question[0].Qtype):
		return serve.Result{Way: serve.Transferred} // transfer has a list of those that may
	case a.challenges != nil && isChallenge(r.Question[0]):
		return serve.Result{Way: serve.Challenged}
	default:
		return refused
	}
}

func isTransfer(qtype uint16) bool { return qtype == dns.TypeAXFR || qtype == dns.TypeIXFR }

// isChallenge reports whether a question may be one by which a certificate authority
// finds out who has a name (RFC 8555, section 8.4).
func isChallenge(q dns.Question) bool {
	const label = "_acme-challenge."
	return q.Qtype == dns.TypeTXT && q.Qclass == dns.ClassINET && len(q.Name) > len(label) && strings.EqualFold(q.Name[:len(label)], label)
}

// alone returns a plugin's handler with nobody behind it but one who refuses; nil if
// it has no field for that.
func alone(handler plugin.Handler) plugin.Handler {
	original := reflect.ValueOf(handler)
	if original.Kind() != reflect.Pointer || original.Elem().Kind() != reflect.Struct {
		return nil
	}
	clone := reflect.New(original.Elem().Type())
	clone.Elem().Set(original.Elem())
	next := clone.Elem().FieldByName("Next")
	if !next.IsValid() || next.Type() != reflect.TypeFor[plugin.Handler]() {
		return nil
	}
	next.Set(reflect.ValueOf(refusing))
	return clone.Interface().(plugin.Handler)
}

// refusing is the end of a chain of plugins that must not go on to others.
var refusing = plugin.HandlerFunc(func(context.Context, dns.ResponseWriter, *dns.Msg) (int, error) {
	return dns.RcodeRefused, nil
})

// countElsewhere counts a question of a client in a view that has not the name, if
// another one has.
func countElsewhere(s *serve.Snapshot, view authority.ViewID, name wire.Name) {
	if _, held := s.Table.Holder(name); held {
		s.Counters.CountElsewhere(view)
	}
}

// holder returns the name of a VPC whose view has the name that is asked for, or "".
func holder(table *authority.Table, r *dns.Msg) string {
	var buf [wire.MaxName]byte
	name, ok := asked(&buf, r)
	if !ok {
		return ""
	}
	view, ok := table.Holder(name)
	if !ok {
		return ""
	}
	return table.View(view).Name
}

// tellStrangers says in the log which strangers a plan has refused, and why, if that
// is not what was said last. It must be called by one at a time.
func (a *Auralink) tellStrangers(s *serve.Snapshot) {
	sentence, open := a.options.StrangersPolicy(s.Plan)
	if sentence == a.toldStrangers {
		return
	}
	a.toldStrangers = sentence
	if open && a.exposed {
		log.Warningf("topology %q: %s; whoever reaches this server can use it as a resolver: "+
			"if the Internet can, add acl to the server block, or bind a private address", a.topology, sentence)
		return
	}
	log.Infof("topology %q: %s", a.topology, sentence)
}

// exposed reports whether the Internet may be able to ask a server block: nothing in
// it looks at clients, and it listens on other than private addresses.
func exposed(config *dnsserver.Config) bool {
	if config.Handler("acl") != nil {
		return false
	}
	return slices.ContainsFunc(config.ListenHosts, func(host string) bool {
		addr, err := netip.ParseAddr(host)
		return err != nil || addr.IsUnspecified() || serve.Public(addr)
	})
}
