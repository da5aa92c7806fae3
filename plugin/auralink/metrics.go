package auralink

import (
	"slices"
	"sync"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/auralink/auralink/internal/fastpath"
)

var (
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
		successful, loaded := 1.0, instances[0].served.Load().Loaded
		for _, a := range instances {
			if a.failing.Load() {
				successful = 0
			}
			if at := a.served.Load().Loaded; at.Before(loaded) {
				loaded = at
			}
		}
		gauge(lastSuccessful, successful, path)
		gauge(lastSuccess, float64(loaded.Unix()), path)
		newest := instances[len(instances)-1].served.Load()
		for i := range newest.Plan.VPCs {
			vpc := &newest.Plan.VPCs[i]
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
