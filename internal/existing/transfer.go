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
