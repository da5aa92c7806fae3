// Package doctortest has evidence of a network in which all is well: what tests of
// those who judge it, or write it, start from.
package doctortest

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/plan"
)

// world is two linked regions and one that is not.
const world = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
  far: {orchestras: ["0077"]}
vpcs:
  apps:
    clients: [10.0.0.0/16]
    links: {east: [10.10.10.10], west: [10.20.10.10, 10.20.11.10]}
custom_endpoints: {e1: east, w1: west, w2: west, f1: far}
`

// What is in the network.
const (
	// ServerA and ServerB are the name servers of the machine.
	ServerA = "10.0.0.2:53"
	ServerB = "10.0.0.3:53"
	// DatabaseEast and DatabaseWest are databases, and RoutedWest is in the routing table
	// of the latter.
	DatabaseEast = "aaaa1111.production-orch-0000.neo4j.io"
	DatabaseWest = "bbbb2222.production-orch-0042.neo4j.io"
	RoutedWest   = "p-bbbb2222-1234-0001.production-orch-0042.neo4j.io"

	madeUp = "made-up"
)

// Noon is when it was probed.
var Noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// Well returns a record of a network in which all is well: what every scenario starts
// from.
func Well() *doctor.Record { return wellIn(world) }

// WellOf returns such a record with so many more custom endpoints, in both regions.
func WellOf(endpoints int) *doctor.Record {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(world, "}\n"))
	for i := range endpoints {
		fmt.Fprintf(&b, ", many-%d: %s", i, []string{"east", "west"}[i%2])
	}
	return wellIn(b.String() + "}\n")
}

func wellIn(world string) *doctor.Record {
	top, p, _, err := plan.ReadTopology(strings.NewReader(world))
	if err != nil {
		panic(err) // the text above is wrong
	}
	vpc, _ := p.VPC("apps")
	r := &doctor.Record{
		Version: doctor.Version, Auralink: "test", From: Noon, To: Noon.Add(7 * time.Second),
		Subject: doctor.NewSubject(top, vpc, doctor.Choice{Databases: []string{DatabaseEast, DatabaseWest}, MadeUp: madeUp}),
		Asked:   doctor.Asked{Ports: doctor.DefaultPorts(), Credentials: true, PerHost: 8},
	}
	w := writer{r}
	w.machine()
	w.names()
	w.links()
	w.sessions()
	return r
}

// writer writes evidence of a network in which all is well.
type writer struct{ *doctor.Record }

func (w writer) add(kind doctor.Kind, name string, e doctor.Evidence) {
	e.Kind, e.Probe, e.At = kind, string(kind)+" "+name, Noon
	w.Evidence = append(w.Evidence, e)
}

func (w writer) machine() {
	w.add(doctor.KindMachine, "this machine", doctor.Evidence{Machine: &doctor.Machine{
		OS: "linux", Arch: "amd64", Servers: []string{ServerA, ServerB}, Ndots: 1, Switch: []string{"files", "dns"},
	}})
	for _, server := range []string{ServerA, ServerB} {
		w.add(doctor.KindPath, server, doctor.Evidence{Path: &doctor.Path{
			Server: server, Source: netip.MustParseAddr("10.0.0.5"), UDP: doctor.Answered, TCP: doctor.Answered, EDNS: 1232, RA: true,
		}})
	}
}

// vias are all that are asked.
func vias() []doctor.Via {
	return []doctor.Via{
		{Way: doctor.WaySystem, Server: "getent ahosts"}, {Way: doctor.WayServer, Server: ServerA}, {Way: doctor.WayServer, Server: ServerB},
	}
}

func (w writer) names() {
	for _, n := range w.Subject.Names {
		w.resolve(n)
	}
}

func (w writer) resolve(n doctor.Name) {
	kind := doctor.KindResolve
	if n.Role == doctor.RoleControl || n.Region == "" && n.Role == doctor.RoleUnlinked {
		kind = doctor.KindControl
	}
	for _, via := range vias() {
		a := doctor.Answer{Type: "A", Outcome: doctor.Answered, Rcode: "NOERROR", RA: true}
		aaaa := doctor.Answer{Type: "AAAA", Outcome: doctor.Answered, Rcode: "NOERROR", RA: true, SOA: soaOf(n)}
		switch n.Expect {
		case doctor.ExpectLink:
			link, _ := w.Subject.Link(n.Region)
			a.Addrs, a.TTL, a.AA = link.Addrs, 30, true
		case doctor.ExpectPublic:
			a.Addrs, a.TTL = []netip.Addr{netip.MustParseAddr("34.1.2.3")}, 300
		default:
			a.Rcode, a.SOA = "NXDOMAIN", soaOf(n)
			aaaa.Rcode = "NXDOMAIN"
		}
		answers := []doctor.Answer{a, aaaa}
		if via.Way == doctor.WayServer {
			https := aaaa
			https.Type = "HTTPS"
			answers = append(answers, https)
		}
		w.add(kind, n.Name+" at "+via.Server, doctor.Evidence{Resolve: &doctor.Resolution{Name: n.Name, Via: via, Answers: answers}})
	}
}

// soaOf is the zone that says that there is no more of a name.
func soaOf(n doctor.Name) *doctor.SOA {
	if n.Expect == doctor.ExpectLink || n.Role == doctor.RoleNobody {
		_, zone, _ := strings.Cut(n.Name, ".")
		return &doctor.SOA{Zone: zone, MName: "ns.auralink.invalid", TTL: 30}
	}
	return &doctor.SOA{Zone: auraname.Host, MName: "ns-1.awsdns-01.com", TTL: 900}
}

// links connects to all addresses.
func (w writer) links() {
	for _, link := range w.Subject.Links {
		for _, addr := range link.Addrs {
			for _, port := range w.Asked.Ports {
				w.add(doctor.KindTCP, netip.AddrPortFrom(addr, port).String(), doctor.Evidence{TCP: &doctor.Connect{
					Addr: addr, Port: port, Outcome: doctor.Connected, Took: 20, Source: netip.MustParseAddr("10.0.0.5"),
				}})
			}
			for _, port := range []uint16{443, 7687} {
				w.add(doctor.KindTLS, fmt.Sprintf("suites %s:%d", addr, port), doctor.Evidence{Suites: &doctor.Suites{
					Spot: doctor.Spot{Addr: addr, Port: port}, Outcome: doctor.Connected, Offers: 60, Accepted: allSuites(),
					Own: &doctor.Suite{Version: "TLS 1.3", ID: 0x1301, Name: "TLS_AES_128_GCM_SHA256"},
				}})
			}
		}
	}
	for _, port := range []uint16{443, 7687} {
		for _, spot := range w.Subject.Spots(port) {
			w.spot(spot)
		}
	}
	for _, n := range w.Subject.Names {
		if n.Role == doctor.RoleEndpoint || n.Role == doctor.RoleNobody {
			w.region(n)
		}
	}
}

func allSuites() []doctor.Suite {
	var all []doctor.Suite
	for _, id := range []uint16{0x1301, 0x1302, 0x1303} {
		all = append(all, doctor.Suite{Version: "TLS 1.3", ID: id})
	}
	for _, id := range []uint16{0x9e, 0x9f, 0xc02f, 0xc030, 0xcca8} {
		all = append(all, doctor.Suite{Version: "TLS 1.2", ID: id})
	}
	return all
}

// spot speaks TLS, HTTPS and Bolt; made-up names are refused.
func (w writer) spot(at doctor.Spot) {
	where := fmt.Sprintf("%s at %s:%d", at.Name, at.Addr, at.Port)
	if strings.HasPrefix(at.Name, madeUp) {
		w.add(doctor.KindTLS, where, doctor.Evidence{Handshake: &doctor.Handshake{Spot: at, Outcome: doctor.Reset, Alert: "unrecognized_name"}})
		return
	}
	_, parent, _ := strings.Cut(at.Name, ".")
	w.add(doctor.KindTLS, where, doctor.Evidence{Handshake: &doctor.Handshake{
		Spot: at, Outcome: doctor.Connected, Version: "TLS 1.3", Suite: "TLS_AES_128_GCM_SHA256", Clock: Noon,
		Chain: []doctor.Certificate{{
			Subject: "CN=*." + parent, Issuer: "CN=Test CA", Names: []string{"*." + parent},
			NotBefore: Noon.AddDate(0, -1, 0), NotAfter: Noon.AddDate(0, 2, 0),
		}},
	}})
	if at.Port == 443 {
		w.add(doctor.KindHTTPS, where, doctor.Evidence{HTTPS: &doctor.HTTPS{
			Spot: at, Outcome: doctor.Connected, Status: 200, Date: Noon, Clock: Noon,
			Discovery: &doctor.Discovery{BoltRouting: "neo4j+s://" + at.Name + ":7687"},
		}})
		return
	}
	w.add(doctor.KindBolt, where, doctor.Evidence{Bolt: &doctor.Bolt{Spot: at, Outcome: doctor.Connected, Version: "5.8"}})
}

// region asks all links of a name; that of its own region alone knows it.
func (w writer) region(n doctor.Name) {
	for _, link := range w.Subject.Links {
		ask := &doctor.RegionAsk{
			Spot: doctor.Spot{Addr: link.Addrs[0], Port: 7687, Name: n.Name}, Region: link.Region,
			Outcome: doctor.Connected, Knows: doctor.KnowsIt, By: doctor.ByCertificate, MadeUp: n.Role == doctor.RoleNobody,
		}
		if link.Region != n.Region {
			ask.Knows, ask.By, ask.Says, ask.Outcome = doctor.KnowsItNot, doctor.ByAlert, "unrecognized_name", doctor.Reset
		}
		w.add(doctor.KindRegion, n.Name+" at "+link.Region, doctor.Evidence{Region: ask})
	}
}

// sessions has a database of west asked by the driver, and its table's host resolved.
func (w writer) sessions() {
	w.add(doctor.KindBolt, "session "+DatabaseWest, doctor.Evidence{Session: &doctor.Session{
		Name: DatabaseWest, Port: 7687, Outcome: doctor.Connected, TTL: 10,
		Table: []doctor.RouteServer{{Role: "WRITE", Host: RoutedWest, Port: 7687}, {Role: "READ", Host: RoutedWest, Port: 7687}, {Role: "ROUTE", Host: RoutedWest, Port: 7687}},
		Read:  &doctor.Transaction{Server: RoutedWest + ":7687", OK: true}, Write: &doctor.Transaction{Server: RoutedWest + ":7687", OK: true},
	}})
	w.resolve(doctor.Name{Name: RoutedWest, Role: doctor.RoleRouting, Region: "west", Expect: doctor.ExpectLink})
}
