package probe

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/auralink/auralink/internal/doctor"
)

// documents returns a probe of the discovery document for each name at each address.
func (p *prober) documents() []doctor.Probe {
	if !p.asked.WantsPort(doctor.PortHTTPS) {
		return nil
	}
	var probes []doctor.Probe
	for _, spot := range p.subject.Spots(doctor.PortHTTPS) {
		probes = append(probes, p.document(spot))
	}
	return append(probes, p.proxied()...)
}

func (p *prober) document(spot doctor.Spot) doctor.Probe {
	return &asking{
		kind: doctor.KindHTTPS, name: "https " + spotText(spot),
		proves: fmt.Sprintf("%s answers for %s by HTTPS", netip.AddrPortFrom(spot.Addr, spot.Port), spot.Name),
		ask: func(ctx context.Context) doctor.Evidence {
			there := p.visits.at(ctx, spot)
			if there.unasked != "" {
				return doctor.Evidence{NotProbed: there.unasked}
			}
			return doctor.Evidence{HTTPS: there.https}
		},
	}
}
