package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
	"github.com/auralink/auralink/internal/doctor/probe/tlsprobe"
)

// securePorts are those at which TLS is spoken.
var securePorts = []uint16{doctor.PortHTTPS, doctor.PortBolt}

// handshakes returns a probe for each name at each address and port, and one of all
// suites for each address and port.
func (p *prober) handshakes() []doctor.Probe {
	var probes []doctor.Probe
	for _, port := range securePorts {
		if !p.asked.WantsPort(port) {
			continue
		}
		spots := p.subject.Spots(port)
		for _, spot := range spots {
			probes = append(probes, p.handshake(spot))
		}
		for _, spot := range p.scanned(spots) {
			probes = append(probes, p.suites(spot))
		}
	}
	return probes
}

// scanned returns one spot for each address. A link may refuse, whatever the suite, a
// name that nobody has: one that somebody has goes before those made up or guessed.
func (p *prober) scanned(spots []doctor.Spot) []doctor.Spot {
	var chosen []doctor.Spot
	has := func(spot doctor.Spot) bool {
		name := p.subject.Find(spot.Name)
		return name.Role != doctor.RoleMadeUp && !name.Guessed
	}
	for _, spot := range spots {
		i := slices.IndexFunc(chosen, func(c doctor.Spot) bool { return c.Addr == spot.Addr })
		switch {
		case i < 0:
			chosen = append(chosen, spot)
		case !has(chosen[i]) && has(spot):
			chosen[i] = spot
		}
	}
	return chosen
}

func (p *prober) handshake(spot doctor.Spot) doctor.Probe {
	return &asking{
		kind: doctor.KindTLS, name: "tls " + spotText(spot),
		proves: fmt.Sprintf("the server at %s has a valid certificate for %s", netip.AddrPortFrom(spot.Addr, spot.Port), spot.Name),
		ask: func(ctx context.Context) doctor.Evidence {
			there := p.visits.at(ctx, spot)
			if there.unasked != "" {
				return doctor.Evidence{NotProbed: there.unasked}
			}
			return doctor.Evidence{Handshake: &there.handshake}
		},
	}
}

// spotText says where a connection goes and with which name.
func spotText(spot doctor.Spot) string {
	return fmt.Sprintf("%s at %s", spot.Name, netip.AddrPortFrom(spot.Addr, spot.Port))
}

// scanParallel is how many offers of suites are made at the same time, if the gate
// lets so many pass.
const scanParallel = 8

// suites scans an address and port once, with one of its names.
func (p *prober) suites(spot doctor.Spot) doctor.Probe {
	at := netip.AddrPortFrom(spot.Addr, spot.Port)
	return &asking{
		kind: doctor.KindTLS, name: fmt.Sprintf("tls suites at %s", at),
		proves: fmt.Sprintf("the server at %s accepts the TLS versions and suites of Aura, and no others", at),
		ask: func(ctx context.Context) doctor.Evidence {
			there := p.visits.at(ctx, spot)
			if there.unasked != "" {
				return doctor.Evidence{NotProbed: there.unasked}
			}
			scan := tlsprobe.Scan{
				Dial:       func(ctx context.Context) (net.Conn, error) { return p.dialer.TCP(ctx, at) },
				ServerName: spot.Name, Patience: p.dialer.Patience, Parallel: scanParallel,
			}
			return doctor.Evidence{Suites: describeScan(spot, there.handshake, scan.Run(ctx))}
		},
	}
}

// describeScan returns the result of a scan as evidence.
func describeScan(spot doctor.Spot, own doctor.Handshake, result tlsprobe.Result) *doctor.Suites {
	s := &doctor.Suites{
		Spot: spot, Outcome: doctor.Connected, Offers: result.Offers,
		Accepted: suitesOf(result.Accepted), Unanswered: suitesOf(result.Unanswered),
	}
	if !result.Spoke {
		s.Outcome = dial.Outcome(result.Err)
		if s.Outcome == doctor.Connected {
			s.Outcome = doctor.Reset // all offers ended without a word
		}
	}
	s.Error = dial.Text(result.Err)
	if own.Outcome == doctor.Connected {
		s.Own = ownSuite(own)
	}
	return s
}

func suitesOf(choices []tlsprobe.Choice) []doctor.Suite {
	suites := make([]doctor.Suite, len(choices))
	for i, c := range choices {
		suites[i] = doctor.Suite{Version: c.Version.String(), ID: uint16(c.Suite), Name: c.Suite.String()}
	}
	return suites
}

// ownSuite returns what a handshake agreed on.
func ownSuite(h doctor.Handshake) *doctor.Suite {
	var suite tlsprobe.Suite
	_ = suite.UnmarshalText([]byte(h.Suite)) // it was written by MarshalText's twin
	return &doctor.Suite{Version: h.Version, ID: uint16(suite), Name: h.Suite}
}
