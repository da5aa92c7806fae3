package dnsmasq

import (
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// domainRule is what dnsmasq has been told of a domain.
type domainRule struct {
	addrs  []netip.Addr
	local  bool // nobody else is asked
	passes bool // others are asked, as if there were no rule
	place  holdings.Place
}

// dnsmasqFile gathers what a configuration says. The longest domain counts for a
// name, and "*.x" is longer than "x".
type dnsmasqFile struct {
	at    map[string]*domainRule // for a domain and all below it
	below map[string]*domainRule // for all below a domain: "*." in front
	hosts []hostRecord
	ttl   uint32 // of local answers
}

// hostRecord is a host-record of dnsmasq.
type hostRecord struct {
	name  string
	data  holdings.Data
	place holdings.Place
}

// read reads a configuration of dnsmasq: addresses, local domains,
// host-records and servers of domains. All else is left out.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	f := dnsmasqFile{at: make(map[string]*domainRule), below: make(map[string]*domainRule), ttl: holdings.NoTTL}
	err := lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		line, _, _ = strings.Cut(line, " #")
		option, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		option, value = strings.TrimSpace(option), strings.TrimSpace(value)
		switch option {
		case "address", "local", "server":
			return f.domain(option, value, at)
		case "host-record":
			return f.host(value, at)
		case "local-ttl":
			ttl, err := strconv.ParseUint(value, 10, 31)
			if err != nil {
				return at.Errorf("local-ttl %q is not a number of seconds", value)
			}
			f.ttl = uint32(ttl)
		case "addn-hosts", "hostsdir", "conf-file", "conf-dir", "servers-file":
			b.Note(at, "%s is not followed", option)
		}
		return nil
	})
	if err != nil {
		return err
	}
	f.addTo(b)
	return nil
}

// domain reads address=, local= or server= with /DOMAIN/.../VALUE.
func (f *dnsmasqFile) domain(option, value string, at holdings.Place) error {
	if !strings.HasPrefix(value, "/") {
		if option == "server" {
			return nil // an upstream server for everything
		}
		return at.Errorf("%s=%q does not begin with a domain between slashes", option, value)
	}
	parts := strings.Split(value[1:], "/")
	last := parts[len(parts)-1]
	for _, domain := range parts[:len(parts)-1] {
		rule, err := f.rule(domain, at)
		if err != nil {
			return err
		}
		if err := rule.set(option, last, at); err != nil {
			return err
		}
	}
	return nil
}

// rule returns the rule of a domain, which is made if need be.
func (f *dnsmasqFile) rule(domain string, at holdings.Place) (*domainRule, error) {
	rules := f.at
	if parent, below := strings.CutPrefix(domain, "*."); below {
		rules, domain = f.below, parent
	}
	name := "."
	if domain != "" && domain != "#" { // which are all domains
		var err error
		if name, err = holdings.CanonicalName(domain); err != nil {
			return nil, at.Errorf("%w", err)
		}
	}
	if rules[name] == nil {
		rules[name] = &domainRule{place: at}
	}
	return rules[name], nil
}

// set adds a line to a rule.
func (r *domainRule) set(option, value string, at holdings.Place) error {
	switch {
	case option == "address" && value == "#": // 0.0.0.0 and ::
		r.addrs = append(r.addrs, netip.IPv4Unspecified(), netip.IPv6Unspecified())
	case option == "address" && value != "":
		addr, err := netip.ParseAddr(value)
		if err != nil {
			return at.Errorf("%q is not an address", value)
		}
		r.addrs = append(r.addrs, addr.Unmap())
	case value == "":
		r.local = true
	default: // another server, or "#" for the usual ones
		r.passes = true
	}
	return nil
}

// host reads host-record=NAME[,NAME...][,ADDRESS...][,TTL].
func (f *dnsmasqFile) host(value string, at holdings.Place) error {
	d := holdings.Data{TTL: holdings.NoTTL}
	var names []string
	for field := range strings.SplitSeq(value, ",") {
		field = strings.TrimSpace(field)
		if addr, err := netip.ParseAddr(field); err == nil {
			d.Addrs = append(d.Addrs, addr.Unmap())
			continue
		}
		if ttl, err := strconv.ParseUint(field, 10, 31); err == nil {
			d.TTL = uint32(ttl)
			continue
		}
		name, err := holdings.CanonicalName(field)
		if err != nil {
			return at.Errorf("%w", err)
		}
		names = append(names, holdings.LiteralName(name))
	}
	if len(names) == 0 {
		return at.Errorf("host-record=%q has no name", value)
	}
	d.Addrs = holdings.SortedAddrs(d.Addrs)
	for _, name := range names {
		f.hosts = append(f.hosts, hostRecord{name: name, data: d, place: at})
	}
	return nil
}

// addTo adds what the whole file says.
func (f *dnsmasqFile) addTo(b *holdings.Builder) {
	for name, rule := range f.at {
		at, below := rule, f.below[name]
		if below == nil {
			below = rule
		}
		switch {
		case len(at.addrs) > 0:
			b.Add(name, f.data(name, at, below == at), at.place)
		case at.local && below != at:
			b.Add(name, holdings.Data{Action: holdings.NXDomain, TTL: holdings.NoTTL}, at.place)
		}
		f.addBelow(b, name, below)
	}
	for name, rule := range f.below {
		if f.at[name] == nil {
			f.addBelow(b, name, rule)
		}
	}
	for _, h := range f.hosts {
		h.data.Partial = !f.isLocal(h.name)
		if h.data.TTL == holdings.NoTTL {
			h.data.TTL = f.ttl
		}
		b.Add(h.name, h.data, h.place)
	}
}

// addBelow adds what becomes of the names below a domain.
func (f *dnsmasqFile) addBelow(b *holdings.Builder, name string, rule *domainRule) {
	c := holdings.Claim{Origin: name, Miss: holdings.Passthru, Place: rule.place}
	if rule.local && !rule.passes {
		c.Miss = holdings.NXDomain
	}
	b.Claim(c)
	if len(rule.addrs) > 0 {
		wildcard := "*." + name
		if name == "." {
			wildcard = "*."
		}
		b.Add(wildcard, f.data(name, rule, false), rule.place)
	}
}

// data is what a rule's addresses are.
func (f *dnsmasqFile) data(name string, rule *domainRule, implied bool) holdings.Data {
	return holdings.Data{
		Addrs: holdings.SortedAddrs(slices.Clone(rule.addrs)), TTL: f.ttl,
		Partial: !rule.local && !f.isLocal(name), Implied: implied,
	}
}

// isLocal reports whether nobody else is asked for the types that a name lacks.
func (f *dnsmasqFile) isLocal(name string) bool {
	for above := range holdings.Upwards(name) {
		if above != name {
			if rule := f.below[above]; rule != nil {
				return rule.local
			}
		}
		if rule := f.at[above]; rule != nil {
			return rule.local
		}
	}
	return false
}

var settingLine = regexp.MustCompile(`^(address|local|server|host-record|local-ttl|cname|domain-needed|bogus-priv|no-resolv|no-hosts|txt-record|addn-hosts|domain|listen-address|interface|bind-interfaces|cache-size|port)\s*(=|$)`)

// detect knows a configuration by the settings that it can begin with.
func detect(head formats.Head) formats.Certainty {
	if settingLine.MatchString(strings.TrimSpace(head.FirstLine())) {
		return formats.Surely
	}
	return formats.No
}
