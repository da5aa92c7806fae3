package holdings

import (
	"io"
	"net/netip"
	"strings"
)

// readHosts reads a hosts file. What its reader does with types for which a name
// has no line is not known: most of them ask DNS.
func (b *Builder) readHosts(r io.Reader, in Input) error {
	return eachLine(r, in, func(line string, at Place) error {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			return nil
		}
		addr, err := netip.ParseAddr(fields[0])
		if err != nil {
			return placed(at, "%q is not an address", fields[0])
		}
		if len(fields) == 1 {
			return placed(at, "address %s has no name", addr)
		}
		for _, field := range fields[1:] {
			name, err := canonicalName(field)
			if err != nil {
				return placed(at, "%w", err)
			}
			b.Add(literalName(name), Data{Addrs: []netip.Addr{addr.WithZone("").Unmap()}, TTL: NoTTL, Partial: true}, at)
		}
		return nil
	})
}
