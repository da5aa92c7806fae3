package probe_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe"
)

// said is what a way has said of a name.
func said(name string, way doctor.Way, addrs ...string) doctor.Evidence {
	a := doctor.Answer{Type: "A", Outcome: doctor.Answered, Rcode: "NOERROR"}
	for _, addr := range addrs {
		a.Addrs = append(a.Addrs, netip.MustParseAddr(addr))
	}
	return doctor.Evidence{Kind: doctor.KindResolve, Resolve: &doctor.Resolution{
		Name: name, Via: doctor.Via{Way: way, Server: "192.0.2.53:53"}, Answers: []doctor.Answer{a},
	}}
}

// TestPublic: once public traffic is off, the public addresses of names that somebody has
// are tried, each once, and no others.
func TestPublic(t *testing.T) {
	soFar := []doctor.Evidence{
		said(database, doctor.WayPublic, "34.1.1.1", "34.1.1.2"), said(database, doctor.WayPublic, "34.1.1.1"),
		said(database, doctor.WayServer, "34.9.9.9"), said(endpoint, doctor.WayPublic, "10.0.0.1", "0.0.0.0"),
		said("made-up.production-orch-0042.neo4j.io", doctor.WayPublic, "34.1.1.1"),
		said("api.neo4j.io", doctor.WayPublic, "34.1.1.3"),
	}
	https := []string{"https public " + database + " at 34.1.1.1:443", "https public " + database + " at 34.1.1.2:443"}
	bolt := []string{"bolt public " + database + " at 34.1.1.1:7687", "bolt public " + database + " at 34.1.1.2:7687"}
	for _, tt := range []struct {
		name  string
		asked doctor.Asked
		want  []string
	}{
		{"not asked for", doctor.Asked{}, nil},
		{"asked for", doctor.Asked{ExpectPrivate: true}, append(append([]string{}, bolt...), https...)},
		{"of one kind", doctor.Asked{ExpectPrivate: true, Only: []doctor.Kind{doctor.KindBolt}}, bolt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := subject()
			tt.asked.Ports = []uint16{doctor.PortHTTPS, doctor.PortBolt}
			stages := probe.Stages(&s, &tt.asked, environment())
			if diff := cmp.Diff(tt.want, publics(stages[2](soFar))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// publics are the names of probes of public addresses.
func publics(probes []doctor.Probe) []string {
	var names []string
	for _, name := range listed(probes) {
		if doctor.Matches("* public *", name) {
			names = append(names, name)
		}
	}
	return names
}

// TestPublicSession: with credentials, a session is tried by the public URI of a database
// as well, and by no other name's.
func TestPublicSession(t *testing.T) {
	s := subject()
	a := doctor.Asked{ExpectPrivate: true, Ports: doctor.DefaultPorts(), Only: []doctor.Kind{doctor.KindBolt}, Databases: []string{endpoint}}
	tools := environment()
	tools.Password = func() (string, error) { return "", nil }
	var got []string
	for _, name := range listed(probe.Stages(&s, &a, tools)[0](nil)) {
		if doctor.Matches("session *", name) {
			got = append(got, name)
		}
	}
	want := []string{"session by " + database, "session by public c466fb81.databases.neo4j.io", "session by " + endpoint}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
