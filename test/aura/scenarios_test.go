//go:build linux

package aura_test

import (
	"crypto/tls"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/doctor/judge"
	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/standin"
	"github.com/auralink/auralink/test/peers"
)

// scenarios are all of them.
func scenarios() []scenario {
	var all []scenario
	for _, some := range [][]scenario{nameScenarios(), machineScenarios(), linkScenarios(), sessionScenarios(), gapScenarios()} {
		all = append(all, some...)
	}
	return all
}

func codes(c ...judge.Code) []judge.Code { return c }

// zone is a zone file with records, one a line.
func zone(records ...string) string {
	return "$TTL 1\n@ IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 1\n@ IN NS ns.example.org.\n" + strings.Join(records, "\n") + "\n"
}

// right are zones that have everything as the topology wants it.
func right() map[string]string {
	east := zone("@ IN A 10.10.10.10", "@ IN A 10.10.11.10", "* IN A 10.10.10.10", "* IN A 10.10.11.10")
	west := zone("@ IN A 10.20.10.10", "* IN A 10.20.10.10")
	zones := map[string]string{"production-orch-0000.neo4j.io": east, "production-orch-0042.neo4j.io": west}
	for _, prefix := range []string{"", "a-", "b-", "c-", "d-"} {
		zones[prefix+eastCustom] = zone("@ IN A 10.10.10.10", "@ IN A 10.10.11.10")
		zones[prefix+westCustom] = zone("@ IN A 10.20.10.10")
	}
	return zones
}

// bindWith has a BIND instead of our server, with zones that are right but for those
// given; an empty one is left out.
func bindWith(wrong map[string]string, options ...string) func(*testing.T, *scene) {
	return func(t *testing.T, s *scene) {
		s.ours = false
		zones := right()
		for name, text := range wrong {
			zones[name] = text
			if text == "" {
				delete(zones, name)
			}
		}
		startBIND(t, s.World, zones, options...)
	}
}

// every has a change be made to each zone that is right and has a suffix.
func every(suffix, text string) map[string]string {
	wrong := make(map[string]string)
	for name := range right() {
		if strings.HasSuffix(name, suffix) {
			wrong[name] = text
		}
	}
	return wrong
}

// further are the four further names of both custom endpoints.
func further(text string) map[string]string {
	wrong := every("endpoints.neo4j.io", text)
	delete(wrong, eastCustom)
	delete(wrong, westCustom)
	return wrong
}

func with(wrong map[string]string, name, text string) map[string]string {
	wrong[name] = text
	return wrong
}

// dnsmasq has a forwarder on the machine itself, in front of our server.
func dnsmasq(args ...string) func(*testing.T, *scene) {
	return func(t *testing.T, s *scene) {
		program := peers.Find(t, "dnsmasq", "dnsmasq-base")
		standard := []string{"--keep-in-foreground", "--no-resolv", "--no-hosts", "--user=root", "--pid-file", "--log-facility=-", "--server=" + lab.DNSAddress}
		_, err := s.Start(lab.App, program, append(standard, args...)...)
		must(t, err)
		must(t, lab.App.UseDNS([]string{"127.0.0.1"}))
		eventually(t, "dnsmasq does not serve", func() bool {
			conn, err := lab.App.DialTimeout("tcp", "127.0.0.1:53", patience)
			if err == nil {
				_ = conn.Close()
			}
			return err == nil
		})
	}
}

func resolv(servers []string, further ...string) func(*testing.T, *scene) {
	return func(t *testing.T, _ *scene) { must(t, lab.App.UseDNS(servers, further...)) }
}

func etc(name, text string) func(*testing.T, *scene) {
	return func(t *testing.T, _ *scene) { must(t, lab.App.WriteEtc(name, text)) }
}

func firewall(host lab.Host, rules ...string) func(*testing.T, *scene) {
	return func(t *testing.T, _ *scene) { must(t, host.Firewall(rules...)) }
}

// behave has the private endpoints of both regions behave in a way.
func behave(b standin.Behaviour) func(*testing.T, *scene) {
	return func(_ *testing.T, s *scene) { s.privates(b) }
}

func and(causes ...func(*testing.T, *scene)) func(*testing.T, *scene) {
	return func(t *testing.T, s *scene) {
		for _, cause := range causes {
			cause(t, s)
		}
	}
}

// tell changes what the doctor is told.
func tell(change func(s *scene)) func(*testing.T, *scene) {
	return func(_ *testing.T, s *scene) { change(s) }
}

func args(a ...string) func(*testing.T, *scene) { return tell(func(s *scene) { s.args = a }) }

func public(name string, addrs ...string) func(*testing.T, *scene) {
	return func(_ *testing.T, s *scene) {
		var parsed []netip.Addr
		for _, addr := range addrs {
			parsed = append(parsed, netip.MustParseAddr(addr))
		}
		s.DNS.Set(name, parsed...)
	}
}

// controlNames are exempt from rebinding protection: dnsmasq takes the lab's public
// addresses, which are for documentation, for private ones.
const controlNames = "/api.neo4j.io/browser.neo4j.io/bloom.neo4j.io/console.neo4j.io/customer-metrics-api.neo4j.io/"

const (
	eastZoneName = "production-orch-0000.neo4j.io"
	custom       = "endpoints.neo4j.io"
)

func nameScenarios() []scenario {
	return []scenario{
		{what: "all is well", short: true},
		{what: "all is well in BIND", cause: bindWith(nil)},
		{what: "wildcard of the documentation", cause: func(t *testing.T, s *scene) {
			s.ours = false
			startBIND(t, s.World, documentation())
		}, want: codes(judge.CodeWildcardAcrossRegions, judge.CodeIncomplete), short: true},
		{what: "record of another region", cause: bindWith(map[string]string{westCustom: zone("@ IN A 10.10.10.10")}), want: codes(judge.CodeWrongRegion), short: true},
		{what: "public DNS", cause: resolv([]string{lab.PublicResolver}), want: codes(judge.CodeLeaks), short: true},
		{what: "split brain", cause: resolv([]string{lab.DNSAddress, lab.PublicResolver}), want: codes(judge.CodeServersDisagree)},
		{what: "rebinding protection", cause: dnsmasq("--stop-dns-rebind", "--rebind-domain-ok="+controlNames), want: codes(judge.CodeStripped)},
		{what: "shadowing zone", cause: bindWith(with(every(custom, ""), custom, zone())), want: codes(judge.CodeShadowed)},
		{what: "no apex", cause: bindWith(map[string]string{eastZoneName: zone("* IN A 10.10.10.10", "* IN A 10.10.11.10")}), want: codes(judge.CodeMissingApex)},
		{what: "no wildcard", cause: bindWith(map[string]string{eastZoneName: zone("@ IN A 10.10.10.10", "@ IN A 10.10.11.10", "abcd1234 IN A 10.10.10.10", "abcd1234 IN A 10.10.11.10")}), want: codes(judge.CodeMissingWildcard)},
		{what: "no further names", cause: bindWith(further(zone())), want: codes(judge.CodeMissingFurther)},
		{what: "domain that a forwarder keeps", cause: dnsmasq("--server=/" + eastZoneName + "/"), want: codes(judge.CodeMissing)},
		{what: "filter", cause: dnsmasq("--address=/" + eastZoneName + "/0.0.0.0"), want: codes(judge.CodeFiltered)},
		{what: "stale address", cause: bindWith(map[string]string{eastZoneName: zone("@ IN A 10.10.10.99", "* IN A 10.10.10.99")}), want: codes(judge.CodeUnknownAddress)},
		{what: "leaking AAAA", cause: and(public("*."+eastZoneName, lab.EastPublic, "2001:db8::10"), public(eastZoneName, lab.EastPublic, "2001:db8::10"),
			dnsmasq("--address=/"+eastZoneName+"/10.10.10.10", "--server=/neo4j.io/"+lab.PublicResolver, "--server=/endpoints.neo4j.io/"+lab.DNSAddress, "--server=/production-orch-0042.neo4j.io/"+lab.DNSAddress)), want: codes(judge.CodeLeaksType, judge.CodeIncomplete)},
		{what: "zone for all of neo4j.io", cause: bindWith(map[string]string{"neo4j.io": zone()}), want: codes(judge.CodeHides)},
		{what: "one address of two", cause: bindWith(map[string]string{eastZoneName: zone("@ IN A 10.10.10.10", "* IN A 10.10.10.10")}), want: codes(judge.CodeIncomplete)},
		{what: "long TTL", cause: bindWith(map[string]string{eastZoneName: strings.ReplaceAll(right()[eastZoneName], "$TTL 1", "$TTL 3600")}), want: codes(judge.CodeLongTTL)},
		{what: "routing host that is nowhere", cause: behave(standin.Behaviour{FurtherReader: "p-none.production-orch-0099.example"}), want: codes(judge.CodeRoutingHost)},
	}
}

func machineScenarios() []scenario {
	return []scenario{
		{what: "hosts entry", cause: etc("hosts", "127.0.0.1 localhost\n10.10.10.10 "+westCustom+"\n"), want: codes(judge.CodeHostsEntry), short: true},
		{what: "hosts entry that is right", cause: etc("hosts", "127.0.0.1 localhost\n10.20.10.10 "+westCustom+"\n"), want: codes(judge.CodePinned)},
		{what: "search list", cause: and(public("*.corp.example", lab.EastPrivate), resolv([]string{lab.DNSAddress}, "search corp.example", "options ndots:5")), want: codes(judge.CodeSearchList, judge.CodeManyLookups, judge.CodeIncomplete)},
		{what: "names from files alone", cause: etc("nsswitch.conf", "hosts: files\n"), want: codes(judge.CodeSystemDiffers)},
		{what: "view of another VPC", cause: tell(func(s *scene) {
			s.served = strings.ReplaceAll(lab.Topology, "clients: [10.0.0.0/16,", "clients: [10.99.0.0/16,") + "# the machine is in a VPC without links\n"
			s.served = strings.ReplaceAll(s.served, "custom_endpoints:", "  batch:\n    clients: [10.0.0.0/16]\n    links:\n      aws-us-east-1: [10.10.10.10, 10.10.11.10]\ncustom_endpoints:")
		}), want: codes(judge.CodeWrongView)},
		{what: "outside the clients", cause: and(bindWith(nil), tell(func(s *scene) {
			s.topology = strings.ReplaceAll(lab.Topology, "10.0.0.0/16, ", "")
		})), want: codes(judge.CodeOutsideClients)},
		{what: "no recursion", cause: and(bindWith(nil, "recursion no;"), resolv([]string{lab.DNSAddress, lab.PublicResolver})), want: codes(judge.CodeNoRecursion, judge.CodeServersDisagree)},
		{what: "no DNS over TCP", cause: firewall(lab.App, "tcp dport 53 drop"), want: codes(judge.CodeDNSOverTCP)},
		{what: "large answers are lost", cause: firewall(lab.App, "udp sport 53 meta length gt 1000 drop"), want: codes(judge.CodeLargeAnswers)},
		{what: "silent name server", cause: resolv([]string{lab.DNSAddress, "10.0.0.99"}), want: codes(judge.CodeServerSilent)},
		{what: "name server that refuses", cause: func(t *testing.T, s *scene) {
			_, err := s.Start(lab.Gateway, peers.Find(t, "unbound", "unbound"), "-d", "-c", unboundRefuses(t))
			must(t, err)
			must(t, lab.App.UseDNS([]string{lab.DNSAddress, lab.GatewayAddress}))
		}, want: codes(judge.CodeServerFails)},
		{what: "open connections over the public path", cause: func(t *testing.T, _ *scene) {
			conn, err := lab.App.DialTimeout("tcp", lab.EastPublic+":7687", patience)
			must(t, err)
			t.Cleanup(func() { _ = conn.Close() })
		}, want: codes(judge.CodeOpenConnections)},
		{what: "browser without a policy", cause: etc(policyFile, "{}\n"), want: codes(judge.CodeLocalNetworkAccess)},
		{what: "browser with its own DNS", cause: func(t *testing.T, s *scene) {
			bin := t.TempDir()
			must(t, os.WriteFile(filepath.Join(bin, "firefox"), []byte("#!/bin/sh\necho Mozilla Firefox 150.0\n"), 0o755))
			s.env = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
			public("use-application-dns.net", lab.ConsolePublic)(t, s)
		}, want: codes(judge.CodeBrowserDoH)},
	}
}

// unboundRefuses is the configuration of an Unbound that answers nobody.
func unboundRefuses(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "unbound.conf")
	must(t, os.WriteFile(path, []byte("server:\n  interface: 0.0.0.0\n  access-control: 0.0.0.0/0 refuse\n  username: \"\"\n  chroot: \"\"\n  pidfile: \"\"\n  use-syslog: no\n"), 0o644))
	return path
}

func linkScenarios() []scenario {
	old := []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
	return []scenario{
		{what: "firewall drops a port", cause: firewall(lab.VPC, "ip daddr 10.20.10.10 tcp dport 7687 drop"), want: codes(judge.CodePortDropped), short: true},
		{what: "firewall rejects an address", cause: firewall(lab.VPC, "ip daddr 10.10.11.10 tcp dport { 443, 7474, 7687 } reject with tcp reset"), want: codes(judge.CodePortRefused)},
		{what: "no route to an address", cause: firewall(lab.VPC, "ip daddr 10.10.11.10 tcp dport { 443, 7474, 7687 } reject with icmp host-unreachable"), want: codes(judge.CodePortUnreachable)},
		{what: "expired certificate", cause: behave(standin.Behaviour{Certificate: standin.Expired}), want: codes(judge.CodeCertificateDates), short: true},
		{what: "certificate of another name", cause: behave(standin.Behaviour{Certificate: standin.OtherName}), want: codes(judge.CodeCertificateName)},
		{what: "certificate of an unknown authority", cause: behave(standin.Behaviour{Certificate: standin.OtherIssuer}), want: codes(judge.CodeCertificateUntrusted)},
		{what: "wrong clock", cause: behave(standin.Behaviour{Certificate: standin.NotYet, Ahead: 48 * time.Hour}), want: codes(judge.CodeClock)},
		{what: "database that nobody has", cause: args("--database", "ffff0000."+eastZoneName), want: codes(judge.CodeNameRefused)},
		{what: "TLS is cut", cause: behave(standin.Behaviour{Reset: true}), want: codes(judge.CodeNoTLS)},
		{what: "no common suite", cause: behave(standin.Behaviour{MaxVersion: tls.VersionTLS12, Suites: old}), want: codes(judge.CodeNoCommonSuite, judge.CodeBeyondList)},
		{what: "old versions and suites", cause: behave(standin.Behaviour{MinVersion: tls.VersionTLS11, Suites: append(old, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA)}), want: codes(judge.CodeBeyondList), short: true},
		{what: "no HTTPS", cause: behave(standin.Behaviour{Unavailable: true}), want: codes(judge.CodeNoHTTPS, judge.CodeTransactionFailed)},
		{what: "discovery document that leads away", cause: behave(standin.Behaviour{BoltRouting: "neo4j+s://abcd1234.databases.neo4j.io:7687"}), want: codes(judge.CodeDiscoveryElsewhere)},
		{what: "proxy", cause: tell(func(s *scene) {
			s.env = []string{"HTTPS_PROXY=http://10.0.0.99:3128", "https_proxy=http://10.0.0.99:3128"}
		}), want: codes(judge.CodeProxy)},
		{what: "no Bolt", cause: behave(standin.Behaviour{NoBolt: true}), want: codes(judge.CodeNoBolt)},
		{what: "endpoint in another region", cause: tell(func(s *scene) {
			s.topology = strings.ReplaceAll(lab.Topology, "m4yy-gtwk: aws-us-west-1", "m4yy-gtwk: aws-us-east-1")
		}), want: codes(judge.CodeRegionContradicted), short: true},
		{what: "links that are swapped", cause: tell(swapped), want: codes(judge.CodeRegionContradicted)},
		{what: "links that are swapped and take any name", cause: and(tell(swapped), tell(func(s *scene) {
			s.anonymous, s.withoutDatabases = true, true
		}), behave(standin.Behaviour{CatchAll: true, Unauthorized: true})), want: codes(judge.CodeAnyName, judge.CodeRegionUnproved, judge.CodeNoCredentials)},
		{what: "ingress that takes any name", cause: behave(standin.Behaviour{CatchAll: true, Unauthorized: true}), want: codes(judge.CodeAnyName, judge.CodeRegionUnproved)},
		{what: "silent connections are cut", cause: and(behave(standin.Behaviour{DropIdle: 8 * time.Second}), args("--idle=20s")), want: codes(judge.CodeIdleCut)},
	}
}

// swapped has the topology, and our server, take the link of each region for the other's.
func swapped(s *scene) {
	s.topology = strings.NewReplacer(
		"aws-us-east-1: [10.10.10.10, 10.10.11.10]", "aws-us-east-1: [10.20.10.10]",
		"aws-us-west-1: [10.20.10.10]", "aws-us-west-1: [10.10.10.10, 10.10.11.10]",
	).Replace(lab.Topology)
}

func sessionScenarios() []scenario {
	off := func(_ *testing.T, s *scene) {
		s.East.Public.Behave(standin.Behaviour{NoNames: true})
		s.West.Public.Behave(standin.Behaviour{NoNames: true})
	}
	expect := args("--expect-private", "--public-server", lab.PublicResolver)
	return []scenario{
		{what: "no credentials", cause: tell(func(s *scene) { s.anonymous = true }), want: codes(judge.CodeNoCredentials)},
		{what: "wrong credentials", cause: tell(func(s *scene) { s.password = "no-such-password" }), want: codes(judge.CodeCredentials)},
		{what: "no routing table", cause: behave(standin.Behaviour{DropAfter: 2}), want: codes(judge.CodeNoRoutingTable)},
		{what: "no writer", cause: behave(standin.Behaviour{NoWriter: true}), want: codes(judge.CodeIncompleteTable)},
		{what: "public traffic is on", cause: expect, want: codes(judge.CodePublicOpen), short: true},
		{what: "public traffic is off", cause: and(off, expect), short: true},
	}
}

func gapScenarios() []scenario {
	return []scenario{
		{what: "only some kinds", cause: args("--only", "resolve"), want: codes(judge.CodeNotAsked)},
		{what: "no database and no endpoint", cause: tell(func(s *scene) {
			s.withoutDatabases, s.anonymous = true, true
			s.topology, _, _ = strings.Cut(lab.Topology, "custom_endpoints:")
		}), want: codes(judge.CodeTooFewNames, judge.CodeNoCredentials)},
		{what: "time is over", cause: and(behave(standin.Behaviour{Slow: 5 * time.Second}), args("--timeout", "4s", "--attempt-timeout", "10s")), want: codes(judge.CodeNotProbed)},
		{what: "silent address", cause: firewall(lab.VPC, "ip daddr 10.10.11.10 drop"), want: codes(judge.CodePortDropped)},
		{what: "one address alone", cause: args("--only", "resolve,control-plane,tls,https,bolt,region", "--only", "tcp 10.10.10.10:*"), want: codes(judge.CodeNotAsked, judge.CodeAddressNotReached)},
	}
}
