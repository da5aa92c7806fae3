package pdns

import (
	"io"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/hosts"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/policy"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Recursor is the configuration of the Recursor, which is read and not written.
var Recursor = formats.Format{
	Name: "pdns-recursor", Read: readRecursor, Detect: detectRecursor,
	Reads: "recursor.conf and recursor.yml of PowerDNS: auth-zones, forward-zones, exported hosts and policy zones of files. include-dir, forward-zones-file, etc-hosts-file and lua-config-file are followed; scripts are a note.",
}

// recursor is what a configuration says, in whichever form.
type recursor struct {
	b        *holdings.Builder
	in       formats.Input
	zones    []authZone
	forwards []forwarded
	policies []policy.Zone
	hosts    setting // the hosts file; none where it is not exported
	suffix   string  // behind plain names of the hosts file, absolute; or ""
}

// authZone is a zone that the Recursor has in a file.
type authZone struct {
	name, file string
	place      holdings.Place
}

// forwarded is a zone that is asked of others.
type forwarded struct {
	name    string
	servers []string
	place   holdings.Place
}

// readRecursor reads a configuration in the form in which it is.
func readRecursor(b *holdings.Builder, r io.Reader, in formats.Input) error {
	c := &recursor{b: b, in: in}
	content, yaml, err := form(r)
	switch {
	case err != nil:
		return holdings.Place{File: in.Name, Line: 1}.Errorf("%w", err)
	case yaml:
		err = c.readYAML(content)
	default:
		err = c.readOld(content)
	}
	if err != nil {
		return err
	}
	c.add()
	return nil
}

// readOld reads the form that has lines of settings.
func (c *recursor) readOld(r io.Reader) error {
	p := &parser{b: c.b, what: "PowerDNS Recursor"}
	if err := p.read(r, c.in); err != nil {
		return err
	}
	p.check(recursorHas)
	p.checkValues(recursorKinds)
	for _, item := range split(p.all["auth-zones"].value, separators) {
		name, file, _ := strings.Cut(item, "=")
		c.zone(name, file, p.all["auth-zones"].place)
	}
	for _, key := range []string{"forward-zones", "forward-zones-recurse"} {
		for _, item := range split(p.all[key].value, separators) {
			name, servers, _ := strings.Cut(item, "=")
			c.forward(name, split(servers, ";"), p.all[key].place)
		}
	}
	if file := p.all["forward-zones-file"]; file.value != "" {
		c.forwardFile("forward-zones-file", file)
	}
	if p.all.yes("export-etc-hosts") {
		c.hostsFile(p.all["etc-hosts-file"], p.all["export-etc-hosts"].place)
		c.suffix = p.all["export-etc-hosts-search-suffix"].value
	}
	if lua := p.all["lua-config-file"]; lua.value != "" {
		c.luaConfig(lua)
	}
	switch from, said := p.all["allow-from"]; {
	case p.all["allow-from-file"].value != "":
		c.admissionsFile(p.all["allow-from-file"])
	case said:
		c.admissions(from)
	default:
		c.admissions(setting{usualClients, holdings.Place{File: c.in.Name, Line: 1}})
	}
	proxied(c.b, p.what, p.all["proxy-protocol-from"])
	where, said := p.all["local-address"]
	if !said && !p.part {
		where = setting{usualAddress, holdings.Place{File: c.in.Name, Line: 1}}
	}
	listens(c.b, p.what, where)
	p.note(matters)
	return nil
}

// needed is what comes of a file that is not there.
const needed = ", and PowerDNS Recursor does not start without it"

// matters says why settings could matter that are not read.
var matters = map[string]string{
	"lua-dns-script": "it answers by a program", "dns64-prefix": "it makes IPv6 addresses of IPv4 addresses",
}

// zone adds a zone in a file.
func (c *recursor) zone(name, file string, at holdings.Place) {
	if origin, ok := c.name(name, at); ok {
		c.zones = append(c.zones, authZone{origin, strings.TrimSpace(file), at})
	}
}

// forward adds a zone that is asked of others.
func (c *recursor) forward(name string, servers []string, at holdings.Place) {
	if origin, ok := c.name(name, at); ok {
		c.forwards = append(c.forwards, forwarded{origin, servers, at})
	}
}

func (c *recursor) name(text string, at holdings.Place) (string, bool) {
	name, err := holdings.CanonicalName(strings.TrimSpace(text))
	if err != nil {
		c.b.Unread(at, "the zone is not read: %s is not a domain name", lines.Shown(text))
	}
	return name, err == nil
}

// hostsFile notes that a hosts file has names; the machine's own is not there.
func (c *recursor) hostsFile(file setting, at holdings.Place) {
	if file.value == "" {
		file = setting{"/etc/hosts", at}
	}
	c.hosts = file
}

// forwardFile reads a file with a zone in each line: "name=server, server", with "+" in
// front for servers that recurse and "^" for others that may notify.
func (c *recursor) forwardFile(what string, file setting) {
	c.in.Follow(c.b, formats.Mention{
		What: what, Path: file.value, Place: file.place, Consequence: needed,
	}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
			line, _, _ = strings.Cut(line, "#")
			name, servers, found := strings.Cut(line, "=")
			switch {
			case found:
				c.forward(strings.TrimLeft(strings.TrimSpace(name), "+^"), split(servers, ",; \t"), at)
			case strings.TrimSpace(line) != "":
				c.b.Unread(at, "the line is not read: %s is not a zone and its servers", lines.Shown(line))
			}
			return nil
		})
	})
}

// policy adds a policy zone in a file.
func (c *recursor) policy(file string, overridden bool, at holdings.Place) {
	if overridden {
		c.b.Unread(at, "policy zone %s is not read: its rules are overridden", lines.Shown(file))
		return
	}
	c.policies = append(c.policies, policy.Zone{Name: zonefile.UnknownOrigin, Server: zonefile.Recursor, File: formats.Mention{
		What: "policy zone", Path: file, Place: at, Consequence: ", and PowerDNS Recursor goes on without its rules",
	}})
}

// add adds what was read: policy zones decide before the Recursor's own zones, and of
// these and of those that are forwarded the longest name counts, of both of one name the
// latter.
func (c *recursor) add() {
	rules := policy.New(c.b)
	away := make(map[string]bool)
	for _, f := range c.forwards {
		away[f.name] = true
	}
	own := make(map[string]bool)
	for _, z := range c.zones {
		own[z.name] = !away[z.name]
	}
	inZone := func(name string) bool {
		for zone, has := range own {
			if has && dnsname.AtOrBelow(name, zone) {
				return true
			}
		}
		return false
	}
	for _, z := range c.policies {
		rules.Read(c.in, z, nil, inZone)
	}
	for _, zone := range slices.Sorted(maps.Keys(own)) {
		if own[zone] {
			rules.Cover(zone)
		}
	}
	rules.AddAliases(inZone)
	apart := c.addHosts(rules, own, away)
	maps.Copy(apart, away) // whose names others are asked for, whatever a zone above has of them

	last := make(map[string]int) // of several zones with one name the last one counts, and all are loaded
	for i, z := range c.zones {
		last[z.name] = i
	}
	for i, z := range c.zones {
		if own[z.name] {
			c.addZone(z, func(name string) bool { return i != last[z.name] || rules.Decides(name) || within(name, z.name, apart) })
		}
	}
	for _, f := range c.forwards {
		miss, referral := upstream.Asked(f.servers, f.name == ".")
		c.b.Claim(holdings.Claim{Origin: f.name, Miss: miss, Referral: referral, Place: f.place})
	}
}

// within reports whether a name of a zone is at or below one that is a zone of its own.
func within(name, zone string, others map[string]bool) bool {
	for at := range dnsname.Upwards(name) {
		switch {
		case at == zone:
			return false
		case others[at]:
			return true
		}
	}
	return false
}

// addZone adds a zone in a file, but for the names that skip has. Its wildcards cover names
// that exist only because of others, and what is below these.
func (c *recursor) addZone(z authZone, skip func(name string) bool) {
	named := zonefile.Named{Origin: z.name, Server: zonefile.Recursor, Skip: skip, Loose: true, Unused: zonefile.Unused{Inert: []string{"DNAME"}}, After: formats.OriginAndOwner, File: formats.Mention{
		What: "auth-zone " + dnsname.TrimDot(z.name) + ": its file", Path: z.file, Place: z.place, Consequence: needed, Vital: true,
	}}
	if !named.Read(c.b, c.in) {
		c.b.Claim(holdings.Claim{Origin: z.name, Miss: holdings.Refer, Referral: holdings.Referral{File: z.file}, Place: z.place})
	}
}

// addHosts adds the names of the hosts file, which it returns: each is a zone of its own,
// unless there is one of that name, and of several lines for it the first counts.
func (c *recursor) addHosts(rules *policy.Rules, zones, away map[string]bool) map[string]bool {
	added := make(map[string]bool)
	if c.hosts.value == "" {
		return added
	}
	line := make(map[string]int)
	c.in.Follow(c.b, formats.Mention{What: "hosts file", Path: c.hosts.value, Place: c.hosts.place},
		func(b *holdings.Builder, r io.Reader, in formats.Input) error {
			return hosts.Each(b, r, in, func(name string, addr netip.Addr, at holdings.Place) {
				if c.suffix != "" && strings.Count(name, ".") == 1 {
					name += dnsname.Absolute(c.suffix)
				}
				if _, zone := zones[name]; zone || away[name] || added[name] && line[name] != at.Line {
					return
				}
				added[name], line[name] = true, at.Line
				if rules.Decides(name) {
					return
				}
				b.Claim(holdings.Claim{Origin: name, Zone: true, Miss: holdings.NXDomain, Place: at})
				b.Add(name, holdings.Data{Addrs: []netip.Addr{addr}, TTL: holdings.NoTTL}, at)
			})
		})
	return added
}
