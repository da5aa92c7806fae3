package bind

import (
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// isAgents reports whether a statement is of the family of parental-agents, or else of primaries. BIND 9.18 looks for
// a list of servers in the family alone of the statement that names it, and later versions have one for all.
func isAgents(key string) bool { return key == "parental-agents" }

// inFamily reports whether a list of servers is of the family of a statement. What 9.18 does not have is of both.
func inFamily(list statement, key string) bool {
	return list.key() == "remote-servers" || isAgents(list.key()) == isAgents(key)
}

// serversOf returns the lists of servers that a statement may name so: those of its family, or if there are none
// those of the other one.
func (k *checker) serversOf(key, name string) []statement {
	var its, others []statement
	for _, list := range k.called["servers "+name] {
		if inFamily(list, key) {
			its = append(its, list)
		} else {
			others = append(others, list)
		}
	}
	if len(its) > 0 {
		return its
	}
	return others
}

// family tells that a statement names a list of servers of the other family.
func (k *checker) family(key string, n named) {
	its := k.serversOf(key, n.name())
	if len(its) > 0 && !inFamily(its[0], key) {
		k.c.b.Unread(n.word.place, "BIND 9.18 does not start with %s in %s, which is a list of %s; later versions do", lines.Shown(n.word.text), key, its[0].key())
	}
}

// apart tells lists of servers with one name, of both families, which are one list for later versions.
func (k *checker) apart() {
	first := make(map[string]statement)
	for _, list := range k.lists {
		before, there := first[nameOf(list)]
		shared := list.key() == "remote-servers" || before.key() == "remote-servers"
		switch {
		case naming[list.key()] != "servers":
		case !there:
			first[nameOf(list)] = list
		case isAgents(list.key()) == isAgents(before.key()): // of which the block they stand in tells
		case shared:
			k.c.stop(list, "there are two lists of servers of the name %s", lines.Shown(list.arg(1)))
		default:
			k.c.b.Unread(list.place(), "BIND 9.20 and later do not start with two lists of servers of the name %s, of which one is of parental-agents", lines.Shown(list.arg(1)))
		}
	}
}

// unused tells what lists of servers name that is not there and that nobody uses: later versions want it.
func (k *checker) unused() {
	for _, list := range k.lists {
		m := &matcher{g: k.g}
		if naming[list.key()] != "servers" || !m.matches(k.g.blocks["top"][list.key()].forms, list.items[1:]) {
			continue
		}
		for _, n := range m.named {
			k.laterName(list.key(), n)
		}
	}
}

// laterKinds are the kinds of what later versions alone want to be there, and what these kinds are called.
var laterKinds = map[string]string{"keyname": "key", "tls": "tls", "servers": "servers"}

// laterName tells that a key, or what a list of servers names, is not there, which later versions alone want.
func (k *checker) laterName(key string, n named) {
	its := named{laterKinds[n.kind], n.word}
	told := "later " + n.word.place.String() + " " + its.name()
	if its.kind == "" || k.names[its.kind][its.name()] || naming[key] == "list" || k.told[told] {
		return
	}
	k.told[told] = true
	k.c.b.Unread(n.word.place, "%s: there is no %s of the name %s, without which BIND 9.20.17 and later do not start", key, nouns[its.kind], lines.Shown(n.word.text))
}
