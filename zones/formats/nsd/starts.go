package nsd

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// starts says with what clauses NSD does not start: those of one kind with the same name, and
// keys and patterns that are not there, or for patterns not yet.
func starts(b *holdings.Builder, all []clauses.Clause) {
	seen := map[string]map[string]bool{"zone": {}, "pattern": {}, "key": {}, "tls-auth": {}}
	keys, secured := []string{"NOKEY", "BLOCKED"}, []string(nil)
	for _, c := range all {
		switch c.Kind {
		case "key":
			keys = append(keys, c.All("name")...)
		case "tls-auth":
			secured = append(secured, c.All("name")...)
		}
	}
	for _, c := range all {
		names := seen[c.Kind]
		if names == nil {
			continue
		}
		name := lastOf(c, "name")
		if c.Kind == "zone" {
			name = strings.ToLower(dnsname.TrimDot(name))
		}
		if names[name] {
			b.NotStarted("NSD", c.Place, "duplicate %s %s", c.Kind, lines.Shown(name))
		}
		names[name] = true
		for _, o := range c.Options {
			if c.Kind == "pattern" && o.Key == "include-pattern" && o.Value() == name {
				b.NotStarted("NSD", o.Place, "pattern %s includes itself", lines.Shown(name))
			}
			mentions(b, o, seen["pattern"], keys, secured)
		}
	}
}

// keyed are the options that name a key, behind an address.
var keyed = []string{"allow-notify", "notify", "provide-xfr", "allow-query", "request-xfr"}

// mentions looks whether an option names a pattern or a key that is not there.
func mentions(b *holdings.Builder, o clauses.Option, patterns map[string]bool, keys, secured []string) {
	if o.Key == "include-pattern" && len(o.Values) == 1 && !patterns[o.Value()] {
		b.NotStarted("NSD", o.Place, "could not find pattern %s", lines.Shown(o.Value()))
	}
	if !slices.Contains(keyed, o.Key) {
		return
	}
	values := o.Values
	if o.Key == "request-xfr" && len(values) > 0 {
		if values[0] == "AXFR" || values[0] == "UDP" {
			values = values[1:]
		}
		transfer(b, o, values)
	}
	if len(values) > 1 && (!slices.Contains(keys, values[1]) || o.Key == "notify" && values[1] == "BLOCKED") {
		b.NotStarted("NSD", o.Place, "%s: key %s could not be found", o.Key, lines.Shown(values[1]))
	}
	if len(values) > 2 && !slices.Contains(secured, values[2]) {
		b.NotStarted("NSD", o.Place, "%s: tls-auth %s could not be found", o.Key, lines.Shown(values[2]))
	}
}

// transfer looks at where a zone is transferred from.
func transfer(b *holdings.Builder, o clauses.Option, values []string) {
	switch {
	case len(values) < 2:
		b.NotStarted("NSD", o.Place, "%s: lacks a value", o.Key)
	case values[1] == "BLOCKED":
		b.NotStarted("NSD", o.Place, "blocked address used for request-xfr")
	default:
		if why := peer(values[0]); why != "" {
			b.NotStarted("NSD", o.Place, "%s: %s: %s", o.Key, lines.Shown(values[0]), why)
		}
	}
}

// lastOf returns the value of the last option with a key, or "".
func lastOf(c clauses.Clause, key string) string {
	o, _ := c.Last(key)
	return o.Value()
}
