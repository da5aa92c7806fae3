package follow

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/source"
)

var (
	lastSuccessful = desc("last_reload_successful",
		"Whether what is served is what the topology's source has: 1, or 0 while an older plan is served instead.", "topology")
	lastSuccess = desc("last_reload_success_timestamp_seconds",
		"Time at which the plan that is served was loaded, in seconds since 1970.", "topology")
	heldChange = desc("held_change",
		"Whether a change is held back by a guard, or as the part of a text (newline, section, complete): 1 or 0.", "topology", "guard")
	snapshotServed = desc("snapshot_served",
		"Whether the snapshot of an earlier run is served, because the source could not be taken at the start: 1 or 0.", "topology")
	snapshotWritten = desc("snapshot_written",
		"Whether the snapshot could be written when it was last due: 1 or 0.", "topology")
	servedSerial = desc("serial",
		"The serial of the zones that are served.", "topology")
	serialRaised = desc("serial_raised",
		"Whether the zones have another serial than the topology says, whose own was not ahead of what was served: 1 or 0.", "topology")
	sourceAway = desc("source_away_since_timestamp_seconds",
		"Since when the topology's source cannot be reached, in seconds since 1970; 0 while it can. Files have none.", "topology")
	viewLinks = desc("view_links", "Number of regions that a view links.", "topology", "view")
	viewMode  = desc("view_mode", "How a view has its custom endpoints; always 1.", "topology", "view", "mode", "reason")
)

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, subsystem, name), help, labels, nil)
}

func init() { prometheus.MustRegister(all) }

// Describe implements prometheus.Collector.
func (r *registry) Describe(descs chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{lastSuccessful, lastSuccess, heldChange, snapshotServed, snapshotWritten, sourceAway, servedSerial, serialRaised, viewLinks, viewMode} {
		descs <- d
	}
}

// Collect implements prometheus.Collector. Gauges that were set instead would
// outlive a view, or a topology that is followed no more.
func (r *registry) Collect(metrics chan<- prometheus.Metric) {
	collected := make(map[string]bool)
	for _, f := range r.sorted() {
		// While a Corefile is read again that changes how to come to a source, there
		// are two followers of one name for a moment.
		if !collected[f.Name()] {
			collected[f.Name()] = f.collect(metrics)
		}
	}
}

// collect collects what a follower serves, once it is served by anybody. It reports
// whether it is.
func (f *Follower) collect(metrics chan<- prometheus.Metric) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.members) == 0 {
		return false
	}
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, append([]string{f.Name()}, labels...)...)
	}
	gauge(lastSuccessful, number(f.problem == nil))
	gauge(lastSuccess, float64(f.current().Loaded.Unix()))
	for code, holds := range f.holds() {
		gauge(heldChange, number(holds), string(code))
	}
	gauge(servedSerial, float64(f.current().Table.Serial()))
	if f.current().Plan.Serial != 0 {
		gauge(serialRaised, number(f.current().Raised()))
	}
	if remote, is := f.src.(source.Remote); is {
		away := 0.0
		if since := remote.AwaySince(); !since.IsZero() {
			away = float64(since.Unix())
		}
		gauge(sourceAway, away)
	}
	if f.options().Snapshot != "" {
		gauge(snapshotServed, number(f.stale))
		gauge(snapshotWritten, number(f.unkept == nil))
	}
	for i := range f.current().Plan.VPCs {
		vpc := &f.current().Plan.VPCs[i]
		gauge(viewLinks, float64(len(vpc.Links)), vpc.Name)
		gauge(viewMode, 1, vpc.Name, string(vpc.Endpoints.Mode), string(vpc.Endpoints.Reason))
	}
	return true
}

// holds says of each reason to hold a change whether it does.
func (f *Follower) holds() map[guard.Code]bool {
	holds := map[guard.Code]bool{heldNewline: false, heldSection: false, heldComplete: false}
	for _, g := range guard.Guards() {
		holds[g.Code] = false
	}
	if h := held(f.problem); h != nil {
		for _, v := range h.Violations {
			holds[v.Code] = true
		}
	}
	return holds
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
