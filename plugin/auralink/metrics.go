package auralink

import (
	"slices"
	"sync"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/fastpath"
)

var (
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

// instanceSet has the instances, and collects when metrics are read.
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

// Describe implements prometheus.Collector.
func (s *instanceSet) Describe(descs chan<- *prometheus.Desc) {
	descs <- fastPackets
	descs <- fastErrors
	descs <- fastSockets
	for _, desc := range publicDescs() {
		descs <- desc
	}
}

// Collect implements prometheus.Collector.
func (s *instanceSet) Collect(metrics chan<- prometheus.Metric) {
	collectFast(metrics)
	collectPublic(metrics)
}

// collectFast collects from the sockets of the fast path, which belong to no
// instance.
func collectFast(metrics chan<- prometheus.Metric) {
	count := func(desc *prometheus.Desc, value uint64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value), labels...)
	}
	for address, status := range fastpath.Opened() {
		server := corefast.ServerName(address)
		metrics <- prometheus.MustNewConstMetric(fastSockets, prometheus.GaugeValue, float64(status.Sockets), server)
		count(fastPackets, status.Counts.Answered, server, "answered")
		count(fastPackets, status.Counts.Missed, server, "missed")
		count(fastPackets, status.Counts.Overflowed, server, "overflowed")
		count(fastPackets, status.Counts.Dropped, server, "dropped")
		count(fastErrors, status.Counts.SendErrors, server, "send")
		count(fastErrors, status.Counts.ReceiveErrors, server, "receive")
	}
}
