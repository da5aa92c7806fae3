package adguard

import (
	"slices"
	"strings"

	"github.com/miekg/dns"
	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
)

// forward is which servers are asked for a name and all below it.
type forward struct {
	domain  string
	below   bool // the name itself is asked of others
	servers []string
	place   holdings.Place
}

// upstreams reads which servers are asked.
func (c *config) upstreams(list *yaml.Node) {
	for _, item := range list.Content {
		text := strings.TrimSpace(item.Value)
		if text == "" || text[0] == '#' {
			continue
		}
		rest, is := strings.CutPrefix(text, "[/")
		if !is {
			c.others = append(c.others, text)
			continue
		}
		domains, servers, closed := strings.Cut(rest, "/]")
		if !closed || strings.TrimSpace(servers) == "" {
			c.b.NotStarted("AdGuard Home", c.at(item), "the upstream %s is none", lines.Shown(text))
			continue
		}
		for domain := range strings.SplitSeq(domains, "/") {
			below := strings.HasPrefix(domain, "*.")
			name, err := holdings.CanonicalName(strings.TrimPrefix(domain, "*."))
			if err == nil { // else it is for names without a dot
				c.forwards = append(c.forwards, forward{domain: name, below: below, servers: strings.Fields(servers), place: c.at(item)})
			}
		}
	}
}

// asked returns what becomes of a name that is asked of others, and where that is said.
func (c *config) asked(name string) (holdings.Action, holdings.Referral, holdings.Place) {
	longest := -1
	for i, f := range c.forwards {
		has := dnsname.AtOrBelow(name, f.domain) && (!f.below || name != f.domain)
		if has && (longest < 0 || len(f.domain) > len(c.forwards[longest].domain)) {
			longest = i
		}
	}
	if longest < 0 || slices.Contains(c.forwards[longest].servers, "#") {
		action, referral := upstream.Asked(c.others, true)
		return action, referral, c.place
	}
	f := c.forwards[longest]
	action, referral := upstream.Asked(f.servers, false)
	return action, referral, f.place
}

// anyLabel is one that no host has, and that may be in a name.
const anyLabel = "-"

// add adds what was read: for each name that rewrites or servers are for, and for what is below it.
func (c *config) add() {
	action, referral, at := c.asked(".")
	c.b.Claim(holdings.Claim{Origin: ".", Miss: action, Referral: referral, Place: at})
	var names []string
	for _, r := range c.rewrites {
		names = append(names, strings.TrimPrefix(r.domain, "*."))
	}
	for _, f := range c.forwards {
		names = append(names, f.domain)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		c.addName(name, name)
		c.addName("*."+strings.TrimPrefix(name, "."), anyLabel+"."+strings.TrimPrefix(name, "."))
	}
}

// addName adds an entry with what becomes of a name.
func (c *config) addName(entry, name string) {
	d := holdings.Data{TTL: holdings.NoTTL}
	action, referral, at := c.asked(name)
	passes := false
	for _, qtype := range append(types, dns.TypeHTTPS) {
		o := c.ask(name, qtype)
		if qtype == dns.TypeAAAA && !c.addIPv6 {
			continue
		}
		if d.Addrs = append(d.Addrs, o.addrs...); d.Target == "" {
			d.Target = o.target
		}
		if passes = passes || o.passes; o.place.Line > 0 {
			at = o.place
		}
	}
	switch d.Addrs = holdings.SortedAddrs(d.Addrs); {
	case d.Answers():
		if len(d.Addrs) > 0 {
			d.Target = ""
		}
		d.Partial = passes
	case passes:
		d.Action, d.Referral = action, referral
	default:
		d.Action = holdings.NoData
	}
	c.b.Add(entry, d, at)
}
