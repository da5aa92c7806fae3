//go:build linux

package aura_test

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/load"
	"github.com/auralink/auralink/test/aura/standin"
)

const (
	eastPrivateURI = lab.EastDatabase + "." + lab.EastOrchestra
	westPrivateURI = lab.WestDatabase + "." + lab.WestOrchestra
	eastCustom     = lab.EastEndpoint + ".endpoints.neo4j.io"
	westCustom     = lab.WestEndpoint + ".endpoints.neo4j.io"
)

// The topologies of a journey from one region to two, and back.
const (
	oneRegion = `regions:
  aws-us-east-1: {orchestras: ["0000"]}
vpcs:
  apps:
    clients: [10.0.0.0/16, 10.8.0.0/24, 192.168.10.0/24]
    links:
      aws-us-east-1: [10.10.10.10, 10.10.11.10]
custom_endpoints:
  my-endpoint-abcdef-123456: aws-us-east-1
ttl: 1
`
	announced = `regions:
  aws-us-east-1: {orchestras: ["0000"]}
  aws-us-west-1: {orchestras: ["0042"]}
vpcs:
  apps:
    clients: [10.0.0.0/16, 10.8.0.0/24, 192.168.10.0/24]
    links:
      aws-us-east-1: [10.10.10.10, 10.10.11.10]
custom_endpoints:
  my-endpoint-abcdef-123456: aws-us-east-1
  west-m4yy-gtwk: aws-us-west-1
ttl: 1
`
)

// catchAll has every ingress take every name, so that what goes to the wrong region is
// not refused there, but done.
func catchAll(w *lab.World) {
	for _, site := range []*lab.Site{w.East, w.West} {
		for _, ingress := range append([]*standin.Ingress{site.Public}, site.Private...) {
			ingress.Behave(standin.Behaviour{CatchAll: true})
		}
	}
}

// TestJourney: while the topology goes from one region to two and back, and every
// ingress would take whatever comes, the official drivers do not make one transaction
// in a region that is not the database's, and lose none to DNS.
func TestJourney(t *testing.T) {
	w := newWorld(t, lab.Options{})
	catchAll(w)
	server, err := w.StartServer(lab.DNS, oneRegion, lab.Corefile)
	must(t, err)
	var east, west []*session
	begin := func(sessions *[]*session, hosts ...string) {
		for _, d := range drivers {
			*sessions = append(*sessions, d.start(t, w, lab.App, plan(w, 0, hosts...)))
		}
	}
	on := func(n int, sessions ...*session) {
		for _, s := range sessions {
			s.more(t, n)
		}
	}
	// moved takes a topology and waits until the custom endpoint in the west is there.
	moved := func(topology, to string) {
		must(t, w.WriteTopology(topology))
		eventually(t, "the topology is not taken: "+server.Log(), func() bool { return answers(westCustom, to) })
	}
	const many = 24 // transactions: each URI is used with a driver that is kept, and a fresh one

	begin(&east, eastPrivateURI, eastCustom)
	on(many, east...)
	moved(announced, lab.WestPublic)
	begin(&west, westPrivateURI, westCustom)
	on(many, append(east, west...)...)
	moved(lab.Topology, lab.WestPrivate)
	eventually(t, "nothing comes over the private endpoint", func() bool { return w.West.Tally().Addresses[lab.WestPrivate] > many })
	on(many, append(east, west...)...)
	moved(announced, lab.WestPublic)
	on(many, append(east, west...)...)
	for _, s := range west {
		made(t, s.stop(), lab.WestLabel)
	}
	moved(oneRegion, lab.EastPrivate) // by the wildcard: nobody asks for it any more
	on(many, east...)
	for _, s := range east {
		made(t, s.stop(), lab.EastLabel)
	}
	for _, site := range []*lab.Site{w.East, w.West} {
		if wrong := site.Tally().Misdirected; len(wrong) > 0 {
			t.Errorf("%s was asked for %v", site.Label, wrong)
		}
	}
	if public := w.East.Tally().Addresses[lab.EastPublic]; public > 0 {
		t.Errorf("%d transactions went to the east over the public address", public)
	}
}

// made holds transactions against the region that they are to be made in.
func made(t *testing.T, transactions []load.Transaction, region string) {
	t.Helper()
	t.Logf("%d transactions in %s", len(transactions), region)
	for _, transaction := range transactions {
		if transaction.Error != "" || transaction.Region != region {
			t.Errorf("%+v, want it made in %s", transaction, region)
		}
	}
}

// answers reports whether the VPC's server answers with an address, alone or with
// others.
func answers(name, address string) bool {
	m, err := lab.Ask(lab.App, lab.DNSAddress+":53", name, dns.TypeA)
	if err != nil {
		return false
	}
	for _, rr := range m.Answer {
		if a, ok := rr.(*dns.A); ok && a.A.String() == address {
			return true
		}
	}
	return false
}
