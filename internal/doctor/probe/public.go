package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/doctor"
)

// publics returns probes of public addresses, where public traffic is said to be off:
// nobody may give a discovery document there, nor speak Bolt.
func (p *prober) publics(soFar []doctor.Evidence) []doctor.Probe {
	if !p.asked.ExpectPrivate {
		return nil
	}
	var probes []doctor.Probe
	for _, spot := range p.publicSpots(soFar) {
		for _, port := range securePorts {
			spot.Port = port
			probes = append(probes, p.public(spot)...)
		}
	}
	return probes
}

// publicSpots returns, for each name of a link that public DNS has, its public
// addresses, none twice.
func (p *prober) publicSpots(soFar []doctor.Evidence) []doctor.Spot {
	var spots []doctor.Spot
	for _, e := range soFar {
		if e.Resolve == nil || e.Resolve.Via.Way != doctor.WayPublic {
			continue
		}
		n := p.subject.Find(e.Resolve.Name)
		if n.Expect != doctor.ExpectLink || n.Role == doctor.RoleMadeUp {
			continue
		}
		for _, a := range e.Resolve.Answers {
			for _, addr := range a.Addrs {
				spot := doctor.Spot{Addr: addr, Name: n.Name}
				if a.Type != "HTTPS" && address.Beyond(addr) && !slices.Contains(spots, spot) {
					spots = append(spots, spot)
				}
			}
		}
	}
	return spots
}

// public returns the probe of a port at a public address, if its kind is wanted.
func (p *prober) public(spot doctor.Spot) []doctor.Probe {
	kind, what := doctor.KindHTTPS, "gives a discovery document"
	if spot.Port == doctor.PortBolt {
		kind, what = doctor.KindBolt, "speaks Bolt"
	}
	if !p.asked.Wants(kind) {
		return nil
	}
	return []doctor.Probe{&asking{
		kind: kind, name: fmt.Sprintf("%s public %s", kind, spotText(spot)),
		proves: fmt.Sprintf("nobody at the public address %s %s for %s", netip.AddrPortFrom(spot.Addr, spot.Port), what, spot.Name),
		ask: func(ctx context.Context) doctor.Evidence {
			there := p.visits.at(ctx, spot)
			switch {
			case there.unasked != "":
				return doctor.Evidence{NotProbed: there.unasked}
			case there.https != nil:
				h := *there.https
				h.Public = true
				return doctor.Evidence{HTTPS: &h}
			default:
				b := *there.bolt
				b.Public = true
				return doctor.Evidence{Bolt: &b}
			}
		},
	}}
}
