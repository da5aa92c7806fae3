package bind

import (
	"cmp"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// start says with what of a configuration BIND does not start, as named-checkconf has it.
func (c *config) start(all []statement) {
	views, options, has := make(map[string]bool), false, make(map[string]map[string]bool)
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
			c.startShared(s.block, has)
			has[s.arg(1)] = c.startZones(s.block, cmp.Or(classes[strings.ToLower(s.class())], s.class()))
		}
	}
	c.startZones(all, "IN")
	for _, s := range all {
		if s.key() == "zone" && len(views) > 0 {
			c.stop(s, "zone %s is in no view, and others are in views", lines.Shown(s.arg(1)))
		}
	}
}

// startShared looks whether the zones that a view has from others are in one that stands
// before it.
func (c *config) startShared(block []statement, has map[string]map[string]bool) {
	for _, s := range block {
		from := value(s.block, "in-view")
		name, err := holdings.CanonicalName(s.arg(1))
		if s.key() == "zone" && from != "" && err == nil && !has[from][name] {
			c.stop(s, "zone %s is in-view %s, and no view of that name before it has the zone", dnsname.Shown(name), lines.Shown(from))
		}
	}
}

// classes are the long names of classes, and the short ones.
var classes = map[string]string{"chaos": "CH", "hesiod": "HS"}

// startZones looks at the zones of a view, or at those of none, and returns which of them it
// has itself.
func (c *config) startZones(block []statement, class string) map[string]bool {
	first, own := make(map[string]holdings.Place), make(map[string]bool)
	for _, s := range block {
		name, err := holdings.CanonicalName(s.arg(1))
		if s.key() != "zone" || err != nil {
			continue
		}
		if its := s.arg(2); its != "" && !strings.EqualFold(cmp.Or(classes[strings.ToLower(its)], its), class) {
			c.stop(s, "zone %s is of class %s, and stands where that is %s", dnsname.TrimDot(name), lines.Shown(its), class)
			continue
		}
		_, typed := find(s.block, "type")
		_, shared := find(s.block, "in-view")
		if !typed && !shared {
			c.stop(s, "zone %s has no type", dnsname.Shown(name))
		}
		if before, there := first[name]; there {
			c.stop(s, "zone %s stands twice, first in %v", dnsname.Shown(name), before)
			continue
		}
		first[name], own[name] = s.place(), !shared
	}
	return own
}

func (c *config) stop(s statement, format string, args ...any) {
	c.b.NotStarted(string(zonefile.BIND), s.place(), format, args...)
}
