package alias

import (
	"slices"

	"github.com/miekg/dns"
)

// maxTargets bounds the names of ours in one additional section for which addresses
// are asked for. Others are left out: whoever wants them asks.
const maxTargets = 8

// additional returns an additional section in which the records of names of ours are
// the client's own addresses.
func (l *leading) additional(extra []dns.RR) []dns.RR {
	var targets []string
	for _, rr := range extra {
		name := rr.Header().Name
		isName := func(other string) bool { return same(name, other) }
		if l.of(rr) && len(targets) < maxTargets && !slices.ContainsFunc(targets, isName) {
			targets = append(targets, name)
		}
	}
	led := l.withoutOurs(extra)
	for _, target := range targets {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			if own := l.ask(target, qtype); own != nil && own.Rcode == dns.RcodeSuccess {
				led = append(led, own.Answer...)
			}
		}
	}
	return led
}

// withoutHints returns the records, of which those for services of ours have lost
// their hints at addresses and the signatures over them. The client asks for the
// addresses instead (RFC 9460, section 7.3).
func (l *leading) withoutHints(records []dns.RR) []dns.RR {
	var signed []dns.RR_Header
	for i, rr := range records {
		switch rr := rr.(type) {
		case *dns.SVCB:
			if hints(l.names, l.question, rr) {
				records[i] = withoutHint(rr)
				signed = append(signed, rr.Hdr)
			}
		case *dns.HTTPS:
			if hints(l.names, l.question, &rr.SVCB) {
				records[i] = &dns.HTTPS{SVCB: *withoutHint(&rr.SVCB)}
				signed = append(signed, rr.Hdr)
			}
		}
	}
	if signed == nil {
		return records
	}
	l.changed = true
	return slices.DeleteFunc(records, func(rr dns.RR) bool {
		sig, ok := rr.(*dns.RRSIG)
		return ok && slices.ContainsFunc(signed, func(h dns.RR_Header) bool {
			return sig.TypeCovered == h.Rrtype && same(sig.Hdr.Name, h.Name)
		})
	})
}

// isHint reports whether a service's parameter is a hint at addresses.
func isHint(key dns.SVCBKey) bool { return key == dns.SVCB_IPV4HINT || key == dns.SVCB_IPV6HINT }

// hints reports whether a record has hints at the addresses of a name of ours, other
// than the one that was asked for.
func hints(names Names, q dns.Question, rr *dns.SVCB) bool {
	has := slices.ContainsFunc(rr.Value, func(p dns.SVCBKeyValue) bool { return isHint(p.Key()) })
	return has && rr.Target != "." && !same(rr.Target, q.Name) && names.Ours(rr.Target)
}

// withoutHint returns a copy of a record without hints.
func withoutHint(rr *dns.SVCB) *dns.SVCB {
	bare := *rr
	bare.Value = nil
	for _, p := range rr.Value {
		switch mandatory, ok := p.(*dns.SVCBMandatory); {
		case isHint(p.Key()):
		case !ok:
			bare.Value = append(bare.Value, p)
		default:
			codes := slices.DeleteFunc(slices.Clone(mandatory.Code), isHint)
			if len(codes) > 0 {
				bare.Value = append(bare.Value, &dns.SVCBMandatory{Code: codes})
			}
		}
	}
	return &bare
}
