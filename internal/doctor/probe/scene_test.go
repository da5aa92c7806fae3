package probe_test

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe"
	"github.com/auralink/auralink/internal/doctor/run"
)

// The names of a network with one link, of which nobody listens at the address.
const (
	database = "c466fb81.production-orch-0042.neo4j.io"
	endpoint = "west-m4yy-gtwk.endpoints.neo4j.io"
)

func subject() doctor.Subject {
	link := doctor.Link{Region: "west", Addrs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Suffixes: []string{"production-orch-0042.neo4j.io"}}
	name := func(name string, role doctor.Role) doctor.Name {
		return doctor.Name{Name: name, Role: role, Region: "west", Expect: doctor.ExpectLink}
	}
	return doctor.Subject{VPC: "apps", Links: []doctor.Link{link}, Names: []doctor.Name{
		name("production-orch-0042.neo4j.io", doctor.RoleApex), name("made-up.production-orch-0042.neo4j.io", doctor.RoleMadeUp),
		name(database, doctor.RoleDatabase), name(endpoint, doctor.RoleEndpoint),
	}}
}

// patience is how long one attempt may take where an answer comes, and short where none
// is to come.
const (
	patience = 20 * time.Second
	short    = time.Second
)

// asked are probes of some kinds, at a name server alone.
func asked(server string, wait time.Duration, kinds ...doctor.Kind) doctor.Asked {
	return doctor.Asked{
		Servers: []string{"system", server}, Ports: doctor.DefaultPorts(), Only: kinds, PerHost: 8, ProbeSeconds: wait.Seconds(),
	}
}

// environment is that of a machine without any, but for some variables.
func environment(variables ...string) probe.Tools {
	return probe.Tools{Files: fstest.MapFS{}, Getenv: func(name string) string {
		for _, v := range variables {
			if value, is := strings.CutPrefix(v, name+"="); is {
				return value
			}
		}
		return ""
	}}
}

// probes runs the probes of some kinds, and returns what they bring.
func probes(t *testing.T, a doctor.Asked, tools probe.Tools) []doctor.Evidence {
	t.Helper()
	s := subject()
	tools.Gate = run.NewGate(a.PerHost, 64)
	return run.Run(t.Context(), probe.Stages(&s, &a, tools), run.Options{
		AtOnce: 64, Timeout: 5 * time.Minute, ProbeTimeout: patience, Now: time.Now, Wants: a.WantsProbe,
	})
}

// nameServer is a name server at loopback, at the same port by UDP and TCP.
type nameServer struct {
	udp, tcp dns.HandlerFunc // nil for none
}

// start starts it, and returns where it is.
func (n nameServer) start(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	packets, err := net.ListenPacket("udp", at)
	if err != nil {
		t.Fatal(err)
	}
	var servers []*dns.Server
	if n.tcp != nil {
		servers = append(servers, &dns.Server{Listener: listener, Handler: n.tcp})
	} else {
		_ = listener.Close() // nothing was written to it
	}
	if n.udp != nil {
		servers = append(servers, &dns.Server{PacketConn: packets, Handler: n.udp, UDPSize: dns.MaxMsgSize})
	}
	for _, server := range servers {
		started := make(chan struct{})
		server.NotifyStartedFunc = func() { close(started) }
		go func() { _ = server.ActivateAndServe() }() // it ends with Shutdown
		<-started
		t.Cleanup(func() { _ = server.ShutdownContext(context.Background()) })
	}
	if n.udp == nil {
		t.Cleanup(func() { _ = packets.Close() })
	}
	return at
}

// answer returns a handler that answers with what a function makes of the empty reply;
// nothing is sent where it returns nil.
func answer(change func(m *dns.Msg) *dns.Msg) dns.HandlerFunc {
	return func(w dns.ResponseWriter, r *dns.Msg) {
		m := new(dns.Msg).SetReply(r)
		if edns := r.IsEdns0(); edns != nil {
			m.SetEdns0(1232, false)
		}
		if m = change(m); m != nil {
			_ = w.WriteMsg(m) // whoever asked asks again
		}
	}
}

// listed returns the names of probes, sorted.
func listed(probes []doctor.Probe) []string {
	names := make([]string, 0, len(probes))
	for _, p := range probes {
		names = append(names, p.Name())
	}
	slices.Sort(names)
	return names
}
