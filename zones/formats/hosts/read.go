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
// has no line is not known: most of them ask DNS.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			return nil
		}
		addr, err := netip.ParseAddr(fields[0])
		if err != nil {
			return at.Errorf("%q is not an address", fields[0])
		}
		if len(fields) == 1 {
			return at.Errorf("address %s has no name", addr)
		}
		for _, field := range fields[1:] {
			name, err := holdings.CanonicalName(field)
			if err != nil {
				return at.Errorf("%w", err)
			}
			b.Add(holdings.LiteralName(name), holdings.Data{Addrs: []netip.Addr{addr.WithZone("").Unmap()}, TTL: holdings.NoTTL, Partial: true}, at)
		}
		return nil
	})
}

// detect knows a hosts file by a line with an address and a name.
func detect(head formats.Head) formats.Certainty {
	fields := strings.Fields(head.FirstLine())
	if len(fields) < 2 {
		return formats.No
	}
	if _, err := netip.ParseAddr(fields[0]); err != nil {
		return formats.No
	}
	return formats.Surely
}
