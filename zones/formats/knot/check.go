package knot

import (
	"slices"
	"strings"
	"sync"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// kind is what values an item has.
type kind struct {
	name  string
	words []string // what stands in brackets behind it
}

// items are the kinds of items by their sections.
var items = sync.OnceValue(func() map[string]map[string]kind {
	all := make(map[string]map[string]kind)
	for line := range strings.Lines(schema) {
		head, names, _ := strings.Cut(line, ":")
		fields := strings.Fields(head)
		if len(fields) == 0 {
			continue
		}
		name, words, _ := strings.Cut(strings.TrimSuffix(fields[1], ")"), "(")
		for section := range strings.SplitSeq(fields[0], ",") {
			if all[section] == nil {
				all[section] = make(map[string]kind)
			}
			for _, item := range strings.Fields(names) {
				all[section][item] = kind{name: name, words: strings.Split(words, ",")}
			}
		}
	}
	return all
})

// identifier returns the item that tells apart the blocks of a section, or "" where it has one
// alone.
func identifier(section string) string {
	for name, k := range items()[section] {
		if k.name == "id" {
			return name
		}
	}
	return ""
}

// stop notes with what Knot does not start. It gives up at the first such place.
func (p *parser) stop(at holdings.Place, format string, args ...any) {
	if !p.stopped {
		p.b.NotStarted("Knot", at, format, args...)
	}
	p.stopped = true
}

// unknown notes what is not known here, and may be a newer version's.
func (p *parser) unknown(at holdings.Place, what, name string) {
	if !plain(name) {
		p.stop(at, "%s: invalid item", name)
		return
	}
	p.b.Unread(at, "%s %s is not read: Knot has no such one as far as is known here, and does not start with one that it does not have", what, name)
}

// plain reports whether a name is written as those of all items are.
func plain(name string) bool {
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// checkSection looks at the line that opens a section.
func (p *parser) checkSection(i item) {
	switch {
	case items()[i.key] == nil:
		p.unknown(i.place, "section", i.key)
	case len(i.values) > 0:
		p.stop(i.place, "%s: value not supported", i.key)
	}
}

// checkItem looks at an item of a section; the first of a block has a dash, where the section
// has several.
func (p *parser) checkItem(i item, dash bool) {
	section := items()[p.section]
	its, known := section[i.key]
	switch {
	case p.section == "":
		p.stop(i.place, "%s: invalid indentation", i.key)
	case section == nil: // which has been told
	case p.misplaced(i, dash):
		p.stop(i.place, "%s: in section %s: invalid identifier", i.key, p.section)
	case !known:
		p.unknown(i.place, "in section "+p.section+", item", i.key)
	case dash && p.has(p.section, i.values):
		p.stop(i.place, "- %s: %s: duplicate identifier", i.key, strings.Join(i.values, ", "))
	default:
		p.checkValues(i, its)
	}
}

// misplaced reports whether an item has a dash that is no identifier, or the other way round, or
// stands before the first identifier of a section that has some.
func (p *parser) misplaced(i item, dash bool) bool {
	id := identifier(p.section)
	return dash && i.key != id || id != "" && !dash && (i.key == id || !p.opened)
}

// has reports whether a section has a block of that identifier already. Nothing is added to any block
// but the last one.
func (p *parser) has(section string, values []string) bool {
	if p.known == nil {
		p.known = make(map[string]bool)
	}
	for ; p.whole < len(p.blocks)-1; p.whole++ {
		b := p.blocks[p.whole]
		p.known[b.section+" "+canonical(b.section, b.last(identifier(b.section)))] = true
	}
	wanted := canonical(section, strings.Join(values, ""))
	if p.known[section+" "+wanted] {
		return true
	}
	return slices.ContainsFunc(p.blocks[p.whole:], func(b block) bool {
		return b.section == section && canonical(section, b.last(identifier(section))) == wanted
	})
}

// canonical is what an identifier is compared by: that of a zone or a key is a domain name.
func canonical(section, id string) string {
	if section != "zone" && section != "key" {
		return id
	}
	if name, err := holdings.CanonicalName(id); err == nil {
		return name
	}
	return id
}

// checkValues looks at the values of an item. What is referred to stands before.
func (p *parser) checkValues(i item, its kind) {
	values := i.values
	if len(values) == 0 && wanting[its.name] {
		values = []string{""}
	}
	for _, value := range values {
		if p.portless(i.key, value) {
			p.stop(i.place, "%s: %s: invalid port", i.key, lines.Shown(value))
		}
		if why := kinds[its.name](value, its.words); why != "" {
			p.stop(i.place, "%s: %s: %s", i.key, lines.Shown(value), why)
		}
		switch {
		case its.name == "ref" && !slices.ContainsFunc(its.words, func(section string) bool { return p.has(section, []string{value}) }):
			if value != "default" || !presumed[i.key] {
				p.stop(i.place, "%s: %s: not exists", i.key, lines.Shown(value))
			}
		case its.name == "module":
			p.checkModule(i, value)
		}
		if id := identifier(p.section); i.key == id && canonicalFails(p.section, value) {
			p.stop(i.place, "%s: %s: %s", i.key, lines.Shown(value), invalid)
		}
	}
}

// portless reports whether an item has the server listen at a port that is none.
func (p *parser) portless(key, value string) bool {
	return p.section == "server" && strings.HasPrefix(key, "listen") && strings.HasSuffix(value, "@0")
}

// wanting are the kinds of values that an item must not lack.
var wanting = map[string]bool{"int": true, "time": true, "size": true, "percent": true, "one-of": true, "network": true, "name": true, "ref": true, "rrtype": true, "id": true}

// presumed are the items whose "default" need not be there.
var presumed = map[string]bool{"dnssec-policy": true, "keystore": true, "external-validation": true}

// needed are the items that each block of a section needs.
var needed = []struct{ section, item, why string }{
	{"remote", "address", "no remote address defined"},
	{"key", "secret", "no key secret defined"},
	{"remotes", "remote", "no remote defined"},
	{"mod-dnsproxy", "remote", "no remote server specified"},
	{"mod-synthrecord", "type", "no synthesis type specified"},
}

// checkBlocks looks whether blocks have what they need.
func (p *parser) checkBlocks() {
	for _, b := range p.blocks {
		for _, n := range needed {
			if b.section == n.section && !b.says(n.item) {
				p.stop(b.items[0].place, "%s: %s", n.section, n.why)
			}
		}
		if b.section == "template" && b.says("global-module") && b.last("id") != "default" {
			p.stop(b.items[0].place, "template %s: global module in non-default template", lines.Shown(b.last("id")))
		}
		if b.section == "mod-rrl" && !b.says("rate-limit") {
			p.b.Unread(b.items[0].place, "mod-rrl without rate-limit: versions of Knot before 3.4 do not start with it")
		}
		if b.section == "key" && !b.says("algorithm") {
			p.b.Unread(b.items[0].place, "key without algorithm: versions of Knot before 3.5 do not start with it")
		}
	}
}

func canonicalFails(section, id string) bool {
	_, err := holdings.CanonicalName(id)
	return err != nil && (section == "zone" || section == "key")
}

// checkModule looks whether a module is known, and configured before.
func (p *parser) checkModule(i item, value string) {
	kind, id, some := strings.Cut(value, "/")
	switch {
	case value == "": // no module
	case items()[kind] == nil:
		p.unknown(i.place, "module", kind)
	case some && !p.has(kind, []string{id}):
		p.stop(i.place, "%s: %s: not exists", i.key, lines.Shown(value))
	}
}
