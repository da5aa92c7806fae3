package unbound

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
)

// start says with what of a configuration Unbound does not start, as unbound-checkconf has
// it, or for policy zones the server itself.
func (c *config) start(list []clauses.Clause) {
	c.startRedirects()
	for _, clause := range list {
		for _, o := range clause.Options {
			if o.Key == "module-config" && len(c.policies) > 0 && !slices.Contains(strings.Fields(o.Value()), "respip") {
				c.stop(o.Place, "there is an rpz, and module-config has no respip")
			}
		}
	}
}

// startRedirects looks at the zones that answer all their names the same: they have data at
// their top alone, and a CNAME beside no other.
func (c *config) startRedirects() {
	first := make(map[string]localData)
	for _, d := range c.data {
		zone := c.closest(d.name)
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
