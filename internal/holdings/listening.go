package holdings

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// listening is where a server listens, as its configuration has it.
type listening struct {
	server    string
	at        Place
	addresses []string
}

// Listens keeps the addresses and interfaces at which a server listens: where its configuration
// says nothing, those that it has then, or none for all.
func (b *Builder) Listens(at Place, server string, addresses ...string) {
	if !b.idle && len(addresses) > 0 {
		b.listens = append(b.listens, listening{server, at, addresses})
	}
}

// ListensNowhere keeps that a server listens at no address, for its configuration names none.
func (b *Builder) ListensNowhere(at Place, server string) {
	if !b.idle {
		b.listens = append(b.listens, listening{server: server, at: at})
	}
}

// Unheard returns a note for each server that listens at loopback addresses alone, or nowhere: clients of
// a VPC cannot ask it there. It is no fault, for the server may be one for its own host, or stand behind
// another one there.
func (s *Set) Unheard() []Note {
	var notes []Note
	for _, l := range s.listens {
		if len(l.addresses) == 0 {
			notes = append(notes, Note{l.at, l.server + " listens at no address, for none is named here: nobody can ask it, unless another file names some"})
		} else if l.loopback() {
			notes = append(notes, Note{l.at, fmt.Sprintf("%s listens at loopback addresses alone (%s): none but the programs of its own host can ask it there", l.server, listed(l.addresses))})
		}
	}
	return notes
}

// loopback reports whether a server listens at loopback addresses alone.
func (l listening) loopback() bool {
	return len(l.addresses) > 0 && !slices.ContainsFunc(l.addresses, func(text string) bool { return !Loopback(text) })
}

// listed are the first few addresses.
func listed(addresses []string) string {
	const most = 4
	all := slices.Compact(slices.Clone(addresses))
	if len(all) > most {
		all = append(all[:most], "...")
	}
	return strings.Join(all, ", ")
}

// Loopback reports whether a text is a loopback address, a range of these, or the interface
// of them. Behind an address there may be a port, as servers write it: with "@", "#" or ":".
func Loopback(text string) bool {
	text, _, _ = strings.Cut(dnsname.Lower(text), "@")
	text, _, _ = strings.Cut(text, "#")
	if text == "lo" || text == "lo0" {
		return true
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return prefix.Addr().IsLoopback() && (prefix.Addr().Is6() || prefix.Bits() >= 8)
	}
	if port, err := netip.ParseAddrPort(text); err == nil {
		return port.Addr().IsLoopback()
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return err == nil && addr.IsLoopback()
}
