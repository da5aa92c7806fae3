package probe

import (
	"context"
	"net/netip"

	"github.com/auralink/auralink/internal/doctor"
)

// Beat connects as an application does, again and again: who watches a change of the
// DNS wants to know whether anybody would have noticed it.
type Beat struct {
	*prober
	port uint16
}

// NewBeat returns a beat for what a run is asked to probe, with its tools.
func NewBeat(s *doctor.Subject, a *doctor.Asked, t Tools) *Beat {
	b := &Beat{prober: newProber(s, a, t), port: doctor.PortBolt}
	if !a.WantsPort(b.port) && len(a.Ports) > 0 {
		b.port = a.Ports[0]
	}
	return b
}

// Connect has one name of a region looked up by this machine and connects to what it is
// answered with, one address after another, and reports whether that came about. What
// could not be tried, since the context ended, is not told.
func (b *Beat) Connect(ctx context.Context, region string) (connected, tried bool) {
	name, has := b.silentName(region)
	if !has {
		return false, false
	}
	system := b.ways.own[0]
	answered := system.ask(ctx, name)
	for _, a := range answered.Answers {
		for _, addr := range a.Addrs {
			conn, err := b.dialer.TCP(ctx, netip.AddrPortFrom(addr, b.port))
			if err == nil {
				_ = conn.Close() // nothing was written
				return true, true
			}
		}
	}
	return false, ctx.Err() == nil
}
