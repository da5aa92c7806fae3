package corefast

import "github.com/auralink/auralink/internal/serve"

// Outlook is what the fast path would be on an address.
type Outlook struct {
	// Address is as CoreDNS has it, such as ":53".
	Address string
	// Off says what is in the way, or is "".
	Off string
	// Left are the zones that are left to CoreDNS, each with the server block that
	// shares it.
	Left []string
}

// Outlooks says what the fast path would be on each address at which the block is asked
// over plain DNS, if it were started. Nothing is opened: what the system would refuse is
// not known.
func (p *Path) Outlooks(b *Block, ahead int, s *serve.Snapshot) (list []Outlook) {
	whole := b.inTheWay(ahead)
	if p.Sockets == 0 {
		whole = "the Corefile says so"
	}
	for _, address := range b.addresses() {
		o := Outlook{Address: address, Off: whole}
		if o.Off == "" {
			o.Off = b.inTheWayOn(address)
		}
		if o.Off == "" {
			l := &listener{path: p, block: b, address: address, report: newReport(b, ServerName(address))}
			_, o.Left = l.routesFor(s)
		}
		list = append(list, o)
	}
	return list
}
