package serve

import (
	"encoding/binary"
	"net/netip"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/zones"
)

// The words that a reply has for people (RFC 8914, EXTRA-TEXT). They are short: where
// they do not fit they are left out.
const (
	textUndeclared = "custom endpoint not in the topology"
	textStranger   = "no VPC has the client "

	// TextHeld and TextUntaken say why an older plan is served.
	TextHeld    = "older plan: a change of the topology is held back"
	TextUntaken = "older plan: the topology cannot be taken"
)

// Explanation says why a reply is what it is, by extended errors (RFC 8914). The zero
// value says nothing.
type Explanation struct {
	// Errors are the options of a reply's OPT record, and Wire is the same as octets.
	// They are shared: do not change them.
	Errors []dns.EDNS0
	Wire   []byte
}

// and returns an explanation with one more error.
func (e Explanation) and(code uint16, text string) Explanation {
	const infoCode = 2 // octets
	more := Explanation{Errors: append(e.Errors[:len(e.Errors):len(e.Errors)], &dns.EDNS0_EDE{InfoCode: code, ExtraText: text})}
	more.Wire = append(more.Wire, e.Wire...)
	more.Wire = binary.BigEndian.AppendUint16(more.Wire, dns.EDNS0EDE)
	more.Wire = binary.BigEndian.AppendUint16(more.Wire, uint16(infoCode+len(text)))
	more.Wire = binary.BigEndian.AppendUint16(more.Wire, code)
	more.Wire = append(more.Wire, text...)
	return more
}

// Explanations has those of all answers.
type Explanations struct{ positive, denial, undeclared Explanation }

// Explain makes the explanations. If an older plan is served, stale says why.
//
//	answer                                          code
//	undeclared custom endpoint                      0, Other
//	any of an older plan but the next               3, Stale Answer
//	a name that does not exist, of an older plan    19, Stale NXDOMAIN Answer
func Explain(stale string) *Explanations {
	e := &Explanations{}
	e.undeclared = e.undeclared.and(dns.ExtendedErrorCodeOther, textUndeclared)
	if stale != "" {
		e.positive = e.positive.and(dns.ExtendedErrorCodeStaleAnswer, stale)
		e.denial = e.denial.and(dns.ExtendedErrorCodeStaleNXDOMAINAnswer, stale)
		e.undeclared = e.undeclared.and(dns.ExtendedErrorCodeStaleNXDOMAINAnswer, stale)
	}
	return e
}

// Of returns that of an answer.
func (e *Explanations) Of(answer *authority.Answer) *Explanation {
	switch {
	case answer.Endpoint == authority.Undeclared:
		return &e.undeclared
	case answer.Zone == nil || answer.Zone.Local:
		return &nothing
	case answer.Outcome == zones.NXDomain:
		return &e.denial
	default:
		return &e.positive
	}
}

var nothing Explanation

// ExplainStranger returns the explanation for a client that is refused: 18, Prohibited.
func ExplainStranger(client netip.Addr) Explanation {
	return nothing.and(dns.ExtendedErrorCodeProhibited, textStranger+client.String())
}
