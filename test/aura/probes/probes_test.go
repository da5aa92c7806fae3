//go:build linux

package probes_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe"
	"github.com/auralink/auralink/test/aura/standin"
)

// TestSpot: what the probes of one name say where all is well, and where it is not.
func TestSpot(t *testing.T) {
	s := newScene(t)
	addr := s.subject.Links[0].Addrs[0]
	tests := []struct {
		name      string
		behaviour standin.Behaviour
		want      string
	}{
		{"well", standin.Behaviour{}, "tls connected TLS 1.3 []; https connected 200 neo4j+s://c466fb81.production-orch-0000.neo4j.io:7687; bolt connected 5.8 Neo4j/5.27-aura"},
		{"expired", standin.Behaviour{Certificate: standin.Expired}, "tls connected TLS 1.3 [expired]; https connected 200 neo4j+s://c466fb81.production-orch-0000.neo4j.io:7687; bolt connected 5.8 Neo4j/5.27-aura"},
		{"not yet valid", standin.Behaviour{Certificate: standin.NotYet}, "tls connected TLS 1.3 [not-yet-valid]; https connected 200 neo4j+s://c466fb81.production-orch-0000.neo4j.io:7687; bolt connected 5.8 Neo4j/5.27-aura"},
		{"another name", standin.Behaviour{Certificate: standin.OtherName}, "tls connected TLS 1.3 [wrong-name]; https connected 200 neo4j+s://c466fb81.production-orch-0000.neo4j.io:7687; bolt connected 5.8 Neo4j/5.27-aura"},
		{"another issuer", standin.Behaviour{Certificate: standin.OtherIssuer}, "tls connected TLS 1.3 [unknown-authority]; https connected 200 neo4j+s://c466fb81.production-orch-0000.neo4j.io:7687; bolt connected 5.8 Neo4j/5.27-aura"},
		{"unauthorized", standin.Behaviour{Unauthorized: true}, "tls connected TLS 1.3 []; https connected 401 ; bolt connected 5.8 Neo4j/5.27-aura"},
		{"no Bolt", standin.Behaviour{NoBolt: true}, "tls connected TLS 1.3 []; https connected 200 neo4j+s://c466fb81.production-orch-0000.neo4j.io:7687; bolt failed  "},
		{"reset", standin.Behaviour{Reset: true}, "tls reset  []; https reset 0 ; bolt reset  "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.east.Behave(tt.behaviour)
			all := s.probe(t, doctor.Asked{Only: []doctor.Kind{doctor.KindTLS, doctor.KindHTTPS, doctor.KindBolt}}, probe.Tools{})
			name := database + "." + east
			h := at(t, all, fmt.Sprintf("tls %s at %s:443", name, addr)).Handshake
			web := at(t, all, fmt.Sprintf("https %s at %s:443", name, addr)).HTTPS
			bolt := at(t, all, fmt.Sprintf("bolt %s at %s:7687", name, addr)).Bolt
			uri := ""
			if web.Discovery != nil {
				uri = web.Discovery.BoltRouting
			}
			got := fmt.Sprintf("tls %s %s %v; https %s %d %s; bolt %s %s %s", h.Outcome, h.Version, h.Flaws, web.Outcome, web.Status, uri, bolt.Outcome, bolt.Version, bolt.Server)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestClock: validity is judged by the clock that is given.
func TestClock(t *testing.T) {
	s := newScene(t)
	now := time.Now().AddDate(0, 6, 0)
	all := s.probe(t, doctor.Asked{Only: []doctor.Kind{doctor.KindTLS}}, probe.Tools{Now: func() time.Time { return now }})
	h := at(t, all, fmt.Sprintf("tls %s at %s:443", eastEndpoint, s.subject.Links[0].Addrs[0])).Handshake
	if diff := cmp.Diff([]doctor.Flaw{doctor.FlawExpired}, h.Flaws); diff != "" || !h.Clock.Equal(now) {
		t.Errorf("%s by %s", diff, h.Clock)
	}
}

// TestRegion: the links of both regions are asked for both endpoints.
func TestRegion(t *testing.T) {
	s := newScene(t)
	tests := []struct {
		name       string
		east, west standin.Behaviour
		want       map[string]string
	}{
		{"well", standin.Behaviour{}, standin.Behaviour{}, map[string]string{
			eastEndpoint + " east": "yes by discovery: c466fb81.production-orch-0000.neo4j.io",
			eastEndpoint + " west": "no by alert: unrecognized_name",
			westEndpoint + " east": "no by alert: unrecognized_name",
			westEndpoint + " west": "yes by discovery: c466fb81.production-orch-0042.neo4j.io",
			madeUp + " east":       "made up: no by alert: unrecognized_name",
			madeUp + " west":       "made up: no by alert: unrecognized_name",
		}},
		{"any name at west", standin.Behaviour{}, standin.Behaviour{CatchAll: true}, map[string]string{
			eastEndpoint + " east": "yes by discovery: c466fb81.production-orch-0000.neo4j.io",
			eastEndpoint + " west": "yes by discovery: c466fb81.production-orch-0042.neo4j.io",
			westEndpoint + " east": "no by alert: unrecognized_name",
			westEndpoint + " west": "yes by discovery: c466fb81.production-orch-0042.neo4j.io",
			madeUp + " east":       "made up: no by alert: unrecognized_name",
			madeUp + " west":       "made up: yes by discovery: c466fb81.production-orch-0042.neo4j.io",
		}},
		{"no document", standin.Behaviour{Unauthorized: true}, standin.Behaviour{Certificate: standin.OtherName, Unauthorized: true}, map[string]string{
			eastEndpoint + " east": "yes by status: 401",
			eastEndpoint + " west": "no by alert: unrecognized_name",
			westEndpoint + " east": "no by alert: unrecognized_name",
			westEndpoint + " west": "no by certificate: ingress.example.net",
			madeUp + " east":       "made up: no by alert: unrecognized_name",
			madeUp + " west":       "made up: no by alert: unrecognized_name",
		}},
		{"documents of the other region", standin.Behaviour{BoltRouting: "neo4j+s://c466fb81." + west + ":7687"}, standin.Behaviour{}, map[string]string{
			eastEndpoint + " east": "no by discovery: c466fb81.production-orch-0042.neo4j.io",
			eastEndpoint + " west": "no by alert: unrecognized_name",
			westEndpoint + " east": "no by alert: unrecognized_name",
			westEndpoint + " west": "yes by discovery: c466fb81.production-orch-0042.neo4j.io",
			madeUp + " east":       "made up: no by alert: unrecognized_name",
			madeUp + " west":       "made up: no by alert: unrecognized_name",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.east.Behave(tt.east)
			s.west.Behave(tt.west)
			got := make(map[string]string)
			for _, e := range s.probe(t, doctor.Asked{Only: []doctor.Kind{doctor.KindRegion}}, probe.Tools{}) {
				r := e.Region
				text := fmt.Sprintf("%s by %s: %s", r.Knows, r.By, r.Says)
				if r.MadeUp {
					text = "made up: " + text
				}
				got[r.Name+" "+r.Region] = text
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// credentials are some that the stand-in takes.
var credentials = probe.Tools{User: "neo4j", Password: func() (string, error) { return standin.Password, nil }}

// TestSession: the official driver's routing table, a read and a write; the hosts of
// the table are probed as well.
func TestSession(t *testing.T) {
	s := newScene(t)
	asked := doctor.Asked{Only: []doctor.Kind{doctor.KindBolt, doctor.KindTLS, doctor.KindRegion}, Databases: []string{westEndpoint}}
	all := s.probe(t, asked, credentials)
	got := at(t, all, "session by "+database+"."+east).Session
	if got.Outcome != doctor.Connected || len(got.Table) < 4 || got.TTL == 0 || got.Read == nil || got.Write == nil || !got.Read.OK || !got.Write.OK {
		t.Errorf("%+v, read %+v, write %+v", got, got.Read, got.Write)
	}
	for _, server := range got.Table {
		e := at(t, all, fmt.Sprintf("bolt %s at %s:7687", server.Host, s.subject.Links[0].Addrs[0]))
		if e.Bolt.Outcome != doctor.Connected {
			t.Errorf("%s: %s", server.Host, e.Bolt.Error)
		}
	}
}

// TestSessionFails: how failures look.
func TestSessionFails(t *testing.T) {
	s := newScene(t)
	tests := []struct {
		name      string
		behaviour standin.Behaviour
		check     func(*doctor.Session) bool
	}{
		{"no writer", standin.Behaviour{NoWriter: true}, func(s *doctor.Session) bool {
			return s.Outcome == doctor.Connected && s.Read.OK && !s.Write.OK && !hasRole(s, "WRITE")
		}},
		{"certificate", standin.Behaviour{Certificate: standin.Expired}, func(s *doctor.Session) bool {
			return s.Outcome == doctor.Failed && len(s.Table) == 0 && s.Error != ""
		}},
		{"reset", standin.Behaviour{Reset: true}, func(s *doctor.Session) bool { return s.Outcome == doctor.Reset && s.Error != "" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.east.Behave(tt.behaviour)
			all := s.probe(t, doctor.Asked{Only: []doctor.Kind{doctor.KindBolt}, ProbeSeconds: 3}, credentials)
			if got := at(t, all, "session by "+database+"."+east).Session; !tt.check(got) {
				t.Errorf("%+v, read %+v, write %+v", got, got.Read, got.Write)
			}
		})
	}
}

func hasRole(s *doctor.Session, role string) bool {
	for _, server := range s.Table {
		if server.Role == role {
			return true
		}
	}
	return false
}

// TestIdle: a session that is silent for longer than the path lets it is found dead;
// without credentials a server that ends a connection in good order has let it live.
func TestIdle(t *testing.T) {
	s := newScene(t)
	s.subject.Names = s.subject.Names[:1]
	s.east.Behave(standin.Behaviour{DropIdle: 3 * time.Second})
	tools := credentials
	tools.Silences = []time.Duration{500 * time.Millisecond, 8 * time.Second}
	asked := doctor.Asked{Only: []doctor.Kind{doctor.KindIdle}, Idle: true}
	name := fmt.Sprintf("idle %s.%s at %s", database, east, netip.AddrPortFrom(s.subject.Links[0].Addrs[0], 7687))
	with := at(t, s.probe(t, asked, tools), name).Idle
	if len(with.Silent) != 2 || !with.Silent[0].Alive || with.Silent[1].Alive || with.Silent[1].End == "" {
		t.Errorf("with credentials: %+v", with)
	}
	tools.Password = nil
	without := at(t, s.probe(t, asked, tools), name).Idle
	if len(without.Silent) != 2 || !without.Silent[0].Alive || !without.Silent[1].Alive || without.Silent[1].Seconds >= 8 {
		t.Errorf("without: %+v", without)
	}
}
