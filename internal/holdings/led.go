package holdings

import "github.com/auralink/auralink/internal/dnsname"

// led returns names with those to which they, or names below them, lead, and whether any leads from
// one zone into another. A nil names is all names.
func (s *Set) led(names []string) (all []string, crosses bool) {
	aliases := s.aliases()
	for range maxChain {
		known := len(names)
		var rest []row
		for _, r := range aliases {
			if names != nil && !touched(r.key.covered().name(), names[:known]) {
				rest = append(rest, r)
				continue
			}
			target := s.data[r.data].Target
			crosses = crosses || s.inZone(r.claim) && s.leaves(r.claim, target)
			if names != nil {
				names = append(names[:len(names):len(names)], target)
			}
		}
		if aliases = rest; len(names) == known {
			break
		}
	}
	return names, crosses
}

// aliases returns the rows that lead to other names.
func (s *Set) aliases() []row {
	leads := make([]bool, len(s.data))
	some := false
	for i, d := range s.data {
		leads[i] = d.Target != ""
		some = some || leads[i]
	}
	if !some {
		return nil
	}
	var all []row
	for _, r := range s.rows {
		if leads[r.data] {
			all = append(all, r)
		}
	}
	return all
}

// inZone reports whether a claim is a zone.
func (s *Set) inZone(at int32) bool { return at >= 0 && s.claims[at].Zone && !s.claims[at].Cut }

// leaves reports whether a name is in another zone than a claim.
func (s *Set) leaves(at int32, name string) bool {
	other := s.claimAt(keyOf(name))
	return other != at && s.inZone(other)
}

// touched reports whether a name is at, below or above one of some names.
func touched(name string, names []string) bool {
	for _, other := range names {
		if dnsname.AtOrBelow(name, other) || dnsname.AtOrBelow(other, name) {
			return true
		}
	}
	return false
}
