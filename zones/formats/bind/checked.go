package bind

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// checker compares a configuration with the grammar.
type checker struct {
	c *config
	g grammar
	// names are those of what is named, of each kind: they are not told apart by the case. Lists
	// are the statements that give some, called those by kind and name, used the lists that others
	// name, and waiting those of them that were not looked at yet.
	names   map[string]map[string]bool
	lists   []statement
	called  map[string][]statement
	used    map[string]bool
	waiting []statement
	// options is the block of that name, and view that of the view that is looked at; signs says that there are zones, and inline which
	// policies say themselves whether zones are signed beside their files.
	options, view []statement
	signs         bool
	inline        map[string]bool
	// files are those of zones, and told what was said that is not said again.
	files map[string]zoneFile
	told  map[string]bool
	// gone and since are of what the fewest versions have, of old and of new; noVersion says that it
	// was told that none has both.
	gone, since dated
	noVersion   bool
}

// check says with which statements BIND does not start: those that it does not know, or not
// there, and those whose values are none.
func (c *config) check(all []statement) {
	k := &checker{c: c, g: theGrammar(), names: make(map[string]map[string]bool), called: make(map[string][]statement), used: make(map[string]bool), inline: make(map[string]bool), files: make(map[string]zoneFile), told: make(map[string]bool)}
	k.define(all)
	k.block("top", "", all)
	k.wait()
	k.apart()
	k.unused()
	k.anchored(all)
}

// block looks at the statements of a block.
func (k *checker) block(table, of string, all []statement) {
	seen := make(map[string]bool)
	for _, s := range all {
		key := s.key()
		r, named := k.rule(table, all, key), unique[key]+" "+nameOf(s)
		switch {
		case s.items[0].isBlock:
			k.c.stop(s, "the name of an option expected near {")
		case r != nil && seen[key] && !r.many:
			k.c.stop(s, "%s stands twice%s", key, of)
		case r != nil && reserved(s):
			k.c.stop(s, "BIND has itself the %s %s", key, lines.Shown(s.arg(1)))
		case r != nil && unique[key] != "" && seen[named]:
			k.c.stop(s, "there are two statements %s of the name %s", unique[key], lines.Shown(s.arg(1)))
		case r != nil:
			k.statement(table, s, r)
		case k.g.knows(key):
			k.c.stop(s, "%s may not stand here%s", key, of)
		default:
			k.c.b.Unread(s.place(), "%s is not read: no BIND that is known here has such an option, and starts with it", lines.Shown(s.arg(0)))
		}
		seen[key], seen[named] = true, true
	}
}

// rule returns the rule for a statement of a block, or nil. What a zone may have depends on
// its type; where that is not known all is right that any has.
func (k *checker) rule(table string, block []statement, key string) *rule {
	if key == "include" {
		return &rule{forms: [][]node{{{kind: valueOf, text: "text"}}}, many: true}
	}
	if table != "zone" {
		return k.g.blocks[table][key]
	}
	kind := strings.ToLower(typeOf(block))
	if _, known := k.g.blocks[kind]; known {
		return k.g.blocks[kind][key]
	}
	for _, kind := range zoneTypes {
		if r := k.g.blocks[kind][key]; r != nil {
			return r
		}
	}
	return nil
}

// zoneTypes are those of zones, as the grammar calls them.
var zoneTypes = []string{"primary", "secondary", "mirror", "stub", "redirect", "static-stub", "forward", "hint", "delegation-only", "in-view"}

// synonyms are other names of the types of zones.
var synonyms = map[string]string{"master": "primary", "slave": "secondary"}

// typeOf returns the name that the grammar has for the type of a zone.
func typeOf(block []statement) string {
	kind := strings.ToLower(value(block, "type"))
	if _, shared := find(block, "in-view"); shared && kind == "" {
		return "in-view"
	}
	if name, is := synonyms[kind]; is {
		return name
	}
	if !slices.Contains(zoneTypes, kind) {
		return ""
	}
	return kind
}

// statement looks at what stands behind the name of a statement, and into its blocks.
func (k *checker) statement(table string, s statement, r *rule) {
	m := &matcher{g: k.g}
	if !m.matches(r.forms, s.items[1:]) {
		k.c.stop(s, "%s: %s expected %s", s.key(), strings.Join(m.wanted, " or "), m.found)
		return
	}
	k.versions(s, m.dated)
	if !k.isLoose(table, s) {
		k.defined(s.key(), table, m.named)
	}
	for _, w := range m.within {
		of := " in " + s.key()
		if name := s.arg(1); name != "" {
			of += " " + lines.Shown(name)
		}
		if w.table == "view" {
			k.view = w.block
		}
		k.block(w.table, of, w.block)
		k.required(w, s, of)
	}
}

// needs are what blocks have to have: one at the least of the statements in each group.
var needs = map[string][][]string{
	"key":       {{"algorithm"}, {"secret"}},
	"secondary": {{"primaries", "masters"}},
	"stub":      {{"primaries", "masters"}},
	"hint":      {{"file"}},
	"primary":   {{"file", "database", "dlz"}},
}

// required says which statements a block lacks.
func (k *checker) required(w within, s statement, of string) {
	table := w.table
	if table == "zone" {
		table = typeOf(w.block)
	}
	for _, group := range needs[table] {
		if !slices.ContainsFunc(group, func(key string) bool { _, there := find(w.block, key); return there }) {
			k.c.stop(s, "%s is missing%s", group[0], of)
		}
	}
	k.peopled(w, dnsname.Absolute(s.arg(1)) == ".", of)
	_, forward := find(w.block, "forward")
	_, to := find(w.block, "forwarders")
	if forward && !to && w.table != "template" {
		k.c.stop(s, "forward stands without forwarders%s", of)
	}
	if w.table == "channel" && len(destinations(w.block)) != 1 {
		k.c.stop(s, "exactly one of file, syslog, null and stderr must stand%s", of)
	}
	if w.table == "zone" && !isName(s.arg(1)) {
		k.c.stop(s, "%s is no valid name of a zone", lines.Shown(s.arg(1)))
	}
	k.together(w, s, of)
}

// peopled says which lists of servers of a zone have none. The primaries of a mirror of the root
// are known.
func (k *checker) peopled(w within, isRoot bool, of string) {
	if isRoot && typeOf(w.block) == "mirror" {
		return
	}
	for _, key := range []string{"primaries", "masters", "parental-agents"} {
		if list, there := find(w.block, key); there && w.table == "zone" && list.hasBlock && k.isEmpty(key, list, make(map[string]bool)) {
			k.c.stop(list, "%s has no server%s", key, of)
		}
	}
}

// isEmpty reports whether a list of servers that a statement with a key has is without one, as are
// those that it names. What they are called is noted in seen.
func (k *checker) isEmpty(key string, list statement, seen map[string]bool) bool {
	return !slices.ContainsFunc(list.block, func(s statement) bool {
		name := strings.ToLower(s.arg(0))
		if seen[name] {
			return false
		}
		seen[name] = true
		named := k.serversOf(key, name)
		return len(named) == 0 || // it is an address, or said not to be there
			slices.ContainsFunc(named, func(its statement) bool { return !k.isEmpty(its.key(), its, seen) })
	})
}

// destinations returns the statements by which a channel of the log says where it goes.
func destinations(block []statement) []statement {
	return slices.DeleteFunc(slices.Clone(block), func(s statement) bool {
		return !slices.Contains([]string{"file", "syslog", "null", "stderr"}, s.key())
	})
}
