package kresd

import (
	"slices"

	"github.com/auralink/auralink/internal/holdings"
)

// cache is what is known of the cache, of which Knot Resolver has one for all clients: what others
// answered one of them is given to all, whatever policies these have. Answers of its own are not kept.
type cache struct {
	sent []suffix   // the policies of views by which others are asked for some clients
	off  []uncached // and those for all clients by which the cache is not asked
}

// uncached is a policy with the flag NO_CACHE, and how many policies stand before it.
type uncached struct {
	suffix
	behind int
}

// mixed returns what becomes of a name for which others are asked for some clients, and not for
// the rest: whichever asks first, its answer is kept for all. Where a policy for all clients has
// others asked as well, one of them is chosen.
func (c *config) mixed(name string) (s suffix, is bool) {
	has := func(s suffix) bool { return s.has(name) }
	at := slices.IndexFunc(c.cache.sent, has)
	if at < 0 {
		return s, false
	}
	s = c.cache.sent[at]
	same := func(other suffix) bool { return other.sends == s.sends }
	rest := slices.IndexFunc(c.suffixes, has)
	alike := rest >= 0 && same(c.suffixes[rest])
	if alike && !slices.ContainsFunc(c.cache.sent, func(other suffix) bool { return has(other) && !same(other) }) {
		return s, false
	}
	if c.kept(name) || rest >= 0 && c.suffixes[rest].sends != "" {
		s.action = holdings.Refer
		s.referral = holdings.Referral{Servers: s.servers}
		return s, true
	}
	return s, false
}

// noteCache says why policies of views count for others than their clients.
func (c *config) noteCache() {
	for _, s := range c.cache.sent {
		if name := s.names[0]; c.kept(name) {
			c.b.Note(s.place, "what %s answers some clients is kept for all, in the one cache that Knot Resolver has", s.servers)
		}
	}
}

// kept reports whether answers for a name are taken from the cache.
func (c *config) kept(name string) bool {
	return !slices.ContainsFunc(c.cache.off, func(off uncached) bool { return off.has(name) && !c.before(off.behind, name) })
}
