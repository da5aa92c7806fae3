package holdings

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/miekg/dns"
)

// unknownOrigin stands for the origin of a zone file that does not say it. Nobody
// has names below it (RFC 6761, section 6.4).
const unknownOrigin = "origin-unknown.auralink.invalid."

// eachRR calls do for each record of a master file, with its owner as sets have
// names. Nothing is included from other files.
func eachRR(r io.Reader, in Input, do func(owner string, rr dns.RR, at Place) error) error {
	lines := &lineCounter{r: bufio.NewReader(r)}
	origin := in.Origin
	if origin == "" {
		origin = unknownOrigin
	}
	parser := dns.NewZoneParser(lines, origin, "")
	parser.SetDefaultTTL(defaultTTL)
	at := Place{File: in.Name}
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		at.Line = lines.count()
		owner, err := canonicalName(rr.Header().Name)
		if err != nil {
			return placed(at, "%w", err)
		}
		if err := do(owner, rr, at); err != nil {
			return err
		}
	}
	if err := parser.Err(); err != nil {
		at.Line = lines.count()
		return placed(at, "%w", masterError(err))
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

// errNoOrigin is the error of a zone file whose names are relative to nothing.
var errNoOrigin = errors.New("the name is relative, and the file has no $ORIGIN: say with --origin which zone it is")

// readZone reads a zone file.
func (b *Builder) readZone(r io.Reader, in Input) error {
	apex := ""
	return eachRR(r, in, func(owner string, rr dns.RR, at Place) error {
		if isBelow(owner, unknownOrigin) {
			return placed(at, "%w", errNoOrigin)
		}
		if _, ok := rr.(*dns.SOA); ok {
			apex = owner
			b.Claim(Claim{Origin: owner, Zone: true, Miss: NXDomain, Place: at})
		}
		b.addRR(owner, rr, apex, at)
		return nil
	})
}

// isBelow reports whether a name is at or below another one.
func isBelow(name, above string) bool {
	return name == above || strings.HasSuffix(name, "."+above)
}

// readRPZ reads a response policy zone. The names of its triggers are relative to
// its apex, whatever that is called. The longest rule that matches a name counts,
// as in PowerDNS Recursor and Knot Resolver; BIND and Unbound have no wildcard
// cover a name above which there is one with a rule, nor one above such a name.
func (b *Builder) readRPZ(r io.Reader, in Input) error {
	apex := unknownOrigin
	if in.Origin != "" {
		apex = in.Origin
	}
	other := 0
	var first Place
	err := eachRR(r, in, func(owner string, rr dns.RR, at Place) error {
		if _, ok := rr.(*dns.SOA); ok {
			apex = owner
		}
		trigger, relative := strings.CutSuffix(owner, "."+apex)
		switch {
		case owner == apex:
			return nil
		case !relative:
			return placed(at, "%q is not below the policy zone's apex, %q", owner, apex)
		case otherTrigger(trigger):
			if other++; other == 1 {
				first = at
			}
			return nil
		}
		b.addPolicy(trigger+".", rr, at)
		return nil
	})
	if other > 0 {
		b.note(first, "%d rules that are not about the name that was asked for are left out", other)
	}
	return err
}

// otherTrigger reports whether a rule is about something else than the name that
// was asked for.
func otherTrigger(trigger string) bool {
	last := trigger[strings.LastIndexByte(trigger, '.')+1:]
	switch last {
	case "rpz-ip", "rpz-nsip", "rpz-nsdname", "rpz-client-ip":
		return true
	default:
		return false
	}
}

// addPolicy adds a rule: its action, or its local data.
func (b *Builder) addPolicy(trigger string, rr dns.RR, at Place) {
	cname, ok := rr.(*dns.CNAME)
	if !ok {
		b.addRR(trigger, rr, "", at)
		return
	}
	d := Data{TTL: NoTTL}
	switch strings.ToLower(cname.Target) {
	case ".":
		d.Action = NXDomain
	case "*.":
		d.Action = NoData
	case "rpz-passthru.", trigger: // the second is how it was written at first
		d.Action = Passthru
	case "rpz-drop.":
		d.Action = Drop
	case "rpz-tcp-only.":
		d.Action = Passthru
	default:
		d.Target, d.TTL = target(cname.Target), rr.Header().Ttl
	}
	b.Add(trigger, d, at)
}
