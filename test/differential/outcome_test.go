package differential_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers/coredns"
)

// outcome is what of an answer must be the same wherever it comes from. Records
// are in presentation format, sorted: their order within a section means nothing
// (RFC 2181, section 5).
type outcome struct {
	// WentOn says that our server passed the question on to the next plugin.
	// But for the question nothing else is set then.
	WentOn bool
	// Question is the echo of the question, its letters as asked.
	Question string
	Rcode    string
	// Flags are those set, of aa, tc, rd, ra, ad and cd.
	Flags string
	// Answer has the owners with their letters as they came: they must be those
	// of the question.
	Answer []string
	// Authority has the SOA without its serial, which says when it was loaded.
	// Its owner is in lower case: whether it points into the question, and so
	// has the case of that, is up to each server's compression.
	Authority []string
	// Additional is without the OPT record.
	Additional []string
	// EDNS is "" without an OPT record. The size in it, which tells what the
	// server takes, and the options in it are left out.
	EDNS string
}

// outcomeOf takes out of a message what is compared.
func outcomeOf(m *dns.Msg) outcome {
	o := outcome{Question: questions(m.Question)}
	if coredns.IsUpstreams(m) {
		o.WentOn = true
		return o
	}
	o.Rcode = dns.RcodeToString[m.Rcode]
	o.Flags = flags(m)
	o.Answer = section(m.Answer, false)
	o.Authority = section(m.Ns, true)
	o.Additional = section(m.Extra, false)
	if opt := m.IsEdns0(); opt != nil {
		o.EDNS = fmt.Sprintf("version %d", opt.Version())
		if opt.Do() {
			o.EDNS += ", do"
		}
	}
	return o
}

func questions(section []dns.Question) string {
	var b strings.Builder
	for _, q := range section {
		fmt.Fprintf(&b, "%s %s %s", q.Name, dns.Class(q.Qclass), dns.Type(q.Qtype))
	}
	return b.String()
}

func flags(m *dns.Msg) string {
	var set []string
	for _, flag := range []struct {
		name string
		set  bool
	}{
		{"aa", m.Authoritative},
		{"tc", m.Truncated},
		{"rd", m.RecursionDesired},
		{"ra", m.RecursionAvailable},
		{"ad", m.AuthenticatedData},
		{"cd", m.CheckingDisabled},
	} {
		if flag.set {
			set = append(set, flag.name)
		}
	}
	return strings.Join(set, " ")
}

// section returns the records of a section but for OPT.
func section(rrs []dns.RR, lowerOwners bool) []string {
	var lines []string
	for _, rr := range rrs {
		if rr.Header().Rrtype == dns.TypeOPT {
			continue
		}
		rr = dns.Copy(rr)
		if soa, ok := rr.(*dns.SOA); ok {
			soa.Serial = 0
		}
		if lowerOwners {
			rr.Header().Name = strings.ToLower(rr.Header().Name)
		}
		lines = append(lines, rr.String())
	}
	slices.Sort(lines)
	return lines
}
