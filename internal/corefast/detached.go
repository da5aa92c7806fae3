package corefast

import (
	"slices"

	"github.com/auralink/auralink/internal/canary"
	"github.com/auralink/auralink/internal/serve"
)

// Detached is a fast path on no address, where nothing else is in the server block:
// for tests and benchmarks of what is answered.
type Detached struct {
	// Snapshot is what is answered from.
	Snapshot *serve.Snapshot
	// Echoes says that CoreDNS copies EDNS options from queries into replies.
	Echoes bool
	// Reported is the server in whose metrics of CoreDNS's answers are counted; "" to
	// count in none.
	Reported string
}

// Detach returns what answers on no address, by the options of the path.
func (p *Path) Detach(d Detached) *Responder {
	l := &listener{path: p}
	l.echoes.Store(d.Echoes)
	known := route{fast: true}
	if d.Reported != "" {
		l.report = &report{server: d.Reported, writer: p.Plugin, names: []string{"."}, zones: make(map[string]*zoneReport)}
		known.counts, _ = l.report.zone(".")
	}
	p.Served = func() *serve.Snapshot { return d.Snapshot }
	l.routes.Store(&prepared{{
		snapshot: d.Snapshot,
		zones:    slices.Repeat([]route{known}, len(d.Snapshot.Table.Zones())),
		canaries: slices.Repeat([]route{known}, len(canary.Origins())),
	}})
	return newResponder(l)
}
