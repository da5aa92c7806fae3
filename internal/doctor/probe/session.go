package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/session"
)

// sessions returns a probe for each database, if there are credentials.
func (p *prober) sessions() []doctor.Probe {
	if p.tools.Password == nil || !p.asked.WantsPort(doctor.PortBolt) {
		return nil
	}
	var probes []doctor.Probe
	for _, n := range p.subject.Names {
		if !p.hasSession(n) {
			continue
		}
		probes = append(probes, p.session(n, n.Name, false))
		if host := publicHost(n); p.asked.ExpectPrivate && host != "" {
			probes = append(probes, p.session(n, host, true))
		}
	}
	return probes
}

// hasSession reports whether a session is tried with a name: with the databases that
// were given, and with no others, whose passwords would be others.
func (p *prober) hasSession(n doctor.Name) bool {
	return n.Role == doctor.RoleDatabase || n.Role == doctor.RoleGiven || slices.Contains(p.asked.Databases, n.Name)
}

// publicHost returns the host of the public URI of a database, or "".
func publicHost(n doctor.Name) string {
	if n.Role != doctor.RoleDatabase || !dnsname.Below(dnsname.Parent(n.Name), auraname.Host) {
		return ""
	}
	id := n.Name[:len(n.Name)-len(dnsname.Parent(n.Name))-1]
	return id + ".databases." + auraname.Host
}

// session has the official driver ask for a database by a host, which is the name's
// own, or that of its public URI.
func (p *prober) session(n doctor.Name, host string, public bool) doctor.Probe {
	name, proves := "session by "+host, "a driver gets a routing table by "+host+", reads, and could write"
	if public {
		name, proves = "session by public "+host, "no driver gets in by "+host
	}
	return &asking{
		kind: doctor.KindBolt, name: name, proves: proves,
		ask: func(ctx context.Context) doctor.Evidence {
			leave, err := p.enterForSession(ctx, n, host)
			if err != nil {
				return doctor.Evidence{NotProbed: notAsked(err)}
			}
			defer leave()
			password, err := p.tools.Password()
			if err != nil {
				return doctor.Evidence{NotProbed: fmt.Sprintf("there is no password: %v", err)}
			}
			s := session.Ask(ctx, session.Login{
				Host: host, Port: doctor.PortBolt, User: p.tools.User, Password: password,
				Roots: p.tools.Roots, Patience: p.dialer.Patience,
			})
			s.Public = public
			return doctor.Evidence{Session: s}
		},
	}
}

// enterForSession makes room for the connections that the driver opens, at whichever
// address of the link. Only one session does so at a time: two that wait for each other's
// room would wait for ever.
func (p *prober) enterForSession(ctx context.Context, n doctor.Name, host string) (leave func(), err error) {
	hosts := []string{host}
	if link, linked := p.subject.Link(n.Region); linked && len(link.Addrs) > 0 {
		hosts = texts(link.Addrs[:min(len(link.Addrs), maxHosts)])
	}
	p.entering.Lock()
	defer p.entering.Unlock()
	var leaves []func()
	leave = func() {
		for _, l := range leaves {
			l()
		}
	}
	room := session.Connections
	if p.asked.PerHost > 0 {
		room = min(room, p.asked.PerHost)
	}
	for _, host := range hosts {
		for range room {
			one, err := p.dialer.Enter(ctx, host)
			if err != nil {
				leave()
				return nil, err
			}
			leaves = append(leaves, one)
		}
	}
	return leave, nil
}

// maxHosts is at how many addresses of a link room is made for a session: for more there
// may not be room at all.
const maxHosts = 8

// texts returns addresses as the gate knows them.
func texts(addrs []netip.Addr) []string {
	all := make([]string, len(addrs))
	for i, addr := range addrs {
		all[i] = addr.String()
	}
	return all
}

// routed returns what follows from routing tables: each host in them is resolved and
// connected to like all others.
func (p *prober) routed(soFar []doctor.Evidence) []doctor.Probe {
	var probes []doctor.Probe
	for _, n := range p.routingHosts(soFar) {
		if p.asked.Wants(doctor.KindResolve) {
			probes = append(probes, p.resolvesOf(n)...)
		}
		link, linked := p.subject.Link(n.Region)
		if !linked {
			continue
		}
		for _, addr := range link.Addrs {
			spot := doctor.Spot{Addr: addr, Port: doctor.PortBolt, Name: n.Name}
			if p.asked.Wants(doctor.KindTLS) {
				probes = append(probes, p.handshake(spot))
			}
			if p.asked.Wants(doctor.KindBolt) {
				probes = append(probes, p.bolt(spot))
			}
		}
	}
	return probes
}

// routingHosts returns the hosts of all routing tables that were not asked for yet.
func (p *prober) routingHosts(soFar []doctor.Evidence) []doctor.Name {
	seen := make(map[string]bool)
	var hosts []doctor.Name
	for _, e := range soFar {
		if e.Session == nil {
			continue
		}
		for _, s := range e.Session.Table {
			if !seen[s.Host] && !p.named(s.Host) {
				seen[s.Host] = true
				hosts = append(hosts, p.subject.Routed(s.Host))
			}
		}
	}
	return hosts
}

// byRouting returns what routing tables say of where names live. There is nothing to
// ask: the sessions have.
func (p *prober) byRouting(soFar []doctor.Evidence) []doctor.Probe {
	var probes []doctor.Probe
	for _, e := range soFar {
		s := e.Session
		if s == nil || s.Public || len(s.Table) == 0 {
			continue
		}
		n := p.subject.Find(s.Name)
		if n.Role != doctor.RoleEndpoint {
			continue
		}
		host := s.Table[0].Host
		at := p.subject.Routed(host)
		link, linked := p.subject.Link(at.Region)
		if !linked {
			continue
		}
		ask := doctor.RegionAsk{
			Spot: doctor.Spot{Addr: link.Addrs[0], Port: s.Port, Name: s.Name}, Region: at.Region,
			Outcome: doctor.Connected, Knows: doctor.KnowsIt, By: doctor.ByRouting, Says: host,
		}
		probes = append(probes, &asking{
			kind: doctor.KindRegion, name: "region of " + s.Name + " by its routing table", proves: s.Name + " is in the region of its servers",
			ask: func(context.Context) doctor.Evidence { return doctor.Evidence{Region: &ask} },
		})
	}
	return probes
}
