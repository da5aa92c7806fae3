package follow

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/zones"
)

// The first words of all metrics' names: they are those of a plugin of CoreDNS.
const (
	namespace = "coredns"
	subsystem = "auralink"
)

// Reloads counts what became of texts.
var Reloads = promauto.NewCounterVec(prometheus.CounterOpts{
	Namespace: namespace,
	Subsystem: subsystem,
	Name:      "reloads_total",
	Help:      "Counter of texts of a topology by what became of them: success, unchanged, held or failure.",
}, []string{"topology", "result"})

// count counts what became of a text.
func count(name string, err error) {
	switch {
	case err == nil:
		Reloads.WithLabelValues(name, "success").Inc()
	case held(err) != nil:
		Reloads.WithLabelValues(name, "held").Inc()
	default:
		Reloads.WithLabelValues(name, "failure").Inc()
	}
}

// tell logs and counts what became of a text, unless it was told before. It must be
// called with mu held.
func (f *Follower) tell(before, s *serve.Snapshot, err error) {
	problem := f.problem
	f.problem = err
	switch {
	case err != nil && problem != nil && err.Error() == problem.Error():
	case err != nil:
		count(f.Name(), err)
		f.log.Errorf("keeping the plan of %s: %v", before.Loaded.Format(time.RFC3339), err)
	case s != before:
		f.stale = false
		count(f.Name(), nil)
		f.log.Infof("loaded topology %q: %s", f.Name(), Summary(s.Plan))
		f.logWarnings(s)
	case problem != nil:
		f.stale = false
		Reloads.WithLabelValues(f.Name(), "unchanged").Inc()
		f.log.Infof("topology %q is again what it was when it was loaded at %s", f.Name(), s.Loaded.Format(time.RFC3339))
	}
}

// logWarnings puts the findings of a usable topology into one line, but for notes, and
// says where its serial could not be served.
func (f *Follower) logWarnings(s *serve.Snapshot) {
	if s.Raised() {
		serial := s.Table.Serial()
		f.log.Warningf("topology %q: serial %d is not ahead of what was served: the zones have %d, and another server may have another serial; "+
			"write serial: %d or greater with the next change", f.Name(), s.Plan.Serial, serial, zones.NextSerial(serial, serial))
	}
	if warnings := s.Findings.Beyond(); len(warnings) > 0 {
		f.log.Warningf("topology %q: %s", f.Name(), warnings.In(f.Name()))
	}
}

// Summary says in a few words what a plan is.
func Summary(p *plan.Plan) string {
	modes := make(map[plan.Mode]int)
	for i := range p.VPCs {
		modes[p.VPCs[i].Endpoints.Mode]++
	}
	return fmt.Sprintf("VPCs with custom endpoints by wildcard: %d, by individual records: %d, left to public DNS: %d",
		modes[plan.Wildcard], modes[plan.Individual], modes[plan.None])
}

// Problem says why what is served is not what the source has, or is nil.
func (f *Follower) Problem() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.problem
}

// Stale reports whether the snapshot of an earlier run is served, because the source could
// not be taken at the start.
func (f *Follower) Stale() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stale
}

// Fine reports whether what is served is what the source has.
func (f *Follower) Fine() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.problem == nil
}
