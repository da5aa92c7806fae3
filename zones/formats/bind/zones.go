package bind

import (
	"path"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/policy"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// add adds the rules of policy zones, then the zones.
func (c *config) add() {
	if miss, referral := asked(c.forward, true); miss == holdings.Refer {
		c.b.Claim(holdings.Claim{Origin: ".", Miss: miss, Referral: referral})
	}
	policies := c.addPolicies()
	c.twice()
	for _, z := range c.zones {
		if !policies[z.name] {
			c.addZone(z)
		}
	}
}

// twice notes zones that stand twice with different files, as PowerDNS takes them.
func (c *config) twice() {
	if c.server != zonefile.PowerDNS {
		return
	}
	file := func(z zone) string { return path.Clean(value(z.block, "file")) }
	first := make(map[string]zone)
	for _, z := range c.zones {
		if z.kind != "" && z.kind != "slave" && z.kind != "secondary" && !isPrimary(z.kind) {
			continue
		}
		before, there := first[z.name]
		if !there {
			first[z.name] = z
		} else if file(before) != file(z) {
			c.b.UnreadBelow(z.name, z.place, "zone %s stands twice with different files, first in %v: PowerDNS loads one of them, by the order of the files on its disk", dnsname.Shown(z.name), before.place)
		}
	}
}

// addPolicies adds the rules of policy zones, and returns the names of these zones, which
// nobody asks for.
func (c *config) addPolicies() map[string]bool {
	c.rules = policy.New(c.b)
	names := make(map[string]bool)
	for _, s := range c.policies {
		if s.key() != "zone" {
			continue
		}
		name, err := holdings.CanonicalName(s.arg(1))
		if err != nil {
			continue
		}
		if names[name] && c.server == zonefile.BIND {
			c.b.NotStarted(string(c.server), s.place(), "response-policy has zone %s twice", dnsname.Shown(name))
		}
		names[name] = true
		z, there := c.named(name)
		file := value(z.block, "file")
		switch {
		case !there || file == "" || !isPrimary(z.kind):
			c.b.Unread(s.place(), "policy zone %s is not read: it is transferred from others; give its file as well, with --as rpz", dnsname.Shown(name))
		default:
			c.rules.Read(c.in, policy.Zone{
				Name: name, Server: zonefile.BIND, MaxTTL: c.maxTTL(z), AnyHost: c.anyHost(z), Override: override(s.words[2:]), File: c.mention("policy zone", z, file),
			}, nil, c.inZone)
		}
	}
	c.rules.AddAliases(c.inZone)
	return names
}

// override returns what a policy zone's rules do instead of what they say.
func override(words []word) string {
	for i, w := range words {
		if strings.EqualFold(w.text, "policy") && i+1 < len(words) {
			switch action := strings.ToLower(words[i+1].text); action {
			case "given":
				return ""
			case "no-op":
				return "passthru"
			default:
				return action
			}
		}
	}
	return ""
}

// named returns the zone of that name.
func (c *config) named(name string) (zone, bool) {
	for _, z := range c.zones {
		if z.name == name {
			return z, true
		}
	}
	return zone{}, false
}

// inZone reports whether a name is in a zone of the server's own.
func (c *config) inZone(name string) bool {
	for _, z := range c.zones {
		if isPrimary(z.kind) && z.name != "." && dnsname.AtOrBelow(name, z.name) {
			return true
		}
	}
	return false
}

// isPrimary reports whether the server has zones of a kind in files of its own. The last
// kind is PowerDNS's.
func isPrimary(kind string) bool { return kind == "master" || kind == "primary" || kind == "native" }

// mention is what the configuration says of a zone's file.
func (c *config) mention(what string, z zone, file string) formats.Mention {
	return formats.Mention{
		What: what + " " + dnsname.Shown(z.name) + ": its file", Path: file, Dir: c.dir, Place: z.place,
		Consequence: ", and BIND answers no question for the zone without it",
	}
}

// addZone adds what becomes of a zone's names.
func (c *config) addZone(z zone) {
	claim := holdings.Claim{Origin: z.name, Place: z.place}
	if c.server == zonefile.PowerDNS && (z.kind == "primary" || z.kind == "secondary") {
		c.b.UnreadBelow(z.name, z.place, "PowerDNS 4.7 skips zone %s: it does not know the type %s, and others do: write master or slave", dnsname.Shown(z.name), z.kind)
	}
	switch z.kind {
	case "primary", "master", "native", "": // PowerDNS takes one without a type for native, and BIND none
		if c.addFile(z) {
			return
		}
		claim.Miss, claim.Referral.File = holdings.Refer, value(z.block, "file")
	case "secondary", "slave", "mirror":
		if z.kind == "mirror" && z.name == "." {
			return // BIND takes it only where it is signed: it is what public DNS has
		}
		claim.Miss, claim.Referral.Servers = holdings.Refer, servers(z.block, "primaries", "masters")
		c.b.InZone(z.place.File, z.name)
		c.b.UnreadBelow(z.name, z.place, "zone %s is not read: it is transferred from %s", dnsname.Shown(z.name), claim.Referral.Servers)
	case "stub", "static-stub":
		c.b.InZone(z.place.File, z.name) // a zone above it answers for nothing in it
		claim.Miss, claim.Referral.Servers = holdings.Refer, servers(z.block, "server-addresses", "server-names", "primaries", "masters")
	case "forward":
		if c.hidden(z.name) {
			return
		}
		claim.Miss, claim.Referral = asked(z.block, z.name == ".")
	case "redirect":
		c.b.Unread(z.place, "zone %s is not read: it is asked for names that do not exist", z.name)
		return
	default: // hints of the root, and what has no names
		return
	}
	c.b.Claim(claim)
}

// hidden reports whether a zone is within one of the server's own, which answers for it
// without asking others. Where that delegates it, the delegation says who is asked.
func (c *config) hidden(name string) bool { return c.inZone(name) }

// addFile adds the zone in a file, but for what the policy zones decide, and reports
// whether the file could be read.
func (c *config) addFile(z zone) bool {
	file := value(z.block, "file")
	if file == "" {
		c.b.UnreadBelow(z.name, z.place, "zone %s is not read: it has no file", dnsname.Shown(z.name))
		return false
	}
	for _, key := range []string{"allow-update", "update-policy"} {
		if s, there := find(z.block, key); there && !isNone(s) {
			c.b.UnreadBelow(z.name, s.place(), "zone %s is changed by clients: its file may not have all yet (rndc sync)", dnsname.Shown(z.name))
		}
	}
	at := c.mention("zone", z, file)
	if s, there := c.said(z, "masterfile-format"); there && s.arg(1) != "text" {
		c.b.UnreadBelow(z.name, s.place(), "zone %s is not read: masterfile-format says that its file is no text", dnsname.Shown(z.name))
		c.in.Leave(at)
		return false
	}
	return zonefile.Named{
		Origin: z.name, Server: c.server, File: at, After: c.after, Skip: c.rules.Decides, Unused: c.unused, MaxTTL: c.maxTTL(z), AnyHost: c.anyHost(z), Most: c.most(z),
	}.Read(c.b, c.in)
}

// said returns what a zone says of itself, or else what is said for all.
func (c *config) said(z zone, key string) (statement, bool) {
	if s, there := find(z.block, key); there {
		return s, true
	}
	return find(c.forward, key)
}

// maxTTL returns the longest TTL that records of a zone may have, in seconds; 0 for any.
func (c *config) maxTTL(z zone) uint32 {
	s, _ := c.said(z, "max-zone-ttl")
	ttl, _ := zonefile.ParseTTL(s.arg(1)) // else it is "unlimited"
	return ttl
}

// most returns how many records and types a name of a zone may have.
func (c *config) most(z zone) zonefile.Most {
	of := func(key string) int {
		s, _ := c.said(z, key)
		n, _ := strconv.ParseUint(s.arg(1), 10, 31) // else it is not said
		return int(n)
	}
	_, said := c.said(z, "max-records-per-type")
	return zonefile.Most{Records: of("max-records-per-type"), Types: of("max-types-per-name"), Said: said}
}

// anyHost reports whether names with an address need not be those of hosts.
func (c *config) anyHost(z zone) bool {
	if s, there := find(z.block, "check-names"); there {
		return s.arg(1) != "fail"
	}
	for _, s := range c.forward {
		if kind := s.arg(1); s.key() == "check-names" && (kind == "primary" || kind == "master") {
			return s.arg(2) != "fail"
		}
	}
	return false
}

// servers returns the servers that any of some statements lists.
func servers(block []statement, keys ...string) string {
	var all []string
	for _, key := range keys {
		s, _ := find(block, key)
		for _, server := range s.block {
			all = append(all, server.arg(0))
		}
	}
	if len(all) == 0 {
		return "others"
	}
	return strings.Join(all, ", ")
}

// asked returns what becomes of the questions that a block forwards, for all names or for
// some. An empty list has the server find out by itself whom to ask.
func asked(block []statement, all bool) (holdings.Action, holdings.Referral) {
	s, there := find(block, "forwarders")
	if !there {
		return holdings.Passthru, holdings.Referral{}
	}
	port := ""
	if s.arg(1) == "port" {
		port = "#" + s.arg(2)
	}
	var to []string
	for _, server := range s.block {
		its := port
		for i, w := range server.words {
			if w.text == "port" {
				its = "#" + server.arg(i+1)
			}
		}
		to = append(to, server.arg(0)+its)
	}
	return upstream.Asked(to, all)
}
