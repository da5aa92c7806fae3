package bind

import (
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// start says with what of a configuration BIND does not start, as named-checkconf has it.
func (c *config) start(all []statement) {
	views, options := make(map[string]bool), false
	for _, s := range all {
		switch s.key() {
		case "options":
			if options {
				c.stop(s, "options stands twice")
			}
			options = true
		case "view":
			if views[s.arg(1)] {
				c.stop(s, "view %s stands twice", lines.Shown(s.arg(1)))
			}
			views[s.arg(1)] = true
			c.startZones(s.block)
		}
	}
	c.startZones(all)
	for _, s := range all {
		if s.key() == "zone" && len(views) > 0 {
			c.stop(s, "zone %s is in no view, and others are in views", lines.Shown(s.arg(1)))
		}
	}
}

// startZones looks at the zones of a view, or at those of none.
func (c *config) startZones(block []statement) {
	first := make(map[string]holdings.Place)
	for _, s := range block {
		name, err := holdings.CanonicalName(s.arg(1))
		if s.key() != "zone" || err != nil || s.class() != "IN" {
			continue
		}
		_, typed := find(s.block, "type")
		_, shared := find(s.block, "in-view")
		if !typed && !shared {
			c.stop(s, "zone %s has no type", dnsname.TrimDot(name))
		}
		if before, there := first[name]; there {
			c.stop(s, "zone %s stands twice, first in %v", dnsname.TrimDot(name), before)
			continue
		}
		first[name] = s.place()
	}
}

func (c *config) stop(s statement, format string, args ...any) {
	c.b.NotStarted(string(zonefile.BIND), s.place(), format, args...)
}
