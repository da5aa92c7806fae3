package serve

import (
	"fmt"
	"net/netip"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/plan"
)

// Strangers says which strangers are refused. A stranger is a client in no VPC.
type Strangers uint8

// What can be said of strangers.
const (
	// StrangersUnsaid refuses public ones where the server recurses, else none.
	StrangersUnsaid Strangers = iota
	// RefuseStrangers refuses all of them.
	RefuseStrangers
	// RefusePublic refuses those whose addresses are public.
	RefusePublic
	// PassStrangers refuses none.
	PassStrangers
)

// strangersWords are the words of the Corefile.
var strangersWords = map[string]Strangers{
	"refuse":        RefuseStrangers,
	"refuse-public": RefusePublic,
	"pass":          PassStrangers,
}

// ParseStrangers reads what the Corefile says of strangers.
func ParseStrangers(word string) (Strangers, error) {
	strangers, known := strangersWords[word]
	if !known {
		return 0, fmt.Errorf("strangers takes refuse, refuse-public or pass, got %q", word)
	}
	return strangers, nil
}

// Public reports whether an address is one that the Internet may send from: it is
// neither private (RFC 1918, RFC 4193, RFC 6598) nor link-local nor loopback. An
// IPv4-mapped address is what is mapped. The zero address is not public.
func Public(addr netip.Addr) bool {
	addr = addr.Unmap()
	return addr.IsValid() && !address.Private(addr) && !addr.IsLinkLocalUnicast() && !addr.IsLoopback()
}

// inForce returns what is done where that is not said.
func (o *Options) inForce() Strangers {
	switch {
	case o.Strangers != StrangersUnsaid:
		return o.Strangers
	case o.Recursing != "":
		return RefusePublic
	default:
		return PassStrangers
	}
}

// Stranger says what becomes of a question of a stranger.
func (o *Options) Stranger(client netip.Addr) Result {
	switch o.inForce() {
	case RefuseStrangers:
		return Result{Way: StrangerRefused}
	case RefusePublic:
		if Public(client) {
			return Result{Way: StrangerRefused}
		}
	case StrangersUnsaid, PassStrangers:
	}
	return Result{Way: NoView}
}

// StrangersPolicy says to a person which strangers are refused by a plan, and why,
// and whether anybody at all may be sent on to a plugin that resolves any name.
func (o *Options) StrangersPolicy(p *plan.Plan) (sentence string, open bool) {
	recurses := o.Recursing != ""
	if o.VPC != "" {
		return fmt.Sprintf("nobody is a stranger, and nobody is refused: all clients are answered as VPC %q", o.VPC), recurses
	}
	if rest, ok := withoutClients(p); ok {
		return fmt.Sprintf("nobody is a stranger, and nobody is refused: VPC %q has no clients, and so has all that are in no other", rest), recurses
	}
	because := "as the Corefile says"
	if o.Strangers == StrangersUnsaid {
		because = "for every VPC has clients, and " + o.Recursing + " resolves any name"
		if !recurses {
			because = "for no plugin behind auralink resolves any name"
		}
	}
	switch o.inForce() {
	case RefuseStrangers:
		return "strangers (clients in no VPC) are refused, " + because, false
	case RefusePublic:
		return "strangers (clients in no VPC) are refused if their addresses are public, " + because, false
	default:
		return "strangers (clients in no VPC) are passed to the next plugin, " + because, recurses
	}
}

// withoutClients returns the VPC that has all clients of no other.
func withoutClients(p *plan.Plan) (string, bool) {
	for i := range p.VPCs {
		if len(p.VPCs[i].View.Clients) == 0 {
			return p.VPCs[i].Name, true
		}
	}
	return "", false
}
