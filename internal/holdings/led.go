package holdings

import "github.com/auralink/auralink/internal/dnsname"

// reach is some names with all that is at, below or above them.
type reach struct {
	names []string        // each once; nil for all names
	there map[string]bool // those names
	above map[string]bool // what is at or above any of them
}

// reachOf returns the reach of some names. Nil is all names.
func reachOf(names []string) reach {
	if names == nil {
		return reach{}
	}
	r := reach{names: []string{}, there: make(map[string]bool), above: make(map[string]bool)}
	for _, name := range names {
		r.add(name)
	}
	return r
}

// add adds a name.
func (r *reach) add(name string) {
	if r.there[name] {
		return
	}
	r.names, r.there[name] = append(r.names, name), true
	for at := range dnsname.Upwards(name) {
		if r.above[at] {
			return // and all that is above it
		}
		r.above[at] = true
	}
}

// touches reports whether a name is at, below or above one of the names. The root is above all of
// them, which is not asked for here.
func (r *reach) touches(name string) bool {
	if r.names == nil || r.above[name] {
		return true
	}
	_, below := dnsname.Closest(r.there, name)
	return below
}

// led returns the reach of names with those to which they, or names below them, lead, and whether any
// leads from one zone into another. A nil names is all names.
func (s *Set) led(names []string) (its reach, crosses bool) {
	its = reachOf(names)
	aliases := s.aliases()
	for range maxChain {
		var rest []row
		var targets []string
		for _, r := range aliases {
			if !its.touches(r.key.covered().name()) {
				rest = append(rest, r)
				continue
			}
			target := s.data[r.data].Target
			crosses = crosses || s.inZone(r.claim) && s.leaves(r.claim, target)
			targets = append(targets, target)
		}
		if len(targets) == 0 || names == nil {
			break
		}
		for _, target := range targets {
			its.add(target)
		}
		aliases = rest
	}
	return its, crosses
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
