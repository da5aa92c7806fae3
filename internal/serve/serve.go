// Package serve decides what becomes of a question: which view its client has,
// whether it is answered, refused, limited or left to somebody else, and where
// that is counted. The plugin decides by it for every transport of CoreDNS, and
// the fast path for its packets, so that neither can decide otherwise.
//
// What the answer is, is the package authority's to say, and how all replies of a
// server block are, a [Manner]'s. This package carries no messages, reads no clock and
// no files, and has nothing of CoreDNS in it.
package serve

import (
	"net/netip"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/canary"
	"github.com/auralink/auralink/internal/ratelimit"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// Options is what one server block is told beside its topology. It must not be
// changed once questions are decided by it.
type Options struct {
	// VPC is the name of the one VPC whose view all clients have, or "".
	VPC string
	// Limiter limits responses over UDP; nil for no limit.
	Limiter *ratelimit.Limiter
	// Transfers says that there is somebody who transfers zones.
	Transfers bool
	// Strangers says which clients in no VPC are refused.
	Strangers Strangers
	// Recursing is the plugin behind us that resolves any name whatever, or "".
	Recursing string
	// Manner is how replies are.
	Manner Manner
	// Trusted are forwarders who may say for which clients they ask, by a client subnet
	// (RFC 7871). Of anybody else it is ignored.
	Trusted []netip.Prefix
	// Canaries are answered ahead of what is passed on; nil if they are passed on, too.
	Canaries *canary.Set
}

// Question is what a decision depends on besides the answer.
type Question struct {
	Opcode      int
	Class, Type uint16
	// PassUndeclared says that undeclared endpoints of the name's zone go on.
	PassUndeclared bool
}

// View returns the view of the client with an address, or false where the client is in
// no VPC. The zero address is for a client whose address is not known.
func (o *Options) View(table *authority.Table, client netip.Addr) (authority.ViewID, bool) {
	switch {
	case o.VPC != "":
		return table.ViewNamed(o.VPC)
	case !client.IsValid():
		return 0, false
	default:
		return table.ViewFor(client)
	}
}

// Lookup answers the question for a name and type from a view or, for a canary that is
// not in it, for all clients alike. The name must be as for [authority.Table.Lookup].
func (o *Options) Lookup(table *authority.Table, view authority.ViewID, name wire.Name, qtype uint16) (answer authority.Answer) {
	answer = table.Lookup(view, name, qtype)
	if answer.Outcome == zones.NotOurs {
		if known, ok := o.Canaries.Lookup(name, qtype); ok {
			answer = known
		}
	}
	return answer
}

// Decide says what becomes of a question, of which answer would be the answer if
// it is a plain one.
func (o *Options) Decide(q Question, answer *authority.Answer) Result {
	switch {
	case answer.Outcome == zones.NotOurs:
		return Result{Way: NotOurs}
	case answer.Endpoint == authority.Undeclared && q.PassUndeclared:
		return Result{Way: FellThrough}
	case q.Opcode != dns.OpcodeQuery:
		return Result{Way: NotImplemented}
	case q.Class != dns.ClassINET:
		return Result{Way: Refused}
	case q.Type != dns.TypeAXFR && q.Type != dns.TypeIXFR:
		return Answer(answer.Outcome)
	case !o.Transfers:
		return Result{Way: Refused}
	default:
		return Result{Way: Transferred}
	}
}

// Limit says what becomes of a response of ours to the client, over UDP. It must
// not be called where there is no limiter. What is passed on is not limited: it
// is another plugin's response.
func (o *Options) Limit(r Result, client netip.Addr, now time.Time) Result {
	if r.Passed() {
		return r
	}
	switch o.Limiter.Judge(client, now) {
	case ratelimit.Slip:
		return Result{Way: Slipped}
	case ratelimit.Drop:
		return Result{Way: Dropped}
	default:
		return r
	}
}
