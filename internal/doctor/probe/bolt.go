package probe

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/auralink/auralink/internal/doctor"
)

// bolts returns a probe of the Bolt handshake for each name at each address.
func (p *prober) bolts() []doctor.Probe {
	if !p.asked.WantsPort(doctor.PortBolt) {
		return nil
	}
	var probes []doctor.Probe
	for _, spot := range p.subject.Spots(doctor.PortBolt) {
		probes = append(probes, p.bolt(spot))
	}
	return probes
}

func (p *prober) bolt(spot doctor.Spot) doctor.Probe {
	return &asking{
		kind: doctor.KindBolt, name: "bolt " + spotText(spot),
		proves: fmt.Sprintf("a Bolt server answers for %s at %s", spot.Name, netip.AddrPortFrom(spot.Addr, spot.Port)),
		ask: func(ctx context.Context) doctor.Evidence {
			there := p.visits.at(ctx, spot)
			if there.unasked != "" {
				return doctor.Evidence{NotProbed: there.unasked}
			}
			return doctor.Evidence{Bolt: there.bolt}
		},
	}
}
