package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/boltprobe"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
	"github.com/auralink/auralink/internal/doctor/probe/session"
)

// The silences that are tried if nothing else is said: from a minute, doubling.
const (
	firstSilence = time.Minute
	lastSilence  = time.Hour
)

// idles returns a probe for each link, which has several connections be silent at the
// same time.
func (p *prober) idles([]doctor.Evidence) []doctor.Probe {
	if !p.asked.Wants(doctor.KindIdle) || !p.asked.WantsPort(doctor.PortBolt) {
		return nil
	}
	var probes []doctor.Probe
	for _, link := range p.subject.Links {
		name, has := p.silentName(link.Region)
		if !has || len(link.Addrs) == 0 {
			continue
		}
		spot := doctor.Spot{Addr: link.Addrs[0], Port: doctor.PortBolt, Name: name}
		probes = append(probes, &asking{
			kind: doctor.KindIdle, name: "idle " + spotText(spot),
			proves: fmt.Sprintf("connections to %s that are silent are not cut off", netip.AddrPortFrom(spot.Addr, spot.Port)),
			ask:    func(ctx context.Context) doctor.Evidence { return doctor.Evidence{Idle: p.idle(ctx, spot)} },
		})
	}
	return probes
}

// silentName returns a name of a region to be silent with: a database, for which there
// are credentials, before all others.
func (p *prober) silentName(region string) (string, bool) {
	found := ""
	for _, n := range p.subject.Names {
		if n.Region != region || !n.IsBase() {
			continue
		}
		if p.hasSession(n) && !n.Guessed {
			return n.Name, true
		}
		if found == "" || n.Role != doctor.RoleMadeUp {
			found = n.Name
		}
	}
	return found, found != ""
}

// silences returns how long connections are silent. So many are open at once as the
// gate lets pass: of more, the shortest are left out.
func (p *prober) silences() []time.Duration {
	waits := p.tools.Silences
	if waits == nil {
		longest := seconds(float64(p.asked.IdleSeconds))
		if p.asked.IdleSeconds <= 0 {
			longest = lastSilence
		}
		for wait := firstSilence; wait < longest; wait *= 2 {
			waits = append(waits, wait)
		}
		waits = append(waits, longest)
	}
	if room := p.asked.PerHost; room > 0 && len(waits) > room {
		waits = waits[len(waits)-room:]
	}
	return waits
}

func (p *prober) idle(ctx context.Context, spot doctor.Spot) *doctor.Idle {
	idle := &doctor.Idle{Addr: spot.Addr, Port: spot.Port, Outcome: doctor.Connected}
	waits := p.silences()
	silent := make([]doctor.Silence, len(waits))
	errs := make([]error, len(waits))
	var group sync.WaitGroup
	for i, wait := range waits {
		group.Go(func() { silent[i], errs[i] = p.silence(ctx, spot, wait) })
	}
	group.Wait()
	for i, err := range errs {
		if err == nil {
			idle.Silent = append(idle.Silent, silent[i])
		}
	}
	if err := errors.Join(errs...); len(idle.Silent) == 0 && err != nil {
		idle.Outcome, idle.Error = dial.Outcome(err), dial.Text(err)
	}
	return idle
}

// silence is silent on one connection: in a session, where there are credentials for
// the name.
func (p *prober) silence(ctx context.Context, spot doctor.Spot, wait time.Duration) (doctor.Silence, error) {
	if p.tools.Password == nil || !p.hasSession(p.subject.Find(spot.Name)) {
		return p.bareSilence(ctx, spot, wait)
	}
	leave, err := p.dialer.Enter(ctx, spot.Addr.String())
	if err != nil {
		return doctor.Silence{}, err
	}
	defer leave()
	password, err := p.tools.Password()
	if err != nil {
		return doctor.Silence{}, fmt.Errorf("there is no password: %w", err)
	}
	return session.Silent(ctx, session.Login{
		Host: spot.Name, Port: spot.Port, User: p.tools.User, Password: password,
		Roots: p.tools.Roots, Patience: p.dialer.Patience,
	}, wait)
}

// bareSilence is silent on a connection of somebody who has not logged on. A server may
// end that by itself, in good order: until then the path has let it live.
func (p *prober) bareSilence(ctx context.Context, spot doctor.Spot, wait time.Duration) (doctor.Silence, error) {
	conn, err := p.dialer.TLS(ctx, spot)
	if err != nil {
		return doctor.Silence{}, err
	}
	defer conn.Close()
	version, err := boltprobe.Negotiate(conn)
	if err != nil {
		return doctor.Silence{}, err
	}
	start := time.Now()
	if err := conn.SetDeadline(start.Add(wait)); err != nil {
		return doctor.Silence{}, err
	}
	_, err = conn.Read(make([]byte, 1))
	if ctx.Err() != nil {
		return doctor.Silence{}, ctx.Err()
	}
	s := doctor.Silence{Seconds: int(time.Since(start).Seconds())}
	switch outcome := dial.Outcome(err); {
	case errors.Is(err, io.EOF):
		s.Alive = true
	case outcome != doctor.TimedOut:
		s.End = outcome
	default:
		s.Alive, s.End = p.answersStill(conn, version)
	}
	return s, nil
}

// answersStill reports whether a connection can be used, or how it is found dead.
func (p *prober) answersStill(conn io.ReadWriter, version boltprobe.Version) (bool, doctor.Outcome) {
	if deadliner, is := conn.(interface{ SetDeadline(time.Time) error }); is {
		_ = deadliner.SetDeadline(time.Now().Add(p.dialer.Patience)) // a closed one fails below
	}
	if !version.HasBareHello() {
		return false, doctor.Failed
	}
	if _, err := boltprobe.Greet(conn); err != nil {
		return false, dial.Outcome(err)
	}
	return true, ""
}
