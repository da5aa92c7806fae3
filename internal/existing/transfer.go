package existing

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// parallelTransfers is how many zones are transferred at the same time: servers
// bound how many they give to one client.
const parallelTransfers = 4

// ErrNoZones is the error of a server that refuses every zone of a view.
var ErrNoZones = errors.New("the server refuses all zones of the view")

// Transfer reads the zones that a server has of those that the view has, in
// either shape of individual records. Zones that it has not are not read. The
// error is a [*Problem], or [ErrNoZones].
func Transfer(ctx context.Context, s Server, v zones.View) (*holdings.Set, error) {
	t := transfer{server: s, builder: holdings.NewBuilder()}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelTransfers)
	for origin := range origins(v) {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { return t.zone(ctx, origin) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if t.refused > 0 && t.refused == t.asked {
		return nil, fmt.Errorf("%s: %w, %d of %d: does it have them, and may this client ask?", s.Address, ErrNoZones, t.refused, t.asked)
	}
	return t.builder.Set(), nil
}

// origins returns those of the zones that a server may have for a view: its own,
// that of all custom endpoints, and one for each name with individual records.
func origins(v zones.View) iter.Seq[string] {
	endpoints := strings.TrimPrefix(endpointsWildcard, "*.")
	return func(yield func(string) bool) {
		if !yield(endpoints) {
			return
		}
		for _, zone := range v.Zones {
			if zone.Origin != endpoints && !yield(zone.Origin) {
				return
			}
			if zone.Endpoints == nil {
				continue
			}
			for single := range zone.PerName() {
				if !yield(single.Origin) {
					return
				}
			}
		}
	}
}

// transfer gathers the zones of one server.
type transfer struct {
	server Server

	mu             sync.Mutex
	builder        *holdings.Builder
	asked, refused int
}

// zone transfers one zone, if the server has it.
func (t *transfer) zone(ctx context.Context, origin string) error {
	has, refused, err := t.server.hasZone(ctx, origin)
	t.mu.Lock()
	t.asked++
	if refused {
		t.refused++
	}
	t.mu.Unlock()
	if err != nil || !has {
		return err
	}
	return t.server.transfer(ctx, origin, func(rrs []dns.RR) error { return t.add(rrs, origin) })
}

// add adds records of a zone.
func (t *transfer) add(rrs []dns.RR, origin string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := holdings.Place{File: fmt.Sprintf("zone %s on %s", dnsname.TrimDot(origin), t.server.Address)}
	for _, rr := range rrs {
		if err := t.builder.AddRecord(rr, origin, at); err != nil {
			return err
		}
	}
	return nil
}

// hasZone asks for the start of a zone. A server that is not authoritative for it
// refuses, or answers from elsewhere, or as the zone above.
func (s Server) hasZone(ctx context.Context, origin string) (has, refused bool, err error) {
	m := s.sign(new(dns.Msg).SetQuestion(origin, dns.TypeSOA))
	m.RecursionDesired = false
	reply, _, err := s.client("tcp").ExchangeContext(ctx, m, s.Address)
	if err != nil {
		return false, false, s.problem("the start of zone "+origin, reply, err)
	}
	switch reply.Rcode {
	case dns.RcodeSuccess, dns.RcodeNameError:
	case dns.RcodeRefused:
		return false, true, nil
	case dns.RcodeNotAuth:
		if s.Key == nil {
			return false, true, nil
		}
		return false, false, s.problem("the start of zone "+origin, reply, nil)
	default:
		return false, false, s.problem("the start of zone "+origin, reply, nil)
	}
	for _, rr := range reply.Answer {
		if _, ok := rr.(*dns.SOA); ok && reply.Authoritative && dnsname.Absolute(rr.Header().Name) == origin {
			return true, false, nil
		}
	}
	return false, false, nil
}

// transfer calls add for all records of a zone, message by message; the SOA comes
// at the end once more.
func (s Server) transfer(ctx context.Context, origin string, add func([]dns.RR) error) error {
	what := "the transfer of zone " + origin
	conn, err := s.dialer("tcp").DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return s.problem(what, nil, err)
	}
	t := &dns.Transfer{Conn: &dns.Conn{Conn: conn}, ReadTimeout: s.Timeout, WriteTimeout: s.Timeout}
	if s.Key != nil {
		t.TsigSecret = s.Key.secrets()
	}
	envelopes, err := t.In(s.sign(new(dns.Msg).SetAxfr(origin)), s.Address)
	if err != nil {
		_ = conn.Close() // the first error is the one to tell
		return s.problem(what, nil, err)
	}
	for envelope := range envelopes { // to the end, or whoever fills it waits for ever
		switch {
		case err != nil:
		case envelope.Error != nil:
			err = s.problem(what, nil, envelope.Error)
		default:
			err = add(envelope.RR)
		}
	}
	return err
}

// problem returns the error of what was not answered as it should be.
func (s Server) problem(what string, reply *dns.Msg, err error) error {
	p := &Problem{Server: s.Address, Question: dnsname.TrimDot(what), Err: transferError(err), Signed: s.Key != nil}
	if reply != nil {
		p.Rcode = reply.Rcode
		if reply.Rcode != dns.RcodeSuccess {
			p.Err = nil // an error that is signed by nobody says what is wrong
		}
	}
	var code rcodeError
	if errors.As(p.Err, &code) {
		p.Err, p.Rcode = nil, int(code)
	}
	return p
}

// rcodeError is the response code of a transfer.
type rcodeError int

// Error implements the error interface.
func (e rcodeError) Error() string { return dns.RcodeToString[int(e)] }

// transferError returns the response code that the error of a transfer has in its
// text.
func transferError(err error) error {
	if err == nil {
		return nil
	}
	var code int
	if n, _ := fmt.Sscanf(err.Error(), "dns: bad xfr rcode: %d", &code); n == 1 {
		return rcodeError(code)
	}
	return err
}
