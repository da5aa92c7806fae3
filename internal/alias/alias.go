// Package alias leads answers about other people's names that end at one of our
// names to the answer that the client itself has for our name.
//
// An alias (CNAME, DNAME) and a target (SRV, MX, SVCB and HTTPS with addresses
// beside them) may come out of a cache that does not know clients apart, with the
// addresses that another client has for our name. What such a message says of a
// name of ours is never believed, whoever said it and however it looks: it is
// asked for again. The package is pure: it takes a message and gives another one,
// and leaves the asking to its caller.
package alias

import (
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
)

// Names says which names are ours, for any client.
type Names interface {
	// Ours reports whether a name in presentation format is ours.
	Ours(name string) bool
}

// Ask returns the answer that the client has for a name of ours, or nil if there
// is none to be had.
type Ask func(name string, qtype uint16) *dns.Msg

// Concerns reports whether an answer says anything of a name of ours, other than the
// name that was asked for. Of that one whoever answers may say anything: we have passed
// the question on. Concerns allocates nothing.
func Concerns(names Names, q dns.Question, m *dns.Msg) bool {
	known := q.Name // of which nothing is to be found out any more
	for _, rr := range m.Answer {
		if saysOfOurs(names, q, rr, &known) {
			return true
		}
	}
	known = q.Name
	for _, rr := range m.Extra {
		if saysOfOurs(names, q, rr, &known) {
			return true
		}
	}
	return false
}

// saysOfOurs reports whether a record says something of a name of ours. Records
// that follow each other mostly have the same owner, or the target of the one
// before: known is the last name that was looked at.
func saysOfOurs(names Names, q dns.Question, rr dns.RR, known *string) bool {
	header := rr.Header()
	if isMeta(header.Rrtype) {
		return false
	}
	if header.Rrtype == TypePlaceholder {
		return true
	}
	if header.Name != *known && !strings.EqualFold(header.Name, q.Name) {
		if names.Ours(header.Name) {
			return true
		}
		*known = header.Name
	}
	switch rr := rr.(type) {
	case *dns.CNAME:
		if !follows(q.Qtype) || rr.Target == *known {
			return false
		}
		*known = rr.Target
		return names.Ours(rr.Target)
	case *dns.DNAME: // what it leads to depends on the question: Lead finds out
		return true
	case *dns.SVCB:
		return hints(names, q, rr)
	case *dns.HTTPS:
		return hints(names, q, &rr.SVCB)
	default:
		return false
	}
}

// isMeta reports whether records of a type belong to the message, not to the name
// that owns them.
func isMeta(rrtype uint16) bool {
	return rrtype == dns.TypeOPT || rrtype == dns.TypeTSIG || rrtype == dns.TypeSIG
}

// follows reports whether a question of the type is answered by what an alias
// leads to (RFC 1034, section 3.6.2).
func follows(qtype uint16) bool { return qtype != dns.TypeCNAME && qtype != dns.TypeANY }

// Lead returns what the client is to be told in the place of an answer to a
// question. The message itself, and its records, stay as they are; it is returned
// where it says nothing of names of ours.
//
//   - Where the alias that was asked for leads to a name of ours, however long the
//     chain, everything behind the alias that ends there is the client's own answer:
//     records, response code, and the SOA of a denial.
//   - Addresses of our names in the additional section are replaced by the client's
//     own.
//   - Anything else said of a name of ours, such as the hints at its addresses in an
//     HTTPS record, is left out.
//
// The flag AA is about the name that was asked for (RFC 1035, section 4.1.1), and
// stays. AD goes: nobody has validated the message as it is now.
func Lead(names Names, ask Ask, q dns.Question, m *dns.Msg) *dns.Msg {
	l := leading{names: names, ask: ask, question: q}
	if follows(q.Qtype) {
		if chain, target := l.chain(m.Answer); target != "" {
			return l.end(m, chain, ask(target, q.Qtype))
		}
	}
	led := *m
	led.Answer = l.withoutOurs(m.Answer)
	led.Extra = l.additional(m.Extra)
	if !l.changed {
		return m
	}
	led.AuthenticatedData = false
	return &led
}

// leading is what is needed while a message is led.
type leading struct {
	names    Names
	ask      Ask
	question dns.Question
	changed  bool
}

// end returns the message with a chain of aliases as far as the one that leads to a
// name of ours, and the client's own answer for that.
func (l *leading) end(m *dns.Msg, chain []dns.RR, own *dns.Msg) *dns.Msg {
	led := *m
	led.AuthenticatedData = false
	led.Answer, led.Ns, led.Extra = chain, nil, metaOf(m.Extra)
	if own == nil {
		// That the alias exists is said all the same (RFC 6604, section 3).
		led.Rcode = dns.RcodeServerFailure
		return &led
	}
	led.Rcode, led.Truncated = own.Rcode, own.Truncated
	led.Answer = append(chain, own.Answer...)
	led.Ns = own.Ns
	for _, rr := range own.Extra {
		if !isMeta(rr.Header().Rrtype) {
			led.Extra = append(led.Extra, rr)
		}
	}
	return &led
}

// metaOf returns the records of an additional section that belong to the message.
func metaOf(extra []dns.RR) (meta []dns.RR) {
	for _, rr := range extra {
		if isMeta(rr.Header().Rrtype) {
			meta = append(meta, rr)
		}
	}
	return meta
}

// of reports whether a record is one that says something of a name of ours, other
// than the one that was asked for.
func (l *leading) of(rr dns.RR) bool {
	header := rr.Header()
	switch {
	case isMeta(header.Rrtype):
		return false
	case header.Rrtype == TypePlaceholder:
		return true
	default:
		return !same(header.Name, l.question.Name) && l.names.Ours(header.Name)
	}
}

// same reports whether two names in presentation format are the same name.
func same(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	if !strings.Contains(a, `\`) && !strings.Contains(b, `\`) {
		return false
	}
	var bufA, bufB [wire.MaxName]byte
	nameA, errA := wire.Pack(&bufA, a)
	nameB, errB := wire.Pack(&bufB, b)
	return errA == nil && errB == nil && string(nameA) == string(nameB)
}
