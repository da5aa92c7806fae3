package probe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
)

// connects returns a probe for each address of a link and each port.
func (p *prober) connects() []doctor.Probe {
	var probes []doctor.Probe
	for _, addr := range p.addrs() {
		for _, port := range p.asked.Ports {
			probes = append(probes, p.connect(netip.AddrPortFrom(addr, port)))
		}
	}
	return probes
}

func (p *prober) connect(at netip.AddrPort) doctor.Probe {
	return &asking{
		kind: doctor.KindTCP, name: fmt.Sprintf("tcp %s", at),
		proves: fmt.Sprintf("a TCP connection to %s comes about from here", at),
		ask: func(ctx context.Context) doctor.Evidence {
			start := time.Now()
			conn, err := p.dialer.TCP(ctx, at)
			if unasked := notAsked(err); unasked != "" {
				return doctor.Evidence{NotProbed: unasked}
			}
			c := doctor.Connect{Addr: at.Addr(), Port: at.Port(), Outcome: dial.Outcome(err), Error: dial.Text(err), Took: milliseconds(time.Since(start))}
			if err == nil {
				c.Source, c.Took = conn.Source(), milliseconds(conn.Took)
				_ = conn.Close() // nothing was written
			}
			return doctor.Evidence{TCP: &c}
		},
	}
}

// notAsked says why something was not even tried, from the error, or "".
func notAsked(err error) string {
	var waited *dial.WaitError
	switch {
	case errors.Is(err, context.Canceled):
		return doctor.Interrupted
	case errors.As(err, &waited):
		return doctor.TimeOver
	default:
		return ""
	}
}
