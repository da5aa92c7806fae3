package holdings

import "github.com/auralink/auralink/internal/dnsname"

// sourced are several sources: servers, each of which may ask another one.
type sourced struct {
	now      string   // the source that is read; "" for the only one
	of       []string // the source of each part
	forwards []sourcedClaim
}

type sourcedClaim struct {
	Claim
	source string
}

// From says that what is read from here on is of a source of its own, which answers its clients by
// itself: a configuration of a server, or what a cloud lists.
func (b *Builder) From(source string) { b.sourced.now = source }

// together is the source of what several files say together.
const together = "what several files say together"

// see keeps a forward for [Builder.checkForwards]. A delegation is none: who asks a zone asks that
// of its child as well.
func (s *sourced) see(c Claim) {
	if s.now != "" && c.Miss == Refer && c.Referral.Servers != "" && !c.Cut && c.Origin != "." {
		s.forwards = append(s.forwards, sourcedClaim{c, s.now})
	}
}

// checkForwards notes names that one source forwards to a server, and of which another one has a
// zone, or records: which of the two clients ask is not known.
func (b *Builder) checkForwards() {
	forwards := make(map[key]*sourcedClaim)
	for i, f := range b.sourced.forwards {
		forwards[keyOf(f.Origin)] = &b.sourced.forwards[i]
	}
	if len(forwards) == 0 {
		return
	}
	found := make(map[*sourcedClaim]beside)
	note := func(its beside) { its.noteIn(found, forwards) }
	for _, c := range b.claims {
		if c.Miss != Refer {
			note(beside{c.key, c.source, c.Place, "a zone of " + dnsname.TrimDot(c.Origin)})
		}
	}
	for _, r := range b.rows {
		if action := b.data[r.data].Action; r.part != noPart && action != Refer && action != Passthru {
			note(beside{r.key, b.sourced.of[r.part], Place{b.names[r.part], int(r.line)}, "records of " + dnsname.TrimDot(r.key.name())})
		}
	}
	for i := range b.sourced.forwards {
		f := &b.sourced.forwards[i]
		if its, is := found[f]; is {
			b.UnreadBelow(f.Origin, f.Place, "%s is forwarded to %s here, and %s has %s: which of the two clients ask, is not known: audit the one that they ask alone, and then the other one",
				dnsname.TrimDot(f.Origin), f.Referral.Servers, its.place, its.what)
		}
	}
}

// beside is what a source has of a name that another one may forward.
type beside struct {
	key    key
	source string
	place  Place
	what   string
}

// noteIn notes for the forwards of a name, or of one above it, that another source has it: of several
// names the first one.
func (its beside) noteIn(found map[*sourcedClaim]beside, forwards map[key]*sourcedClaim) {
	for k := range its.key.upToRoot() {
		f := forwards[k]
		if f == nil || f.source == its.source {
			continue
		}
		if first, there := found[f]; !there || its.key < first.key {
			found[f] = its
		}
	}
}
