package dnsmasq

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// domainRule is what dnsmasq has been told of a domain.
type domainRule struct {
	addrs   []netip.Addr
	null    bool     // 0.0.0.0 and :: stand for families without an address
	local   bool     // nobody else is asked
	usual   bool     // the usual servers are asked, as if there were no rule
	servers []string // that are asked
	place   holdings.Place
}

// hostRecord is a name of a host-record, or one that others know.
type hostRecord struct {
	data  holdings.Data
	place holdings.Place
}

// alias is a CNAME.
type alias struct {
	target string
	ttl    uint32
	place  holdings.Place
}

var (
	errNoDomain = errors.New("it does not begin with a domain between slashes")
	errNoName   = errors.New("it has no name")
	errNoTarget = errors.New("it has no target")
)

// domain reads address=, local= or server= with /DOMAIN/.../VALUE.
func (f *dnsmasqFile) domain(option, value string, at holdings.Place) error {
	if last, _ := domains(value); option != "address" && !addressed(last) {
		f.b.Unread(at, "%s=%s: dnsmasq starts if that is the name of a host which it finds when it starts", option, lines.Shown(value))
	}
	if last, _ := domains(value); option != "address" && strings.Contains(last, "%") {
		f.b.Unread(at, "%s=%s: dnsmasq starts if the machine has the interface behind %%", option, lines.Shown(value))
	}
	if !strings.HasPrefix(value, "/") {
		if option == "address" {
			return errNoDomain
		}
		f.servers = append(f.servers, value) // for everything
		return nil
	}
	parts := strings.Split(value[1:], "/")
	last := parts[len(parts)-1]
	if option == "address" && last != "" && last != "#" {
		if _, err := netip.ParseAddr(last); err != nil {
			return fmt.Errorf("%s is not an address", lines.Shown(last))
		}
	}
	for _, domain := range parts[:len(parts)-1] {
		rule, err := f.rule(domain, at)
		if err != nil {
			return err
		}
		rule.set(option, last)
	}
	return nil
}

// above returns the closest name that is above all that end like a domain.
func above(domain string) string {
	_, parent, _ := strings.Cut(domain, ".")
	name, err := holdings.CanonicalName(parent)
	if parent == "" || err != nil {
		return "."
	}
	return name
}

// rule returns the rule of a domain, which is made if need be. A dot in front means
// nothing; an asterisk without a dot behind it stands for any beginning of a label as
// well.
func (f *dnsmasqFile) rule(domain string, at holdings.Place) (*domainRule, error) {
	rules := f.at
	domain = strings.TrimPrefix(domain, ".")
	if parent, below := strings.CutPrefix(domain, "*."); below {
		rules, domain = f.below, parent
	} else if rest, begins := strings.CutPrefix(domain, "*"); begins && rest != "" {
		return f.endingRule(rest, at)
	}
	name := "."
	if domain != "" && domain != "#" { // which are all domains
		var err error
		if name, err = holdings.CanonicalName(domain); err != nil {
			return nil, fmt.Errorf("%s is not a domain name", lines.Shown(domain))
		}
	}
	if rules[name] == nil {
		rules[name] = &domainRule{place: at}
	}
	return rules[name], nil
}

// endingRule returns the rule of all names that end with a text. Where that begins like no
// label, what it is for is not known by the names that are declared.
func (f *dnsmasqFile) endingRule(text string, at holdings.Place) (*domainRule, error) {
	name, err := holdings.CanonicalName(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a domain name", lines.Shown("*"+text))
	}
	if strings.HasPrefix(name, "-") {
		f.b.UnreadBelow(above(name), at, "*%s is read for names that are known alone: which others end like it is not known", text)
	}
	if f.endings[name] == nil {
		f.endings[name] = &domainRule{place: at}
	}
	return f.endings[name], nil
}

// set adds a line to a rule.
func (r *domainRule) set(option, value string) {
	switch {
	case option == "address" && value == "#":
		r.null = true
	case option == "address" && value != "":
		r.addrs = append(r.addrs, netip.MustParseAddr(value).Unmap()) // which was checked
	case value == "":
		r.local = true
	case value == "#":
		r.usual = true
	default:
		r.servers = append(r.servers, value)
	}
}

// answers returns the addresses of a rule.
func (r *domainRule) answers() []netip.Addr {
	if !r.null {
		return r.addrs
	}
	nulls := []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	return slices.Concat(r.addrs, lacking(nulls, slices.ContainsFunc(r.addrs, netip.Addr.Is4), slices.ContainsFunc(r.addrs, netip.Addr.Is6)))
}

// host reads host-record=NAME[,NAME...][,ADDRESS...][,TTL]. Of several addresses of one
// family in a line the last one counts.
func (f *dnsmasqFile) host(value string, at holdings.Place) error {
	d := holdings.Data{TTL: holdings.NoTTL}
	var names []string
	for field := range strings.SplitSeq(value, ",") {
		field = strings.TrimSpace(field)
		if addr, err := netip.ParseAddr(field); err == nil {
			addr = addr.Unmap()
			d.Addrs = append(slices.DeleteFunc(d.Addrs, func(other netip.Addr) bool { return other.Is4() == addr.Is4() }), addr)
			continue
		}
		if ttl, err := strconv.ParseUint(field, 10, 31); err == nil {
			d.TTL = uint32(ttl)
			continue
		}
		name, err := holdings.CanonicalName(field)
		if err != nil {
			return fmt.Errorf("%s is not a domain name", lines.Shown(field))
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return errNoName
	}
	names = f.withoutStars("host-record", names, at)
	d.Addrs = holdings.SortedAddrs(d.Addrs)
	for _, name := range names {
		f.addHost(name, d, at)
	}
	return nil
}

// cname reads cname=NAME[,NAME...],TARGET[,TTL].
func (f *dnsmasqFile) cname(value string, at holdings.Place) error {
	a := alias{ttl: holdings.NoTTL, place: at}
	fields := strings.Split(value, ",")
	last := strings.TrimSpace(fields[len(fields)-1])
	if ttl, err := strconv.ParseUint(last, 10, 31); err == nil && len(fields) > 2 {
		a.ttl, fields = uint32(ttl), fields[:len(fields)-1]
	}
	if len(fields) < 2 {
		return errNoTarget
	}
	var names []string
	for _, field := range fields {
		name, err := holdings.CanonicalName(strings.TrimSpace(field))
		if err != nil {
			return fmt.Errorf("%s is not a domain name", lines.Shown(field))
		}
		names = append(names, name)
	}
	a.target = names[len(names)-1]
	for _, name := range f.withoutStars("cname", names[:len(names)-1], at) {
		if _, there := f.aliases[name]; there {
			f.b.NotStarted("dnsmasq", at, "duplicate CNAME %s", dnsname.TrimDot(name))
			continue
		}
		f.aliases[name] = a
	}
	return nil
}

// withoutStars returns names without those that look like wildcards, which it notes: to
// dnsmasq they are the names with the asterisk, and nobody asks for these.
func (f *dnsmasqFile) withoutStars(option string, names []string, at holdings.Place) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		star := strings.HasPrefix(name, "*.")
		if star {
			f.b.Note(at, "%s has no wildcards in dnsmasq: %s is the name with the asterisk itself, and stands for no other", option, dnsname.TrimDot(name))
		}
		return star
	})
}

// elsewhere reads an option whose first field is a name with addresses that are not
// in the file.
func (f *dnsmasqFile) elsewhere(option, value string, at holdings.Place) error {
	field, _, _ := strings.Cut(value, ",")
	name, err := holdings.CanonicalName(strings.TrimSpace(field))
	if err != nil {
		return fmt.Errorf("%s is not a domain name", lines.Shown(field))
	}
	f.unknown(holdings.LiteralName(name), option, at)
	f.b.Note(at, "%s is not read: the addresses that %s has are the machine's", option, field)
	return nil
}

// unknown notes a name whose addresses are not in the file.
func (f *dnsmasqFile) unknown(name, option string, at holdings.Place) {
	d := holdings.Data{Action: holdings.Refer, Referral: holdings.Referral{Record: option}, TTL: holdings.NoTTL}
	f.other[name] = hostRecord{data: d, place: at}
}
