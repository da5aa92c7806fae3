package unbound

import (
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/policy"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// addPolicies adds the rules of policy zones, which stand behind what is local and before
// zones with a file.
func (c *config) addPolicies() {
	c.rules = policy.New(c.b)
	for _, clause := range c.policies {
		name, err := holdings.CanonicalName(clause.First("name"))
		if err != nil {
			c.b.Unread(clause.Place, "rpz is not read: %s is not a domain name", lines.Shown(clause.First("name")))
			continue
		}
		what := "policy zone " + dnsname.TrimDot(name)
		file := clause.First("zonefile")
		switch {
		case clause.First("tags") != "":
			c.b.Unread(clause.Place, "%s is not read: it is for the clients of tags %s alone", what, clause.First("tags"))
		case file == "":
			c.b.Unread(clause.Place, "%s is not read: it is transferred from others; give its file as well, with --as rpz", what)
		default:
			c.rules.Read(c.in, policy.Zone{
				Name: name, After: formats.OriginAndOwner, Override: clause.First("rpz-action-override"), File: c.mention(what+": its zonefile", file, clause.Place),
			}, c.decides, c.inZone)
		}
	}
}

// mention is what a configuration says of a zone's file.
func (c *config) mention(what, file string, at holdings.Place) formats.Mention {
	return formats.Mention{What: what, Path: file, Dir: c.dir, Place: at}
}

// decides reports whether what is local says what becomes of a name.
func (c *config) decides(name string) bool {
	if c.named == nil {
		c.named = make(map[string]bool, len(c.data))
		for _, d := range c.data {
			c.named[d.name] = true
		}
	}
	if c.named[name] {
		return true
	}
	zone := c.closest(name)
	return zone.name != "" && !passing[zone.kind]
}

// inZone reports whether a name is in a zone with a file.
func (c *config) inZone(name string) bool {
	for _, f := range c.forwards {
		if f.file != "" && within(name, f.name) {
			return true
		}
	}
	return false
}

// addFile adds the zone in a file, as far as nothing that is asked before has its names,
// and reports whether the file could be read.
func (c *config) addFile(f forward) bool {
	return zonefile.Named{
		Origin: f.name, Server: zonefile.Unbound, File: c.mention("auth-zone "+dnsname.TrimDot(f.name)+": its zonefile", f.file, f.place), After: formats.OriginAndOwner, Lax: true,
		Skip: func(owner string) bool { return c.decides(owner) || c.rules.Decides(owner) },
	}.Read(c.b, c.in)
}
