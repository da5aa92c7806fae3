package hosts

import (
	"io"
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// read reads a hosts file. What its reader does with types for which a name
// has no line is not known: most of them ask DNS. Lines that are none are left out, as
// all readers do.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	b.OnlyAddresses(in.Name)
	return Each(b, r, in, func(name string, addr netip.Addr, at holdings.Place) {
		b.Add(name, holdings.Data{Addrs: []netip.Addr{addr}, TTL: holdings.NoTTL, Partial: true}, at)
	})
}

// Each calls do for each name of a hosts file. What it cannot read it notes, and goes on.
func Each(b *holdings.Builder, r io.Reader, in formats.Input, do func(name string, addr netip.Addr, at holdings.Place)) error {
	return EachBy(b, r, in, netip.ParseAddr, do)
}

// EachBy is Each for a reader that takes addresses in its own way.
func EachBy(b *holdings.Builder, r io.Reader, in formats.Input, parse func(string) (netip.Addr, error), do func(name string, addr netip.Addr, at holdings.Place)) error {
	if in.Encoding == formats.UTF16 {
		b.Unread(holdings.Place{File: in.Name, Line: 1}, "%s, of which systems read nothing: save the file as UTF-8", in.Encoding.Beginning())
	}
	good, junk := 0, 0
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.FieldsFunc(line, isSpace)
		switch {
		case len(fields) == 0:
			return nil
		case in.Encoding == formats.Marked && at.Line == 1:
			b.Note(at, "the line is not read: %s, and so has no address", in.Encoding.Beginning())
			return nil
		}
		addr, err := parse(fields[0])
		switch {
		case err != nil:
			b.Note(at, "the line is not read: %s is not an address", lines.Shown(fields[0]))
		case len(fields) == 1:
			b.Note(at, "the line is not read: the address %s has no name", addr)
		default:
			good++
			each(b, addr.WithZone("").Unmap(), fields[1:], at, do)
			return nil
		}
		if junk++; good == 0 && junk >= maxJunk {
			return at.Errorf("no line up to here is an address and a name")
		}
		return nil
	})
}

// isSpace reports whether words end at a character, as they do in C: a space that does not
// break a line, as web pages have it, is a part of a word.
func isSpace(c rune) bool { return strings.ContainsRune(" \t\v\f\r\n", c) }

// maxJunk is after how many lines that are none a file is given up.
const maxJunk = 1000

// each calls do for the names of a line.
func each(b *holdings.Builder, addr netip.Addr, names []string, at holdings.Place, do func(name string, addr netip.Addr, at holdings.Place)) {
	for _, field := range names {
		name, err := holdings.CanonicalName(field)
		if err != nil || strings.Contains(field, `\`) { // there are no escapes
			b.Note(at, "the name is not read: %s is not a domain name", lines.Shown(field))
			continue
		}
		do(holdings.LiteralName(name), addr, at)
	}
}

// detect knows a hosts file by lines with an address and a name. A line among them
// may be none.
func detect(head formats.Head) formats.Certainty {
	good, bad := 0, 0
	for line := range head.Lines() {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if strings.ContainsAny(line, "{}") {
			return formats.No // a configuration that has such lines in it
		}
		if _, err := netip.ParseAddr(append(fields, "")[0]); err == nil && len(fields) > 1 && !dnsType(fields[1]) {
			good++
		} else if len(fields) > 0 {
			bad++
		}
	}
	if good == 0 || good <= bad {
		return formats.No
	}
	return formats.Surely
}

// dnsType reports whether a word is what stands behind an address that is the owner
// of a record: "10.0.0.1 IN PTR host" is none of a hosts file.
func dnsType(word string) bool { return word == "IN" || word == "PTR" }
