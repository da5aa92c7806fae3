package unbound

import (
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/policy"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// addPolicies adds the rules of policy zones, which stand behind what is local and before
// zones with a file.
func (c *config) addPolicies() {
	c.rules = policy.New(c.b)
	named := make(map[string]bool)
	for _, clause := range c.policies {
		name, err := holdings.CanonicalName(clause.First("name"))
		if err != nil {
			c.b.Unread(clause.Place, "rpz is not read: %s is not a domain name", lines.Shown(clause.First("name")))
			continue
		}
		what := "policy zone " + dnsname.TrimDot(name)
		if named[name] || c.hasAuthZone(name) {
			c.b.Unread(clause.Place, "%s is not read as Unbound does: another zone has its name, and some options of each count", what)
		}
		named[name] = true
		zonefileOf, _ := clause.Last("zonefile")
		override, _ := clause.Last("rpz-action-override")
		file := zonefileOf.Value()
		switch {
		case !c.policyFor(clause, what):
		case file == "":
			c.b.Unread(clause.Place, "%s is not read: it is transferred from others; give its file as well, with --as rpz", what)
		default:
			c.rules.Read(c.in, policy.Zone{
				Name: name, Server: zonefile.Unbound, After: formats.OriginAndOwner, Override: override.Value(), File: c.mention(what+": its zonefile", file, clause.Place),
			}, c.decides, c.inZone)
		}
	}
	c.rules.AddAliasesBut(c.elsewhere)
}

// policyFor reports whether a policy zone is for those who ask, by its tags, and notes it if not.
func (c *config) policyFor(clause clauses.Clause, what string) bool {
	said, _ := clause.Last("tags")
	tags := said.Value()
	if tags == "" {
		return true
	}
	its := c.haveTags(tags)
	note := c.b.Unread
	if its == formats.Stranger {
		note = c.b.Note
	}
	if its != formats.Member {
		note(clause.Place, "%s is not read: it is for the clients of tags %s alone", what, tags)
	}
	return its == formats.Member
}

// mention is what a configuration says of a zone's file.
func (c *config) mention(what, file string, at holdings.Place) formats.Mention {
	return formats.Mention{What: what, Path: file, Dir: c.dir, Place: at}
}

// inZone reports whether a name is in a zone with a file.
func (c *config) inZone(name string) bool {
	f, found := c.asked(name)
	return found && f.file != ""
}
