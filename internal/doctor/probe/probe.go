// Package probe has the probes of the doctor: each asks one thing of the world, by
// the packages below this one, and brings evidence. It judges nothing.
//
// Nothing that a probe does changes anything: it looks names up, connects, shakes
// hands, and asks for what is open to all; with credentials it reads, and begins one
// transaction that writes nothing and is rolled back.
package probe

import (
	"context"
	"crypto/x509"
	"io/fs"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
)

// Tools are what probes use of the machine, and what only they may know.
type Tools struct {
	// Gate bounds connections; nil for no bounds.
	Gate doctor.Gate
	// Now is the clock by which certificates are judged; nil for the machine's.
	Now func() time.Time
	// Roots vouch for certificates; nil for the system's.
	Roots *x509.CertPool
	// Getenv reads the environment; nil for os.Getenv.
	Getenv func(string) string
	// Files is the root directory, from which etc/resolv.conf and the like are read;
	// nil for the machine's.
	Files fs.FS
	// User is whom sessions are for, and Password reads the password: it is called for
	// each session, and what it returns is kept no longer than that. There are no
	// sessions if Password is nil.
	User     string
	Password func() (string, error)
	// Silences are after how long silent connections are used again; nil for
	// those from a minute, doubling, up to [doctor.Asked.IdleSeconds].
	Silences []time.Duration
}

// withDefaults fills in what is left out.
func (t Tools) withDefaults() Tools {
	if t.Now == nil {
		t.Now = time.Now
	}
	if t.Getenv == nil {
		t.Getenv = os.Getenv
	}
	if t.Files == nil {
		t.Files = os.DirFS("/")
	}
	return t
}

// Stages returns all probes of a run: those of the first stage, and what follows from
// what they find. It reads the machine's configuration, but connects to nothing.
func Stages(s *doctor.Subject, a *doctor.Asked, t Tools) []doctor.Stage {
	p := newProber(s, a, t)
	return []doctor.Stage{p.first, p.machines, p.second, p.idles}
}

func newProber(s *doctor.Subject, a *doctor.Asked, t Tools) *prober {
	t = t.withDefaults()
	p := &prober{
		subject: s, asked: a, tools: t,
		dialer: dial.Dialer{Gate: t.Gate, Patience: seconds(a.ProbeSeconds)},
	}
	p.visits = newVisits(p.dialer, t)
	p.ways = p.findWays()
	return p
}

// prober makes the probes of one run.
type prober struct {
	subject *doctor.Subject
	asked   *doctor.Asked
	tools   Tools
	dialer  dial.Dialer
	visits  *visits
	ways    ways
	// entering is held while room is made for the connections of a session.
	entering sync.Mutex
}

// defaultPatience is how long one attempt may take where nothing is said.
const defaultPatience = 5 * time.Second

func seconds(s float64) time.Duration {
	if s <= 0 {
		return defaultPatience
	}
	return time.Duration(s * float64(time.Second))
}

// first returns the probes that need no other's evidence.
func (p *prober) first([]doctor.Evidence) []doctor.Probe {
	var all []doctor.Probe
	for _, group := range []struct {
		kind   doctor.Kind
		probes func() []doctor.Probe
	}{
		{doctor.KindPath, p.paths},
		{doctor.KindResolve, func() []doctor.Probe { return p.resolves(doctor.KindResolve) }},
		{doctor.KindControl, func() []doctor.Probe { return p.resolves(doctor.KindControl) }},
		{doctor.KindTCP, p.connects},
		{doctor.KindTLS, p.handshakes},
		{doctor.KindHTTPS, p.documents},
		{doctor.KindBolt, p.bolts},
		{doctor.KindBolt, p.sessions},
		{doctor.KindRegion, p.regions},
		{doctor.KindBrowser, p.browsers},
	} {
		if p.asked.Wants(group.kind) {
			all = append(all, group.probes()...)
		}
	}
	return all
}

// second returns the probes that follow from what the names are answered with.
func (p *prober) second(soFar []doctor.Evidence) []doctor.Probe {
	var all []doctor.Probe
	if p.asked.Wants(doctor.KindRegion) {
		all = append(all, p.byRouting(soFar)...)
	}
	all = append(all, p.routed(soFar)...)
	all = append(all, p.publics(soFar)...)
	return all
}

// addrs returns the addresses of all links, none twice.
func (p *prober) addrs() []netip.Addr {
	seen := make(map[netip.Addr]bool)
	var addrs []netip.Addr
	for _, link := range p.subject.Links {
		for _, addr := range link.Addrs {
			if !seen[addr] {
				seen[addr] = true
				addrs = append(addrs, addr)
			}
		}
	}
	return addrs
}

// asking is a probe that is a function.
type asking struct {
	name, proves string
	kind         doctor.Kind
	ask          func(ctx context.Context) doctor.Evidence
}

// Name implements [doctor.Probe].
func (a *asking) Name() string { return a.name }

// Kind implements [doctor.Probe].
func (a *asking) Kind() doctor.Kind { return a.kind }

// Proves implements [doctor.Probe].
func (a *asking) Proves() string { return a.proves }

// Probe implements [doctor.Probe].
func (a *asking) Probe(ctx context.Context) doctor.Evidence {
	if ctx.Err() != nil {
		return doctor.Evidence{NotProbed: doctor.WhyOver(ctx)}
	}
	return a.ask(ctx)
}

// milliseconds returns a duration as evidence has it.
func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}
