package peers

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// Zone is a zone as a file in master format (RFC 1035, section 5).
type Zone struct {
	// Origin is its apex, as an absolute name.
	Origin string
	// Text is the file's content.
	Text string
}

// file is the name under which the zone is written. The number keeps names of
// 255 octets from being too long for a file system.
func (z Zone) file(i int) string { return fmt.Sprintf("%d.zone", i) }

// Authoritative returns one of each of the authoritative servers that keep to
// the standards most closely, all with the same zones. They answer from them
// alone, and say no more than was asked.
func Authoritative(zones []Zone) []Peer {
	return []Peer{NSD(zones), Knot(zones), BIND(zones)}
}

// NSD returns an NSD with the zones.
func NSD(zones []Zone) Peer {
	return Peer{
		Name: "NSD", Package: "nsd", Binary: "nsd",
		Ready: starts(zones),
		Configure: func(at netip.AddrPort) Setup {
			config := fmt.Sprintf(nsdServer, at.Addr(), at.Port()) + perZone(zones, "zone:\n  name: %q\n  zonefile: %q\n")
			return Setup{
				Files: withZones(zones, "nsd.conf", config),
				Args:  []string{"-d", "-c", "nsd.conf"},
			}
		},
	}
}

// nsdServer keeps NSD from what it does by default as a service: to change the
// user, to limit the rate of answers, to listen for control.
const nsdServer = `server:
  ip-address: %s@%d
  username: ""
  chroot: ""
  database: ""
  zonesdir: "."
  zonelistfile: "zone.list"
  xfrdfile: ""
  xfrdir: "."
  pidfile: ""
  server-count: 1
  tcp-count: 100
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
  minimal-responses: yes
  refuse-any: no
remote-control:
  control-enable: no
`

// Knot returns a Knot DNS with the zones.
func Knot(zones []Zone) Peer {
	return Peer{
		Name: "Knot", Package: "knot", Binary: "knotd",
		Ready: starts(zones),
		Configure: func(at netip.AddrPort) Setup {
			config := fmt.Sprintf(knotServer, at.Addr(), at.Port())
			if len(zones) > 0 {
				config += "zone:\n" + perZone(zones, "  - domain: %q\n    file: %q\n")
			}
			return Setup{
				Files: withZones(zones, "knot.conf", config),
				Args:  []string{"-c", "knot.conf"},
			}
		},
	}
}

// knotServer keeps Knot from writing zone files back. Its control socket cannot
// be left out; its path must be relative, for a socket's path is short.
const knotServer = `server:
  rundir: "."
  listen: %s@%d
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
control:
  listen: "knot.sock"
database:
  storage: "."
log:
  - target: stderr
    any: info
template:
  - id: default
    storage: "."
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
`

// BIND returns a BIND with the zones.
func BIND(zones []Zone) Peer {
	return Peer{
		Name: "BIND", Package: "bind9", Binary: "named",
		OnInterface: true,
		Ready:       starts(zones),
		Configure: func(at netip.AddrPort) Setup {
			config := fmt.Sprintf(bindOptions, at.Port(), at.Addr()) + perZone(zones, "zone %q { type primary; file %q; };\n")
			return Setup{
				Files: withZones(zones, "named.conf", config),
				Args:  []string{"-g", "-c", "named.conf", "-n", "1"},
			}
		},
	}
}

// bindOptions makes BIND an authoritative server and nothing else, which does not
// share its port with another one.
const bindOptions = `options {
  directory ".";
  listen-on port %d { %s; };
  listen-on-v6 { none; };
  reuseport no;
  recursion no;
  allow-query { any; };
  minimal-responses yes;
  minimal-any no;
  no-case-compress { any; };
  zero-no-soa-ttl no;
  empty-zones-enable no;
  dnssec-validation no;
  notify no;
  pid-file none;
  session-keyfile none;
  lock-file none;
};
controls {};
`

// GDNSD returns a gdnsd with the zones. It takes a file's name for its zone's.
func GDNSD(zones []Zone) Peer {
	return Peer{
		Name: "gdnsd", Package: "gdnsd", Binary: "gdnsd",
		Ready: starts(zones),
		Configure: func(at netip.AddrPort) Setup {
			files := map[string]string{"config": fmt.Sprintf(gdnsdOptions, at)}
			for _, zone := range zones {
				files["zones/"+strings.TrimSuffix(zone.Origin, ".")] = zone.Text
			}
			return Setup{Files: files, Args: []string{"-c", ".", "start"}}
		},
	}
}

// gdnsdOptions keeps gdnsd's sockets and state in its directory.
const gdnsdOptions = `options => {
  listen => %s
  udp_threads = 1
  tcp_threads = 1
  run_dir = "run"
  state_dir = "state"
}
`

// PowerDNS returns a PowerDNS Authoritative Server with the zones, which it reads
// as BIND does.
func PowerDNS(zones []Zone) Peer {
	return Peer{
		Name: "PowerDNS", Package: "pdns-server", Binary: "pdns_server",
		Part:  Part{Pattern: "/usr/lib/*/pdns/libbindbackend.so", Package: "pdns-backend-bind"},
		Ready: starts(zones),
		Configure: func(at netip.AddrPort) Setup {
			files := withZones(zones, "pdns.conf", fmt.Sprintf(powerDNSOptions, at.Addr(), at.Port()))
			files["named.conf"] = perZone(zones, "zone %q { type master; file %q; };\n")
			return Setup{Files: files, Args: []string{"--config-dir=."}}
		},
	}
}

// powerDNSOptions keeps PowerDNS in the foreground, from asking the world whether
// it is secure, and from remembering what was not there before its zones were
// loaded.
const powerDNSOptions = `launch=bind
bind-config=named.conf
local-address=%s
local-port=%d
receiver-threads=1
distributor-threads=1
socket-dir=.
daemon=no
guardian=no
setuid=
setgid=
disable-syslog=yes
loglevel=4
security-poll-suffix=
negquery-cache-ttl=0
zone-cache-refresh-interval=0
write-pid=no
`

// perZone writes one stanza for each zone: its origin and its file.
func perZone(zones []Zone, stanza string) string {
	var b strings.Builder
	for i, zone := range zones {
		fmt.Fprintf(&b, stanza, zone.Origin, zone.file(i))
	}
	return b.String()
}

// withZones returns the configuration and the zones as files.
func withZones(zones []Zone, name, config string) map[string]string {
	files := map[string]string{name: config}
	for i, zone := range zones {
		files[zone.file(i)] = zone.Text
	}
	return files
}

// starts asks for the start of each zone, which a server refuses or fails until
// it has loaded it.
func starts(zones []Zone) []dns.Question {
	questions := make([]dns.Question, len(zones))
	for i, zone := range zones {
		questions[i] = dns.Question{Name: zone.Origin, Qtype: dns.TypeSOA, Qclass: dns.ClassINET}
	}
	return questions
}
