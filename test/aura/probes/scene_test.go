//go:build linux

package probes_test

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe"
	"github.com/auralink/auralink/internal/doctor/run"
	"github.com/auralink/auralink/test/aura/standin"
	"github.com/auralink/auralink/test/peers"
)

// The names of the scene.
const (
	east, west   = "production-orch-0000.neo4j.io", "production-orch-0042.neo4j.io"
	database     = "c466fb81"
	eastEndpoint = "east-m4yy-gtwk.endpoints.neo4j.io"
	westEndpoint = "west-3rhw-9gff.endpoints.neo4j.io"
	madeUp       = "auralink-made-up.endpoints.neo4j.io"
)

// scene has two regions, each at an address of loopback, at the ports of Aura.
type scene struct {
	authority  *standin.Authority
	east, west *standin.Ingress
	subject    doctor.Subject
}

func newScene(t *testing.T) *scene {
	t.Helper()
	authority, err := standin.NewAuthority("test")
	if err != nil {
		t.Fatal(err)
	}
	octets := peers.Loopback().As4()
	here := netip.AddrFrom4(octets)
	octets[1] |= 128
	there := netip.AddrFrom4(octets)
	s := &scene{authority: authority}
	s.east = s.open(t, "east", east, strings.TrimSuffix(eastEndpoint, ".endpoints.neo4j.io"), here)
	s.west = s.open(t, "west", west, strings.TrimSuffix(westEndpoint, ".endpoints.neo4j.io"), there)
	s.subject = doctor.Subject{
		VPC: "apps",
		Links: []doctor.Link{
			{Region: "east", Addrs: []netip.Addr{here}, Suffixes: []string{east}},
			{Region: "west", Addrs: []netip.Addr{there}, Suffixes: []string{west}},
		},
		Names: []doctor.Name{
			{Name: database + "." + east, Role: doctor.RoleDatabase, Region: "east", Expect: doctor.ExpectLink},
			{Name: eastEndpoint, Role: doctor.RoleEndpoint, Region: "east", Expect: doctor.ExpectLink},
			{Name: westEndpoint, Role: doctor.RoleEndpoint, Region: "west", Expect: doctor.ExpectLink},
			{Name: madeUp, Role: doctor.RoleNobody, Expect: doctor.ExpectNoLink},
		},
	}
	resolveHere(t, map[string]netip.Addr{east + ".": here, west + ".": there})
	return s
}

// open opens a region with a database and a custom endpoint.
func (s *scene) open(t *testing.T, label, orchestra, endpoint string, at netip.Addr) *standin.Ingress {
	t.Helper()
	region, err := standin.NewRegion(s.authority, label, orchestra)
	if err != nil {
		t.Fatal(err)
	}
	region.AddDatabase(database)
	region.AddEndpoint(endpoint, database)
	ingress, err := region.Open(net.Listen, at)
	if errors.Is(err, syscall.EACCES) && os.Getenv("CI") != "true" {
		t.Skip("listening at port 443 needs root")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ingress.Close)
	return ingress
}

// resolveHere has names at and below some domains resolve for this process, and no
// others: the official driver looks names up by net.DefaultResolver.
func resolveHere(t *testing.T, under map[string]netip.Addr) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	server := &dns.Server{PacketConn: conn, NotifyStartedFunc: func() { close(started) }, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, r *dns.Msg) {
		m := new(dns.Msg).SetRcode(r, dns.RcodeNameError)
		for domain, addr := range under {
			if dns.IsSubDomain(domain, r.Question[0].Name) {
				m.Rcode = dns.RcodeSuccess
				if r.Question[0].Qtype == dns.TypeA {
					m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: r.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: addr.AsSlice()}}
				}
			}
		}
		_ = w.WriteMsg(m) // whoever asked asks again
	})}
	go func() { _ = server.ActivateAndServe() }() // it ends with Shutdown
	<-started
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	t.Cleanup(func() {
		net.DefaultResolver = before
		_ = server.Shutdown()
	})
}

// probe runs the probes of some kinds, with credentials, and returns the evidence by
// the names of the probes.
func (s *scene) probe(t *testing.T, asked doctor.Asked, tools probe.Tools) map[string]doctor.Evidence {
	t.Helper()
	asked.Ports = []uint16{443, 7687}
	asked.PerHost = 8
	asked.ProbeSeconds = cmp.Or(asked.ProbeSeconds, 30)
	tools.Gate, tools.Roots = run.NewGate(asked.PerHost, 64), s.authority.Pool()
	tools.Getenv = func(string) string { return "" }
	evidence := run.Run(t.Context(), probe.Stages(&s.subject, &asked, tools), run.Options{
		AtOnce: 64, Timeout: 5 * time.Minute, ProbeTimeout: 30 * time.Second, Now: time.Now,
	})
	all := make(map[string]doctor.Evidence)
	for _, e := range evidence {
		if _, twice := all[e.Probe]; twice {
			t.Errorf("there are two probes %q", e.Probe)
		}
		all[e.Probe] = e
	}
	return all
}

// names returns the names of probes, sorted.
func names(all map[string]doctor.Evidence) []string {
	var list []string
	for name := range all {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// at returns the evidence of a probe, which must be there.
func at(t *testing.T, all map[string]doctor.Evidence, name string) doctor.Evidence {
	t.Helper()
	e, there := all[name]
	if !there {
		t.Fatalf("no probe is called %q: there are\n%s", name, strings.Join(names(all), "\n"))
	}
	if e.NotProbed != "" {
		t.Fatalf("%s: not probed: %s", name, e.NotProbed)
	}
	return e
}
