package machine

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/doctor"
)

// Watch says which open connections are of interest.
type Watch struct {
	// Ports are those of Aura that few others have: a connection to a public address at
	// one of them counts.
	Ports []uint16
	// Public are addresses that public DNS has for Aura's names: a connection to one of
	// them counts, whatever the port.
	Public []netip.Addr
	// Links are the addresses of links, which never count.
	Links []netip.Addr
	// Self is the number of the process whose connections do not count, if it is not 0.
	Self int
}

// counts reports whether a connection to an address is one over the public path.
func (w Watch) counts(remote netip.AddrPort) bool {
	addr := remote.Addr()
	switch {
	case slices.Contains(w.Links, addr):
		return false
	case slices.Contains(w.Public, addr):
		return true
	default:
		return slices.Contains(w.Ports, remote.Port()) && public(addr)
	}
}

// public reports whether an address is one of the internet's.
func public(addr netip.Addr) bool {
	return addr.IsValid() && address.Beyond(addr) && !addr.IsLinkLocalUnicast()
}

// pick returns the connections that are of interest, sorted.
func (w Watch) pick(all []doctor.OpenConnection) []doctor.OpenConnection {
	own := fmt.Sprintf(" (%d)", w.Self)
	picked := slices.DeleteFunc(all, func(c doctor.OpenConnection) bool {
		return !w.counts(c.Remote) || w.Self != 0 && strings.HasSuffix(c.Program, own)
	})
	slices.SortFunc(picked, func(a, b doctor.OpenConnection) int {
		return cmp.Or(a.Remote.Compare(b.Remote), a.Local.Compare(b.Local))
	})
	return picked
}

// plainAddr returns an address and port without what a system puts around them.
func plainAddr(at netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(at.Addr().Unmap().WithZone(""), at.Port())
}

// ParseLsof reads what "lsof -nP -iTCP -sTCP:ESTABLISHED" prints: a line for each
// connection, with program, number of the process, and as the last but one field the
// two ends.
func ParseLsof(out string) []doctor.OpenConnection {
	var all []doctor.OpenConnection
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) < 10 || fields[len(fields)-1] != "(ESTABLISHED)" {
			continue
		}
		local, remote, has := strings.Cut(fields[len(fields)-2], "->")
		if c, ok := connection(local, remote); has && ok {
			c.Program = fields[0] + " (" + fields[1] + ")"
			all = append(all, c)
		}
	}
	return all
}

// ParseNetTCPConnection reads a line for each connection as PowerShell is
// made to write it: local address, local port, remote address, remote port, program
// and number of the process, with tabs between.
func ParseNetTCPConnection(out string) []doctor.OpenConnection {
	var all []doctor.OpenConnection
	for line := range strings.Lines(out) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 6 {
			continue
		}
		if c, ok := connection(joined(fields[0], fields[1]), joined(fields[2], fields[3])); ok {
			c.Program = fields[4] + " (" + fields[5] + ")"
			all = append(all, c)
		}
	}
	return all
}

// joined returns an address and a port as one text.
func joined(addr, port string) string {
	if strings.Contains(addr, ":") {
		return "[" + addr + "]:" + port
	}
	return addr + ":" + port
}

func connection(local, remote string) (doctor.OpenConnection, bool) {
	from, err := netip.ParseAddrPort(local)
	if err != nil {
		return doctor.OpenConnection{}, false
	}
	to, err := netip.ParseAddrPort(remote)
	return doctor.OpenConnection{Local: plainAddr(from), Remote: plainAddr(to)}, err == nil
}
