package auralink

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/plan"
)

var (
	queries = promauto.NewCounterVec(prometheus.CounterOpts{
		Namespace: plugin.Namespace,
		Subsystem: pluginName,
		Name:      "queries_total",
		Help:      "Counter of queries by view, zone and result; a query of a client in no VPC has no view, one for a name that is not ours has no zone.",
	}, []string{"view", "zone", "result"})

	unknownLabels = promauto.NewCounterVec(prometheus.CounterOpts{
		Namespace: plugin.Namespace,
		Subsystem: pluginName,
		Name:      "unknown_endpoint_queries_total",
		Help:      "Counter of queries for custom endpoints that the topology does not declare, by view.",
	}, []string{"view"})

	reloads = promauto.NewCounterVec(prometheus.CounterOpts{
		Namespace: plugin.Namespace,
		Subsystem: pluginName,
		Name:      "reloads_total",
		Help:      "Counter of loads of a topology file by result: success, unchanged or failure.",
	}, []string{"topology", "result"})

	lastSuccessful = prometheus.NewDesc(
		prometheus.BuildFQName(plugin.Namespace, pluginName, "last_reload_successful"),
		"Whether the topology file could be loaded when it last changed: 1, or 0 while an older plan is served instead.",
		[]string{"topology"}, nil)

	lastSuccess = prometheus.NewDesc(
		prometheus.BuildFQName(plugin.Namespace, pluginName, "last_reload_success_timestamp_seconds"),
		"Time at which the plan that is served was loaded, in seconds since 1970.",
		[]string{"topology"}, nil)

	viewLinks = prometheus.NewDesc(
		prometheus.BuildFQName(plugin.Namespace, pluginName, "view_links"),
		"Number of regions that a view links.",
		[]string{"topology", "view"}, nil)

	viewMode = prometheus.NewDesc(
		prometheus.BuildFQName(plugin.Namespace, pluginName, "view_mode"),
		"How a view has its custom endpoints; always 1.",
		[]string{"topology", "view", "mode", "reason"}, nil)

	fastPackets = prometheus.NewDesc(
		prometheus.BuildFQName(plugin.Namespace, pluginName, "fastpath_packets_total"),
		"Counter of packets that the fast path received, by what became of them.",
		[]string{"server", "outcome"}, nil)

	fastErrors = prometheus.NewDesc(
		prometheus.BuildFQName(plugin.Namespace, pluginName, "fastpath_errors_total"),
		"Counter of replies of the fast path that the system would not send, and of failed attempts to receive.",
		[]string{"server", "operation"}, nil)

	fastSockets = prometheus.NewDesc(
		prometheus.BuildFQName(plugin.Namespace, pluginName, "fastpath_sockets"),
		"Number of sockets of the fast path; an address without it has none.",
		[]string{"server"}, nil)
)

// instances are the plugins that serve in this process: one for each server
// block, and for a moment two while CoreDNS reloads its Corefile.
var instances = newInstanceSet()

func init() { prometheus.MustRegister(instances) }

// instanceSet collects, when metrics are read, what the instances serve. Gauges
// that are set instead would outlive a view, or be deleted by an instance that
// has been replaced already.
type instanceSet struct {
	mu   sync.Mutex
	list []*Auralink
}

func newInstanceSet() *instanceSet { return &instanceSet{} }

func (s *instanceSet) add(a *Auralink) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, a)
}

func (s *instanceSet) remove(a *Auralink) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = slices.DeleteFunc(s.list, func(other *Auralink) bool { return other == a })
}

// since returns the instances that are not of a generation: newer ones, where
// that one is the one that goes on.
func (s *instanceSet) since(generation caddy.Context) []*Auralink {
	s.mu.Lock()
	defer s.mu.Unlock()
	var newer []*Auralink
	for _, a := range s.list {
		if a.generation != generation {
			newer = append(newer, a)
		}
	}
	return newer
}

func (s *instanceSet) all(ok func(*Auralink) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !slices.ContainsFunc(s.list, func(a *Auralink) bool { return !ok(a) })
}

// byTopology returns the instances of each topology file, oldest first.
func (s *instanceSet) byTopology() map[string][]*Auralink {
	s.mu.Lock()
	defer s.mu.Unlock()
	groups := make(map[string][]*Auralink, len(s.list))
	for _, a := range s.list {
		groups[a.topology] = append(groups[a.topology], a)
	}
	return groups
}

// Describe implements prometheus.Collector.
func (s *instanceSet) Describe(descs chan<- *prometheus.Desc) {
	descs <- lastSuccessful
	descs <- lastSuccess
	descs <- viewLinks
	descs <- viewMode
	descs <- fastPackets
	descs <- fastErrors
	descs <- fastSockets
}

// Collect implements prometheus.Collector.
func (s *instanceSet) Collect(metrics chan<- prometheus.Metric) {
	collectFast(metrics)
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for path, instances := range s.byTopology() {
		successful, loaded := 1.0, instances[0].served.Load().loaded
		for _, a := range instances {
			if a.failing.Load() {
				successful = 0
			}
			if at := a.served.Load().loaded; at.Before(loaded) {
				loaded = at
			}
		}
		gauge(lastSuccessful, successful, path)
		gauge(lastSuccess, float64(loaded.Unix()), path)
		newest := instances[len(instances)-1].served.Load()
		for i := range newest.plan.VPCs {
			vpc := &newest.plan.VPCs[i]
			gauge(viewLinks, float64(len(vpc.Links)), path, vpc.Name)
			gauge(viewMode, 1, path, vpc.Name, string(vpc.Endpoints.Mode), string(vpc.Endpoints.Reason))
		}
	}
}

// collectFast collects from the sockets of the fast path, which belong to no
// instance.
func collectFast(metrics chan<- prometheus.Metric) {
	count := func(desc *prometheus.Desc, value uint64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value), labels...)
	}
	for address, status := range fastpath.Opened() {
		server := serverName(address)
		metrics <- prometheus.MustNewConstMetric(fastSockets, prometheus.GaugeValue, float64(status.Sockets), server)
		count(fastPackets, status.Counts.Answered, server, "answered")
		count(fastPackets, status.Counts.Missed, server, "missed")
		count(fastPackets, status.Counts.Overflowed, server, "overflowed")
		count(fastPackets, status.Counts.Dropped, server, "dropped")
		count(fastErrors, status.Counts.SendErrors, server, "send")
		count(fastErrors, status.Counts.ReceiveErrors, server, "receive")
	}
}

// result is what became of a request: the kind of its answer, or that there was
// none.
type result uint8

const (
	notOurs        = result(authority.NotOurs)
	fellThrough    = result(authority.Minimal) + iota // an undeclared endpoint, passed on
	refused                                           // another class, or a transfer
	notImplemented                                    // another opcode
	transferred                                       // handed to the transfer plugin
	slipped                                           // beyond the rate limit, answered with TC
	dropped                                           // beyond it, not answered
	malformed                                         // a name that is none; not counted
)

// results is how many there are.
const results = int(malformed) + 1

func resultOf(kind authority.Kind) result { return result(kind) }

// isAnswer reports whether there is a reply of ours.
func (r result) isAnswer() bool { return r > notOurs && r < fellThrough }

// String returns the result as the label of a metric.
func (r result) String() string {
	switch r {
	case fellThrough:
		return "fallthrough"
	case refused, notImplemented:
		return "refused"
	case transferred:
		return "transfer"
	case slipped:
		return "slipped"
	case dropped:
		return "dropped"
	case malformed:
		return "malformed"
	default:
		return authority.Kind(r).String()
	}
}

// counters are the query counters of one table, found by number instead of by
// label values: that is an order of magnitude cheaper. Each is made when first
// needed, so that views that nobody asks have no series.
type counters struct {
	views []lazy[prometheus.Counter]          // for names that are not ours, by view
	zones [][results]lazy[prometheus.Counter] // for all others, by zone
	none  lazy[prometheus.Counter]            // of clients in no view
	names []string                            // of the views

	undeclared []lazy[prometheus.Counter] // by zone
}

// lazy is a metric that is looked up once.
type lazy[T any] struct{ found atomic.Pointer[T] }

func (l *lazy[T]) get(find func() T) T {
	if found := l.found.Load(); found != nil {
		return *found
	}
	metric := find()
	l.found.Store(&metric)
	return metric
}

func newCounters(p *plan.Plan, table *authority.Table) *counters {
	return &counters{
		views: make([]lazy[prometheus.Counter], len(p.VPCs)),
		zones: make([][results]lazy[prometheus.Counter], len(table.Zones())),
		names: p.Names(),

		undeclared: make([]lazy[prometheus.Counter], len(table.Zones())),
	}
}

// countUndeclared counts a query for an undeclared endpoint of a zone.
func (c *counters) countUndeclared(zone *authority.Zone) {
	c.undeclared[zone.ID].get(func() prometheus.Counter { return unknownLabels.WithLabelValues(zone.View) }).Inc()
}

// count counts a query of a client in a view.
func (c *counters) count(view authority.ViewID, answer authority.Answer, r result) {
	zone := answer.Zone
	if zone == nil {
		c.views[view].get(func() prometheus.Counter {
			return queries.WithLabelValues(c.names[view], "", r.String())
		}).Inc()
		return
	}
	c.zones[zone.ID][r].get(func() prometheus.Counter {
		return queries.WithLabelValues(zone.View, zone.Origin, r.String())
	}).Inc()
}

// countNone counts a query of a client in no view.
func (c *counters) countNone() {
	c.none.get(func() prometheus.Counter { return queries.WithLabelValues("", "", "no-view") }).Inc()
}
