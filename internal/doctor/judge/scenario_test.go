package judge_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/doctortest"
	"github.com/auralink/auralink/internal/doctor/judge"
)

//go:generate go test . -run ^TestScenarios$ -update

var update = flag.Bool("update", false, "write the goldens")

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

// resolutions changes the answers for names that a test picks, by some of those that
// are asked.
func resolutions(r *doctor.Record, name func(doctor.Name) bool, via string, change func(n doctor.Name, r *doctor.Resolution)) {
	for _, e := range r.Evidence {
		if e.Resolve == nil || via != "" && e.Resolve.Via.Server != via {
			continue
		}
		if n := r.Subject.Find(e.Resolve.Name); name(n) {
			change(n, e.Resolve)
		}
	}
}

// leadTo has names lead to addresses.
func leadTo(addrs ...string) func(doctor.Name, *doctor.Resolution) {
	return func(_ doctor.Name, r *doctor.Resolution) {
		for i := range r.Answers {
			a := &r.Answers[i]
			a.Addrs, a.SOA, a.Rcode = nil, nil, "NOERROR"
			for _, text := range addrs {
				if is6 := strings.Contains(text, ":"); a.Type == "A" && !is6 || a.Type == "AAAA" && is6 {
					a.Addrs = append(a.Addrs, addr(text))
				}
			}
		}
	}
}

// deny has names not exist, by the zone's word; "" for nobody's.
func deny(rcode, zone string) func(doctor.Name, *doctor.Resolution) {
	return func(_ doctor.Name, r *doctor.Resolution) {
		for i := range r.Answers {
			a := &r.Answers[i]
			a.Addrs, a.SOA, a.Rcode, a.AA = nil, nil, rcode, false
			if zone != "" && r.Via.Way != doctor.WaySystem {
				a.SOA = &doctor.SOA{Zone: zone, MName: "dns.corp.example"}
			}
		}
	}
}

func all(doctor.Name) bool { return true }

// inRegion are the names of a linked region.
func inRegion(region string) func(doctor.Name) bool {
	return func(n doctor.Name) bool { return n.Region == region && n.Expect == doctor.ExpectLink }
}

func role(roles ...doctor.Role) func(doctor.Name) bool {
	return func(n doctor.Name) bool { return slices.Contains(roles, n.Role) && n.Region != "far" }
}

func named(names ...string) func(doctor.Name) bool {
	return func(n doctor.Name) bool { return slices.Contains(names, n.Name) }
}

func below(parent string) func(doctor.Name) bool {
	return func(n doctor.Name) bool { return strings.HasSuffix(n.Name, "."+parent) }
}

// machineOf is the machine of a record.
func machineOf(r *doctor.Record) *doctor.Machine {
	for _, e := range r.Evidence {
		if e.Machine != nil {
			return e.Machine
		}
	}
	return nil
}

// paths changes the paths to name servers.
func paths(change func(p *doctor.Path)) func(*doctor.Record) {
	return func(r *doctor.Record) {
		for _, e := range r.Evidence {
			if e.Path != nil {
				change(e.Path)
			}
		}
	}
}

// connects changes connections to an address, or to all; what goes on there fails too.
func connects(address string, port uint16, outcome doctor.Outcome) func(*doctor.Record) {
	return func(r *doctor.Record) {
		hit := func(a netip.Addr, p uint16) bool {
			return (address == "" || a.String() == address) && (port == 0 || p == port)
		}
		for _, e := range r.Evidence {
			switch {
			case e.TCP != nil && hit(e.TCP.Addr, e.TCP.Port):
				e.TCP.Outcome = outcome
			case e.Handshake != nil && hit(e.Handshake.Addr, e.Handshake.Port):
				*e.Handshake = doctor.Handshake{Spot: e.Handshake.Spot, Outcome: outcome}
			case e.HTTPS != nil && hit(e.HTTPS.Addr, e.HTTPS.Port):
				*e.HTTPS = doctor.HTTPS{Spot: e.HTTPS.Spot, Outcome: outcome}
			case e.Bolt != nil && hit(e.Bolt.Addr, e.Bolt.Port):
				*e.Bolt = doctor.Bolt{Spot: e.Bolt.Spot, Outcome: outcome}
			case e.Suites != nil && hit(e.Suites.Addr, e.Suites.Port):
				*e.Suites = doctor.Suites{Spot: e.Suites.Spot, Outcome: outcome}
			}
		}
	}
}

// handshakes changes the handshakes of names that are not made up.
func handshakes(name func(doctor.Name) bool, change func(h *doctor.Handshake)) func(*doctor.Record) {
	return func(r *doctor.Record) {
		for _, e := range r.Evidence {
			if e.Handshake != nil && e.Handshake.Outcome == doctor.Connected && name(r.Subject.Find(e.Handshake.Name)) {
				change(e.Handshake)
			}
		}
	}
}

func flaw(f doctor.Flaw) func(*doctor.Handshake) {
	return func(h *doctor.Handshake) {
		h.Flaws = []doctor.Flaw{f}
		if f == doctor.FlawExpired {
			h.Chain[0].NotAfter = doctortest.Noon.AddDate(0, 0, -1)
		}
	}
}

func suites(change func(s *doctor.Suites)) func(*doctor.Record) {
	return func(r *doctor.Record) {
		for _, e := range r.Evidence {
			if e.Suites != nil {
				change(e.Suites)
			}
		}
	}
}

func webs(change func(h *doctor.HTTPS)) func(*doctor.Record) {
	return func(r *doctor.Record) {
		for _, e := range r.Evidence {
			if e.HTTPS != nil {
				change(e.HTTPS)
			}
		}
	}
}

func session(change func(s *doctor.Session)) func(*doctor.Record) {
	return func(r *doctor.Record) {
		for _, e := range r.Evidence {
			if e.Session != nil {
				change(e.Session)
			}
		}
	}
}

func asks(change func(a *doctor.RegionAsk)) func(*doctor.Record) {
	return func(r *doctor.Record) {
		for _, e := range r.Evidence {
			if e.Region != nil {
				change(e.Region)
			}
		}
	}
}

func answer(name func(doctor.Name) bool, via string, change func(doctor.Name, *doctor.Resolution)) func(*doctor.Record) {
	return func(r *doctor.Record) { resolutions(r, name, via, change) }
}

func and(changes ...func(*doctor.Record)) func(*doctor.Record) {
	return func(r *doctor.Record) {
		for _, change := range changes {
			change(r)
		}
	}
}

// without takes evidence away.
func without(drop func(doctor.Evidence) bool) func(*doctor.Record) {
	return func(r *doctor.Record) { r.Evidence = slices.DeleteFunc(r.Evidence, drop) }
}

func browser(b doctor.Browser) func(*doctor.Record) {
	return func(r *doctor.Record) {
		r.Evidence = append(r.Evidence, doctor.Evidence{Kind: doctor.KindBrowser, Probe: "browser", Browser: &b})
	}
}

// scenario is one thing that is wrong with a network in which all else is well, and
// the codes of all findings that it must lead to, and no others.
type scenario struct {
	what   string
	change func(*doctor.Record)
	want   []judge.Code
}

func codes(c ...judge.Code) []judge.Code { return c }

// scenarios have every code.
func scenarios() []scenario {
	return slices.Concat(nameScenarios(), machineScenarios(), linkScenarios(), sessionScenarios(), gapScenarios())
}

func nameScenarios() []scenario {
	return []scenario{
		{"all is well", func(*doctor.Record) {}, nil},
		{"the documentation's wildcard", answer(below("endpoints.neo4j.io"), "", leadTo("10.10.10.10")), codes(judge.CodeWildcardAcrossRegions)},
		{"the wildcard, where no declared name is led astray", answer(role(doctor.RoleNobody), "", leadTo("10.10.10.10")), codes(judge.CodeWildcardAcrossRegions)},
		{"a record of another region", answer(named("w1.endpoints.neo4j.io"), "", leadTo("10.10.10.10")), codes(judge.CodeWrongRegion)},
		{"two regions in one orchestra's zone", answer(inRegion("west"), "", leadTo("10.10.10.10")), codes(judge.CodeWrongRegion)},
		{"names of one region are public", answer(inRegion("east"), "", leadTo("34.9.9.9")), codes(judge.CodeLeaks)},
		{"one of two name servers is public", answer(inRegion("east"), doctortest.ServerB, leadTo("34.9.9.9")), codes(judge.CodeServersDisagree)},
		{"one of two name servers is of another region", answer(inRegion("east"), doctortest.ServerB, leadTo("10.20.10.10", "10.20.11.10")), codes(judge.CodeWrongRegion)},
		{"rebinding protection at both", and(answer(inRegion("east"), "", deny("NOERROR", "")), answer(inRegion("west"), "", deny("NOERROR", ""))), codes(judge.CodeStripped)},
		{"a shadowing zone", answer(below("endpoints.neo4j.io"), "", deny("NXDOMAIN", "endpoints.neo4j.io")), codes(judge.CodeShadowed)},
		{"no apex", answer(named("production-orch-0000.neo4j.io"), "", deny("NOERROR", "production-orch-0000.neo4j.io")), codes(judge.CodeMissingApex)},
		{"no wildcard", answer(below("production-orch-0000.neo4j.io"), "", deny("NXDOMAIN", "production-orch-0000.neo4j.io")), codes(judge.CodeMissingWildcard)},
		{"no further names", answer(role(doctor.RoleFurther), "", deny("NXDOMAIN", "endpoints.neo4j.io")), codes(judge.CodeMissingFurther)},
		{"nothing says why", answer(inRegion("east"), "", deny("NXDOMAIN", "")), codes(judge.CodeMissing)},
		{"a filter", answer(inRegion("east"), "", leadTo("0.0.0.0")), codes(judge.CodeFiltered)},
		{"a stale address", answer(inRegion("east"), "", leadTo("10.10.10.99")), codes(judge.CodeUnknownAddress)},
		{"a leaking AAAA", answer(inRegion("east"), "", leadTo("10.10.10.10", "2600:9000::1")), codes(judge.CodeLeaksType)},
		{"a leaking HTTPS record", answer(inRegion("east"), "", func(_ doctor.Name, r *doctor.Resolution) {
			for i := range r.Answers {
				if a := &r.Answers[i]; a.Type == "HTTPS" {
					a.Records, a.Addrs = 1, []netip.Addr{addr("34.9.9.9")}
				}
			}
		}), codes(judge.CodeLeaksType)},
		{"a zone for all of neo4j.io", answer(role(doctor.RoleControl, doctor.RoleUnlinked), "", deny("NXDOMAIN", "neo4j.io")), codes(judge.CodeHides)},
		{"a wildcard for all of neo4j.io", answer(role(doctor.RoleControl, doctor.RoleUnlinked), "", leadTo("10.10.10.10")), codes(judge.CodeHides)},
		{"an unlinked region's endpoint leads to a link", answer(named("f1.endpoints.neo4j.io"), "", leadTo("10.10.10.10")), codes(judge.CodeWrongRegion)},
		{"one address of two", answer(inRegion("west"), "", leadTo("10.20.10.10")), codes(judge.CodeIncomplete)},
		{"a long TTL", answer(inRegion("west"), "", func(_ doctor.Name, r *doctor.Resolution) { r.Answers[0].TTL = 3600 }), codes(judge.CodeLongTTL)},
		{"a routing host that is not there", answer(named(doctortest.RoutedWest), "", deny("NXDOMAIN", "")), codes(judge.CodeRoutingHost)},
	}
}

func machineScenarios() []scenario {
	wrong := answer(named("w1.endpoints.neo4j.io"), "getent ahosts", leadTo("10.10.10.10"))
	return []scenario{
		{"a hosts entry", and(wrong, func(r *doctor.Record) {
			machineOf(r).Hosts = []doctor.HostsEntry{{File: "/etc/hosts", Line: 7, Name: "w1.endpoints.neo4j.io", Addr: addr("10.10.10.10")}}
		}), codes(judge.CodeHostsEntry)},
		{"a hosts entry that is right", func(r *doctor.Record) {
			machineOf(r).Hosts = []doctor.HostsEntry{{File: "/etc/hosts", Line: 7, Name: "e1.endpoints.neo4j.io", Addr: addr("10.10.10.10")}}
		}, codes(judge.CodePinned)},
		{"a search list", and(wrong, func(r *doctor.Record) {
			machineOf(r).Search, machineOf(r).Ndots = []string{"corp.example"}, 5
		}), codes(judge.CodeSearchList, judge.CodeManyLookups)},
		{"something in between", wrong, codes(judge.CodeSystemDiffers)},
		{"another VPC's view", and(paths(func(p *doctor.Path) { p.Ours, p.View = true, "batch" }), answer(inRegion("east"), "", leadTo("10.1.7.7")), answer(inRegion("west"), "", leadTo("10.1.8.8"))), codes(judge.CodeWrongView)},
		{"a stranger", paths(func(p *doctor.Path) { p.Ours = true }), codes(judge.CodeWrongView, judge.CodeWrongView)},
		{"outside the clients", paths(func(p *doctor.Path) { p.Source = addr("10.9.0.1") }), codes(judge.CodeOutsideClients)},
		{"no recursion", paths(func(p *doctor.Path) { p.RA = p.Server == doctortest.ServerB }), codes(judge.CodeNoRecursion)},
		{"no DNS over TCP", paths(func(p *doctor.Path) { p.TCP = doctor.TimedOut }), codes(judge.CodeDNSOverTCP, judge.CodeDNSOverTCP)},
		{"large answers", paths(func(p *doctor.Path) { p.Large, p.LargeSize = doctor.TimedOut, 1800 }), codes(judge.CodeLargeAnswers, judge.CodeLargeAnswers)},
		{"a name server is silent", answer(all, doctortest.ServerB, func(_ doctor.Name, r *doctor.Resolution) {
			for i := range r.Answers {
				r.Answers[i] = doctor.Answer{Type: r.Answers[i].Type, Outcome: doctor.TimedOut}
			}
		}), codes(judge.CodeServerSilent)},
		{"a name server refuses", answer(all, doctortest.ServerB, deny("REFUSED", "")), codes(judge.CodeServerFails)},
		{"a question is lost", answer(named(doctortest.DatabaseEast), doctortest.ServerB, func(_ doctor.Name, r *doctor.Resolution) {
			r.Answers[0] = doctor.Answer{Type: "A", Outcome: doctor.TimedOut}
		}), codes(judge.CodeNotProbed)},
		{"open connections", func(r *doctor.Record) {
			machineOf(r).Open = []doctor.OpenConnection{{
				Local: netip.MustParseAddrPort("10.0.0.5:40000"), Remote: netip.MustParseAddrPort("34.9.9.9:7687"), Program: "java (4711)",
			}}
		}, codes(judge.CodeOpenConnections)},
		{"a browser without policy", browser(doctor.Browser{Found: []doctor.FoundBrowser{{Name: "Chromium", Version: "156.0", Enforces: true}}}), codes(judge.CodeLocalNetworkAccess)},
		{"a browser with policy", browser(doctor.Browser{Found: []doctor.FoundBrowser{{Name: "Chromium", Version: "156.0", Enforces: true, Allowed: []string{"https://[*.]neo4j.io"}}}}), nil},
		{"a canary that is answered", browser(doctor.Browser{
			Found:    []doctor.FoundBrowser{{Name: "Firefox", Version: "150"}},
			Canaries: []doctor.Canary{{Name: "use-application-dns.net", For: "Firefox", Answer: doctor.Answer{Type: "A", Outcome: doctor.Answered, Rcode: "NOERROR", Records: 1}}},
		}), codes(judge.CodeBrowserDoH)},
		{"our server names its own encrypted ways", and(paths(func(p *doctor.Path) { p.Ours, p.View = true, "apps" }), browser(doctor.Browser{
			Canaries: []doctor.Canary{{Name: "_dns.resolver.arpa", For: "discovery", Answer: doctor.Answer{Type: "SVCB", Outcome: doctor.Answered, Rcode: "NOERROR", Records: 1}}},
		})), nil},
		{"a name server names its own encrypted ways", browser(doctor.Browser{
			Canaries: []doctor.Canary{{Name: "_dns.resolver.arpa", For: "discovery", Answer: doctor.Answer{Type: "SVCB", Outcome: doctor.Answered, Rcode: "NOERROR", Records: 1}}},
		}), codes(judge.CodeBrowserDoH)},
		{"a canary without records", browser(doctor.Browser{
			Found:    []doctor.FoundBrowser{{Name: "Firefox", Version: "150"}},
			Canaries: []doctor.Canary{{Name: "use-application-dns.net", For: "Firefox", Answer: doctor.Answer{Type: "A", Outcome: doctor.Answered, Rcode: "NOERROR"}}},
		}), nil},
	}
}

func linkScenarios() []scenario {
	return []scenario{
		{"a firewall drops a port", connects("", 7687, doctor.TimedOut), codes(judge.CodePortDropped)},
		{"a firewall rejects an address", connects("10.20.11.10", 0, doctor.Refused), codes(judge.CodePortRefused)},
		{"no route", connects("10.10.10.10", 0, doctor.Unreachable), codes(judge.CodePortUnreachable)},
		{"7474 alone", connects("10.10.10.10", 7474, doctor.TimedOut), codes(judge.CodePortDropped)},
		{"an expired certificate", handshakes(inRegion("east"), flaw(doctor.FlawExpired)), codes(judge.CodeCertificateDates)},
		{"a wrong name", handshakes(inRegion("east"), flaw(doctor.FlawName)), codes(judge.CodeCertificateName)},
		{"an unknown authority", handshakes(inRegion("east"), flaw(doctor.FlawUntrusted)), codes(judge.CodeCertificateUntrusted)},
		{"a wrong clock", and(webs(func(h *doctor.HTTPS) { h.Clock = doctortest.Noon.AddDate(0, 6, 0) }), handshakes(all, func(h *doctor.Handshake) {
			h.Clock, h.Flaws = doctortest.Noon.AddDate(0, 6, 0), []doctor.Flaw{doctor.FlawExpired}
		})), codes(judge.CodeClock)},
		{"a link refuses a name", and(handshakes(named(doctortest.DatabaseEast), func(h *doctor.Handshake) {
			*h = doctor.Handshake{Spot: h.Spot, Outcome: doctor.Reset, Alert: "unrecognized_name"}
		})), codes(judge.CodeNameRefused)},
		{"TLS is cut", handshakes(inRegion("east"), func(h *doctor.Handshake) { *h = doctor.Handshake{Spot: h.Spot, Outcome: doctor.Reset} }), codes(judge.CodeNoTLS)},
		{"no common suite", handshakes(inRegion("east"), func(h *doctor.Handshake) {
			*h = doctor.Handshake{Spot: h.Spot, Outcome: doctor.Reset, Alert: "handshake_failure"}
		}), codes(judge.CodeNoCommonSuite)},
		{"TLS 1.1 is accepted", suites(func(s *doctor.Suites) {
			s.Accepted = append(s.Accepted, doctor.Suite{Version: "TLS 1.1", ID: 0xc013, Name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"})
		}), codes(judge.CodeBeyondList)},
		{"no DHE is offered", suites(func(s *doctor.Suites) { s.Accepted = s.Accepted[:3] }), codes(judge.CodeShortList)},
		{"no offer is accepted", suites(func(s *doctor.Suites) { s.Accepted, s.Own = nil, nil }), codes(judge.CodeNotProbed)},
		{"no HTTPS", webs(func(h *doctor.HTTPS) { h.Status, h.Discovery = 503, nil }), codes(judge.CodeNoHTTPS)},
		{"an answer to GET / that proves nothing", webs(func(h *doctor.HTTPS) { h.Status, h.Discovery = 404, nil }), codes(judge.CodeNotProbed)},
		{"an answer to GET / that wants credentials", webs(func(h *doctor.HTTPS) { h.Status, h.Discovery = 401, nil }), nil},
		{"an answer to GET / that sends away", webs(func(h *doctor.HTTPS) { h.Status, h.Discovery = 302, nil }), nil},
		{"GET / is misdirected", webs(func(h *doctor.HTTPS) { h.Status, h.Discovery = 421, nil }), codes(judge.CodeNameRefused)},
		{"a document that leads away", webs(func(h *doctor.HTTPS) { h.Discovery.BoltRouting = "neo4j+s://aaaa1111.databases.neo4j.io:7687" }), codes(judge.CodeDiscoveryElsewhere)},
		{"a proxy", func(r *doctor.Record) {
			r.Evidence = append(r.Evidence, doctor.Evidence{Kind: doctor.KindHTTPS, Probe: "https by proxy", HTTPS: &doctor.HTTPS{
				Spot: doctor.Spot{Name: doctortest.DatabaseEast, Port: 443}, Proxy: "http://proxy.corp.example:3128", Outcome: doctor.Connected, Status: 403,
			}})
		}, codes(judge.CodeProxy)},
		{"no Bolt", func(r *doctor.Record) {
			for _, e := range r.Evidence {
				if e.Bolt != nil {
					e.Bolt.Version = ""
				}
			}
		}, codes(judge.CodeNoBolt)},
		{"an endpoint in another region", and(asks(func(a *doctor.RegionAsk) {
			if a.Name == "w1.endpoints.neo4j.io" {
				a.Knows = map[doctor.Knowledge]doctor.Knowledge{doctor.KnowsIt: doctor.KnowsItNot, doctor.KnowsItNot: doctor.KnowsIt}[a.Knows]
			}
		}), handshakes(named("w1.endpoints.neo4j.io"), func(h *doctor.Handshake) {
			*h = doctor.Handshake{Spot: h.Spot, Outcome: doctor.Reset, Alert: "unrecognized_name"}
		})), codes(judge.CodeRegionContradicted)},
		{"an ingress that takes any name", func(r *doctor.Record) {
			asks(func(a *doctor.RegionAsk) {
				*a = doctor.RegionAsk{Spot: a.Spot, Region: a.Region, MadeUp: a.MadeUp, Outcome: doctor.Connected, Knows: doctor.KnowsIt, By: doctor.ByCertificate}
			})(r)
		}, codes(judge.CodeAnyName, judge.CodeRegionUnproved)},
		{"an ingress that gives every name a document of its region", asks(func(a *doctor.RegionAsk) {
			*a = doctor.RegionAsk{
				Spot: a.Spot, Region: a.Region, MadeUp: a.MadeUp, Outcome: doctor.Connected, Knows: doctor.KnowsIt,
				By: doctor.ByDiscovery, Says: "first." + a.Region,
			}
		}), codes(judge.CodeAnyName, judge.CodeRegionUnproved)},
		{"an ingress that gives every name a document of the other region", asks(func(a *doctor.RegionAsk) {
			*a = doctor.RegionAsk{
				Spot: a.Spot, Region: a.Region, MadeUp: a.MadeUp, Outcome: doctor.Connected, Knows: doctor.KnowsItNot,
				By: doctor.ByDiscovery, Says: "first.elsewhere",
			}
		}), codes(judge.CodeRegionUnproved)},
		{"a link that was not asked for a name that nobody has", and(
			without(func(e doctor.Evidence) bool { return e.Region != nil && e.Region.MadeUp }),
		), codes(judge.CodeRegionUnproved)},
		{"a wildcard's certificate, and a status that tells nothing", asks(func(a *doctor.RegionAsk) {
			if a.MadeUp {
				a.Outcome, a.Knows, a.By, a.Says = doctor.Connected, doctor.KnowsMaybe, doctor.ByStatus, "404"
			}
		}), codes(judge.CodeRegionUnproved)},
		{"names that nobody has are cut off without a word", asks(func(a *doctor.RegionAsk) {
			if a.MadeUp {
				a.Outcome, a.Knows, a.By, a.Says = doctor.Reset, doctor.KnowsMaybe, "", ""
			}
		}), nil},
		{"routing tables tell where every link takes any name", func(r *doctor.Record) {
			var told []doctor.Evidence
			for _, e := range r.Evidence {
				if e.Region == nil || e.Region.MadeUp {
					continue
				}
				if n := r.Subject.Find(e.Region.Name); n.Region == e.Region.Region {
					own := *e.Region
					own.By, own.Says = doctor.ByRouting, "p-1"
					told = append(told, doctor.Evidence{Kind: doctor.KindRegion, Probe: "by its routing table", Region: &own})
				}
			}
			asks(func(a *doctor.RegionAsk) {
				a.Outcome, a.Knows, a.By = doctor.Connected, doctor.KnowsIt, doctor.ByCertificate
			})(r)
			r.Evidence = append(r.Evidence, told...)
		}, codes(judge.CodeAnyName)},
		{"an endpoint of a region that is not linked is known to a link", asks(func(a *doctor.RegionAsk) {
			if a.Name == "f1.endpoints.neo4j.io" && a.Region == "east" {
				a.Outcome, a.Knows, a.By = doctor.Connected, doctor.KnowsIt, doctor.ByCertificate
			}
		}), codes(judge.CodeRegionContradicted)},
		{"links that are swapped", func(r *doctor.Record) {
			hosts := map[string]string{"east": doctortest.DatabaseEast, "west": doctortest.DatabaseWest}
			asks(func(a *doctor.RegionAsk) {
				n := r.Subject.Find(a.Name)
				switch {
				case hosts[n.Region] == "":
				case n.Region == a.Region:
					a.Outcome, a.Knows, a.By, a.Says = doctor.Reset, doctor.KnowsItNot, doctor.ByAlert, "unrecognized_name"
				default:
					a.Outcome, a.Knows, a.By, a.Says = doctor.Connected, doctor.KnowsItNot, doctor.ByDiscovery, hosts[n.Region]
				}
			})(r)
			handshakes(all, func(h *doctor.Handshake) {
				*h = doctor.Handshake{Spot: h.Spot, Outcome: doctor.Reset, Alert: "unrecognized_name"}
			})(r)
			suites(func(s *doctor.Suites) { s.Name, s.Accepted, s.Own = doctortest.DatabaseEast, nil, nil })(r)
			session(func(s *doctor.Session) { *s = doctor.Session{Name: s.Name, Port: s.Port, Outcome: doctor.Failed} })(r)
		}, codes(judge.CodeRegionContradicted, judge.CodeRegionContradicted)},
		{"silent connections are cut", func(r *doctor.Record) {
			r.Evidence = append(r.Evidence, doctor.Evidence{Kind: doctor.KindIdle, Probe: "idle", Idle: &doctor.Idle{
				Addr: addr("10.10.10.10"), Port: 7687, Outcome: doctor.Connected,
				Silent: []doctor.Silence{{Seconds: 60, Alive: true}, {Seconds: 350, End: doctor.Reset}, {Seconds: 700, End: doctor.Reset}},
			}})
		}, codes(judge.CodeIdleCut)},
	}
}

func sessionScenarios() []scenario {
	return []scenario{
		{"no credentials", and(func(r *doctor.Record) { r.Asked.Credentials = false }, without(func(e doctor.Evidence) bool { return e.Session != nil })), codes(judge.CodeNoCredentials)},
		{"wrong credentials", session(func(s *doctor.Session) {
			s.Outcome, s.Code, s.Table = doctor.Failed, "Neo.ClientError.Security.Unauthorized", nil
		}), codes(judge.CodeCredentials)},
		{"a database that was guessed to be in both regions, and is in one", guess(false), nil},
		{"a database that was guessed to be in both regions, and gives a session in none", guess(true), codes(judge.CodeNoRoutingTable)},
		{"no routing table", session(func(s *doctor.Session) { *s = doctor.Session{Name: s.Name, Port: s.Port, Outcome: doctor.TimedOut} }), codes(judge.CodeNoRoutingTable)},
		{"no writer", session(func(s *doctor.Session) { s.Table = s.Table[1:] }), codes(judge.CodeIncompleteTable)},
		{"a routing host that nobody asked for", session(func(s *doctor.Session) {
			s.Table = append(s.Table, doctor.RouteServer{Role: "READ", Host: "p-none.production-orch-0099.example", Port: 7687})
		}), codes(judge.CodeNotProbed)},
		{"a routing host of no link that resolves nowhere", strayHost(""), codes(judge.CodeRoutingHost)},
		{"a routing host of no link that is public", strayHost("34.9.9.9"), codes(judge.CodeRoutingHost)},
		{"a read fails", session(func(s *doctor.Session) {
			s.Read = &doctor.Transaction{Server: doctortest.RoutedWest + ":7687", Code: "Neo.TransientError.General.DatabaseUnavailable"}
		}), codes(judge.CodeTransactionFailed)},
		{"public traffic is still on", func(r *doctor.Record) {
			r.Asked.ExpectPrivate = true
			r.Evidence = append(r.Evidence, doctor.Evidence{Kind: doctor.KindHTTPS, Probe: "https public", HTTPS: &doctor.HTTPS{
				Spot: doctor.Spot{Addr: addr("34.9.9.9"), Port: 443, Name: doctortest.DatabaseEast}, Public: true, Outcome: doctor.Connected, Status: 200,
				Discovery: &doctor.Discovery{BoltRouting: "neo4j+s://" + doctortest.DatabaseEast + ":7687"},
			}})
		}, codes(judge.CodePublicOpen)},
		{"public traffic is off", func(r *doctor.Record) {
			r.Asked.ExpectPrivate = true
			r.Evidence = append(r.Evidence, doctor.Evidence{Kind: doctor.KindHTTPS, Probe: "https public", HTTPS: &doctor.HTTPS{
				Spot: doctor.Spot{Addr: addr("34.9.9.9"), Port: 443, Name: doctortest.DatabaseEast}, Public: true, Outcome: doctor.Reset, Alert: "unrecognized_name",
			}})
		}, nil},
	}
}

// strayHost has a host in the routing table that is below no link's names.
func strayHost(address string) func(*doctor.Record) {
	return func(r *doctor.Record) {
		const host = "p-none.production-orch-0099.example"
		session(func(s *doctor.Session) {
			s.Table = append(s.Table, doctor.RouteServer{Role: "READ", Host: host, Port: 7687})
		})(r)
		a := doctor.Answer{Type: "A", Outcome: doctor.Answered, Rcode: "NXDOMAIN"}
		if address != "" {
			a.Rcode, a.Addrs = "NOERROR", []netip.Addr{addr(address)}
		}
		r.Evidence = append(r.Evidence, doctor.Evidence{Kind: doctor.KindResolve, Probe: "resolve " + host, Resolve: &doctor.Resolution{
			Name: host, Via: doctor.Via{Way: doctor.WayServer, Server: doctortest.ServerA}, Answers: []doctor.Answer{a},
		}})
	}
}

// guess has the database of west tried in both regions, by its id; the links take any
// name, or east refuses it.
func guess(anyName bool) func(*doctor.Record) {
	return func(r *doctor.Record) {
		const inEast = "bbbb2222.production-orch-0000.neo4j.io"
		for i := range r.Subject.Names {
			if r.Subject.Names[i].Name == doctortest.DatabaseWest {
				r.Subject.Names[i].Guessed = true
			}
		}
		r.Subject.Names = append(r.Subject.Names, doctor.Name{Name: inEast, Role: doctor.RoleDatabase, Region: "east", Expect: doctor.ExpectLink, Guessed: true})
		for _, e := range r.Evidence {
			switch {
			case e.Resolve != nil && e.Resolve.Name == doctortest.DatabaseEast:
				copied := *e.Resolve
				copied.Name = inEast
				e.Resolve = &copied
			case e.Handshake != nil && e.Handshake.Name == doctortest.DatabaseEast:
				copied := *e.Handshake
				copied.Name = inEast
				if !anyName {
					copied = doctor.Handshake{Spot: copied.Spot, Outcome: doctor.Failed, Alert: "unrecognized_name"}
				}
				e.Handshake = &copied
			case e.HTTPS != nil && e.HTTPS.Name == doctortest.DatabaseEast:
				e.HTTPS = &doctor.HTTPS{Spot: e.HTTPS.Spot, Outcome: doctor.Failed}
				e.HTTPS.Name = inEast
				if anyName {
					e.HTTPS.Status = 404
				}
			case e.Bolt != nil && e.Bolt.Name == doctortest.DatabaseEast:
				e.Bolt = &doctor.Bolt{Spot: e.Bolt.Spot, Outcome: doctor.Failed}
				e.Bolt.Name = inEast
				if anyName {
					e.Bolt.Outcome, e.Bolt.Version = doctor.Connected, "5.8"
				}
			default:
				continue
			}
			r.Evidence = append(r.Evidence, e)
		}
		r.Evidence = append(r.Evidence, doctor.Evidence{Kind: doctor.KindBolt, Probe: "session " + inEast, Session: &doctor.Session{Name: inEast, Port: 7687, Outcome: doctor.Failed}})
		if anyName {
			session(func(s *doctor.Session) { *s = doctor.Session{Name: s.Name, Port: s.Port, Outcome: doctor.TimedOut} })(r)
		}
	}
}

func gapScenarios() []scenario {
	return []scenario{
		{"the time was over", func(r *doctor.Record) {
			for i := range r.Evidence {
				if e := &r.Evidence[i]; e.Kind == doctor.KindTLS {
					*e = doctor.Evidence{Kind: e.Kind, Probe: e.Probe, NotProbed: "the time was over"}
				}
			}
		}, codes(judge.CodeNotProbed)},
		{"only some kinds", func(r *doctor.Record) { r.Asked.Only = []doctor.Kind{doctor.KindResolve} }, codes(judge.CodeNotAsked)},
		{"the machine alone was asked", func(r *doctor.Record) {
			r.Asked.Servers = []string{"system"}
			without(func(e doctor.Evidence) bool { return e.Resolve != nil && e.Resolve.Via.Way == doctor.WayServer })(r)
		}, codes(judge.CodeNotAsked)},
		{"a kind that brings nothing", without(func(e doctor.Evidence) bool { return e.Bolt != nil }), codes(judge.CodeNotProbed)},
		{"control names that nobody asked for", without(func(e doctor.Evidence) bool { return e.Kind == doctor.KindControl }), codes(judge.CodeNotProbed)},
		{"an endpoint that no link was asked for", without(func(e doctor.Evidence) bool { return e.Region != nil && e.Region.Name == "e1.endpoints.neo4j.io" }), codes(judge.CodeNotProbed)},
		{"an address that was not tried", without(func(e doctor.Evidence) bool { return e.TCP != nil && e.TCP.Addr == addr("10.20.11.10") }), codes(judge.CodeNotProbed, judge.CodeAddressNotReached)},
		{"no database and no endpoint", func(r *doctor.Record) {
			existing := func(name string) bool {
				n := r.Subject.Find(name)
				return n.Region == "east" && (n.Role == doctor.RoleDatabase || n.Role == doctor.RoleEndpoint)
			}
			r.Evidence = slices.DeleteFunc(r.Evidence, func(e doctor.Evidence) bool {
				return e.Resolve != nil && existing(e.Resolve.Name) || e.Handshake != nil && existing(e.Handshake.Name) || e.HTTPS != nil && existing(e.HTTPS.Name) || e.Bolt != nil && existing(e.Bolt.Name) || e.Region != nil && existing(e.Region.Name)
			})
			r.Subject.Names = slices.DeleteFunc(r.Subject.Names, func(n doctor.Name) bool { return existing(n.Name) })
		}, codes(judge.CodeTooFewNames)},
	}
}

// TestScenarios: each thing that goes wrong leads to its findings and to no others; what
// they say is in the golden.
func TestScenarios(t *testing.T) {
	var golden bytes.Buffer
	for _, s := range scenarios() {
		r := doctortest.Well()
		s.change(r)
		report := judge.Judge(*r)
		var got []judge.Code
		for _, f := range report.Findings {
			got = append(got, f.Code)
		}
		slices.Sort(got)
		want := slices.Sorted(slices.Values(s.want))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.what, diff)
		}
		fmt.Fprintf(&golden, "# %s: ready %t\n", s.what, report.Ready)
		for _, f := range report.Findings {
			fmt.Fprintf(&golden, "%s [%s] %v\n  %s\n", f.Severity, f.Code, f.Regions, f.Message)
			for _, line := range f.Evidence {
				fmt.Fprintf(&golden, "    %s\n", line)
			}
		}
	}
	path := filepath.Join("testdata", "scenarios.golden")
	if *update {
		if err := os.WriteFile(path, golden.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), golden.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEveryCodeHasItsScenario: and no scenario that is fine is called ready wrongly.
func TestEveryCodeHasItsScenario(t *testing.T) {
	caused := make(map[judge.Code]bool)
	for _, s := range scenarios() {
		for _, code := range s.want {
			caused[code] = true
		}
	}
	for _, e := range judge.Codes() {
		if !caused[e.Code] {
			t.Errorf("no scenario leads to %s", e.Code)
		}
	}
}
