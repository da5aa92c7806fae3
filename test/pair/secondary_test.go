package pair_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// zones are those that a secondary has, or has as soon as there is something to have.
var zones = []string{"endpoints.neo4j.io.", "production-orch-0000.neo4j.io.", "production-orch-0042.neo4j.io."}

// nsd returns an NSD that has the zones from the primaries; key is the key's name, or
// NOKEY.
func nsd(key string, primaries ...netip.AddrPort) peers.Peer {
	return peers.Peer{Name: "NSD", Package: "nsd", Binary: "nsd", Configure: func(at netip.AddrPort) peers.Setup {
		var b strings.Builder
		fmt.Fprintf(&b, `server:
  ip-address: %s@%d
  username: ""
  chroot: ""
  database: ""
  zonesdir: "."
  zonelistfile: "zone.list"
  xfrdfile: "xfrd.state"
  xfrdir: "."
  pidfile: ""
  server-count: 1
  rrl-ratelimit: 0
  xfrd-reload-timeout: 0
remote-control:
  control-enable: no
key:
  name: %q
  algorithm: hmac-sha256
  secret: %q
`, at.Addr(), at.Port(), keyName, secret)
		for i, zone := range zones {
			fmt.Fprintf(&b, "zone:\n  name: %q\n  zonefile: \"%d.zone\"\n  allow-notify: 127.0.0.0/8 %s\n", zone, i, key)
			for _, p := range primaries {
				fmt.Fprintf(&b, "  request-xfr: %s@%d %s\n", p.Addr(), p.Port(), key)
			}
		}
		return peers.Setup{Files: map[string]string{"nsd.conf": b.String()}, Args: []string{"-d", "-c", "nsd.conf"}}
	}}
}

// knot returns a Knot that has the zones from the primaries.
func knot(primaries ...netip.AddrPort) peers.Peer {
	return peers.Peer{Name: "Knot", Package: "knot", Binary: "knotd", Configure: func(at netip.AddrPort) peers.Setup {
		var b, remotes strings.Builder
		fmt.Fprintf(&b, `server:
  rundir: "."
  listen: %s@%d
  udp-workers: 1
  tcp-workers: 1
  background-workers: 2
control:
  listen: "knot.sock"
database:
  storage: "."
log:
  - target: stderr
    any: info
key:
  - id: %s
    algorithm: hmac-sha256
    secret: %s
acl:
  - id: told
    key: %[3]s
    action: notify
remote:
`, at.Addr(), at.Port(), keyName, secret)
		for i, p := range primaries {
			fmt.Fprintf(&b, "  - id: p%d\n    address: %s@%d\n    key: %s\n", i, p.Addr(), p.Port(), keyName)
			fmt.Fprintf(&remotes, "p%d, ", i)
		}
		b.WriteString("zone:\n")
		for i, zone := range zones {
			fmt.Fprintf(&b, "  - domain: %q\n    storage: \".\"\n    file: \"%d.zone\"\n    master: [%s]\n    acl: told\n",
				zone, i, strings.TrimSuffix(remotes.String(), ", "))
		}
		return peers.Setup{Files: map[string]string{"knot.conf": b.String()}, Args: []string{"-c", "knot.conf"}}
	}}
}

// bind returns a BIND that has the zones from the primaries.
func bind(primaries ...netip.AddrPort) peers.Peer {
	return peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true, Configure: func(at netip.AddrPort) peers.Setup {
		var b, from strings.Builder
		for _, p := range primaries {
			fmt.Fprintf(&from, "%s port %d key %q; ", p.Addr(), p.Port(), keyName)
		}
		fmt.Fprintf(&b, `options {
  directory ".";
  listen-on port %d { %s; };
  listen-on-v6 { none; };
  reuseport no;
  recursion no;
  notify no;
  dnssec-validation no;
  empty-zones-enable no;
  pid-file none;
  session-keyfile none;
  lock-file none;
};
controls {};
key %q { algorithm hmac-sha256; secret %q; };
`, at.Port(), at.Addr(), keyName, secret)
		for i, zone := range zones {
			fmt.Fprintf(&b, "zone %q { type secondary; file \"%d.zone\"; primaries { %s}; allow-notify { key %q; }; };\n", zone, i, from.String(), keyName)
		}
		return peers.Setup{Files: map[string]string{"named.conf": b.String()}, Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
	}}
}

// secondary is one that runs, and what it was seen to have.
type secondary struct {
	*testing.T
	*peers.Server
	serial uint32 // the greatest of endpoints.neo4j.io
}

// startAt starts a secondary at an address that its primaries know of.
func startAt(t *testing.T, at netip.AddrPort, peer peers.Peer) *secondary {
	t.Helper()
	peers.Find(t, peer.Binary, peer.Package)
	server, err := peers.Launch(peer, peers.Place{Dir: t.TempDir(), Addr: at})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Stop()
		if t.Failed() {
			t.Logf("%s at %s logged:\n%s", peer.Name, at, server.Log())
		}
	})
	if err := server.AwaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &secondary{T: t, Server: server}
}

// ask asks over UDP, and returns nil where there is no answer.
func ask(at netip.AddrPort, name string, qtype uint16) *dns.Msg {
	m := new(dns.Msg).SetQuestion(name, qtype)
	reply, err := dns.Exchange(m, at.String())
	if err != nil {
		return nil
	}
	return reply
}

// has returns what it answers, as "RCODE DATA...": for an address the addresses.
func has(at netip.AddrPort, name string) string {
	reply := ask(at, name, dns.TypeA)
	if reply == nil {
		return "none"
	}
	text := dns.RcodeToString[reply.Rcode]
	for _, rr := range reply.Answer {
		if a, ok := rr.(*dns.A); ok {
			text += " " + a.A.String()
		}
	}
	return text
}

// serialOf returns the serial that a server has of a zone, or 0.
func serialOf(at netip.AddrPort, zone string) uint32 {
	if reply := ask(at, zone, dns.TypeSOA); reply != nil && len(reply.Answer) == 1 {
		if soa, ok := reply.Answer[0].(*dns.SOA); ok {
			return soa.Serial
		}
	}
	return 0
}

// look asks for the serial, and holds that it does not go back.
func (s *secondary) look() uint32 {
	s.Helper()
	serial := serialOf(s.Addr, zones[0])
	if serial != 0 && serial < s.serial {
		s.Errorf("%s goes back from serial %d to %d", s.Peer.Name, s.serial, serial)
	}
	s.serial = max(serial, s.serial)
	return serial
}
