package existing

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
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
// either shape of individual records. Zones that it has not are not read. If the
// context ends before that, so does the reading. The error is a [*Problem], or
// [ErrNoZones].
func Transfer(ctx context.Context, s Server, v zones.View) (*Found, error) {
	t := transfer{server: s, builder: holdings.NewBuilder()}
	if t.server.Limits == (Limits{}) {
		t.server.Limits = limitsOf(v)
	}
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(parallelTransfers)
	for origin := range origins(v) {
		if within.Err() != nil {
			break
		}
		group.Go(func() error { return t.zone(within, origin) })
	}
	err := group.Wait()
	switch {
	case ctx.Err() != nil && t.given > 0:
		return t.cut(v, ctx.Err()), nil
	case err == nil && ctx.Err() != nil:
		return nil, s.problem("its zones", nil, ctx.Err())
	case err != nil:
		return nil, err
	case t.refused > 0 && t.refused == t.asked:
		return nil, fmt.Errorf("%s: %w, %d of %d: does it have them, and may this client ask?", s.Address, ErrNoZones, t.refused, t.asked)
	default:
		return &Found{Set: t.builder.Set()}, nil
	}
}

// cut returns what there is when the reading ends before its time: the names of the
// view that were not given are not known.
func (t *transfer) cut(v zones.View, why error) *Found {
	given := t.builder.Set()
	b := holdings.NewBuilder()
	for e := range given.All() {
		b.Add(e.Name(), e.Data(), e.Place())
	}
	for c := range given.Claims() {
		b.Claim(c)
	}
	at := holdings.Place{File: t.server.Address}
	for name := range ViewNames(v) {
		if _, there := given.Entry(name); !there {
			b.Add(name, holdings.Data{Action: holdings.Unanswered, TTL: holdings.NoTTL}, at)
		}
	}
	return &Found{Set: b.Set(), Cut: why}
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
	given          int // records
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
	t.given += len(rrs)
	t.server.tick(len(rrs))
	for _, rr := range rrs {
		if !dnsname.AtOrBelow(dnsname.Lower(rr.Header().Name), origin) {
			return t.server.problem("the transfer of zone "+origin, nil, errOutside)
		}
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
	reply, err := s.once(ctx, "tcp", m)
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
	ctx, cancel := context.WithTimeoutCause(ctx, s.Limits.Time, errLongTransfer)
	defer cancel()
	conn, err := s.dialer("tcp").DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return s.problem(what, nil, err)
	}
	defer closeWith(ctx, conn)()
	bounded := &boundedConn{Conn: conn, left: s.Limits.Octets}
	t := &dns.Transfer{
		Conn:        &dns.Conn{Conn: bounded},
		ReadTimeout: s.Timeout, WriteTimeout: s.Timeout,
	}
	if s.Key != nil {
		t.TsigSecret = s.Key.secrets()
	}
	envelopes, err := t.In(s.sign(new(dns.Msg).SetAxfr(origin)), s.Address)
	if err != nil {
		_ = conn.Close() // the first error is the one to tell
		return s.problem(what, nil, err)
	}
	if err := s.drain(envelopes, conn, add); err != nil {
		// What ended the reading is told, and not what that did to the last message.
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		} else if bounded.left <= 0 {
			err = errManyOctets
		}
		return s.problem(what, nil, err)
	}
	return nil
}

// drain calls add for what a transfer brings, within the limits. After an error the
// connection is closed, and what is on its way is left.
func (s Server) drain(envelopes <-chan *dns.Envelope, conn net.Conn, add func([]dns.RR) error) error {
	var err error
	records := 0
	for envelope := range envelopes { // to the end, or whoever fills it waits for ever
		if err != nil {
			continue
		}
		records += len(envelope.RR)
		switch {
		case envelope.Error != nil:
			err = envelope.Error
		case records > s.Limits.Records:
			err = errManyRecords
		default:
			err = add(envelope.RR)
		}
		if err != nil {
			_ = conn.Close() // it ends whoever fills
		}
	}
	return err
}

// problem returns the error of what was not answered as it should be.
func (s Server) problem(what string, reply *dns.Msg, err error) error {
	var known *Problem
	if errors.As(err, &known) {
		return known
	}
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
