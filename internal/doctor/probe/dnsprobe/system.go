package dnsprobe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
)

// System asks as applications of this machine do.
type System struct {
	// Servers are asked why there is no address, where the system does not say: those
	// that the machine has.
	Servers []Server

	look func(ctx context.Context, name string) (by string, addrs []netip.Addr, err error) // nil for lookup
}

// Ask asks for the addresses of a name, for patience at most.
//
// Applications use getaddrinfo, which knows the hosts file, nsswitch.conf, the search
// list and what else the machine has. A program in Go without cgo cannot call it on
// Linux: there "getent ahosts" does. Elsewhere the platform's own is called.
//
// The system may call a name missing when its question or the answer was lost. Where a
// server has addresses for it, the system is asked once more.
func (s System) Ask(ctx context.Context, name string, patience time.Duration) doctor.Resolution {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, lost := s.ask(ctx, name, patience)
	if lost {
		r, _ = s.ask(ctx, name, patience)
	}
	return r
}

// ask asks once. It reports whether the system calls a name missing that one of the
// servers has addresses for.
func (s System) ask(ctx context.Context, name string, patience time.Duration) (r doctor.Resolution, lost bool) {
	start := time.Now()
	look := s.look
	if look == nil {
		look = lookup
	}
	by, addrs, err := look(ctx, name)
	r = doctor.Resolution{Name: name, Via: doctor.Via{Way: doctor.WaySystem, Server: by}}
	for _, qtype := range Types[:2] {
		a := doctor.Answer{Type: dns.TypeToString[qtype], Outcome: dial.Outcome(err), Error: dial.Text(err)}
		if err == nil {
			a.Rcode, a.Addrs = "NOERROR", ofFamily(addrs, qtype)
			a.Records = len(a.Addrs)
		} else if isMissing(err) && s.explain(ctx, &a, name, qtype, patience) {
			lost = true
		}
		a.Took = float64(time.Since(start).Microseconds()) / 1000
		r.Answers = append(r.Answers, a)
	}
	return r, lost
}

// explain finds out why the system has no address, which it does not tell: of the
// first server that knows, for from one that refuses or fails the system goes on to the
// next. It reports whether that one has addresses.
func (s System) explain(ctx context.Context, a *doctor.Answer, name string, qtype uint16, patience time.Duration) (has bool) {
	for _, server := range s.Servers {
		direct := AskType(ctx, server, name, qtype, patience)
		if direct.Outcome != doctor.Answered {
			a.Outcome, a.Error = direct.Outcome, direct.Error
			continue
		}
		a.Outcome, a.Error, a.Rcode, a.SOA = doctor.Answered, "", direct.Rcode, direct.SOA
		if direct.Rcode == "NOERROR" || direct.Rcode == "NXDOMAIN" {
			return len(direct.Addrs) > 0
		}
	}
	return false
}

// ofFamily returns the addresses that a question of a type is answered with.
func ofFamily(addrs []netip.Addr, qtype uint16) []netip.Addr {
	var of []netip.Addr
	for _, addr := range addrs {
		if addr.Is4() == (qtype == dns.TypeA) {
			of = append(of, addr)
		}
	}
	return of
}

// errMissing says that the system has no address for a name.
var errMissing = errors.New("no address")

// isMissing reports whether a name has no address, as far as the system says it.
func isMissing(err error) bool {
	var resolving *net.DNSError
	return errors.Is(err, errMissing) || errors.As(err, &resolving) && resolving.IsNotFound
}

// lookup returns the addresses that applications get for a name, and by what they
// were found out.
func lookup(ctx context.Context, name string) (by string, addrs []netip.Addr, err error) {
	if runtime.GOOS == "linux" && !withCgo {
		if addrs, err := getent(ctx, name); !errors.Is(err, errNoGetent) {
			return "getent ahosts", addrs, err
		}
	}
	by = "getaddrinfo"
	if runtime.GOOS == "linux" && !withCgo {
		by = "go"
	}
	addrs, err = new(net.Resolver).LookupNetIP(ctx, "ip", name)
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	return by, addrs, err
}

// notFound is the status by which getent says that there is no such entry.
const notFound = 2

// errNoGetent says that there is no getent here that knows ahosts.
var errNoGetent = errors.New("no getent")

// getent runs "getent ahosts".
func getent(ctx context.Context, name string) ([]netip.Addr, error) {
	path, err := exec.LookPath("getent")
	if err != nil || strings.HasPrefix(name, "-") {
		return nil, errNoGetent
	}
	cmd := exec.CommandContext(ctx, path, "ahosts", name)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() == notFound:
		return nil, errMissing
	case err != nil:
		return nil, errNoGetent
	}
	return parseAhosts(string(out)), nil
}

// parseAhosts reads what getent prints: lines of an address, the kind of a socket, and
// a name.
func parseAhosts(out string) []netip.Addr {
	var addrs []netip.Addr
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if addr, err := netip.ParseAddr(fields[0]); err == nil && !slices.Contains(addrs, addr.Unmap()) {
			addrs = append(addrs, addr.Unmap())
		}
	}
	return addrs
}
