package probe

import (
	"context"
	"fmt"
	"sync"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dnsprobe"
	"github.com/auralink/auralink/internal/doctor/probe/machine"
)

// way is one by which names are asked for.
type way struct {
	text   string // such as "by this machine" or "at 10.0.0.2:53"
	server string // such as "10.0.0.2:53"
	host   string // what the gate bounds
	ask    func(ctx context.Context, name string) doctor.Resolution
	silent *silence
}

// silence counts the names for which a server has said nothing, while it never said
// anything.
type silence struct {
	mu    sync.Mutex
	count int
	spoke bool
}

// patient is after how many names a silent server is given up: each costs the time of
// an attempt.
const patient = 8

// given reports whether the server is given up.
func (s *silence) given() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.spoke && s.count >= patient
}

// note notes whether a server has said anything about a name.
func (s *silence) note(r doctor.Resolution) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	for _, a := range r.Answers {
		s.spoke = s.spoke || a.Outcome == doctor.Answered
	}
}

// ways are those of a run.
type ways struct {
	own    []way             // by the system, and at the machine's and the given servers
	public []way             // at servers outside
	plain  []dnsprobe.Server // all servers of own
	broken []brokenServer
}

// brokenServer is one that was given and that nobody can ask.
type brokenServer struct {
	text string
	err  error
}

// systemAlone is the server that stands for the machine's own way and no other.
const systemAlone = "system"

// CheckServers returns what is wrong with the first of the servers that is not one, as
// it may be in [doctor.Asked.Servers].
func CheckServers(servers []string) error {
	for _, text := range servers {
		if text == systemAlone {
			continue
		}
		if _, err := dnsprobe.ParseServer(text); err != nil {
			return err
		}
	}
	return nil
}

// findWays returns the ways of a run, none twice.
func (p *prober) findWays() ways {
	var w ways
	resolver, _ := machine.Source{Files: p.tools.Files, Getenv: p.tools.Getenv}.Resolver() // the probe of the machine has the error
	var configured []dnsprobe.Server
	for _, address := range resolver.Servers {
		configured = append(configured, dnsprobe.Server{Address: address})
	}
	w.own = append(w.own, p.bySystem(configured))
	alone := false
	var given []dnsprobe.Server
	for _, text := range p.asked.Servers {
		if text == systemAlone {
			alone = true
			continue
		}
		given = append(given, w.parse(text, p)...)
	}
	if !alone {
		given = append(configured, given...)
	}
	seen := make(map[string]bool)
	for _, server := range given {
		if !seen[server.String()] {
			seen[server.String()] = true
			w.plain = append(w.plain, server)
			w.own = append(w.own, p.byServer(server, doctor.WayServer))
		}
	}
	for _, text := range p.asked.PublicServers {
		for _, server := range w.parse(text, p) {
			w.public = append(w.public, p.byServer(server, doctor.WayPublic))
		}
	}
	return w
}

// parse returns the server that a text is, or none and notes why.
func (w *ways) parse(text string, p *prober) []dnsprobe.Server {
	server, err := dnsprobe.ParseServer(text)
	if err != nil {
		w.broken = append(w.broken, brokenServer{text, err})
		return nil
	}
	server.Roots = p.tools.Roots
	return []dnsprobe.Server{server}
}

func (p *prober) bySystem(configured []dnsprobe.Server) way {
	system := dnsprobe.System{Servers: configured}
	return way{text: "by this machine", server: "this machine", host: systemAlone, silent: new(silence), ask: func(ctx context.Context, name string) doctor.Resolution {
		return system.Ask(ctx, name, p.dialer.Patience)
	}}
}

func (p *prober) byServer(server dnsprobe.Server, kind doctor.Way) way {
	return way{text: "at " + server.String(), server: server.String(), host: server.Host(), silent: new(silence), ask: func(ctx context.Context, name string) doctor.Resolution {
		r := dnsprobe.Ask(ctx, server, name, p.dialer.Patience)
		r.Via.Way = kind
		return r
	}}
}

// resolves returns a probe for each name of a kind and each way. What is asked outside
// are only names for which it matters what public DNS has.
func (p *prober) resolves(kind doctor.Kind) []doctor.Probe {
	var probes []doctor.Probe
	for _, n := range p.subject.Names {
		if kindOf(n) != kind {
			continue
		}
		probes = append(probes, p.resolvesOf(n)...)
	}
	if kind == doctor.KindResolve {
		for _, broken := range p.ways.broken {
			probes = append(probes, &asking{
				kind: kind, name: "resolve at " + broken.text, proves: "names are answered at " + broken.text,
				ask: func(context.Context) doctor.Evidence { return doctor.Evidence{NotProbed: broken.err.Error()} },
			})
		}
	}
	return probes
}

// resolvesOf returns the probes of one name.
func (p *prober) resolvesOf(n doctor.Name) []doctor.Probe {
	var probes []doctor.Probe
	for _, w := range p.ways.own {
		probes = append(probes, p.resolve(n, w))
	}
	if n.Expect == doctor.ExpectPublic || n.IsBase() {
		for _, w := range p.ways.public {
			probes = append(probes, p.resolve(n, w))
		}
	}
	return probes
}

// kindOf returns the group of the probes that resolve a name.
func kindOf(n doctor.Name) doctor.Kind {
	if n.Role == doctor.RoleControl || n.Role == doctor.RoleUnlinked {
		return doctor.KindControl
	}
	return doctor.KindResolve
}

func (p *prober) resolve(n doctor.Name, w way) doctor.Probe {
	kind := kindOf(n)
	return &asking{
		kind: kind, name: fmt.Sprintf("%s %s %s", kind, n.Name, w.text), proves: provesOf(n),
		ask: func(ctx context.Context) doctor.Evidence {
			leave, err := p.dialer.Enter(ctx, w.host)
			if unasked := notAsked(err); unasked != "" {
				return doctor.Evidence{NotProbed: unasked}
			}
			defer leave()
			if w.silent.given() {
				return doctor.Evidence{NotProbed: doctor.GivenUp(w.server)}
			}
			r := w.ask(ctx, n.Name)
			w.silent.note(r)
			if ctx.Err() == context.Canceled {
				return doctor.Evidence{NotProbed: doctor.Interrupted}
			}
			return doctor.Evidence{Resolve: &r}
		},
	}
}

// provesOf says what is proved if a name is answered as it is to be.
func provesOf(n doctor.Name) string {
	switch n.Expect {
	case doctor.ExpectLink:
		return fmt.Sprintf("%s leads to the link of %s", n.Name, n.Region)
	case doctor.ExpectPublic:
		return n.Name + " is answered as public DNS has it"
	default:
		return n.Name + " leads to no link"
	}
}
