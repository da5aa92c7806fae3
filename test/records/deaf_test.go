package records_test

import (
	"context"
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// deafServer is a server that is started with each of some configurations, in which it has the zone
// a. Some of them have it start and answer no question for the zone.
type deafServer struct {
	args []string
	file string
	// whole is the configuration: in it MORE and ZONE are what a text has for the server and for
	// the zone, before and behind "|".
	whole string
	texts []string
	// named is the named.conf of the bind backend of PowerDNS, in which MORE is as well.
	named string
}

const (
	pdnsAtPort = "launch=bind\nbind-config=named.conf\nlocal-address=ADDR\nlocal-port=PORT\nsocket-dir=.\ndaemon=no\nguardian=no\nsecurity-poll-suffix=\n"
	namedZone  = "zone \"a\" { type master; file \"z\"; };\n"
)

// noOne is a module of Knot that refuses the questions of clients on its own host.
const noOne = "mod-queryacl:\n  - id: noone\n    address: 10.0.0.0/8\n"

const namedAtPort = `options { directory "."; LISTEN pid-file none; recursion no; MORE };
controls { };
zone "a" { type primary; file "z"; ZONE };
`

var deafServers = []deafServer{
	{
		[]string{"named", "-g", "-c", "named.conf", "-n", "1"},
		"named.conf", strings.Replace(namedAtPort, "LISTEN", "listen-on port PORT { ADDR; }; listen-on-v6 { none; };", 1),
		[]string{
			"", "max-records-per-type 1;", "max-records-per-type 2;", "max-records-per-type 0;", "|max-records-per-type 1;", "max-records-per-type 1;|max-records-per-type 0;",
			"directory \"\";", "managed-keys-directory \"\";", "new-zones-directory \"\";", "key-directory \"\";", "|database \"\";", "|journal \"\";",
			"max-types-per-name 1;", "max-types-per-name 2;", "|max-types-per-name 1;",
		},
		"",
	},
	{
		[]string{"named", "-g", "-c", "named.conf", "-n", "1"},
		"named.conf", strings.Replace(namedAtPort, "LISTEN", "listen-on-v6 { none; };", 1),
		[]string{"listen-on { none; };", "listen-on port PORT { none; };", "listen-on port PORT { !any; };", "listen-on port PORT { };", "listen-on port PORT { ADDR; };", "listen-on port PORT { !10.0.0.1; any; };"},
		"",
	},
	{
		[]string{"knotd", "-c", "knot.conf"},
		"knot.conf", "server:\n    listen: ADDR@PORT\n    rundir: \".\"\ndatabase:\n    storage: db\nMORE\nzone:\n  - domain: a\n    storage: \".\"\n    file: z\nZONE\n",
		[]string{
			"", "|    zonemd-verify: on", "|    zonemd-verify: off", "template:\n  - id: default\n    zonemd-verify: on", "|    zonemd-verify: on\n    zonemd-generate: zonemd-sha384",
			"|    module: \"\"", "|    module: []", "template:\n  - id: default\n    file: z|    file: \"\"", "template:\n  - id: default\n    storage: nosuch|    storage: \"\"", "template:\n  - id: default\n    storage: nosuch|    storage:",
			noOne + "template:\n  - id: default\n    module: mod-queryacl/noone", noOne + "template:\n  - id: default\n    module: mod-queryacl/noone|    module: \"\"", noOne + "template:\n  - id: default\n    module: mod-queryacl/noone|    module: mod-stats",
			noOne + "template:\n  - id: default\n    global-module: mod-queryacl/noone|    module: mod-stats", "mod-synthrecord:\n  - id: x", "mod-rrl:\n  - id: x",
			"|    zone-max-size: 10", "|    zone-max-size: 122", "|    zone-max-size: 123", "|    zone-max-size: 140", "|    zone-max-size: 1M", "template:\n  - id: default\n    zone-max-size: 10B",
		},
		"",
	},
	{
		[]string{"unbound", "-d", "-c", "unbound.conf"},
		"unbound.conf", "server:\n  chroot: \"\"\n  username: \"\"\n  pidfile: \"\"\n  use-syslog: no\n  directory: DIR\n  interface: ADDR\n  port: PORT\n  module-config: iterator\nMORE\nauth-zone:\n  name: a\n  zonefile: z\nZONE\n",
		[]string{
			"", "|  zonemd-check: yes", "|  zonemd-reject-absence: yes", "|  zonemd-check: yes\n  zonemd-reject-absence: yes", "  zonemd-permissive-mode: yes|  zonemd-check: yes\n  zonemd-reject-absence: yes",
			"|auth-zone:\n  name: b\n  zonefile: nosuch", "|auth-zone:\n  name: b\n  zonefile: nosuch\n  primary: 127.0.0.1@9", "|auth-zone:\n  name: b\n  zonefile: nosuch\n  url: http://127.0.0.1:9/b",
			"|auth-zone:\n  name: b\n  zonefile: broken", "|auth-zone:\n  name: b\n  zonefile: broken\n  primary: 127.0.0.1@9", "|auth-zone:\n  name: b\n  zonefile: z",
			"  root-hints: broken", "  root-hints: z", "  root-hints: \"\"",
			"  do-udp: no", "  do-ip4: no", "  do-ip6: no", "  do-tcp: no", "  proxy-protocol-port: PORT", "  proxy-protocol-port: 999", "  interface: ADDR@999\n  proxy-protocol-port: 999", "  udp-upstream-without-downstream: yes\n  do-udp: no",
		},
		"",
	},
	{
		[]string{"pdns_server", "--config-dir=."},
		"pdns.conf", pdnsAtPort + "MORE\n",
		[]string{"", "proxy-protocol-from=127.0.0.0/8", "proxy-protocol-from=10.0.0.0/8", "proxy-protocol-from=10.0.0.0/8, 127.0.0.1", "local-address=", "local-address= ,", "include-dir=", "chroot="},
		namedZone,
	},
	{
		[]string{"pdns_server", "--config-dir=."},
		"pdns.conf", pdnsAtPort,
		[]string{
			`options { directory "."; };`, `options { directory ""; };`, `options { directory .; };`, `options { directory; };`, `options { version ""; };`, `options;`, `options { } x;`, `options { options { }; };`, `options { also-notify { a; }; };`, `options { file "x"; };`,
			`acl "a" { any; };`, `acl "" { any; };`, `acl a { 10.0.0.0/8; !10.0.0.1; };`, `acl "a" { any; { none; }; };`, `acl "a" { key "k"; };`, `acl { any; };`,
			`zone "b" IN { type master; file "z"; };`, `zone b { type master; file "z"; };`, `zone "b" "IN" { };`, `zone "b" { type "master"; };`, `zone "b" { type master; file z; };`, `zone "b" { file ""; };`, `zone "b" { type master x; };`, `zone "b";`, `zone "b" { TYPE master;; FILE "z"; };`,
			`zone "b" { type slave; masters { 10.0.0.1; }; file "s"; };`, `zone "b" { type slave; masters { 10.0.0.1 port 53; }; };`, `zone "b" { type slave; masters port 53 { 10.0.0.1; }; };`, `zone "b" { type slave; masters { m; }; };`, `zone "b" { type slave; masters { "10.0.0.1"; }; };`, `zone "b" { type slave; masters { }; };`, `masters m { 10.0.0.1; };`, `masters { 10.0.0.1; };`,
			`logging { category default { x; }; };`, `logging { channel "x" { file "x"; }; };`, `view "v" { zone "b" { type master; file "z"; }; };`, `key "k" { algorithm hmac-sha256; secret "x"; };`, `frob { } { };`, `;`, `"file" "x";`, `frob { ; };`,
		},
		"MORE\n" + namedZone,
	},
	{
		[]string{"nsd", "-d", "-c", "nsd.conf"},
		"nsd.conf", "server:\n  ip-address: ADDR\n  port: PORT\n  username: \"\"\n  database: \"\"\n  pidfile: \"\"\n  xfrdfile: \"\"\n  xfrdir: \"/tmp\"\n  zonesdir: \".\"\n  zonelistfile: \"list\"\nMORE\nremote-control:\n  control-enable: no\nzone:\n  name: a\n  zonefile: z\nZONE\n",
		[]string{"", "  ip-address: \"\"", "  zonesdir: \"nosuch\"\n  zonesdir: \"\"", "  chroot: \"\"", "  zonelistfile: \"\"", "|  zonefile: \"\""},
		"",
	},
	{
		[]string{"pdns_recursor", "--config-dir=."},
		"recursor.conf", "local-address=ADDR\nlocal-port=PORT\nsocket-dir=.\ndaemon=no\nsecurity-poll-suffix=\nthreads=1\nallow-from=127.0.0.0/8\nauth-zones=a=z\nMORE\n",
		[]string{"", "proxy-protocol-from=127.0.0.0/8", "proxy-protocol-from=10.0.0.0/8", "proxy-protocol-from=127.0.0.0/8\nproxy-protocol-exceptions=ADDR:PORT", "auth-zones+=b=z", "auth-zones+=b=broken", "auth-zones+=b=nosuch"},
		"",
	},
	{
		[]string{"dnsmasq", "-d", "-C", "dnsmasq.conf"},
		"dnsmasq.conf", "no-resolv\nno-hosts\nbind-interfaces\nlisten-address=ADDR\nport=PORT\nuser=root\npid-file=\naddress=/a/10.0.0.1\nMORE\n",
		[]string{
			"", "dnssec", "dnssec\ntrust-anchor=.,20326,8,2,E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
			"trust-anchor=.,20326,8,2,E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D", "dnssec\ntrust-anchor=org,20326,8,2,E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
			"min-port=20000\nmax-port=10000", "min-port=20000\nmax-port=20000", "min-port=20000", "max-port=10000\nmin-port=20000\nmax-port=30000", "max-port=1000", "max-port=0\nmin-port=2000", "servers-file=nosuch",
			"proxy-dnssec", "dnssec\ntrust-anchor=.,20326,8,2,E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\nproxy-dnssec", "dnssec-check-unsigned",
		},
		"",
	},
}

// deafZone has two addresses of a name, and one twice.
const deafZone = "$TTL 60\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\n* A 10.0.0.1\n* A 10.0.0.2\nx A 10.0.0.1\nx A 10.0.0.1\n"

// TestDeaf: where a server does not answer for what its configuration has, that is told, and of one
// that answers nothing of that kind is said.
func TestDeaf(t *testing.T) {
	for _, s := range deafServers {
		for _, text := range s.texts {
			t.Run(s.args[0]+"/"+text, func(t *testing.T) {
				t.Parallel()
				need(t, s.args[0])
				dir, at := t.TempDir(), peers.FreePort(t, hostOf(s.args[0]))
				more, zone, _ := strings.Cut(text, "|")
				config := strings.NewReplacer("MORE", more, "ZONE", zone).Replace(s.whole)
				config = strings.NewReplacer("ADDR", at.Addr().String(), "PORT", fmt.Sprint(at.Port()), "DIR", dir).Replace(config)
				write(t, filepath.Join(dir, "z"), deafZone)
				write(t, filepath.Join(dir, "broken"), strings.Replace(deafZone, "x A 10.0.0.1", "x A 10.0.0", 1))
				write(t, filepath.Join(dir, "named.conf"), "zone \"a\" { type master; file \"z\"; };\n")
				write(t, filepath.Join(dir, s.file), config)
				told, doubts := deafnessOf(t, filepath.Join(dir, s.file))
				answers, said := answersIn(t, dir, at, s.args, len(told) == 0)
				if answers && len(told) > 0 || !answers && len(told)+len(doubts) == 0 {
					t.Errorf("the server answers %v, of which is told %q\n%s", answers, told, said[max(0, len(said)-600):])
				}
			})
		}
	}
}

// deafnessOf returns why a server does not answer programs on its own host, and why it may not.
func deafnessOf(t *testing.T, path string) (told, doubts []string) {
	t.Helper()
	host := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	found, err := existing.Options{Clients: host}.Together(t.Context(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found.Set.Faults(nil, host) {
		if f.Kind == holdings.NotRead {
			doubts = append(doubts, f.String())
		} else {
			told = append(told, f.String())
		}
	}
	return told, doubts
}

// hostOf is where a server is to listen: BIND does at addresses of interfaces alone.
func hostOf(program string) netip.Addr {
	if program == "named" {
		return netip.MustParseAddr("127.0.0.1")
	}
	return peers.Loopback()
}

// How long a server is asked before it is taken not to answer: one that is to answer is waited
// for on a busy machine as well.
const (
	deafAfter   = 4 * time.Second
	silentAfter = 20 * time.Second
)

// answersIn starts a server in a directory, and reports whether it answers for the zone, as it is
// expected to or not, and what it logs. What answers at its address once it has ended is another one.
func answersIn(t *testing.T, dir string, at netip.AddrPort, args []string, expected bool) (answers bool, log string) {
	t.Helper()
	patience := deafAfter
	if expected {
		patience = silentAfter
	}
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	var said strings.Builder
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended matters not
		close(ended)
	}()
	runs := func() bool {
		select {
		case <-ended:
			return false
		case <-time.After(50 * time.Millisecond):
			return true
		}
	}
	client := &dns.Client{Timeout: 200 * time.Millisecond}
	for !answers && ctx.Err() == nil && runs() {
		reply, _, err := client.ExchangeContext(ctx, new(dns.Msg).SetQuestion("b.a.", dns.TypeA), at.String())
		answers = err == nil && reply.Rcode == dns.RcodeSuccess && runs()
	}
	stop()
	<-ended
	return answers, said.String()
}
