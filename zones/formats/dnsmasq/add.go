package dnsmasq

import (
	"iter"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
)

// addTo adds what the whole file says.
func (f *dnsmasqFile) addTo() {
	f.expand()
	f.addLeases()
	if miss, referral := upstream.Asked(f.servers, true); miss == holdings.Refer && f.at["."] == nil {
		f.b.Claim(holdings.Claim{Origin: ".", Miss: miss, Referral: referral})
	}
	for name, rule := range f.at {
		f.addDomain(name, rule)
	}
	for name, rule := range f.below {
		if f.at[name] == nil {
			f.addParent(name, rule)
			f.addBelow(name, rule)
		}
	}
	for text, rule := range f.endings {
		f.addEnding(text, rule)
	}
	f.addNames()
	f.others()
}

// addNames adds the names with records of their own. A CNAME goes before all else, and what the
// machine's interfaces have before a host-record.
func (f *dnsmasqFile) addNames() {
	ends := endsOf(f.aliases)
	for _, name := range slices.Sorted(maps.Keys(f.aliases)) {
		a := f.aliases[name]
		f.b.Add(name, f.ofAlias(name, a, ends[name]), a.place)
	}
	for name, h := range f.other {
		if _, alias := f.aliases[name]; !alias {
			f.b.Add(name, h.data, h.place)
		}
	}
	for name, h := range f.hosts {
		_, alias := f.aliases[name]
		if _, other := f.other[name]; !alias && !other {
			f.b.Add(name, f.ofHost(name, h.data), h.place)
		}
	}
}

// others notes options by which answers are changed, and those of others.
func (f *dnsmasqFile) others() {
	for _, name := range looping(f.aliases, f.leadsTo) {
		f.b.NotStarted("dnsmasq", f.aliases[name].place, "CNAME loop involving %s", dnsname.TrimDot(name))
	}
	if f.fqdn.Line > 0 && !slices.ContainsFunc(f.suffixes, func(s suffix) bool { return !s.first.IsValid() }) {
		f.b.NotStarted("dnsmasq", f.fqdn, "there must be a default domain when dhcp-fqdn is set")
	}
	if f.ports.highest != 0 && f.ports.highest < f.ports.lowest {
		f.b.NotStarted("dnsmasq", f.ports.at, "max-port is %d, and cannot be smaller than min-port, %d", f.ports.highest, f.ports.lowest)
	}
	switch _, others := f.once["conf-file"]; {
	case f.dnssec.Line == 0 || f.anchored:
	case others:
		f.b.Unread(f.dnssec, "dnssec: dnsmasq starts if a file that is not read has a trust-anchor of the root")
	default:
		f.b.NotStarted("dnsmasq", f.dnssec, "no root trust anchor provided for DNSSEC (trust-anchor)")
	}
	if f.filter.Line > 0 && f.hasIPv6() {
		f.b.Unread(f.filter, "the filter is not read: it takes IPv6 addresses out of answers")
	}
	f.b.Listens(f.listensAt, "dnsmasq", f.listens...)
	if f.rebind.Line > 0 && !f.exempt {
		f.b.Note(f.rebind, "stop-dns-rebind takes private addresses out of what other servers answer, but for rebind-domain-ok")
	}
}

// hasIPv6 reports whether any name has an IPv6 address.
func (f *dnsmasqFile) hasIPv6() bool {
	for _, rules := range []map[string]*domainRule{f.at, f.below, f.endings} {
		for _, rule := range rules {
			if slices.ContainsFunc(rule.answers(), netip.Addr.Is6) {
				return true
			}
		}
	}
	for _, h := range f.hosts {
		if slices.ContainsFunc(h.data.Addrs, netip.Addr.Is6) {
			return true
		}
	}
	return false
}

// addDomain adds what becomes of a domain, and of all below it.
func (f *dnsmasqFile) addDomain(name string, at *domainRule) {
	below := f.below[name]
	if below == nil {
		below = at
	}
	ruled := f.ruled(f.rulesAt(name))
	switch {
	case f.own(name): // which goes before
	case len(ruled.addrs) > 0:
		f.b.Add(name, f.data(ruled, below == at), at.place)
	case below == at: // the claim says it
	default:
		f.b.Add(name, holdings.Data{Action: ruled.miss, Referral: ruled.referral, TTL: holdings.NoTTL}, at.place)
	}
	f.addBelow(name, below)
}

// addParent adds what becomes of a name of which only what is below it has a rule.
func (f *dnsmasqFile) addParent(name string, rule *domainRule) {
	if f.own(name) || name == "." {
		return
	}
	ruled := f.ruled(f.rulesAt(name))
	if len(ruled.addrs) > 0 {
		f.b.Add(name, f.data(ruled, false), rule.place)
		return
	}
	f.b.Add(name, holdings.Data{Action: ruled.miss, Referral: ruled.referral, TTL: holdings.NoTTL}, rule.place)
}

// own reports whether a name has a record of its own.
func (f *dnsmasqFile) own(name string) bool {
	_, alias := f.aliases[name]
	_, other := f.other[name]
	return alias || other || f.hosts[name] != nil
}

// addBelow adds what becomes of the names below a domain.
func (f *dnsmasqFile) addBelow(name string, rule *domainRule) {
	ruled := f.ruled(f.rulesBelow(name))
	f.b.Claim(holdings.Claim{Origin: name, Miss: ruled.miss, Referral: ruled.referral, Place: rule.place})
	if len(ruled.addrs) > 0 {
		wildcard := "*." + name
		if name == "." {
			wildcard = "*."
		}
		f.b.Add(wildcard, f.data(ruled, false), rule.place)
	}
}

// addEnding adds what becomes of the names that end with a text, whose rule goes before those
// of shorter domains.
func (f *dnsmasqFile) addEnding(text string, rule *domainRule) {
	ruled := f.ruled(func(yield func(*domainRule) bool) {
		if !yield(rule) {
			return
		}
		for other := range f.rulesBelow(text) {
			if !yield(other) {
				return
			}
		}
	})
	d := f.data(ruled, false)
	if len(ruled.addrs) == 0 {
		d = holdings.Data{Action: ruled.miss, Referral: ruled.referral, TTL: holdings.NoTTL}
	}
	f.b.AddEnding(text, d, rule.place)
	if f.at[text] == nil && f.below[text] == nil && !f.own(text) && !strings.HasPrefix(text, "-") {
		f.b.Add(text, d, rule.place) // which ends so as well
	}
}

// data is what a name has by its rules.
func (f *dnsmasqFile) data(r ruling, implied bool) holdings.Data {
	return holdings.Data{Addrs: r.addrs, TTL: f.ttl, Partial: r.miss != holdings.NXDomain, Implied: implied}
}

// ruling is what all rules together say of a name.
type ruling struct {
	addrs    []netip.Addr
	miss     holdings.Action // what is done with questions for other types
	referral holdings.Referral
}

// ruled returns what rules say, the longest domain first: for each kind of question
// the first one that has something to say of it counts.
func (f *dnsmasqFile) ruled(rules iter.Seq[*domainRule]) ruling {
	var r ruling
	has4, has6 := false, false
	for rule := range rules {
		r.addrs = append(r.addrs, lacking(rule.answers(), has4, has6)...)
		has4 = slices.ContainsFunc(r.addrs, netip.Addr.Is4)
		has6 = slices.ContainsFunc(r.addrs, netip.Addr.Is6)
		r.addrs = holdings.SortedAddrs(r.addrs)
		switch {
		case len(rule.servers) > 0:
			r.miss, r.referral = upstream.Asked(rule.servers, false)
			return r
		case rule.usual:
			r.miss, r.referral = upstream.Asked(f.servers, true)
			return r
		case rule.local:
			r.miss = holdings.NXDomain
			return r
		}
	}
	r.miss, r.referral = upstream.Asked(f.servers, true)
	return r
}

// lacking returns the addresses of the families that are not there yet.
func lacking(addrs []netip.Addr, has4, has6 bool) []netip.Addr {
	var all []netip.Addr
	for _, addr := range addrs {
		if addr.Is4() && !has4 || addr.Is6() && !has6 {
			all = append(all, addr)
		}
	}
	return all
}

// rulesAt returns the rules that are for a name, the longest domain first.
func (f *dnsmasqFile) rulesAt(name string) iter.Seq[*domainRule] { return f.rules(name, false) }

// rulesBelow returns the rules that are for the names below a name of which there is
// no other rule, the longest domain first.
func (f *dnsmasqFile) rulesBelow(name string) iter.Seq[*domainRule] { return f.rules(name, true) }

func (f *dnsmasqFile) rules(name string, below bool) iter.Seq[*domainRule] {
	return func(yield func(*domainRule) bool) {
		for above := range holdings.UpToRoot(name) {
			if rule := f.below[above]; rule != nil && (below || above != name) && !yield(rule) {
				return
			}
			if rule := f.at[above]; rule != nil && !yield(rule) {
				return
			}
		}
	}
}

// ofHost is what a name with a host-record has: addresses of a family that it lacks are
// those of the domain's rule.
func (f *dnsmasqFile) ofHost(name string, d holdings.Data) holdings.Data {
	ruled := f.ruled(f.rulesAt(name))
	more := lacking(ruled.addrs, slices.ContainsFunc(d.Addrs, netip.Addr.Is4), slices.ContainsFunc(d.Addrs, netip.Addr.Is6))
	d.Addrs = holdings.SortedAddrs(slices.Concat(d.Addrs, more))
	d.Partial = ruled.miss != holdings.NXDomain
	if d.TTL == holdings.NoTTL {
		d.TTL = f.ttl
	}
	return d
}

// leadsTo returns where an alias leads, and whether there is one of that name.
func (f *dnsmasqFile) leadsTo(name string) (target string, there bool) {
	a, there := f.aliases[name]
	return a.target, there
}

// ofAlias is what a CNAME leads to: what dnsmasq knows by a host-record or a hosts file,
// and nothing else. What an address= or another server has for the target is not
// looked at, and the answer is a CNAME without an address.
func (f *dnsmasqFile) ofAlias(name string, a alias, end chainEnd) holdings.Data {
	target, ttl := end.target, min(end.ttl, f.ttl)
	if h, there := f.other[target]; there {
		return h.data
	}
	if h := f.hosts[target]; h != nil {
		d := h.data
		d.TTL = min(d.TTL, ttl)
		f.noteKept(name, target, a)
		return d
	}
	if f.noHosts && f.hostsAt == "" {
		f.b.Note(a.place, "dnsmasq knows no address of %s, to which %s leads: only those of a host-record and of hosts files count", target, name)
		return holdings.Data{Action: holdings.NoData, TTL: holdings.NoTTL}
	}
	file := f.hostsAt
	if file == "" {
		file = "/etc/hosts"
	}
	return holdings.Data{Action: holdings.Refer, Referral: holdings.Referral{File: file}, TTL: holdings.NoTTL}
}

// noteKept notes an alias whose target lacks addresses of a family, for which others are asked:
// while their answer is kept in the cache, the alias has it as well. Public DNS may have such addresses
// for Aura's names. Of a name of one's own, one knows who has more of it.
func (f *dnsmasqFile) noteKept(name, target string, a alias) {
	d := f.ofHost(target, f.hosts[target].data)
	no4 := !slices.ContainsFunc(d.Addrs, netip.Addr.Is4)
	no6 := f.filter.Line == 0 && !slices.ContainsFunc(d.Addrs, netip.Addr.Is6)
	if f.uncached || !d.Partial || !no4 && !no6 || f.needsDot && strings.Count(target, ".") == 1 {
		return
	}
	family := "IPv6"
	if no4 {
		family = "IPv4"
	}
	tell := func(at holdings.Place, format string, args ...any) { f.b.UnreadBelow(name, at, format, args...) }
	if !dnsname.AtOrBelow(target, auraname.Origin) {
		if f.noted[target] {
			return
		}
		f.noted[target], tell = true, f.b.Note
	}
	tell(a.place, "cname is not read whole: %s has no %s address here, and what another server answers for it is kept, and given for the alias as well: local=/%s/ has nobody asked", dnsname.TrimDot(target), family, dnsname.TrimDot(target))
}
