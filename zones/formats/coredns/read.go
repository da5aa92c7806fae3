package coredns

import (
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// errNoServer is the error of a file without a server block.
var errNoServer = errors.New("there is no server block")

// readCorefile reads a Corefile: what the plugins template, hosts and forward answer, in the
// order in which CoreDNS asks them, for all names that it has, and for one below each.
// Which names a regular expression is for is said by itself, or not known.
func readCorefile(b *holdings.Builder, r io.Reader, in formats.Input, entries []mounted) error {
	servers, err := parseCorefile(b, r, in, entries)
	if err != nil {
		return err
	}
	if len(servers) == 0 {
		return holdings.Place{File: in.Name, Line: 1}.Errorf("%w", errNoServer)
	}
	for _, s := range servers { // whoever asks them
		s.checkPlugins(b)
		s.checkTransport(b)
	}
	found := reachable(b, servers, in)
	zones := make(map[string]bool)
	for _, s := range found {
		for _, zone := range s.zones {
			zones[zone] = true
		}
	}
	for _, s := range found {
		readServer(b, in, s, zones)
	}
	return nil
}

// closest returns the zone of a server block by which a name is answered: that with the longest
// name, whatever the others have.
func closest(zones map[string]bool, name string) string {
	for above := range holdings.UpToRoot(name) {
		if zones[above] {
			return above
		}
	}
	return ""
}

// responder is a plugin that may answer.
type responder interface {
	// names are those that it treats otherwise than others.
	names() []string
	// answer returns what it answers; false to leave the question to the next one.
	answer(name string, qtype uint16) (answer, bool)
}

// answer is what a plugin answers. Without anything there is no such data.
type answer struct {
	addrs    []netip.Addr
	target   string
	action   holdings.Action
	referral holdings.Referral
	oneLabel bool // it is for names directly below, and not for those further below
	place    holdings.Place
}

// left are plugins that could matter and are not read.
var left = map[string]string{
	"secondary": "its zones are another server's", "auralink": "it answers by a topology: auralink plan says what, and auralink audit dns://HOST what the server itself does",
	"kubernetes": "it answers for services", "etcd": "it answers from etcd", "route53": "it answers from Route 53", "azure": "it answers from Azure DNS",
	"clouddns": "it answers from Cloud DNS", "k8s_external": "it answers for services", "records": "its records are not read", "alternate": "it asks others after an error",
	"fanout": "it asks others", "unbound": "it resolves names itself", "erratic": "it answers at random", "grpc": "it asks others",
	"nomad": "it answers for services", "dynupdate": "its zone is changed while the server runs", "siit": "it changes addresses", "dns64": "it changes addresses",
}

// zoned are those of them whose arguments are the zones for which they answer. The plugin nomad
// cuts the labels of its zone from any name.
var zoned = map[string]bool{"kubernetes": true, "k8s_external": true, "etcd": true, "secondary": true, "records": true, "dynupdate": true}

// hosted are those of them whose arguments have a zone between colons, as which part.
var hosted = map[string]int{"route53": 0, "clouddns": 0, "azure": 1}

// scope returns the names at or below which are all whose answers a plugin can change.
func (d directive) scope(zones []string) []string {
	part, cloud := hosted[d.name]
	switch {
	case zoned[d.name]:
		return zonesOr(d.args, zones)
	case d.name == "grpc" && len(d.args) > 0:
		return zonesOr(d.args[:1], nil)
	case !cloud:
		return zones
	}
	var its []string
	for _, word := range d.args {
		if parts := strings.Split(word, ":"); part < len(parts) {
			its = append(its, zonesOr(parts[part:part+1], nil)...)
		}
	}
	return its
}

// readServer adds what a server block answers, of whose zones others may have some below.
func readServer(b *holdings.Builder, in formats.Input, s server, zones map[string]bool) {
	s.signed(b)
	s.admissions(b, zones)
	for _, d := range s.plugins {
		if why := left[d.name]; why != "" {
			for _, zone := range d.scope(s.zones) {
				if !slices.Contains(s.zones, closest(zones, zone)) {
					continue // another server block is asked
				}
				b.UnreadBelow(zone, d.place, "%s is not read: %s", d.name, why)
			}
		}
	}
	chain := chainOf(b, in, s)
	failing := failures{types: append([]uint16{dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS}, deniedTypes(chain)...)}
	defer failing.tell(b)
	for _, r := range chain {
		if r, is := r.(rewrites); is {
			defer r.tried(b, s.zones)
		}
	}
	for _, zone := range s.zones {
		last := ask(chain, anyLabel+"."+strings.TrimPrefix(zone, "."), dns.TypeHTTPS)
		claim := holdings.Claim{Origin: zone, Miss: last.action, Referral: last.referral, Place: s.place}
		if claim.Miss == "" || claim.Miss == holdings.NoData {
			claim.Miss = holdings.NXDomain
		}
		b.Claim(claim)
		for _, name := range namesOf(chain, zone) {
			if closest(zones, name) != zone {
				continue
			}
			below := strings.TrimPrefix(name, ".")
			for _, its := range [][2]string{{name, name}, {"*." + below, anyLabel + "." + below}} {
				if d := addName(b, chain, its[0], its[1], s.place); d.Answers() {
					failing.look(chain, name, its[1], s.place)
					s.filtered(b, name, d)
				}
			}
		}
	}
}

// anyLabel is one that no host has, of what hosts' labels have. It is short, for names may
// be long.
const anyLabel = "-"

// namesOf returns the names of a zone that any plugin treats otherwise than others.
func namesOf(chain []responder, zone string) []string {
	names := []string{zone}
	for _, r := range chain {
		for _, name := range r.names() {
			if inZones(name, []string{zone}) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ask asks one plugin after the other. What none answers is refused.
func ask(chain []responder, name string, qtype uint16) answer {
	for _, r := range chain {
		if a, done := r.answer(name, qtype); done {
			return a
		}
	}
	return answer{action: holdings.Drop}
}

// addName adds an entry for a name with what is answered for another one, and returns that.
func addName(b *holdings.Builder, chain []responder, entry, asked string, at holdings.Place) holdings.Data {
	v4, v6, other := ask(chain, asked, dns.TypeA), ask(chain, asked, dns.TypeAAAA), ask(chain, asked, dns.TypeHTTPS)
	d := holdings.Data{TTL: holdings.NoTTL, Addrs: holdings.SortedAddrs(slices.Concat(v4.addrs, v6.addrs))}
	d.OneLabel = v4.oneLabel || v6.oneLabel
	d.Target = v4.target
	if d.Target == "" {
		d.Target = v6.target
	}
	passes := func(a answer) bool { return a.action == holdings.Passthru || a.action == holdings.Refer }
	if d.Answers() {
		d.Partial = passes(v4) || passes(v6) || passes(other)
	} else {
		d.Action, d.Referral = v4.action, v4.referral
		if passes(v6) && !passes(v4) { // which is the worse of the two
			d.Action, d.Referral = v6.action, v6.referral
		}
		if d.Action == "" {
			d.Action = holdings.NoData
		}
	}
	for _, a := range []answer{v4, v6, other} {
		if a.place.Line > 0 {
			at = a.place
			break
		}
	}
	b.Add(entry, d, at)
	return d
}

// chainOf returns the plugins of a server block that answer, in the order in which
// CoreDNS asks them whatever their order in the file.
func chainOf(b *holdings.Builder, in formats.Input, s server) []responder {
	var chain []responder
	for _, d := range s.all("auralink") {
		chain = append(chain, topologyOf(d))
	}
	if all := s.all("template"); len(all) > 0 {
		chain = append(chain, templatesOf(b, all, s.zones))
	}
	for _, d := range s.all("hosts") {
		chain = append(chain, hostsOf(b, in, d, s))
	}
	if all := s.all("file"); len(all) > 0 {
		chain = append(chain, filesOf(b, in, all, s))
	}
	if all := s.all("auto"); len(all) > 0 {
		chain = append(chain, autoOf(b, in, all[len(all)-1], s)) // of several the last counts
	}
	for _, d := range s.all("forward") {
		chain = append(chain, forwardOf(d))
	}
	if rules := rewritesOf(b, s); len(rules) > 0 {
		r := rewritesFor(rules, chain)
		r.doubts(b, s.zones)
		return []responder{r}
	}
	return chain
}

// inZones reports whether a name is in any of the zones.
func inZones(name string, zones []string) bool {
	return slices.ContainsFunc(zones, func(zone string) bool { return zone == "." || dnsname.AtOrBelow(name, zone) })
}

// zonesOr returns words as zones, or others where there are none.
func zonesOr(words, others []string) []string {
	if len(words) == 0 {
		return others
	}
	var zones []string
	for _, word := range words {
		if its, _, ok := zonesOf(word); ok && !starred(its[0]) {
			zones = append(zones, its...)
		}
	}
	return zones
}
