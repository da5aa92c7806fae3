package records_test

// startableNSD has values of every kind, right ones and wrong ones.
var startableNSD = startableServer{
	file: "nsd.conf", format: "nsd", check: []string{"nsd-checkconf", "nsd.conf"},
	base: `# What an administrator writes.
server:
    server-count: 1
    ip-address: 10.0.0.53
    port: 53
    username: ""
    zonesdir: "."
    zonelistfile: "zone.list"
    database: ""
    hide-version: yes
    verbosity: 1
remote-control:
    control-enable: no
    control-port: 8952
key:
    name: "sec1_key"
    algorithm: hmac-sha256
    secret: "6KM6qiKfwfEpamEq72HQdA=="
pattern:
    name: "aura"
    zonefile: "z"
    notify: 10.0.0.2 NOKEY
    provide-xfr: 10.0.0.2 sec1_key
zone:
    name: "production-orch-0001.neo4j.io"
    zonefile: "z"
zone:
    name: endpoints.neo4j.io
    include-pattern: "aura"
`,
	texts: append(inServer(
		"port: 53", "port: x", "port: 53x", "port:", "port: 53 54", "PORT: 53", "port 53", "port:53", "port : 53", "prot: 53", "port: \"53\"", "port: '53'", "port: \"53", "port: -1", "hide-version: yes", "hide-version: Yes", "hide-version: true", "hide-version:", "hide-version: no # yes", "hide-version: no#yes", "server-count: 0", "server-count: 2", "tcp-count: 0", "rrl-size: 0", "rrl-slip: x", "verbosity: 2", "verbosity: two",
		"nsid: ascii_a", "nsid: zz", "nsid: 0a", "nsid: 0", "ip-address: 10.0.0.1", "ip-address: 10.0.0.1@53", "ip-address: 10.0.0.1 setfib=1", "ip-address: 10.0.0", "ip-address: 10.0.0.1 10.0.0.2", "ip-address:", "identity: \"a b\"", "identity: a b", "cookie-secret: 00112233445566778899aabbccddeeff", "cookie-secret: 0011", "zonefiles-write: 3600", "rrl-ipv4-prefix-length: 24", "rrl-ipv4-prefix-length: 64", "control-port: 1", "port: 0", "cpu-affinity: 0 1", "cpu-affinity: x", "xfrd-cpu-affinity: x", "server-1-cpu-affinity: 0", "server-12-cpu-affinity: 3", "server-1-cpu-affinity: x", "server-1-cpu-affinity: 0 1", "server-0-cpu-affinity: 0", "server-x-cpu-affinity: 0", "server-1-cpu-affinity:", "Server-1-CPU-affinity: 3", "name: a", "zonefile: a", "frobnicate: yes", "frobnicate yes", "west", "\"west\"", "}",
	),
		caged("zonesdir: \"/srv/root/zones\""), caged("zonesdir: \"/srv/zones\""), caged("zonesdir: \"/srv/rootless\""), caged("zonesdir: \"zones\""), caged("zonesdir: \"\""), caged("zonesdir: \"/srv/root\""),
		caged("pidfile: \"/run/nsd.pid\""), caged("pidfile: \"nsd.pid\""), caged("xfrdir: \"/tmp\""), caged("xfrdfile: \"/var/xfrd\""), caged("zonelistfile: \"/var/list\""), caged("logfile: \"/var/log/nsd.log\""), caged("chroot: \"\"\n zonesdir: \"/srv\""), caged("chroot: \"/srv/root/\""), caged("chroot: \"/srv/root/zones\""),
		"remote-control:\n control-port: 0", "pattern:\n name: p\n include-pattern: p", "pattern:\n name: p\n include-pattern: q\npattern:\n name: q", "zone:\n name: a\n notify: 10.0.0.1 BLOCKED", "zone:\n name: a\n allow-query: 10.0.0.9-10.0.0.1 NOKEY", "zone:\n name: a\n provide-xfr: 10.0.0.1@0 NOKEY",
		"server:", "server", "serve:", "zone:\n name: a\n zonefile: z", "zone:\n zonefile: z", "zone:\n name: a\n zonefile:", "zone:\n name: a\n zonefile: z z", "zone:\n name: a\nzone:\n name: a", "zone:\n name: a\n name: b", "zone:\n name: a..b", "zone:\n name: a\n include-pattern: p", "pattern:\n name: p\nzone:\n name: a\n include-pattern: p", "zone:\n name: a\n include-pattern: p\npattern:\n name: p", "pattern:\n zonefile: z", "pattern:\n name: \"a b\"", "pattern:\n name: p\npattern:\n name: p", "zone:\n name: a\n port: 53", "zone:\n name: a\n ZONEFILE: z", "zone:\n name: a\n zonefil: z",
		"zone:\n name: a\n request-xfr: 10.0.0.1 NOKEY", "zone:\n name: a\n request-xfr: AXFR 10.0.0.1 NOKEY", "zone:\n name: a\n request-xfr: UDP 10.0.0.1 NOKEY", "zone:\n name: a\n request-xfr: 10.0.0.1", "zone:\n name: a\n request-xfr: 10.0.0.1 nokey", "zone:\n name: a\n request-xfr: 10.0.0.1 BLOCKED", "zone:\n name: a\n request-xfr: 10.0.0.0/8 NOKEY", "zone:\n name: a\n request-xfr: 10.0.0 NOKEY", "zone:\n name: a\n notify: 10.0.0.1 NOKEY", "zone:\n name: a\n notify: 10.0.0.0/8 NOKEY", "zone:\n name: a\n notify: 10.0.0.1 nosuchkey", "zone:\n name: a\n notify: 10.0.0.1@5353 NOKEY", "zone:\n name: a\n notify: 10.0.0.1@x NOKEY", "zone:\n name: a\n allow-notify: 10.0.0.0/8 NOKEY", "zone:\n name: a\n allow-notify: 10.0.0.0/33 NOKEY", "zone:\n name: a\n allow-notify: 10.0.0.1-10.0.0.5 NOKEY", "zone:\n name: a\n allow-notify: 10.0.0.0&255.0.0.0 NOKEY", "zone:\n name: a\n provide-xfr: 0.0.0.0/0 NOKEY", "zone:\n name: a\n provide-xfr: x NOKEY", "zone:\n name: a\n allow-query: 10.0.0.0/8 NOKEY", "zone:\n name: a\n allow-query: 10.0.0.0/08 NOKEY", "zone:\n name: a\n allow-query: 10.0.0.0/+8 NOKEY", "zone:\n name: a\n allow-query: 10.0.0.1/032 NOKEY", "zone:\n name: a\n allow-query: 10.0.0.0/ NOKEY", "zone:\n name: a\n allow-query: 10.0.0.0/+ NOKEY", "zone:\n name: a\n allow-query: 0.0.0.0/00 NOKEY", "zone:\n name: a\n allow-query: 10.0.0.0/8", "zone:\n name: a\n outgoing-interface: 10.0.0.1", "zone:\n name: a\n outgoing-interface: x",
		"zone:\n name: a\n min-expire-time: refresh+retry+1", "zone:\n name: a\n min-expire-time: x", "zone:\n name: a\n size-limit-xfr: 0", "zone:\n name: a\n notify-retry: 5", "zone:\n name: a\n notify-retry: x", "zone:\n name: a\n verify-zone: yes", "zone:\n name: a\n verifier: a b c", "zone:\n name: a\n verifier:", "zone:\n name: a\n multi-master-check: yes", "zone:\n name: a\n zonestats: x",
		"key:\n name: k\n algorithm: hmac-sha256\n secret: c2VjcmV0", "key:\n name: k\n algorithm: sha256\n secret: c2VjcmV0", "key:\n name: k\n algorithm: foo\n secret: c2VjcmV0", "key:\n name: k\n algorithm: hmac-md5\n secret: c2VjcmV0", "key:\n name: k\n secret: c2VjcmV0", "key:\n name: k\n algorithm: hmac-sha256", "key:\n algorithm: hmac-sha256\n secret: c2VjcmV0", "key:\n name: k\n algorithm: hmac-sha256\n secret: c2Vjcm", "key:\n name: k\n secret: c2VjcmV0\nkey:\n name: k\n secret: c2VjcmV0",
		"remote-control:\n control-enable: no", "remote-control:\n control-enable: maybe", "remote-control:\n control-port: x", "remote-control:\n control-port: 4294967296", "server:\n port: 4294967296", "server:\n tcp-count: 4294967296", "server:\n tcp-count: 0", "remote-control:\n port: 53", "verify:\n enable: no", "verify:\n enable: x", "dnstap:\n dnstap-enable: no", "tls-auth:\n name: t\n auth-domain-name: x", "tls-auth:\n name: t", "include: nosuch", "include: \"nosuch*\"", "include:",
	),
}

// caged is a configuration of an NSD below /srv/root, with a further option.
func caged(option string) string {
	return "server:\n chroot: \"/srv/root\"\n zonesdir: \"/srv/root/zones\"\n pidfile: \"\"\n xfrdfile: \"\"\n zonelistfile: \"zone.list\"\n xfrdir: \"/srv/root\"\n database: \"\"\n " + option
}
