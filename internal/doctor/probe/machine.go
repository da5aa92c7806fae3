package probe

import (
	"context"
	"net/netip"
	"os"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/machine"
)

// auraPorts are the ports of Aura that few others use.
var auraPorts = []uint16{doctor.PortBolt, doctor.PortDS, doctor.PortHTTP, 7473}

// machines returns the probe that reads the machine. It comes after the names: an open
// connection over the public path is told by the addresses that they have there. It is
// alone: beside the probes of public addresses it would find their connections.
func (p *prober) machines(soFar []doctor.Evidence) []doctor.Probe {
	if !p.asked.Wants(doctor.KindMachine) {
		return nil
	}
	return []doctor.Probe{&asking{
		kind: doctor.KindMachine, name: "machine",
		proves: "this machine asks its name servers, and nothing in between answers for them; no connection is open over the public path",
		ask: func(ctx context.Context) doctor.Evidence {
			source := machine.Source{Files: p.tools.Files, Getenv: p.tools.Getenv}
			m := source.Read(p.concerns)
			open, err := machine.Open(ctx, p.tools.Files, machine.Watch{
				Ports: auraPorts, Public: p.publicAddrs(soFar), Links: p.addrs(), Self: os.Getpid(),
			})
			m.Open = open
			if err != nil {
				m.Errors = append(m.Errors, err.Error())
			}
			return doctor.Evidence{Machine: m}
		},
	}}
}

// concerns reports whether a name is Aura's or the topology's.
func (p *prober) concerns(name string) bool {
	return dnsname.AtOrBelow(name, auraname.Host) || p.subject.Find(name).Expect == doctor.ExpectLink || p.named(name)
}

func (p *prober) named(name string) bool {
	for _, n := range p.subject.Names {
		if n.Name == name {
			return true
		}
	}
	return false
}

// publicAddrs returns the public addresses that names of links were answered with, by
// whomever, none twice.
func (p *prober) publicAddrs(soFar []doctor.Evidence) []netip.Addr {
	seen := make(map[netip.Addr]bool)
	var addrs []netip.Addr
	for _, e := range soFar {
		if e.Resolve == nil || p.subject.Find(e.Resolve.Name).Expect != doctor.ExpectLink {
			continue
		}
		for _, a := range e.Resolve.Answers {
			for _, addr := range a.Addrs {
				if !seen[addr] && address.Beyond(addr) && len(p.subject.LeadsTo(addr)) == 0 {
					seen[addr] = true
					addrs = append(addrs, addr)
				}
			}
		}
	}
	return addrs
}
