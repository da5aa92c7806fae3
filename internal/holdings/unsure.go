package holdings

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/spell"
)

// OwnHost are the programs on the server's own host.
var OwnHost = Clients{{Range: netip.MustParsePrefix("127.0.0.0/8")}, {Range: netip.MustParsePrefix("::1/128")}}

// elsewhere are the addresses of all clients but those of the server's own host, by their families.
var elsewhere = [2][]netip.Prefix{
	address.Without(ranges(AllClients[:1]), ranges(OwnHost)), address.Without(ranges(AllClients[1:]), ranges(OwnHost)),
}

// remote returns which clients of a family, that are not on the server's own host, are in a list.
func (c Clients) remote(family int) Split { return c.Split(elsewhere[family]) }

// Nobody reports whether a list has none but programs on the server's own host: no client of a network is in it.
func (c Clients) Nobody() bool {
	all := c.remote(0).with(c.remote(1))
	return len(all.Clients)+len(all.Doubtful) == 0
}

// ownHost reports whether a fault is that a server refuses all but its own host, at whose addresses alone it listens:
// that is one for this host, of which a note tells.
func (s *Set) ownHost(f fault) bool {
	if f.admitted == nil || len(s.listens) == 0 || slices.ContainsFunc(s.listens, func(l listening) bool { return !l.loopback() }) {
		return false
	}
	return f.admitted.Nobody() && len(f.admitted.Split(ranges(OwnHost)).Clients) > 0
}

// Unsure returns a note for each list by which a server refuses something of names, or of names below them, to some
// of all clients that there are. Where it is not known who the clients are it is no fault: a list that has the private
// ranges of a company is right.
func (s *Set) Unsure(names []string) []Note {
	var notes []Note
	led, crosses := s.led(names)
	for _, f := range s.faults {
		if f.admitted == nil || names != nil && !f.touches(led) || f.crossing && !crosses {
			continue
		}
		if whom := f.admitted.left(); whom != "" {
			notes = append(notes, Note{f.Place, strings.Replace(f.Message, SomeOrAll, whom, 1)})
		}
	}
	return notes
}

// left says which clients are not in a list, or nothing where it has nobody, all, or all of a family and none of the other one.
func (c Clients) left() string {
	four, six := c.remote(0), c.remote(1)
	all := four.with(six)
	parted := func(s Split) bool { return len(s.Doubtful) > 0 || len(s.Clients) > 0 && len(s.Others) > 0 }
	switch {
	case c.Nobody(), !parted(four) && !parted(six):
		return ""
	case len(all.Doubtful) == 0 && len(all.Others) < len(all.Clients):
		return "clients in " + spell.Ranges(all.Others)
	case len(all.Clients) == 0:
		return "clients that are in no network of its own and in no place that the list names"
	case len(all.Doubtful) > 0:
		return "all clients but those in " + spell.Ranges(all.Clients) + ", and maybe those in networks of its own"
	default:
		return "all clients but those in " + spell.Ranges(all.Clients)
	}
}
