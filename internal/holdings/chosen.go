package holdings

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// InNetwork says in which network of a cloud the clients are, by its id or the last part of it:
// zones of which it is noted that other networks alone see them do not answer those clients. A name
// that is none of a network changes nothing where nothing says who sees a zone.
func (b *Builder) InNetwork(name string) { b.networks.chosen = strings.ToLower(name) }

// Elsewhere reports whether something that single networks have, by their ids, is not in the network
// that was chosen: not where none was.
func (b *Builder) Elsewhere(networks []string) bool {
	b.networks.counts = true
	return b.networks.chosen != "" && !slices.ContainsFunc(networks, b.isChosen)
}

// NetworkCounts reports, once there is a set, whether something in it is of single networks, or
// may be: then the network that was chosen changes what is known.
func (b *Builder) NetworkCounts() bool { return b.networks.counts }

// isChosen reports whether an id is that of the chosen network.
func (b *Builder) isChosen(id string) bool {
	id = strings.ToLower(id)
	return id == b.networks.chosen || id[strings.LastIndexByte(id, '/')+1:] == b.networks.chosen
}

// choose leaves out the zones that the chosen network does not see.
func (b *Builder) choose() {
	all := b.allNetworks()
	b.networks.counts = b.networks.counts || len(all)+len(b.networks.private) > 0
	if b.networks.chosen == "" || !b.networks.counts {
		return
	}
	switch its := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !b.isChosen(id) }); {
	case len(all) > 0 && len(its) == 0:
		b.Unread(b.networks.first(), "no zone that is read is seen by the network %q: some are by %s", b.networks.chosen, strings.Join(all, ", "))
		return
	case len(its) > 1:
		b.Unread(b.networks.first(), "the network %q may be each of %s: say its whole id", b.networks.chosen, strings.Join(its, ", "))
		return
	}
	for _, origin := range slices.Sorted(maps.Keys(b.networks.private)) {
		if _, said := b.networks.seen[origin]; !said {
			b.UnreadBelow(origin, b.networks.private[origin], "nothing that is read says which networks see zone %s: whether %q does, is not known", dnsname.TrimDot(origin), b.networks.chosen)
		}
	}
	for _, origin := range slices.Sorted(maps.Keys(b.networks.seen)) {
		b.chooseOf(origin)
		if s := b.networks.seen[origin]; b.Elsewhere(s.by) {
			b.Note(s.at, "zone %s is not seen by the network %q, but by %s: it is left out", dnsname.TrimDot(origin), b.networks.chosen, strings.Join(s.by, ", "))
			b.drop(origin)
		}
	}
}

// chooseOf leaves out those of several zones of a name that the chosen network does not see: not where
// it is not known of one who sees it.
func (b *Builder) chooseOf(origin string) {
	var others []string
	var its sighting
	seeing := 0
	for _, identity := range b.identities[origin] {
		switch s, said := b.networks.each[zoneOf{origin, identity}]; {
		case !said:
			return
		case b.Elsewhere(s.by):
			others = append(others, identity)
		default:
			its = s
			seeing++
		}
	}
	if len(others) == 0 || seeing != 1 {
		return
	}
	for _, identity := range others {
		s := b.networks.each[zoneOf{origin, identity}]
		b.Note(s.at, "a zone %s is not seen by the network %q, but by %s: it is left out, beside another one of that name", dnsname.TrimDot(origin), b.networks.chosen, strings.Join(s.by, ", "))
	}
	parts := make(map[int32]bool)
	for one, at := range b.parts {
		parts[at] = one.origin == origin && slices.Contains(others, one.identity)
	}
	b.rows = slices.DeleteFunc(b.rows, func(r row) bool { return r.claim != ruleClaim && parts[r.part] })
	b.notes = slices.DeleteFunc(b.notes, func(n noteOf) bool { return n.kind.format == twoZones && n.kind.origin == origin })
	b.networks.seen[origin] = its
}

// allNetworks returns the ids of all networks that see some zone.
func (b *Builder) allNetworks() []string {
	var all []string
	for _, s := range b.networks.seen {
		all = append(all, s.by...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// first returns the first place that says who sees a zone, by the zone's name.
func (n *networks) first() Place {
	for _, origin := range slices.Sorted(maps.Keys(n.seen)) {
		return n.seen[origin].at
	}
	return Place{}
}

// drop forgets a zone: its records, what it claims, and what was noted of it.
func (b *Builder) drop(origin string) {
	zone := keyOf(origin)
	parts := make(map[int32]bool)
	for its, at := range b.parts {
		parts[at] = its.origin == origin
	}
	b.rows = slices.DeleteFunc(b.rows, func(r row) bool { return r.claim != ruleClaim && parts[r.part] })
	closest := b.closest(zone)
	maps.DeleteFunc(b.claims, func(k key, _ claim) bool { return k == zone || k.below(zone) && closest(k) })
	for part := range b.apexes {
		b.apexes[part] = slices.DeleteFunc(b.apexes[part], func(k key) bool { return k == zone })
	}
	b.notes = slices.DeleteFunc(b.notes, func(n noteOf) bool { return n.kind.fault != "" && n.kind.origin == origin })
	b.faults = slices.DeleteFunc(b.faults, func(f fault) bool { return f.origin == origin })
	delete(b.networks.private, origin)
	delete(b.networks.seen, origin)
	delete(b.networks.stated, origin)
	delete(b.networks.before, origin)
	delete(b.fallbacks, origin)
	delete(b.mentions, origin)
}

// closest returns what reports whether no zone is closer to a name than the one with a key.
func (b *Builder) closest(zone key) func(key) bool {
	all := make(map[key]bool)
	for _, its := range b.apexes {
		for _, k := range its {
			all[k] = true
		}
	}
	return func(name key) bool {
		for at := range name.upToRoot() {
			if all[at] {
				return at == zone
			}
		}
		return true
	}
}
