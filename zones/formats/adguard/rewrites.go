package adguard

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// rewrite is what a name, or all below one, is answered with.
type rewrite struct {
	domain string     // absolute; it begins with "*." for all below
	qtype  uint16     // an address's, or an alias's
	addr   netip.Addr // none for an alias, and where the type is asked of others
	target string     // of an alias
	place  holdings.Place
}

// rewritten reads the rewrites.
func (c *config) rewritten(list *yaml.Node) {
	for _, item := range list.Content {
		values := map[string]string{"enabled": "true"}
		for key, value := range listing.Mapping(item) {
			values[key.Value] = value.Value
		}
		domain, err := holdings.CanonicalName(values["domain"])
		if strings.HasSuffix(values["domain"], ".") {
			c.b.Note(c.at(item), "the rewrite of %s is left out: it has a final dot, and AdGuard Home compares names without one", lines.Shown(values["domain"]))
			continue
		}
		r := rewrite{domain: domain, place: c.at(item)}
		switch {
		case values["enabled"] == "false":
			continue
		case err != nil || !r.answer(values["answer"]):
			c.b.NotStarted("AdGuard Home", r.place, "the rewrite of %s to %s is none", lines.Shown(values["domain"]), lines.Shown(values["answer"]))
		default:
			if c.named == nil {
				c.named = make(map[string][]int)
			}
			c.named[domain] = append(c.named[domain], len(c.rewrites))
			c.rewrites = append(c.rewrites, r)
		}
	}
}

// answer reads what a rewrite answers with, and reports whether it can.
func (r *rewrite) answer(text string) bool {
	addr, err := netip.ParseAddr(text)
	switch {
	case text == "A":
		r.qtype = dns.TypeA
	case text == "AAAA":
		r.qtype = dns.TypeAAAA
	case err == nil && addr.Is4():
		r.qtype, r.addr = dns.TypeA, addr
	case err == nil:
		r.qtype, r.addr = dns.TypeAAAA, addr
	default:
		r.qtype = dns.TypeCNAME
		r.target, err = holdings.CanonicalName(text)
		return err == nil
	}
	return true
}

// wild reports whether a rewrite is for all below a name.
func (r rewrite) wild() bool { return strings.HasPrefix(r.domain, "*.") }

// having returns the rewrites that are for a name, in their order: those of the name itself, and those
// for all below one above it.
func (c *config) having(name string) []int {
	all := slices.Clone(c.named[name])
	for above := name; above != ""; {
		above = dnsname.Parent(above)
		all = append(all, c.named["*."+above]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// before compares rewrites of a name by which counts first: aliases, then those of the name itself,
// then the longest.
func (r rewrite) before(other rewrite) int {
	rank := func(is bool) int {
		if is {
			return 0
		}
		return 1
	}
	return cmp.Or(
		rank(r.qtype == dns.TypeCNAME)-rank(other.qtype == dns.TypeCNAME),
		rank(!r.wild())-rank(!other.wild()),
		len(other.domain)-len(r.domain),
	)
}

// find returns the rewrites that count for a question, and whether any is for the name. Of those for
// all below others one counts.
func (c *config) find(name string, qtype uint16) (found []rewrite, matched bool) {
	if !c.on {
		return nil, false
	}
	for _, i := range c.having(name) {
		r := c.rewrites[i]
		matched = true
		asked := qtype == dns.TypeA || qtype == dns.TypeAAAA
		if r.qtype == dns.TypeCNAME || asked && (r.qtype == qtype || !r.addr.IsValid()) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, rewrite.before)
	if i := slices.IndexFunc(found, rewrite.wild); i >= 0 {
		found = found[:max(1, i)]
	}
	return found, matched
}

// outcome is what becomes of a question.
type outcome struct {
	addrs  []netip.Addr
	target string // asked of others
	passes bool   // the name itself is asked of others
	place  holdings.Place
}

// ask follows the rewrites of a name.
func (c *config) ask(name string, qtype uint16) outcome {
	found, matched := c.find(name, qtype)
	if !matched {
		return outcome{passes: true}
	}
	var o outcome
	seen := map[string]bool{}
	for first := name; matched && len(found) > 0 && found[0].qtype == dns.TypeCNAME; {
		r := found[0]
		o.place = r.place
		switch {
		case r.target == first || r.target == r.domain:
			return outcome{passes: true, place: r.place}
		case seen[r.target] || r.target == name && r.wild():
			o.target = r.target
			return o
		}
		name, o.target, seen[r.target] = r.target, r.target, true
		found, matched = c.find(name, qtype)
	}
	for _, r := range found {
		switch {
		case r.qtype != qtype:
		case !r.addr.IsValid():
			return outcome{passes: true, place: r.place}
		default:
			o.addrs, o.place, o.target = append(o.addrs, r.addr), r.place, ""
		}
	}
	return o
}
