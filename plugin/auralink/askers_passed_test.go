package auralink

import (
	"context"
	"net/netip"
	"testing"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
)

// TestSubnetsPassed: what is passed on for a trusted forwarder comes back with the subnet
// that it holds for, where other clients have another answer: a name that is in some view,
// or an alias of one. What holds for all is left as it is.
func TestSubnetsPassed(t *testing.T) {
	const soa = "neo4j.io. 900 IN SOA ns.example. host.example. 1 2 3 4 900"
	answers := map[string][]string{ // answer and, behind "-", authority section
		"x.production-orch-0099.neo4j.io.": {"x.production-orch-0099.neo4j.io. 60 IN A 203.0.113.1"}, // of the wildcard VPC
		"n1.endpoints.neo4j.io.":           {"-", soa},
		"www.example.com.":                 {"www.example.com. 60 IN A 203.0.113.2"},
		"alias.example.com.":               {"alias.example.com. 60 IN CNAME foo.endpoints.neo4j.io.", "foo.endpoints.neo4j.io. 60 IN A 203.0.113.3"},
	}
	behind := plugin.HandlerFunc(func(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
		m := new(dns.Msg).SetReply(r)
		section := &m.Answer
		for _, text := range answers[r.Question[0].Name] {
			if text == "-" {
				section = &m.Ns
				continue
			}
			rr, err := dns.NewRR(text)
			if err != nil {
				return dns.RcodeServerFailure, err
			}
			*section = append(*section, rr)
		}
		if len(*section) == 0 {
			m.Rcode = dns.RcodeNameError
		}
		return dns.RcodeSuccess, w.WriteMsg(m)
	})
	a := planned(t, fixedTopology(t))
	a.options.Trusted = []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32")}
	a.neighbours = &neighbours{instances: []*Auralink{a}}
	config := &dnsserver.Config{Zone: ".", Transport: transport.DNS}
	config.AddPlugin(func(plugin.Handler) plugin.Handler {
		a.Next = behind
		return a
	})
	pipe := served(t, config)
	tests := []struct {
		from         netip.AddrPort
		subnet, name string
		want         string
	}{
		{trustedForwarder, "10.0.0.0/24", "x.production-orch-0099.neo4j.io.", "NOERROR 203.0.113.1 10.0.0.0/24/16"},
		{trustedForwarder, "10.1.0.0/24", "x.production-orch-0099.neo4j.io.", "NOERROR 10.0.0.9 10.1.0.0/24/16"},
		{trustedForwarder, "172.16.0.0/24", "x.production-orch-0099.neo4j.io.", "NOERROR 203.0.113.1 172.16.0.0/24/1"},
		{trustedForwarder, "10.0.0.0/24", "n1.endpoints.neo4j.io.", "NOERROR 0 10.0.0.0/24/16"},
		{trustedForwarder, "10.0.0.0/15", "n1.endpoints.neo4j.io.", "NOERROR 0 10.0.0.0/15/16"},
		{trustedForwarder, "10.0.0.0/24", "www.example.com.", "NOERROR 203.0.113.2"},
		{trustedForwarder, "10.0.0.0/24", "alias.example.com.", "NOERROR 10.0.0.1 10.0.0.0/24/16"},
		{trustedForwarder, "10.1.0.0/24", "alias.example.com.", "NOERROR 10.0.0.9 10.1.0.0/24/16"},
		{otherForwarder, "10.0.0.0/24", "n1.endpoints.neo4j.io.", "NOERROR 900"},
		{otherForwarder, "10.0.0.0/24", "x.production-orch-0099.neo4j.io.", "NOERROR 203.0.113.1"},
	}
	for _, tt := range tests {
		reply := new(dns.Msg)
		if err := reply.Unpack(pipe.ask(t, onBehalf(t, tt.name, dns.TypeA, 1232, tt.subnet), tt.from)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, brief(reply)); diff != "" {
			t.Errorf("%s for %s of %s (-want +got):\n%s", tt.name, tt.subnet, tt.from, diff)
		}
	}
}
