package kresd

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/policy"
)

// add adds what was read: of policies the first one counts that has a name, be it one for all
// names. What denies or answers goes before hints; hints before what is asked of others.
func (c *config) add() {
	rules := policy.New(c.b)
	for _, z := range c.policies {
		rules.Read(c.in, z.Zone, func(name string) bool { return c.before(z.behind, name) }, nil)
		c.ranked = append(c.ranked, ranked{rules.SoFar(), z.behind})
	}
	c.hinted = make(map[string]bool)
	for _, h := range c.hints {
		c.hinted[h.name] = true
	}
	for _, name := range c.names() {
		c.addName(name)
	}
	for _, h := range c.hints {
		if s, found := c.first(h.name); found && s.ends() || c.ruled(h.name, (*policy.Rules).Decides) {
			continue
		}
		c.b.Add(h.name, holdings.Data{Addrs: []netip.Addr{h.addr}, TTL: holdings.NoTTL}, h.place)
	}
}

// ranked is the rules of a policy zone and of those before it, and how many policies stand before
// that zone.
type ranked struct {
	rules  *policy.Rules
	behind int
}

// ruled reports whether a rule of a policy zone counts for a name: one is for it, and no policy
// before that zone.
func (c *config) ruled(name string, has func(rules *policy.Rules, name string) bool) bool {
	i := slices.IndexFunc(c.ranked, func(r ranked) bool { return has(r.rules, name) })
	return i >= 0 && !c.before(c.ranked[i].behind, name)
}

// names returns the names of all policies, none twice.
func (c *config) names() []string {
	var all []string
	for _, s := range slices.Concat(c.suffixes, c.views, c.cache.sent) {
		all = append(all, s.names...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// addName adds what becomes of a name of a policy, and of what is below it. What a policy zone
// before has a rule for is the rule's.
func (c *config) addName(name string) {
	below := "*." + strings.TrimPrefix(name, ".")
	claimed := false
	if s, found := c.first(below); found && !c.ruled(below, (*policy.Rules).Has) {
		claimed = true
		c.b.Claim(c.claim(name, s))
		if s.data != nil {
			c.b.Add(below, c.answers(below, s), s.place)
		}
	}
	s, found := c.first(name)
	switch {
	case !found, c.ruled(name, (*policy.Rules).Has):
		return
	case claimed && !s.exact && s.data == nil, !s.ends() && c.hinted[name]: // which say it
		return
	}
	d := holdings.Data{Action: s.action, Referral: s.referral, TTL: holdings.NoTTL}
	if s.data != nil {
		d = c.answers(name, s)
	}
	c.b.Add(name, d, s.place)
}

// claim says what becomes of what is below a name, so far as its policy has no answer for it.
func (c *config) claim(name string, s suffix) holdings.Claim {
	claim := holdings.Claim{Origin: name, Miss: s.action, Referral: s.referral, Place: s.place}
	if s.data == nil {
		return claim
	}
	claim.Miss = holdings.Passthru
	if next, found := c.firstOf(func(s suffix) bool { return s.data == nil && s.has(name) }); found {
		claim.Miss, claim.Referral = next.action, next.referral
	}
	return claim
}

// answers returns with what a policy answers for a name. The types that it lacks are the next
// policy's, or those of a policy zone's rule.
func (c *config) answers(name string, s suffix) holdings.Data {
	d := *s.data
	if rule, ruled := c.further(name); d.Partial && ruled {
		lacks4 := !slices.ContainsFunc(d.Addrs, netip.Addr.Is4)
		lacks6 := !slices.ContainsFunc(d.Addrs, netip.Addr.Is6)
		for _, addr := range rule.Addrs {
			if addr.Is4() && lacks4 || addr.Is6() && lacks6 {
				d.Addrs = append(slices.Clip(d.Addrs), addr)
			}
		}
		d.Addrs, d.Partial = holdings.SortedAddrs(d.Addrs), rule.Partial || !rule.Answers() && rule.Action == holdings.Passthru
		return d
	}
	next, found := c.firstOf(func(s suffix) bool { return s.has(name) && (s.data == nil || !s.data.Partial) })
	d.Partial = d.Partial && (!found || !next.ends())
	return d
}

// further returns what a rule of a policy zone has for the types that a policy before it lacks, if
// no other policy has them.
func (c *config) further(name string) (d holdings.Data, ruled bool) {
	for _, r := range c.ranked {
		whole := func(s suffix) bool { return s.has(name) && (s.data == nil || !s.data.Partial) }
		if slices.ContainsFunc(c.suffixes[:r.behind], whole) {
			break
		}
		if d, ruled = r.rules.Data(name); ruled {
			return d, true
		}
	}
	return d, false
}

// first returns the policy that counts for a name. Where some clients have others asked than the
// rest, any of them may count.
func (c *config) first(name string) (s suffix, found bool) {
	s, found = c.firstOf(func(s suffix) bool { return s.has(name) })
	if found && s.ends() {
		return s, true
	}
	if mixed, is := c.mixed(name); is {
		return mixed, true
	}
	return s, found
}

// firstOf returns the policy that counts, of those that are for a name. A view's is looked at
// where none has denied or answered yet, and goes before what is asked of others.
func (c *config) firstOf(has func(s suffix) bool) (s suffix, found bool) {
	if i := slices.IndexFunc(c.suffixes, has); i >= 0 {
		s, found = c.suffixes[i], true
	}
	if found && s.ends() {
		return s, true
	}
	if i := slices.IndexFunc(c.views, has); i >= 0 && (!found || c.views[i].action != holdings.Passthru) {
		return c.views[i], true
	}
	return s, found
}

// has reports whether a policy is for a name, or for what a wildcard covers.
func (s suffix) has(name string) bool {
	return slices.ContainsFunc(s.names, func(above string) bool {
		return name == above || !s.exact && (above == "." || dnsname.AtOrBelow(name, above))
	})
}

// ends reports whether a policy leaves nothing to others.
func (s suffix) ends() bool {
	return s.data != nil || s.action == holdings.NXDomain || s.action == holdings.Drop
}

// before reports whether a policy before that one has a name.
func (c *config) before(i int, name string) bool {
	return slices.ContainsFunc(c.suffixes[:i], func(s suffix) bool { return s.has(name) })
}

var (
	answer  = regexp.MustCompile(`^policy\.ANSWER\(\s*\{(.*)\}\s*(,\s*true\s*)?\)$`)
	typed   = regexp.MustCompile(`^\s*\[\s*kres\.type\.(A|AAAA)\s*\]\s*=\s*\{([^{}]*(?:\{[^{}]*\})?[^{}]*)\}\s*,?`)
	strToIP = regexp.MustCompile(`kres\.str2ip\(\s*["']([^"']+)["']\s*\)`)
	records = regexp.MustCompile(`^(?:ttl=\d+[,;])?rdata=(?:kres\.str2ip\("[^"]+"\)|\{(?:kres\.str2ip\("[^"]+"\)(?:[,;]|\}))+)(?:[,;]ttl=\d+)?[,;]?$`)
)

// answerOf reads the addresses with which a policy answers.
func answerOf(what string) (d holdings.Data, is bool) {
	match := answer.FindStringSubmatch(what)
	if match == nil {
		return d, false
	}
	d = holdings.Data{TTL: holdings.NoTTL, Partial: match[2] == ""}
	rest := match[1]
	for strings.TrimSpace(rest) != "" {
		part := typed.FindStringSubmatch(rest)
		if part == nil || !records.MatchString(part[2]) {
			return d, false
		}
		for _, text := range strToIP.FindAllStringSubmatch(part[2], -1) {
			addr, err := netip.ParseAddr(text[1])
			if err != nil || addr.Is4() != (part[1] == "A") {
				return d, false
			}
			d.Addrs = append(d.Addrs, addr)
		}
		rest = rest[len(part[0]):]
	}
	d.Addrs = holdings.SortedAddrs(d.Addrs)
	return d, len(d.Addrs) > 0
}
