package zonefile

import (
	"io"

	"github.com/auralink/auralink/zones/formats"
)

// include reads a file in the place of a directive. It begins with the owner that the
// directive's file has there, and what it says of $TTL stays; what it says of $ORIGIN and
// its last owner do not (RFC 1035, section 5.1). So BIND has it;
// others keep some of it.
func (m *master) include(e entry) error {
	if len(e.words) < 2 || len(e.words) > 3 {
		return errFile
	}
	origin, owner, outer, outset := m.origin, m.owner, m.in, m.outset
	if len(e.words) == 3 {
		named, err := absolute(e.words[2], m.origin)
		if err != nil {
			return err
		}
		m.loading.seeOrigin(named, m.at(e))
		m.origin = named
	}
	stop := m.in.Include(m.b, formats.Mention{
		What: "$INCLUDE", Path: e.words[1], Dir: m.in.Dir, Central: m.loading.central(), Place: m.at(e), Consequence: ", and no server loads the zone without it",
	}, func(r io.Reader, in formats.Input) error {
		m.in, m.outset = in, m.origin
		return m.all(r)
	})
	m.outset = outset
	if m.in = outer; m.in.After != formats.OriginAndOwner {
		m.origin = origin
	}
	if m.in.After == formats.Nothing {
		m.owner = owner
	}
	if stop != nil {
		return &stopError{stop}
	}
	return nil
}
