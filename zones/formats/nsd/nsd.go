// Package nsd reads the configuration of NSD: nsd.conf(5).
package nsd

import (
	"io"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is NSD's configuration, which is read and not written.
var Format = formats.Format{
	Name: "nsd", Read: read, Detect: detect,
	Reads: "nsd.conf: zones, patterns, and zones that nsd-control has added. include:, zonefile: and the list of zones are followed, with %s, %1 to %3, %z, %y and %x for parts of a zone's name.",
}

// usualDir is where NSD has zones unless it is told.
const usualDir = "/etc/nsd"

// read reads the zones of a configuration, by their files.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	all, _, err := dialect.Parse(b, r, in)
	if err != nil {
		return err
	}
	starts(b, all)
	listens(b, all)
	dirs := directoriesOf(b, all)
	patterns := make(map[string]clauses.Clause)
	var configured []clauses.Clause
	var list clauses.Option
	for _, c := range all {
		switch c.Kind {
		case "server":
			if its, said := c.Last("zonelistfile"); said {
				list = its
			}
		case "pattern":
			patterns[c.First("name")] = c
		case "zone":
			configured = append(configured, c)
		}
	}
	configured = append(configured, added(b, in, list, patterns, configured)...)
	for _, c := range configured {
		addZone(b, in, with(c, patterns, 0), dirs)
	}
	return nil
}

// listens tells where the server listens.
func listens(b *holdings.Builder, all []clauses.Clause) {
	var addresses []string
	var at holdings.Place
	for _, c := range all {
		for _, o := range c.Options {
			if c.Kind == "server" && (o.Key == "ip-address" || o.Key == "interface") && len(o.Values) > 0 {
				addresses, at = append(addresses, o.Values[0]), o.Place
			}
		}
	}
	b.Listens(at, "NSD", addresses...)
}

// maxPatterns is how deep patterns may include others.
const maxPatterns = 20

// with returns a zone with what its patterns say; of several files the last one counts.
func with(c clauses.Clause, patterns map[string]clauses.Clause, depth int) clauses.Clause {
	if depth > maxPatterns {
		return c
	}
	var all []clauses.Option
	for _, o := range c.Options {
		if o.Key == "include-pattern" {
			for _, its := range with(patterns[o.Value()], patterns, depth+1).Options {
				if its.Key != "name" { // which is the pattern's
					all = append(all, its)
				}
			}
			continue
		}
		all = append(all, o)
	}
	c.Options = all
	return c
}

func addZone(b *holdings.Builder, in formats.Input, c clauses.Clause, dirs directories) {
	last := func(key string) string { return lastOf(c, key) }
	own := last("name")
	name, err := holdings.CanonicalName(own)
	if err != nil {
		b.Unread(c.Place, "the zone is not read: %s is not a domain name", lines.Shown(own))
		return
	}
	claim := holdings.Claim{Origin: name, Miss: holdings.Refer, Place: c.Place}
	file := last("zonefile")
	claim.Referral.File = file
	if role := last("catalog"); role == "consumer" {
		b.Unread(c.Place, "catalog zone %s is not read: the zones that it lists are the server's as well", dnsname.Shown(name))
	}
	admissions(b, c, name)
	if _, notified := c.Last("allow-notify"); notified && len(c.All("request-xfr")) == 0 {
		b.UnreadBelow(name, c.Place, "zone %s has allow-notify, and no request-xfr: nsd-checkconf refuses that", dnsname.Shown(name))
	}
	if from := c.All("request-xfr"); len(from) > 0 {
		claim.Referral = holdings.Referral{Servers: serversOf(from)}
		b.UnreadBelow(name, c.Place, "zone %s is transferred from %s: its file may not have all yet", dnsname.Shown(name), claim.Referral.Servers)
	}
	if file == "" {
		if claim.Referral == (holdings.Referral{}) {
			claim.Referral.Servers = "others"
			b.UnreadBelow(name, c.Place, "zone %s has no zonefile, and no request-xfr: there is nowhere that its records can come from", dnsname.Shown(name))
		}
		b.Claim(claim)
		return
	}
	zone := zonefile.Named{Origin: name, Server: zonefile.NSD, After: formats.Owner, File: formats.Mention{
		What: "zone " + dnsname.Shown(name) + ": its zonefile", Path: dirs.file(pathOf(file, own)), Dir: dirs.zones, Place: c.Place,
		Consequence: ", and NSD answers no question for the zone without it",
	}}
	if !zone.Read(b, in) {
		b.Claim(claim)
	}
}

// admissions notes whom the server refuses questions for a zone.
func admissions(b *holdings.Builder, c clauses.Clause, name string) {
	said := c.All("allow-query")
	if len(said) == 0 {
		return
	}
	if admitted, ok := admittedBy(said); ok {
		b.Admits(admitted, name, c.Place, "allow-query refuses questions for zone %s to "+holdings.SomeOrAll, dnsname.Shown(name))
	} else {
		b.UnreadBelow(name, c.Place, "allow-query is not read: it refuses some clients the zone %s", dnsname.Shown(name))
	}
}

// admittedBy returns the clients that are let by "allow-query: RANGE NOKEY" and the like:
// those that are blocked go before. Ranges with a mask of their own are not known here.
func admittedBy(said []string) (holdings.Clients, bool) {
	var blocked, let holdings.Clients
	for _, value := range said {
		fields := strings.Fields(value)
		if len(fields) != 2 {
			return nil, false
		}
		prefixes, err := address.ParseRanges(fields[0])
		if err != nil {
			return nil, false
		}
		for _, prefix := range prefixes {
			switch fields[1] {
			case "BLOCKED":
				blocked = append(blocked, holdings.ClientRange{Range: prefix, Not: true})
			case "NOKEY":
				let = append(let, holdings.ClientRange{Range: prefix})
			}
		}
	}
	return append(blocked, let...), true
}

// serversOf returns the addresses of what zones are transferred from, such as "AXFR
// 10.0.0.2 NOKEY".
func serversOf(from []string) string {
	var all []string
	for _, value := range from {
		fields := strings.Fields(value)
		if len(fields) > 1 && (fields[0] == "AXFR" || fields[0] == "UDP") {
			fields = fields[1:]
		}
		if len(fields) > 0 {
			all = append(all, fields[0])
		}
	}
	return strings.Join(all, ", ")
}

// pathOf returns the path of a zone's file, in which parts of its name may stand for
// themselves.
func pathOf(path, name string) string {
	name = dnsname.Shown(name)
	labels := strings.Split(name, ".")
	label := func(fromRight int) string {
		if at := len(labels) - fromRight; at >= 0 {
			return labels[at]
		}
		return "."
	}
	letter := func(i int) string {
		if i < len(name) {
			return name[i : i+1]
		}
		return "."
	}
	return strings.NewReplacer("%s", name, "%1", letter(0), "%2", letter(1), "%3", letter(2),
		"%z", label(1), "%y", label(2), "%x", label(3)).Replace(path)
}

// telling are options that only NSD's files have.
var telling = map[string]bool{
	"zonesdir:": true, "zonefile:": true, "zonelistfile:": true, "include-pattern:": true, "request-xfr:": true,
	"verify:": true, "log-only-syslog:": true, "server-count:": true, "zonefiles-check:": true, "zonefiles-write:": true, "xfrdfile:": true, "round-robin:": true,
}

// others are options that Unbound's files have.
var others = map[string]bool{"auth-zone:": true, "rpz:": true, "for-upstream:": true, "for-downstream:": true, "forward-zone:": true, "local-zone:": true}

// detect knows a configuration by options that are no others'; Unbound has some of them
// in zones of its own.
func detect(head formats.Head) formats.Certainty {
	found := formats.No
	opened := false
	for line := range head.Lines() {
		for _, w := range clauses.Words(line) {
			switch {
			case w.Quoted:
			case others[w.Text]:
				return formats.No
			case w.Text == "server:" || w.Text == "zone:" || w.Text == "pattern:" || w.Text == "include:":
				opened = true
			case telling[w.Text] && opened:
				found = formats.Surely
			}
		}
	}
	return found
}
