package notify

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// The first words of all metrics' names: they are those of a plugin of CoreDNS.
const (
	namespace = "coredns"
	subsystem = "auralink"
)

var (
	notifies = promauto.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace,
		Subsystem: subsystem,
		Name:      "notifies_total",
		Help:      "Counter of attempts to tell a secondary that a zone has changed, by their result: confirmed, refused or unanswered.",
	}, []string{"secondary", "result"})

	waitingZones = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Namespace: namespace,
		Subsystem: subsystem,
		Name:      "notifies_waiting",
		Help:      "Number of zones of which a secondary has not confirmed yet that they have changed.",
	}, []string{"secondary"})
)

// count counts an attempt.
func count(secondary string, err error) {
	result := "unanswered"
	switch {
	case err == nil:
		result = "confirmed"
	case isRefused(err):
		result = "refused"
	}
	notifies.WithLabelValues(secondary, result).Inc()
}
