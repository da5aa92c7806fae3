package holdings

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// networks are which networks of a cloud are answered from its private zones. What says so
// may stand in another file than the zones.
type networks struct {
	private map[string]Place            // private zones of clouds whose records are read, by origin
	seen    map[string]sighting         // zones of which it is known which networks see them, by origin
	stated  map[string]sighting         // zones that networks see for which expressions stand, by origin
	chosen  string                      // the network of the clients, in lower case; "" where it is not said
	counts  bool                        // something is of single networks, or may be
	each    map[zoneOf]sighting         // of zones that are told from others of their names
	alone   [][]string                  // the origins of all that single networks see
	before  map[string][]func(*Builder) // notes that count where there is a private zone, by origin
}

// zoneOf is one of several zones of a name, by its identity.
type zoneOf struct{ origin, identity string }

// sighting is which networks see a zone, and where that is said.
type sighting struct {
	by []string
	at Place
}

func newNetworks() networks {
	return networks{private: make(map[string]Place), seen: make(map[string]sighting), stated: make(map[string]sighting), each: make(map[zoneOf]sighting), before: make(map[string][]func(*Builder))}
}

// Private notes a private zone of a cloud whose records are read. The origin is an absolute,
// lower-case name, as it is for what follows.
func (b *Builder) Private(origin string, at Place) {
	if b.idle {
		return
	}
	if _, there := b.networks.private[origin]; !there {
		b.networks.private[origin] = at
	}
}

// SeenBy notes networks, by their ids, that see a private zone. Others of which it is noted
// see it as well; where none is noted, it is not known who sees the zone.
func (b *Builder) SeenBy(origin string, networks []string, at Place) {
	if b.idle || len(networks) == 0 {
		return
	}
	b.networks.seen[origin] = b.networks.seen[origin].with(networks, at)
}

// ZoneSeenBy is SeenBy for one of several zones of that origin, by its identity.
func (b *Builder) ZoneSeenBy(origin, identity string, networks []string, at Place) {
	b.SeenBy(origin, networks, at)
	if !b.idle && len(networks) > 0 && identity != "" {
		zone := zoneOf{origin, identity}
		b.networks.each[zone] = b.networks.each[zone].with(networks, at)
	}
}

// Stated notes networks that see a private zone where expressions stand for some of them: two that are
// the same stand for one network, and what others stand for is not known.
func (b *Builder) Stated(origin string, networks []string, at Place) {
	if !b.idle {
		b.networks.stated[origin] = b.networks.stated[origin].with(networks, at)
	}
}

// with returns a sighting by more networks.
func (s sighting) with(networks []string, at Place) sighting {
	if len(s.by) == 0 {
		s.at = at
	}
	s.by = append(slices.Clone(s.by), networks...)
	slices.Sort(s.by)
	s.by = slices.Compact(s.by)
	return s
}

// Seen reports whether it was noted by now that some network sees a zone.
func (b *Builder) Seen(origin string) bool {
	_, there := b.networks.seen[origin]
	return there
}

// Seeing returns the networks of which it was noted by now that they see a private zone of a
// name, of one above it, or of one below it.
func (b *Builder) Seeing(name string) []string {
	var all []string
	for _, s := range within(b.networks.seen, reachOf([]string{name})) {
		all = append(all, s.by...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// SeesAlone notes the origins of all private zones that one network sees: it sees no other.
func (b *Builder) SeesAlone(origins []string) {
	if !b.idle {
		b.networks.alone = append(b.networks.alone, origins)
	}
}

// UnreadIfPrivate is [Builder.UnreadBelow] where there is a private zone of that origin, in
// whichever file.
func (b *Builder) UnreadIfPrivate(origin string, at Place, format string, args ...any) {
	if b.idle {
		return
	}
	note := func(b *Builder) { b.UnreadBelow(origin, at, format, args...) }
	b.networks.before[origin] = append(b.networks.before[origin], note)
}

// checkNetworks notes private zones that do not answer a network.
func (b *Builder) checkNetworks() {
	for _, origin := range slices.Sorted(maps.Keys(b.networks.private)) {
		if slices.ContainsFunc(b.networks.alone, func(its []string) bool { return !slices.Contains(its, origin) }) {
			b.UnreadBelow(origin, b.networks.private[origin], "zone %s is not among the zones that the VPC sees: nobody there is answered from it", dnsname.TrimDot(origin))
		}
		for _, note := range b.networks.before[origin] {
			note(b)
		}
	}
}

// unseen returns a fault for each zone that has a say in any of the names and that a network
// does not see which sees more of them than others: none if one network sees all of them.
func unseen(seen map[string]sighting, its reach) []Fault {
	most, origins := mostSeeing(seen, its)
	var found []Fault
	for _, origin := range origins {
		if s := seen[origin]; !slices.Contains(s.by, most) {
			found = append(found, Fault{Kind: NotRead, Note: Note{Place: s.at, Message: "no network sees all zones that are read: " + most +
				" does not see zone " + dnsname.TrimDot(origin) + ", which " + strings.Join(s.by, ", ") + " sees: audit what one network sees, with --view NETWORK"}})
		}
	}
	return found
}

// apart returns a fault for each zone with a say in any of the names of which it is not known whether
// the network sees it that sees more of them than others, for expressions stand for their networks.
func apart(seen, stated map[string]sighting, its reach) []Fault {
	if stated = within(stated, its); len(stated) == 0 {
		return nil
	}
	all := within(seen, its)
	for origin, s := range stated {
		all[origin] = all[origin].with(s.by, s.at)
	}
	most, origins := mostSeeing(all, its)
	var found []Fault
	for _, origin := range origins {
		if s := all[origin]; !slices.Contains(s.by, most) {
			found = append(found, Fault{Kind: NotRead, Note: Note{Place: s.at, Message: "whether one network sees all zones that are read, is not known: zone " +
				dnsname.TrimDot(origin) + " is seen by " + strings.Join(s.by, ", ") + ", and others by " + most}})
		}
	}
	return found
}

// mostSeeing returns the network that sees most of the zones with a say in any of the names, and the
// origins of these.
func mostSeeing(seen map[string]sighting, its reach) (most string, origins []string) {
	count := make(map[string]int)
	for _, origin := range slices.Sorted(maps.Keys(seen)) {
		if (fault{origin: origin}).touches(its) {
			origins = append(origins, origin)
			for _, network := range seen[origin].by {
				count[network]++
			}
		}
	}
	for _, network := range slices.Sorted(maps.Keys(count)) {
		if count[network] > count[most] {
			most = network
		}
	}
	return most, origins
}

// within returns the zones that have a say in any of the names.
func within(seen map[string]sighting, its reach) map[string]sighting {
	kept := maps.Clone(seen)
	maps.DeleteFunc(kept, func(origin string, _ sighting) bool { return !(fault{origin: origin}).touches(its) })
	return kept
}
