package rrset

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Links are the private zones that sources make, and the links by which networks see them. A
// link may be made in another file than its zone.
type Links struct {
	b     *holdings.Builder
	zones map[string]madeZone
	by    map[string][]string // networks, by zone
	hosts map[string]string   // zones in which hosts get records, by network in lower case
	any   bool                // some link is for a zone that is not known: it may be for any
}

// madeZone is a zone that a source makes.
type madeZone struct {
	at holdings.Place
	by string // who may link it elsewhere, as a part of a sentence
}

// LinksOf returns the links of all files that give to a builder.
func LinksOf(b *holdings.Builder) *Links {
	return holdings.Shared(b, "links of zones", func() *Links {
		return &Links{b: b, zones: make(map[string]madeZone), by: make(map[string][]string), hosts: make(map[string]string)}
	})
}

// Zone notes a zone that a source makes; elsewhere is what may link it that the source does not
// show, such as "another module".
func (l *Links) Zone(origin, elsewhere string, at holdings.Place) {
	if name, err := holdings.CanonicalName(origin); err == nil {
		l.zones[name] = madeZone{at, elsewhere}
	}
}

// Link notes a network, by its id, that a link lets see a zone: "" for what is not known.
func (l *Links) Link(origin, network string) {
	name, err := holdings.CanonicalName(origin)
	if origin == "" || err != nil {
		l.any = true
		return
	}
	l.by[name] = append(l.by[name], network)
}

// Register notes a link by which a network's hosts get records in a zone: that may be one zone alone.
func (l *Links) Register(origin, network, link string, at holdings.Place) {
	name, err := holdings.CanonicalName(origin)
	if network == "" || origin == "" || err != nil {
		return
	}
	network = strings.ToLower(network)
	if other, there := l.hosts[network]; there && other != name {
		l.b.NotMade(name, at, "%s has its network's hosts register, as a link of zone %s does for the same network: Azure refuses the one that is made last", link, dnsname.TrimDot(other))
	}
	l.hosts[network] = name
}

// End notes who sees the zones. A zone without a link beside zones with some is seen by nobody;
// where there is no link at all, they may be made elsewhere, and the zones are judged as if they
// were linked.
func (l *Links) End() {
	for _, name := range slices.Sorted(maps.Keys(l.zones)) {
		zone := l.zones[name]
		switch networks := l.by[name]; {
		case len(networks) > 0:
			SeenBy(l.b, name, networks, zone.at)
		case l.b.Seen(name):
		case l.any:
			l.b.UnreadBelow(name, zone.at, "zone %s has no link that is known to be its own, and some link is for a zone that is not known: whether a network sees it is not known", dnsname.TrimDot(name))
		case len(l.by) > 0:
			l.b.UnreadBelow(name, zone.at, "zone %s is linked to no network here, as others are: nobody is answered from it", dnsname.TrimDot(name))
		default:
			l.b.UnreadBelow(name, zone.at, "zone %s is linked to no network here: unless %s does so, nobody is answered from it: audit that as well, or what az network private-dns link vnet list prints; the zone is judged as if it were linked", dnsname.TrimDot(name), zone.by)
		}
	}
}

// CloudDNS are the addresses, and the name in DHCP, of AWS's own DNS in a VPC and of Azure's.
var CloudDNS = map[string]bool{"AmazonProvidedDNS": true, "169.254.169.253": true, "fd00:ec2::253": true, "168.63.129.16": true}

// Network returns the id of a network without what stands before its project: its address has
// other beginnings.
func Network(id string) string {
	if at := strings.Index(id, "projects/"); at > 0 {
		return id[at:]
	}
	return id
}
