package zonefile

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// UnknownOrigin stands for the origin of a zone file that does not say it. Nobody
// has names below it (RFC 6761, section 6.4).
const UnknownOrigin = "origin-unknown.auralink.invalid."

// ErrNoOrigin is the error of a zone file whose names are relative to nothing.
var ErrNoOrigin = errors.New("the name is relative, and the file does not say for which zone it is")

// errJunk is the error of a file that has no record where it should have many.
var errJunk = fmt.Errorf("there is no record in its first %d lines", maxJunk)

// maxJunk is after how many entries that are none a file without a record is given
// up.
const maxJunk = 1000

// defaultTTL is that of records in a file that has neither a TTL nor an SOA.
const defaultTTL = 3600

// Master is what a master file says beside its records.
type Master struct {
	// Origin is what names are relative to at the file's beginning, or
	// [UnknownOrigin].
	Origin string
	// ByName says that nothing but the file's name says so.
	ByName bool
}

// master is a master file that is being read.
type master struct {
	in        formats.Input
	b         *holdings.Builder // for notes; may be nil
	do        func(Record) error
	origin    string
	outset    string // the origin at the beginning of the file
	guessed   bool   // the origin is not said by the file
	soa       string
	owner     string
	last, ttl *uint32 // the TTL of the record before, and that of $TTL
	minimum   *uint32 // of the SOA
	records   int
	junk      int
	generated int
	first     Master
	loading   *loading // nil if nobody wants to know
}

// Each calls do for each record of a master file. What it cannot read it notes, if
// there is a builder, and goes on. Files that it includes are read in their place.
func Each(b *holdings.Builder, r io.Reader, in formats.Input, do func(Record) error) (Master, error) {
	return each(b, r, in, nil, do)
}

// each is Each for a zone of which it is looked whether a server loads it; nil to leave that.
func each(b *holdings.Builder, r io.Reader, in formats.Input, l *loading, do func(Record) error) (Master, error) {
	m := &master{in: in, b: b, do: do, loading: l, origin: in.Origin, guessed: in.OriginByName && in.Origin != ""}
	if m.origin == "" {
		m.origin, m.guessed = UnknownOrigin, true
	}
	m.outset = m.origin
	m.first = Master{Origin: m.origin, ByName: in.OriginByName && in.Origin != ""}
	if in.Encoding != formats.UTF8 {
		l.wrong(holdings.Place{File: in.Name, Line: 1}, errors.New(in.Encoding.Beginning()))
	}
	err := m.all(r)
	return m.first, err
}

// all reads the entries of a file.
func (m *master) all(r io.Reader) error {
	lexer := newLexer(r, m.comment)
	for {
		e, err := lexer.next()
		if errors.Is(err, io.EOF) {
			m.returns(lexer)
			return nil
		}
		if err != nil {
			return m.at(e).Errorf("%w", err)
		}
		if err := m.take(e); err != nil {
			return err
		}
	}
}

func (m *master) at(e entry) holdings.Place { return holdings.Place{File: m.in.Name, Line: e.line} }

// note says that an entry is left out.
func (m *master) note(e entry, why error) error {
	if m.junk++; m.records == 0 && m.junk >= maxJunk {
		return holdings.Place{File: m.in.Name, Line: e.line}.Errorf("%w", errJunk)
	}
	if m.b != nil {
		m.b.Note(m.at(e), "the record is not read: %v", why)
	}
	m.loading.wrong(m.at(e), why)
	return nil
}

// take reads a directive or a record.
func (m *master) take(e entry) error {
	if e.wrong != nil {
		return m.note(e, e.wrong)
	}
	e = m.special(e)
	if e.indented || !strings.HasPrefix(e.words[0], "$") {
		return m.record(e)
	}
	err := m.directive(e)
	if err == nil || errors.Is(err, errGenerated) {
		if err != nil {
			return m.at(e).Errorf("%w", err)
		}
		return nil
	}
	var stop *stopError
	if errors.As(err, &stop) {
		return stop.err
	}
	return m.note(e, err)
}

// stopError is an error by which reading ends.
type stopError struct{ err error }

func (s *stopError) Error() string { return s.err.Error() }

var (
	errOrigin = errors.New("$ORIGIN is not followed by a name")
	errTTL    = errors.New("$TTL is not followed by a time")
	errFile   = errors.New("$INCLUDE is not followed by a file, and maybe a name")
)

// directive carries out a directive (RFC 1035, section 5.1; RFC 2308, section 4).
func (m *master) directive(e entry) error {
	switch word := strings.ToUpper(e.words[0]); word {
	case "$ORIGIN":
		if len(e.words) != 2 {
			return errOrigin
		}
		origin, err := absolute(e.words[1], m.origin)
		if err != nil {
			return err
		}
		m.loading.seeOrigin(origin, m.at(e))
		m.loading.seeRelative(e.words[1], m.at(e))
		m.setOrigin(origin, false)
	case "$TTL":
		if len(e.words) != 2 {
			return errTTL
		}
		ttl, ok := ParseTTL(e.words[1])
		if !ok {
			return errTTL
		}
		m.ttl = &ttl
	case "$GENERATE":
		m.loading.refuse(generated, m.at(e), "it does not know $GENERATE")
		return m.generate(e, func(made entry) error {
			if err := m.record(made); err != nil {
				return &stopError{err}
			}
			return nil
		})
	case "$INCLUDE":
		return m.include(e)
	default:
		return fmt.Errorf("the directive %s is not known", shown(e.words[0]))
	}
	return nil
}

// setOrigin changes what names are relative to.
func (m *master) setOrigin(origin string, guessed bool) {
	if m.records == 0 && m.guessed {
		m.first = Master{Origin: origin}
	}
	m.origin, m.guessed = origin, guessed
}

// record reads a record.
func (m *master) record(e entry) error {
	f, err := e.split()
	if err != nil {
		return m.note(e, err)
	}
	owner := m.owner
	if !e.indented {
		if owner, err = absolute(f.owner, m.origin); err != nil {
			return m.note(e, err)
		}
		m.owner = owner
	}
	switch {
	case owner == "":
		return m.note(e, errNoOwner)
	case f.class != dns.ClassINET: // which nobody asks for
		m.loading.wrong(m.at(e), errClass)
		return nil
	}
	m.loading.others(f)
	m.times(&f, m.at(e))
	record := Record{Owner: owner, Type: f.kind, Place: holdings.Place{File: m.in.Name, Line: e.line}, Origin: m.origin}
	if f.kind == "RRSIG" && strings.EqualFold(f.word(0), "NSEC3") {
		record.Type = "NSEC3" // whose signature is at its hash, which is no name of the zone
	}
	m.loading.seeData(record, f)
	m.loading.seeType(record, f)
	m.loading.seeEntry(e, f, record.Place)
	if f.kind == "SOA" {
		m.atSOA(owner, f)
		record.Owner = m.soa
	}
	record.RR, err = f.record(record.Owner, m.origin)
	if err != nil {
		if noteErr := m.note(e, err); noteErr != nil {
			return noteErr
		}
	} else if record.RR == nil || foreign[f.kind] {
		m.odd(record)
	} else if m.b != nil {
		record.Unjudged(m.b)
	}
	if err == nil {
		m.loading.sound(f, record.Place)
	}
	m.records++
	return m.do(record)
}

var (
	errNoOwner = errors.New("it has no name, and there is none before it")
	errClass   = errors.New("its class is not IN")
)

// odd notes a record whose type is not one of DNS.
func (m *master) odd(r Record) {
	m.loading.odd(r)
	if m.b != nil {
		m.b.Note(r.Place, "%s is not read: what it makes of %s is not known here", r.Type, dnsname.TrimDot(r.Owner))
	}
}

// times completes a record's TTL (RFC 1035, section 5.1; RFC 2308, section 4).
func (m *master) times(f *fields, at holdings.Place) {
	switch {
	case f.hasTTL:
		ttl := f.ttl
		m.last = &ttl
		return
	case m.ttl != nil:
		f.ttl = *m.ttl
	case m.last != nil:
		f.ttl = *m.last
	case f.kind == "SOA":
		f.ttl = f.minimum()
	case m.minimum != nil:
		f.ttl = *m.minimum
	default:
		f.ttl = defaultTTL
		m.loading.refuse(noTTL, at, "there is no TTL before its SOA")
	}
}

// atSOA notes the zone's apex. Of a file that does not say its origin it is the
// origin, if it is whole.
func (m *master) atSOA(owner string, f fields) {
	m.soa = owner
	minimum := f.minimum()
	m.minimum = &minimum
	if m.guessed && f.owner != "@" && dns.IsFqdn(f.owner) {
		m.setOrigin(owner, true)
	}
}

// comment learns the zone from what Windows and BIND write into comments.
func (m *master) comment(text string) {
	if !m.guessed || m.records > 0 {
		return
	}
	if match := zoneComment.FindStringSubmatch(text); match != nil {
		if origin, err := absolute(dnsname.TrimDot(match[1])+".", m.origin); err == nil {
			m.setOrigin(origin, false)
		}
	}
}
