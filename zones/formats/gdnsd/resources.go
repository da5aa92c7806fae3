package gdnsd

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// settled are what plugins take beside their resources, or in them.
var settled = map[string]func(r resources, v *value) bool{
	"service_types": resources.monitored,
	"multi":         func(_ resources, v *value) bool { return isBoolean(v) },
	"ignore_health": func(_ resources, v *value) bool { return isBoolean(v) },
	"up_thresh": func(_ resources, v *value) bool {
		share, err := strconv.ParseFloat(v.text, 64)
		return v.kind == simple && err == nil && share > 0 && share <= 1
	},
}

// resources looks at those of plugins: of any of which it is not known that gdnsd takes them, it
// is not known that it starts.
type resources struct {
	checker
	root *value
}

// sound says which resources of a plugin may not be taken.
func (r resources) sound(e entry) {
	takes := r.takes()[e.key]
	for _, item := range e.value.items {
		var ok bool
		switch set := settled[item.key]; {
		case e.key == "metafo" || e.key == "geoip":
			ok = r.located(e, item)
		case slices.Contains(plugins[e.key].settings, item.key):
			ok = !isKnown(item.value) || set(r, item.value)
		default:
			ok = takes == nil || takes(item.value)
		}
		if !ok {
			r.b.Unread(item.place, "plugin %s: %s is not read: it is not known that gdnsd takes it, which does not start with what it does not take", e.key, lines.Shown(item.key))
		}
	}
}

// isKnown reports whether all of a value is known.
func isKnown(v *value) bool { return v != nil && v.kind != unknown && !v.partial }

func isBoolean(v *value) bool {
	return v.kind == simple && (strings.EqualFold(v.text, "true") || strings.EqualFold(v.text, "false"))
}

// monitored reports whether there are the service types that a plugin is to have.
func (r resources) monitored(v *value) bool {
	all := r.root.get("service_types")
	names := v.items
	if v.kind == simple {
		names = []entry{{value: v}}
	}
	return v.kind != hash && !slices.ContainsFunc(names, func(e entry) bool {
		built := e.value.text == "up" || e.value.text == "down"
		return e.value.kind != simple || !built && !r.root.partial && all.lacks(e.value.text)
	})
}

// within returns what is in a hash beside settings, or in those for a family each; false where
// anything is no such hash, or a setting is none.
func (r resources) within(v *value, settings ...string) (parts [][]entry, ok bool) {
	if v.kind != hash {
		return nil, false
	}
	var items []entry
	for _, e := range v.items {
		switch {
		case slices.Contains(settings, e.key):
			if isKnown(e.value) && !settled[e.key](r, e.value) {
				return nil, false
			}
		case e.key == "addrs_v4" || e.key == "addrs_v6" || e.key == "cnames":
			its, sound := r.within(e.value, settings...)
			if parts = append(parts, its...); !sound {
				return nil, false
			}
		default:
			items = append(items, e)
		}
	}
	if len(parts) == 0 || len(items) > 0 {
		parts = append(parts, items)
	}
	return parts, len(parts) == 1 || len(items) == 0
}

// weighted reports whether a resource is one of the plugin weighted: pairs of an address, or of a
// name, and its weight, or groups of them.
func (r resources) weighted(v *value) bool {
	if !isKnown(v) {
		return true
	}
	parts, ok := r.within(v, "service_types", "multi", "up_thresh")
	return ok && !slices.ContainsFunc(parts, func(items []entry) bool {
		var pairs []*value
		grouped := 0
		for _, e := range items {
			if e.value.kind != hash {
				pairs = append(pairs, e.value)
				continue
			}
			grouped++
			for _, its := range e.value.items {
				pairs = append(pairs, its.value)
			}
			if len(e.value.items) == 0 {
				return true
			}
		}
		return grouped > 0 && grouped < len(items) || !arePairs(pairs)
	})
}

// maxWeight is the greatest weight that gdnsd takes.
const maxWeight = 1<<20 - 1

// arePairs reports whether values are pairs, and what is weighted is all of one kind.
func arePairs(all []*value) bool {
	kinds := make(map[string]bool)
	for _, v := range all {
		if v.kind != array || len(v.items) != 2 {
			return false
		}
		weight, is := number(v.items[1].value.text)
		if !is || weight < 1 || weight > maxWeight {
			return false
		}
		kinds[kindOf(v.items[0].value)] = true
	}
	return len(kinds) == 1 && !kinds[""]
}

// kindOf returns the family of an address, "name" for a whole name, or "".
func kindOf(v *value) string {
	if v.kind != simple {
		return ""
	}
	if addr, _ := split(v.text); isAddress(addr) {
		if strings.Contains(addr, ":") {
			return "v6"
		}
		return "v4"
	}
	if _, err := holdings.CanonicalName(v.text); err == nil && strings.HasSuffix(v.text, ".") {
		return "name"
	}
	return ""
}

// failover reports whether a resource is one of the plugin simplefo.
func (r resources) failover(v *value) bool {
	if !isKnown(v) {
		return true
	}
	parts, ok := r.within(v, "service_types")
	return ok && !slices.ContainsFunc(parts, func(items []entry) bool {
		return len(items) != 2 || items[0].key == items[1].key || !oneFamily(items) ||
			slices.ContainsFunc(items, func(e entry) bool { return e.key != "primary" && e.key != "secondary" })
	})
}

// several reports whether a resource is one of the plugin multifo: a list of addresses, with names
// or without.
func (r resources) several(v *value) bool {
	if !isKnown(v) {
		return true
	}
	if v.kind == array {
		return oneFamily(v.items)
	}
	for _, e := range v.items {
		if (e.key == "addrs_v4" || e.key == "addrs_v6") && e.value.kind == array {
			return len(v.items) == 1 && oneFamily(e.value.items)
		}
	}
	parts, ok := r.within(v, "service_types", "up_thresh", "ignore_health")
	return ok && !slices.ContainsFunc(parts, func(items []entry) bool { return !oneFamily(items) })
}

// oneFamily reports whether values are addresses, one at least, and of one family.
func oneFamily(all []entry) bool {
	kinds := make(map[string]bool)
	for _, e := range all {
		kinds[kindOf(e.value)] = true
	}
	return len(kinds) == 1 && (kinds["v4"] || kinds["v6"])
}

// located reports whether what stands in the plugins metafo and geoip is right: resources that have
// something for each of their datacenters, or of those of their map.
func (r resources) located(of, e entry) bool {
	switch {
	case !isKnown(e.value):
		return true
	case e.key == "resources":
		return e.value.kind == hash && !slices.ContainsFunc(e.value.items, func(its entry) bool { return !r.mapped(of, its.value) })
	case e.key == "maps" && of.key == "geoip":
		return e.value.kind == hash && !slices.ContainsFunc(e.value.items, func(its entry) bool {
			return isKnown(its.value) && len(textsOf(its.value.get("datacenters"))) == 0
		})
	default:
		return e.key == "undefined_datacenters_ok" && isBoolean(e.value)
	}
}

// textsOf returns what is in an array.
func textsOf(v *value) []string {
	if v == nil || v.kind != array {
		return nil
	}
	var all []string
	for _, e := range v.items {
		all = append(all, e.value.text)
	}
	return all
}

// mapped looks at a resource of one of them.
func (r resources) mapped(of entry, v *value) bool {
	if !isKnown(v) {
		return true
	}
	from := v
	if of.key == "geoip" {
		name := v.get("map")
		if name == nil {
			return false
		}
		if from = of.value.get("maps").get(name.text); from != nil && !isKnown(from) {
			return true
		}
	}
	centers, has := textsOf(from.get("datacenters")), v.get("dcmap")
	if has == nil || has.kind != hash || len(centers) == 0 || len(has.items) == 0 {
		return false
	}
	left := of.value.get("undefined_datacenters_ok") != nil
	for _, e := range has.items {
		if !slices.Contains(centers, e.key) || !r.leads(of, v, e.value) {
			return false
		}
	}
	return len(has.items) == len(centers) || left && of.key == "geoip"
}

// leads reports whether what a datacenter has is an address, a name, or a resource of a plugin.
func (r resources) leads(of entry, resource, v *value) bool {
	by := resource.get("plugin")
	switch text, away := strings.CutPrefix(v.text, "%"); {
	case kindOf(v) != "":
		return true
	case v.kind == simple && strings.HasPrefix(v.text, "!"):
		return by != nil && plugins[by.text].resolves && missing(r.root, by.text, v.text[1:]) == ""
	case v.kind == simple && away:
		name, its, _ := strings.Cut(text, "!")
		return name != of.key && plugins[name].resolves && (plugins[name].bare || missing(r.root, name, its) == "")
	case by == nil || by.kind != simple:
		return false
	}
	takes := r.takes()[by.text]
	return takes != nil && takes(v)
}

// takes are how plugins take their resources.
func (r resources) takes() map[string]func(v *value) bool {
	return map[string]func(*value) bool{"weighted": r.weighted, "simplefo": r.failover, "multifo": r.several}
}

// monitoring are the options of service types by the plugins that monitor, each with the least and
// the greatest number where it has one; those without a plugin are of all.
var monitoring = map[string]map[string][]uint64{
	"":            {"plugin": nil, "up_thresh": {1, math.MaxUint16}, "ok_thresh": {1, math.MaxUint16}, "down_thresh": {1, math.MaxUint16}, "interval": {2, 3600}, "timeout": {1, 300}},
	"http_status": {"port": {1, math.MaxUint16}, "url_path": nil, "vhost": nil, "ok_codes": nil},
	"tcp_connect": {"port": {1, math.MaxUint16}},
	"extmon":      {"cmd": nil, "direct": nil, "max_proc": {0, math.MaxUint16}},
	"extfile":     {"file": nil, "direct": nil, "def_down": nil, "def_ttl": {0, math.MaxInt32}},
	"static":      {"state": nil, "ttl": {0, math.MaxInt32}},
}

// needed are the options that a service type has to have, by its plugin.
var needed = map[string]string{"tcp_connect": "port", "extmon": "cmd", "extfile": "file"}

// monitorsRightly reports whether gdnsd takes the options of a service type.
func monitorsRightly(v *value) bool {
	if !isKnown(v) || v.get("plugin") == nil {
		return true
	}
	by := v.get("plugin").text
	if must := needed[by]; must != "" && v.get(must) == nil {
		return false
	}
	return !slices.ContainsFunc(v.items, func(e entry) bool { return e.value.kind != unknown && !monitorsBy(by, e) })
}

// monitorsBy reports whether gdnsd takes an option of a service type with a plugin.
func monitorsBy(by string, e entry) bool {
	bounds, its := monitoring[by][e.key]
	if !its {
		if bounds, its = monitoring[""][e.key]; !its {
			return false
		}
	}
	switch {
	case bounds != nil:
		n, is := number(e.value.text)
		return e.value.kind == simple && is && bounds[0] <= n && n <= bounds[1]
	case e.key == "ok_codes":
		return areCodes(e.value)
	case e.key == "direct" || e.key == "def_down":
		return isBoolean(e.value)
	case e.key == "cmd":
		return e.value.kind == simple || e.value.kind == array && len(e.value.items) > 0
	default:
		return e.value.kind == simple
	}
}

// areCodes reports whether values are codes of HTTP.
func areCodes(v *value) bool {
	all := v.items
	if v.kind == simple {
		all = []entry{{value: v}}
	}
	return v.kind != hash && !slices.ContainsFunc(all, func(e entry) bool {
		n, is := number(e.value.text)
		return !is || n < 100 || n > 999
	})
}
