package gdnsd

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// plugin is what a plugin of gdnsd 3 does.
type plugin struct {
	monitors, resolves bool
	// settings are what stands beside its resources.
	settings []string
	// bare says that it needs no configuration.
	bare bool
}

var plugins = map[string]plugin{
	"null":        {monitors: true, resolves: true, bare: true},
	"reflect":     {resolves: true, bare: true},
	"static":      {monitors: true, resolves: true},
	"weighted":    {resolves: true, settings: []string{"service_types", "multi", "up_thresh"}},
	"simplefo":    {resolves: true, settings: []string{"service_types"}},
	"multifo":     {resolves: true, settings: []string{"service_types", "up_thresh", "ignore_health"}},
	"metafo":      {resolves: true},
	"geoip":       {resolves: true},
	"http_status": {monitors: true, bare: true},
	"tcp_connect": {monitors: true, bare: true},
	"extfile":     {monitors: true, bare: true},
	"extmon":      {monitors: true, bare: true},
}

// sections looks at what a configuration has.
func (c checker) sections(root *value) {
	for _, e := range root.items {
		switch e.key {
		case "options":
			if c.isHash(e, e.key) {
				c.options("options", e.value)
				c.together(e.value)
			}
		case "service_types":
			if c.isHash(e, e.key) {
				c.services(e.value, root)
			}
		case "plugins":
			if c.isHash(e, e.key) {
				c.plugins(e.value, root)
			}
		default:
			c.stranger(e.place, "section", e.key)
		}
	}
}

// services looks at the kinds of monitoring.
func (c checker) services(all, root *value) {
	for _, e := range all.items {
		if e.key == "up" || e.key == "down" {
			c.stop(e.place, "service_types: %s is not to be written", e.key)
		}
		if c.isHash(e, "service type "+lines.Shown(e.key)) {
			c.monitor(e, root)
			if !monitorsRightly(e.value) {
				c.b.Unread(e.place, "service type %s is not read: it is not known that gdnsd takes its options, which does not start with one that it does not take", lines.Shown(e.key))
			}
		}
	}
}

// monitor looks at the plugin of a kind of monitoring.
func (c checker) monitor(e entry, root *value) {
	by := e.value.get("plugin")
	switch {
	case by == nil && e.value.partial, by != nil && by.kind == unknown:
	case by == nil || by.kind != simple || by.text == "":
		c.stop(e.place, "service type %s: without plugin", lines.Shown(e.key))
	case !c.has(by.place, by.text):
	case !plugins[by.text].monitors:
		c.stop(by.place, "service type %s: plugin %s does not monitor", lines.Shown(e.key), by.text)
	case by.text == "static" && !root.partial && root.get("plugins").lacks("static"):
		c.stop(by.place, "service type %s: plugin static is not in plugins", lines.Shown(e.key))
	}
}

// lacks reports whether a hash has no such key for sure; one that is not there has none.
func (v *value) lacks(key string) bool {
	return v == nil || v.kind == hash && !v.partial && v.get(key) == nil
}

// has says that a plugin is none, and reports whether it is one.
func (c checker) has(at holdings.Place, name string) bool {
	_, is := plugins[name]
	if !is {
		c.stop(at, "there is no plugin %s", lines.Shown(name))
	}
	return is
}

// plugins looks at the configurations of plugins.
func (c checker) plugins(all, root *value) {
	for _, e := range all.items {
		if !c.has(e.place, e.key) || !c.isHash(e, "plugin "+e.key) {
			continue
		}
		resources{c, root}.sound(e)
		switch e.key {
		case "geoip":
			c.needs(e, "maps")
			c.needs(e, "resources")
		case "metafo":
			c.needs(e, "resources")
		case "static", "weighted", "simplefo":
			c.resources(e)
		}
	}
}

// needs looks at a hash that a plugin must have.
func (c checker) needs(e entry, key string) {
	its := e.value.get(key)
	switch {
	case its == nil && e.value.partial, its != nil && (its.kind == unknown || its.partial):
	case its == nil || its.kind != hash || len(its.items) == 0:
		c.stop(e.place, "plugin %s: expected %s with at least one entry", e.key, key)
	}
}

// resources looks at those of a plugin.
func (c checker) resources(of entry) {
	for _, e := range of.value.items {
		switch {
		case e.value.kind == unknown || slices.Contains(plugins[of.key].settings, e.key):
		case of.key == "static":
			c.static(e)
		case c.isHash(e, of.key+": "+lines.Shown(e.key)) && of.key == "simplefo":
			c.simplefo(e)
		}
	}
}

// static looks at a resource of the plugin static: an address or a name.
func (c checker) static(e entry) {
	if e.value.kind != simple {
		c.stop(e.place, "static: %s: expected an address or a name", lines.Shown(e.key))
		return
	}
	addr, _ := split(e.value.text)
	if isAddress(addr) {
		return
	}
	if _, err := holdings.CanonicalName(e.value.text); err != nil || !strings.HasSuffix(e.value.text, ".") {
		c.stop(e.place, "static: %s: %s: expected an address, or a name with a dot at its end", lines.Shown(e.key), lines.Shown(e.value.text))
	}
}

// simplefo looks at a resource of the plugin simplefo: two addresses, or two of each family.
func (c checker) simplefo(e entry) {
	sets := []*value{e.value.get("addrs_v4"), e.value.get("addrs_v6")}
	if sets[0] == nil && sets[1] == nil {
		sets = []*value{e.value}
	}
	for _, set := range sets {
		if set == nil || set.kind == unknown || set.partial || e.value.partial {
			continue
		}
		for _, which := range []string{"primary", "secondary"} {
			if its := set.get(which); its == nil || its.kind != unknown && !isAddress(its.text) {
				c.stop(e.place, "simplefo: %s: expected an address behind %s", lines.Shown(e.key), which)
			}
		}
	}
}

// refuses says why gdnsd does not take what a DYNA or DYNC record of a zone has, or "".
func refuses(root *value, origin, kind, data string) string {
	name, resource, some := strings.Cut(data, "!")
	its, is := plugins[name]
	switch {
	case !is:
		return "there is no plugin " + lines.Shown(name)
	case !its.resolves:
		return "plugin " + name + " answers nothing"
	case name == "null":
		return ""
	case name == "reflect":
		if some && !slices.Contains([]string{"dns", "edns", "best", "both"}, strings.ToLower(resource)) {
			return "plugin reflect has no resource " + lines.Shown(resource)
		}
		return ""
	case !some:
		return "plugin " + name + " lacks a resource"
	}
	if why := missing(root, name, resource); why != "" || name != "static" {
		return why
	}
	return misused(root.get("plugins").get(name).get(resource), origin, kind)
}

// misused says why a resource of the plugin static is not for a record, or "": a name is none for
// DYNA, nor for a zone that has it.
func misused(its *value, origin, kind string) string {
	if its == nil || its.kind != simple {
		return ""
	}
	if addr, _ := split(its.text); isAddress(addr) {
		return ""
	}
	target, err := holdings.CanonicalName(its.text)
	switch {
	case kind == "DYNA":
		return "the resource is a name, and no address"
	case err == nil && (origin == "." || dnsname.AtOrBelow(target, origin)):
		return "the resource is a name in the zone itself"
	}
	return ""
}

// missing says that a plugin has no such resource, or "". Plugins of others make some themselves,
// in plugins that have none.
func missing(root *value, name, resource string) string {
	all := root.get("plugins")
	if root.partial || all != nil && (all.kind == unknown || all.partial) {
		return ""
	}
	its := all.get(name)
	if name == "geoip" || name == "metafo" {
		its = its.get("resources")
		resource, _, _ = strings.Cut(resource, "/")
	} else if !all.lacks("geoip") || !all.lacks("metafo") {
		return ""
	}
	if its.lacks(resource) || slices.Contains(plugins[name].settings, resource) {
		return "plugin " + name + " has no resource " + lines.Shown(resource)
	}
	return ""
}
