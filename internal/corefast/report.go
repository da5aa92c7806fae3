package corefast

import (
	"net/netip"
	"slices"
	"time"

	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/metrics/vars"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// report counts answers of the fast path in CoreDNS's own metrics of requests and
// responses, as the plugin prometheus does where it stands ahead of us. What it
// looks up by labels for each query is looked up once.
type report struct {
	server string   // as CoreDNS calls it: "dns://:53"
	writer string   // whom it takes for the one that wrote the reply
	names  []string // the zones that it tells apart
	zones  map[string]*zoneReport
}

// newReport returns nil if the block has no prometheus ahead of us, which would see
// our answers.
func newReport(b *Block, server string) *report {
	handler, ok := b.Own[0].Handler("prometheus").(interface{ ZoneNames() []string })
	chain := append(b.Ahead(), b.plugin)
	at := slices.Index(chain, "prometheus")
	if !ok || at < 0 {
		return nil
	}
	return &report{
		server: server,
		// Of the plugins that hand a query on to each other, prometheus sees the one
		// right behind it.
		writer: chain[at+1],
		names:  handler.ZoneNames(),
		zones:  make(map[string]*zoneReport),
	}
}

// countedTypes are the types of queries that can be counted here. CoreDNS counts
// some more by their names, and all others as one; they are left to it.
var countedTypes = func() (types [256]bool) {
	for _, t := range []uint16{
		dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS, dns.TypeSVCB, dns.TypeTXT, dns.TypeNS, dns.TypeSOA,
		dns.TypeCNAME, dns.TypeMX, dns.TypeSRV, dns.TypePTR, dns.TypeANY,
	} {
		types[t] = true
	}
	return types
}()

// counts reports whether queries of a type can be counted.
func (r *report) counts(qtype uint16) bool {
	return r == nil || int(qtype) < len(countedTypes) && countedTypes[qtype]
}

// zone returns where answers for names in a zone are counted, nil if nowhere. It
// reports false if that depends on the name.
func (r *report) zone(origin string) (*zoneReport, bool) {
	if r == nil {
		return nil, true
	}
	for _, name := range r.names {
		if name != origin && plugin.Name(origin).Matches(name) {
			return nil, false
		}
	}
	label := plugin.Zones(r.names).Matches(origin)
	if label == "" {
		label = "."
	}
	if r.zones[label] == nil {
		r.zones[label] = &zoneReport{report: r, label: label}
	}
	return r.zones[label], true
}

// zoneReport has the metrics of one of CoreDNS's zones. Each is made when it is
// first needed, so that there are no series of what never happened.
type zoneReport struct {
	report       *report
	label        string
	requests     [2][256]serve.Lazy[prometheus.Counter] // by family and type
	do           serve.Lazy[prometheus.Counter]
	responses    [2]serve.Lazy[prometheus.Counter] // NOERROR, NXDOMAIN
	dropped      serve.Lazy[prometheus.Counter]
	duration     serve.Lazy[prometheus.Observer]
	requestSize  serve.Lazy[prometheus.Observer]
	responseSize serve.Lazy[prometheus.Observer]
}

const (
	noView   = ""
	udpProto = "udp"
	familyV4 = "1"
	familyV6 = "2"
	flagDO   = 1 << 15
)

// add counts a query and its reply, of n octets without compression, or 0 if there was
// none, but for the time that it took. An OPT record without options is not counted in
// the reply, as it is put there by CoreDNS's server after prometheus has seen it.
func (z *zoneReport) add(q *wire.Query, requestSize, n int, client netip.AddrPort, r serve.Result) {
	server := z.report.server
	family, familyLabel := 0, familyV4
	if client.Addr().Is6() {
		family, familyLabel = 1, familyV6
	}
	z.requests[family][q.Type].Get(func() prometheus.Counter {
		return vars.RequestCount.WithLabelValues(server, z.label, noView, udpProto, familyLabel, dns.Type(q.Type).String())
	}).Inc()
	if q.EDNSFlags&flagDO != 0 {
		z.do.Get(func() prometheus.Counter { return vars.RequestDo.WithLabelValues(server, z.label, noView) }).Inc()
	}
	z.requestSize.Get(func() prometheus.Observer {
		return vars.RequestSize.WithLabelValues(server, z.label, noView, udpProto)
	}).Observe(float64(requestSize))
	if n > 0 {
		n -= q.OPTLen()
	}
	z.responseSize.Get(func() prometheus.Observer {
		return vars.ResponseSize.WithLabelValues(server, z.label, noView, udpProto)
	}).Observe(float64(n))
	z.response(r).Inc()
}

// response returns the counter of responses for a result.
func (z *zoneReport) response(r serve.Result) prometheus.Counter {
	server, rcode, writer := z.report.server, dns.RcodeSuccess, z.report.writer
	metric := &z.responses[0]
	if r == serve.Answer(zones.NXDomain) {
		metric, rcode = &z.responses[1], dns.RcodeNameError
	}
	if r.Way == serve.Dropped {
		metric, writer = &z.dropped, "" // nobody wrote one
	}
	return metric.Get(func() prometheus.Counter {
		return vars.ResponseRcode.WithLabelValues(server, z.label, noView, dns.RcodeToString[rcode], writer)
	})
}

// observe counts the time that a query took.
func (z *zoneReport) observe(took time.Duration) {
	z.duration.Get(func() prometheus.Observer {
		return vars.RequestDuration.WithLabelValues(z.report.server, z.label, noView)
	}).Observe(took.Seconds())
}
