package unbound

import (
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// start says with what of a configuration Unbound does not start, as unbound-checkconf has
// it, or for policy zones the server itself.
func (c *config) start(list []clauses.Clause) {
	for _, l := range append([]*layer{c.server, c.own}, c.unasked...) {
		if l != nil {
			c.startRedirects(l)
			c.startSets(l, list)
		}
	}
	c.startTags(list)
	c.startTagData()
	c.startInterfaces(list)
	c.startViews(list)
	c.startOverrides(list)
	c.newer(list)
	c.startPointless(list)
	c.startHints(list)
	if len(c.policies) > 0 {
		c.startPolicies(list)
	}
}

// pointless are options of which one must not be "no".
var pointless = [][]string{{"do-ip4", "do-ip6"}, {"do-udp", "do-tcp"}}

// startPointless looks whether there is a way left to ask the server.
func (c *config) startPointless(list []clauses.Clause) {
	for _, keys := range pointless {
		var off []clauses.Option
		for _, key := range keys {
			if all := allOf(list, key); len(all) > 0 && all[len(all)-1].Value() == "no" {
				off = append(off, all[len(all)-1])
			}
		}
		if len(off) == len(keys) {
			c.stop(off[1].Place, "%s are both disabled, pointless", strings.Join(keys, " and "))
		}
	}
}

// startHints looks whether the addresses of the root servers can be read. A file that is not here is no
// more than a note, as keys and certificates are.
func (c *config) startHints(list []clauses.Clause) {
	for _, o := range allOf(list, "root-hints") {
		if o.Value() == "" {
			continue
		}
		file := c.mention(o.Key, o.Value(), o.Place)
		file.Usual, file.Consequence = true, needed
		c.in.Follow(c.b, file, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
			its := holdings.NewBuilder()
			err := zonefile.Named{Origin: ".", Server: zonefile.Unbound, File: file}.Content(its, r, in)
			if f, is := its.Set().NotLoaded(); is {
				c.stop(f.Place, "root-hints %s: a record is not understood", lines.Shown(o.Value()))
			}
			return err
		})
	}
}

// startInterfaces looks for addresses that are listened at twice.
func (c *config) startInterfaces(list []clauses.Clause) {
	for _, keys := range [][]string{{"interface", "ip-address"}, {"outgoing-interface"}} {
		seen := make(map[string]bool)
		for _, o := range allOf(list, keys...) {
			if seen[o.Value()] {
				c.stop(o.Place, "%s: %s present twice, cannot bind same ports twice", keys[0], o.Value())
			}
			seen[o.Value()] = true
		}
	}
}

// startViews looks for views of one name.
func (c *config) startViews(list []clauses.Clause) {
	seen := make(map[string]bool)
	for _, clause := range list {
		if name := clause.First("name"); clause.Kind == "view" && name != "" {
			if seen[name] {
				c.stop(clause.Place, "there are two views of the name %s", lines.Shown(name))
			}
			seen[name] = true
		}
	}
}

// usual matches the names of local zones that Unbound has by itself.
var usual = pattern.Matching(`(^|\.)(arpa|localhost|onion|test|invalid|home\.arpa)\.$`)

// startOverrides looks whether the zones are there to which options give tags or types.
func (c *config) startOverrides(list []clauses.Clause) {
	for _, o := range allOf(list, "local-zone-tag", "local-zone-override") {
		name, err := holdings.CanonicalName(o.Values[0])
		if _, there := c.server.zones[holdings.LiteralName(name)]; err == nil && !there && !usual(name) {
			c.stop(o.Place, "%s is for %s, of which there is no local-zone", o.Key, lines.Shown(o.Values[0]))
		}
	}
}

// startPolicies looks whether the module is there by which policy zones count, which is none
// of those that are there where nothing is said.
func (c *config) startPolicies(list []clauses.Clause) {
	switch o, said := lastOf(list, "module-config"); {
	case !said:
		c.stop(c.policies[0].Place, "there is an rpz, and no module-config with respip")
	case !slices.Contains(strings.Fields(o.Value()), "respip"):
		c.stop(o.Place, "there is an rpz, and module-config has no respip")
	}
}

// startSets looks whether the module is there that zones of type ipset need.
func (c *config) startSets(l *layer, list []clauses.Clause) {
	if o, _ := lastOf(list, "module-config"); slices.Contains(strings.Fields(o.Value()), "ipset") {
		return
	}
	for _, zone := range l.zones {
		if zone.kind == "ipset" {
			c.stop(zone.place, "%s is of type ipset, and there is no module-config with ipset", dnsname.TrimDot(zone.name))
		}
	}
}

// startRedirects looks at the zones that answer all their names the same: they have data at
// their top alone, and a CNAME beside no other.
func (c *config) startRedirects(l *layer) {
	first := make(map[string]localData)
	for _, d := range l.data {
		zone := l.closest(d.name)
		if !zone.covers() {
			continue
		}
		if d.name != zone.name {
			c.stop(d.place, "%s is below %s, which is of type %s", dnsname.TrimDot(d.name), dnsname.TrimDot(zone.name), zone.kind)
			continue
		}
		before, there := first[d.name]
		if there && (d.kind == "CNAME" || before.kind == "CNAME") {
			c.stop(d.place, "a CNAME is not alone in %s, which is of type %s", dnsname.TrimDot(zone.name), zone.kind)
		}
		if !there || d.kind == "CNAME" {
			first[d.name] = d
		}
	}
}

func (c *config) stop(at holdings.Place, format string, args ...any) {
	c.b.NotStarted("Unbound", at, format, args...)
}

// later are options that Unbound has since version 1.18.
var later = strings.Fields(`max-transfer-size max-transfer-time dnstap-sample-rate answer-cookie cache-min-negative-ttl cookie-secret cookie-secret-file
	disable-edns-do dns-error-reporting do-nat64 harden-unknown-additional harden-unverified-glue ip-ratelimit-cookie iter-scrub-cname
	iter-scrub-ns iter-scrub-rrsig log-destaddr log-thread-id log-time-iso max-global-quota nat64-prefix quic-port quic-size
	sock-queue-timeout tls-protocols wait-limit-cookie wait-limit-cookie-netblock cachedb-check-when-serve-expired cachedb-no-store
	redis-command-timeout redis-connect-timeout redis-logical-db redis-server-password redis-server-path`)

// newer notes options with which earlier versions do not start.
func (c *config) newer(list []clauses.Clause) {
	for _, clause := range list {
		for _, o := range clause.Options {
			if slices.Contains(later, o.Key) {
				c.b.Note(o.Place, "%s: is an option of Unbound 1.18 and later; earlier versions do not start with it", o.Key)
			}
		}
	}
}
