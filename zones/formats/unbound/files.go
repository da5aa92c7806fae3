package unbound

import (
	"io"

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
		name, err := holdings.CanonicalName(clause.first("name"))
		if err != nil {
			c.b.Note(clause.place, "rpz is not read: %s is not a domain name", lines.Shown(clause.first("name")))
			continue
		}
		what := "policy zone " + dnsname.TrimDot(name)
		file := clause.first("zonefile")
		switch {
		case clause.first("tags") != "":
			c.b.Note(clause.place, "%s is not read: it is for the clients of tags %s alone", what, clause.first("tags"))
		case file == "":
			c.b.Note(clause.place, "%s is not read: it is transferred from others; give its file as well, with --as rpz", what)
		default:
			c.rules.Read(c.in, policy.Zone{
				Name: name, Stays: true, Override: clause.first("rpz-action-override"), File: c.mention(what+": its zonefile", file, clause.place),
			}, c.decides)
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

// addFile adds the zone in a file, as far as nothing that is asked before has its names,
// and reports whether the file could be read.
func (c *config) addFile(f forward) bool {
	return c.in.Follow(c.b, c.mention("auth-zone "+dnsname.TrimDot(f.name)+": its zonefile", f.file, f.place),
		func(b *holdings.Builder, r io.Reader, in formats.Input) error {
			in.Origin, in.Stays = f.name, true
			b.ReadAs(holdings.Source{File: in.Name, Kind: zonefile.Format.Syntax(), NamedIn: &f.place})
			b.OfZone(in.Name, f.name, false)
			b.Claim(holdings.Claim{Origin: f.name, Zone: true, Lax: true, Miss: holdings.NXDomain, Place: f.place})
			_, err := zonefile.Each(b, r, in, func(rec zonefile.Record) error {
				if !c.decides(rec.Owner) && !c.rules.Decides(rec.Owner) {
					zonefile.Add(b, rec, f.name)
				}
				return nil
			})
			return err
		})
}
