package coredns

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// reachable returns the server blocks that those who ask have, or those in no view: where
// clients usually ask, and of each zone the first. It notes the others.
func reachable(b *holdings.Builder, all []server, in formats.Input) []server {
	asked := asked(all)
	taken := make(map[served]server)
	var found []server
	for _, s := range all {
		there := s.listener == asked
		if there && s.behind(b, in, taken) || there && !s.has(b, in) {
			continue
		}
		kept := s
		kept.zones = nil
		for _, zone := range s.zones {
			at := served{s.listener, zone}
			if first, again := taken[at]; !again {
				taken[at] = s
				kept.zones = append(kept.zones, zone)
			} else if there || s.clashes(first) {
				twice(b, zone, first, s)
			}
		}
		if there {
			found = append(found, kept)
		} else {
			elsewhere(b, s, all, asked)
		}
	}
	apart(b, found)
	listens(b, found)
	return found
}

// behind reports whether others before it have all of the zones of a view, for all who ask at its
// addresses, and notes it: no question comes to it.
func (s server) behind(b *holdings.Builder, in formats.Input, taken map[served]server) bool {
	for _, zone := range s.zones {
		first, is := taken[served{s.listener, zone}]
		if !is || first.view() != "" || !slices.Equal(first.bound(), s.bound()) {
			return false
		}
	}
	if s.view() == "" {
		return false
	}
	in.SeeView(s.view())
	b.Note(s.place, "view %s is not read: a server block before it has its zones, and is asked", lines.Shown(s.view()))
	return true
}

// listens tells where the server blocks listen that clients ask.
func listens(b *holdings.Builder, found []server) {
	var addresses []string
	for _, s := range found {
		its := s.bound()
		if len(its) == 0 {
			return
		}
		addresses = append(addresses, its...)
	}
	if len(found) > 0 {
		b.Listens(found[0].place, "CoreDNS", addresses...)
	}
}

// apart notes zones that are served on other addresses than most: whoever asks at those is answered
// by the server blocks that listen there.
func apart(b *holdings.Builder, found []server) {
	addresses := func(s server) string { return strings.Join(s.bound(), ", ") }
	count := make(map[string]int)
	for _, s := range found {
		count[addresses(s)] += len(s.zones)
		if slices.Contains(s.zones, ".") {
			count[addresses(s)] += len(found) // which all are below
		}
	}
	most := ""
	for _, s := range found {
		if its := addresses(s); count[its] > count[most] {
			most = its
		}
	}
	for _, s := range found {
		for _, zone := range s.zones {
			if its := addresses(s); its != most {
				b.UnreadBelow(zone, s.place, "the server block is not read as clients have it: it listens on %s, and others on %s", cmp.Or(its, "all addresses"), cmp.Or(most, "all addresses"))
			}
		}
	}
}

// served is a zone where it is served.
type served struct {
	listener listener
	zone     string
}

// asked returns where clients ask: as usual, if a server block is there, and else where the first
// one for plain DNS is, or any.
func asked(all []server) listener {
	if slices.ContainsFunc(all, func(s server) bool { return s.listener == usual }) {
		return usual
	}
	for _, s := range all {
		if s.listener.transport == plain {
			return s.listener
		}
	}
	return all[0].listener
}

// elsewhere notes a server block that is not asked as usual. Who asks by an encrypted transport may
// be answered otherwise, unless the same plugins stand there.
func elsewhere(b *holdings.Builder, s server, all []server, asked listener) {
	for _, zone := range s.zones {
		same := slices.ContainsFunc(all, func(other server) bool {
			return other.listener == asked && slices.Contains(other.zones, zone) && s.answersAs(other)
		})
		if s.listener.transport != plain && !same {
			b.UnreadBelow(zone, s.place, "the server block is not read: it listens on %s, and others on %s: audit it alone", s.listener, asked)
			return
		}
	}
	b.Note(s.place, "the server block is not read: it listens on %s, and others on %s", s.listener, asked)
}

// besides are the plugins that have no say in what is answered.
var besides = setOf(`bind bufsize cancel chaos debug dnstap errors geoip grpc_server health https https3 log loop metadata
	multisocket nsid on pprof prometheus proxyproto quic ready reload shed timeouts tls trace`)

// answersAs reports whether a server block has the plugins of another one, as far as they answer.
func (s server) answersAs(other server) bool {
	with := func(all []directive) []directive {
		return slices.DeleteFunc(slices.Clone(all), func(d directive) bool { return besides[d.name] })
	}
	return slices.EqualFunc(with(s.plugins), with(other.plugins), func(one, two directive) bool {
		return one.name == two.name && slices.Equal(one.args, two.args) && slices.EqualFunc(one.block, two.block, slices.Equal)
	})
}

// twice notes a zone for which there are two server blocks on one port.
func twice(b *holdings.Builder, zone string, first, second server) {
	switch line := first.place.Line; {
	case second.clashes(first):
		b.NotStarted("CoreDNS", second.place, "line %d has zone %s as well, for the same port and addresses", line, zone)
	case first.view() == "":
		b.UnreadBelow(zone, second.place, "zone %s is not read: line %d has it on other addresses", zone, line)
	default:
		b.Note(second.place, "zone %s is not read: line %d has it, and is asked", zone, line)
	}
}
