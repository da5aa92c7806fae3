package serve

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	dto "github.com/prometheus/client_model/go"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/canary"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/unheld"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// The first words of all metrics' names: they are those of a plugin of CoreDNS.
const (
	namespace = "coredns"
	subsystem = "auralink"
)

var (
	// Queries counts questions by view, zone and result.
	Queries = promauto.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Subsystem: subsystem,
		Name:      "queries_total",
		Help:      "Counter of queries by view, zone and result; a query of a client in no VPC has no view, one for a name that is not ours has no zone.",
	}, []string{"view", "zone", "result"})

	// UndeclaredQueries counts questions for undeclared endpoints by view.
	UndeclaredQueries = promauto.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Subsystem: subsystem,
		Name:      "unknown_endpoint_queries_total",
		Help:      "Counter of queries for custom endpoints that the topology does not declare, by view.",
	}, []string{"view"})

	// ElsewhereQueries counts questions for names that only other views have.
	ElsewhereQueries = promauto.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Subsystem: subsystem,
		Name:      "elsewhere_queries_total",
		Help:      "Counter of queries for names that the client's view does not have and another VPC's has, by view; a client in no VPC has no view.",
	}, []string{"view"})
)

// QueriesByView returns how many questions were counted in each view; those of clients in
// no VPC are of "".
func QueriesByView() map[string]uint64 { return byView(Queries) }

// UndeclaredByView returns how many questions for undeclared endpoints were counted in each
// view.
func UndeclaredByView() map[string]uint64 { return byView(UndeclaredQueries) }

// byView sums the series of counters up by their label for views.
func byView(counters *prometheus.CounterVec) map[string]uint64 {
	series := make(chan prometheus.Metric, 64)
	go func() {
		counters.Collect(series)
		close(series)
	}()
	sums := make(map[string]uint64)
	for metric := range series {
		var m dto.Metric
		if metric.Write(&m) != nil {
			continue // never: a counter has a value
		}
		for _, label := range m.Label {
			if label.GetName() == "view" {
				sums[label.GetValue()] += uint64(m.Counter.GetValue())
			}
		}
	}
	return sums
}

// Counters are the query counters of one table, found by number instead of by
// label values: that is an order of magnitude cheaper. Each is made when first
// needed, so that views that nobody asks have no series.
type Counters struct {
	views []Lazy[prometheus.Counter] // for names that are not ours, by view
	zones []zoneCounters             // for all others, by zone
	names []string                   // of the views

	local []Lazy[[]zoneCounters] // of zones that are in no view: by the client's view, and ID

	strangers [ways]Lazy[prometheus.Counter] // of clients in no view
	elsewhere []Lazy[prometheus.Counter]     // names of other views: by view, of strangers last
}

// zoneCounters are the counters of one zone.
type zoneCounters struct {
	ways       [ways]Lazy[prometheus.Counter]
	outcomes   [zones.Outcomes]Lazy[prometheus.Counter] // of what was answered
	undeclared Lazy[prometheus.Counter]
}

// newLocal makes the counters of the zones that are in no view.
func newLocal() []zoneCounters { return make([]zoneCounters, len(canary.Origins())) }

// Lazy is a metric that is looked up once.
type Lazy[T any] struct{ found atomic.Pointer[T] }

// Get returns the metric, found by find if nobody has asked for it before.
func (l *Lazy[T]) Get(find func() T) T {
	if found := l.found.Load(); found != nil {
		return *found
	}
	metric := find()
	l.found.Store(&metric)
	return metric
}

func newCounters(p *plan.Plan, table *authority.Table) *Counters {
	return &Counters{
		views: make([]Lazy[prometheus.Counter], len(p.VPCs)),
		zones: make([]zoneCounters, len(table.Zones())),
		names: p.Names(),
		local: make([]Lazy[[]zoneCounters], len(p.VPCs)),

		elsewhere: make([]Lazy[prometheus.Counter], len(p.VPCs)+1),
	}
}

// Count counts a question of a client in a view.
func (c *Counters) Count(view authority.ViewID, answer *authority.Answer, r Result) {
	zone := answer.Zone
	if zone == nil {
		c.views[view].Get(func() prometheus.Counter {
			return Queries.WithLabelValues(c.names[view], "", r.String())
		}).Inc()
		return
	}
	counters := c.zones
	if zone.Local {
		counters = c.local[view].Get(newLocal)
	}
	counters[zone.ID].of(r).Get(func() prometheus.Counter {
		return Queries.WithLabelValues(c.names[view], zone.Origin, r.String())
	}).Inc()
}

func (z *zoneCounters) of(r Result) *Lazy[prometheus.Counter] {
	if r.Way == Answered {
		return &z.outcomes[r.Outcome]
	}
	return &z.ways[r.Way]
}

// IsUndeclared reports whether an answer is for an undeclared endpoint, most often one
// that nobody wrote into the topology. Labels that were made up to find a wildcard are
// none.
func IsUndeclared(answer *authority.Answer, name wire.Name) bool {
	return answer.Endpoint == authority.Undeclared && !unheld.Is(answer.Zone.Child(name)[1:])
}

// CountUndeclared counts a question for an undeclared endpoint ([IsUndeclared]) of the
// zone, if its response is not held back by the rate limit. It reports whether it is not.
func (c *Counters) CountUndeclared(zone *authority.Zone, r Result) bool {
	if r.Way == Dropped || r.Way == Slipped {
		return false
	}
	c.zones[zone.ID].undeclared.Get(func() prometheus.Counter {
		return UndeclaredQueries.WithLabelValues(zone.View)
	}).Inc()
	return true
}

// CountStranger counts a question of a client in no view. The zone, if there is one, is
// in no view, either.
func (c *Counters) CountStranger(zone *authority.Zone, r Result) {
	if zone != nil {
		Queries.WithLabelValues("", zone.Origin, r.String()).Inc()
		return
	}
	c.strangers[r.Way].Get(func() prometheus.Counter { return Queries.WithLabelValues("", "", r.String()) }).Inc()
}

// CountElsewhere counts a question for a name that the view does not have, and
// another one has.
func (c *Counters) CountElsewhere(view authority.ViewID) {
	c.elsewhere[view].Get(func() prometheus.Counter { return ElsewhereQueries.WithLabelValues(c.names[view]) }).Inc()
}

// CountElsewhereOfStranger counts a question of a client in no view for a name that
// some view has.
func (c *Counters) CountElsewhereOfStranger() {
	c.elsewhere[len(c.names)].Get(func() prometheus.Counter { return ElsewhereQueries.WithLabelValues("") }).Inc()
}
