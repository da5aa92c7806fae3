package auralink

import (
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/fastpath"
)

// BenchmarkRespond is all that is done for a query between reading it and sending
// the reply.
func BenchmarkRespond(b *testing.B) {
	for _, bc := range []struct {
		name, qname string
		size        uint16
		report      bool
	}{
		{name: "database", qname: "x.production-orch-0000.neo4j.io.", size: 1232},
		{name: "database/without EDNS", qname: "x.production-orch-0000.neo4j.io."},
		{name: "endpoint", qname: "a-foo.endpoints.neo4j.io.", size: 1232},
		{name: "endpoint/prometheus", qname: "a-foo.endpoints.neo4j.io.", size: 1232, report: true},
		{name: "undeclared", qname: "nobody.endpoints.neo4j.io.", size: 1232},
	} {
		b.Run(bc.name, func(b *testing.B) {
			server := ""
			if bc.report {
				server = "dns://bench"
			}
			r := reporting(planned(b, fixedTopology(b)), server)
			client := netip.MustParseAddrPort("10.0.0.7:5353")
			packet, buf := packed(b, bc.qname, dns.TypeA, bc.size), make([]byte, fastpath.MaxReply)
			b.ReportAllocs()
			r.Begin()
			for i := 0; b.Loop(); i++ {
				if i%fastpath.BatchSize == 0 {
					r.End()
					r.Begin()
				}
				if _, disposition := r.Respond(buf, packet, client); disposition != fastpath.Answered {
					b.Fatal("not answered")
				}
			}
		})
	}
}
