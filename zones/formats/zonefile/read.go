package zonefile

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// UnknownOrigin stands for the origin of a zone file that does not say it. Nobody
// has names below it (RFC 6761, section 6.4).
const UnknownOrigin = "origin-unknown.auralink.invalid."

// Each calls do for each record of a master file, with its owner as sets have
// names. Nothing is included from other files.
func Each(r io.Reader, in formats.Input, do func(owner string, rr dns.RR, at holdings.Place) error) error {
	lines := &lineCounter{r: bufio.NewReader(r)}
	origin := in.Origin
	if origin == "" {
		origin = UnknownOrigin
	}
	parser := dns.NewZoneParser(lines, origin, "")
	parser.SetDefaultTTL(defaultTTL)
	at := holdings.Place{File: in.Name}
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		at.Line = lines.count()
		owner, err := holdings.CanonicalName(rr.Header().Name)
		if err != nil {
			return at.Errorf("%w", err)
		}
		if err := do(owner, rr, at); err != nil {
			return err
		}
	}
	if err := parser.Err(); err != nil {
		at.Line = lines.count()
		return at.Errorf("%w", masterError(err))
	}
	return nil
}

// defaultTTL is that of records in a file that has neither a TTL nor an SOA.
const defaultTTL = 3600

// masterError returns a parser's error without its prefix: what is said of it
// has a place already.
func masterError(err error) error {
	text := strings.TrimPrefix(err.Error(), "dns: ")
	if strings.Contains(text, "$INCLUDE directive not allowed") {
		text = "$INCLUDE is not followed: give the other file as well, or a file that is whole"
	}
	return errors.New(text)
}

// lineCounter counts the lines that a parser has read. As it is a ByteReader the
// parser reads no further than it parses.
type lineCounter struct {
	r       *bufio.Reader
	lines   int
	midLine bool
}

// ReadByte implements io.ByteReader.
func (l *lineCounter) ReadByte() (byte, error) {
	c, err := l.r.ReadByte()
	if err != nil {
		return c, err
	}
	l.midLine = c != '\n'
	if c == '\n' {
		l.lines++
	}
	return c, nil
}

// Read implements io.Reader.
func (l *lineCounter) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := l.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// count returns the line that was read last, which the first is 1.
func (l *lineCounter) count() int {
	if l.midLine {
		return l.lines + 1
	}
	return l.lines
}

// ErrNoOrigin is the error of a zone file whose names are relative to nothing.
var ErrNoOrigin = errors.New("the name is relative, and the file has no $ORIGIN")

// Read reads a zone file.
func Read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	apex := ""
	return Each(r, in, func(owner string, rr dns.RR, at holdings.Place) error {
		if dnsname.AtOrBelow(owner, UnknownOrigin) {
			return at.Errorf("%w", ErrNoOrigin)
		}
		if _, ok := rr.(*dns.SOA); ok {
			apex = owner
			b.Claim(holdings.Claim{Origin: owner, Zone: true, Miss: holdings.NXDomain, Place: at})
		}
		b.AddRR(owner, rr, apex, at)
		return nil
	})
}

var recordLine = regexp.MustCompile(`(?i)^\$(ORIGIN|TTL|GENERATE)\s|\s(IN|CH|HS)\s+[A-Z]|\s(SOA|NS|A|AAAA|CNAME)\s`)

// detect knows a zone file by a record or a directive. The lines of other formats
// can look like one.
func detect(head formats.Head) formats.Certainty {
	if recordLine.MatchString(head.FirstLine() + " ") {
		return formats.Perhaps
	}
	return formats.No
}
