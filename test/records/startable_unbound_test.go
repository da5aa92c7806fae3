package records_test

// startableUnbound has values of every kind, right ones and wrong ones.
var startableUnbound = startableServer{
	file: "unbound.conf", format: "unbound", check: []string{"unbound-checkconf", "around.conf"},
	around: "server:\n\tdirectory: \"DIR\"\n\tchroot: \"\"\n\tusername: \"\"\n\tpidfile: \"\"\n\tmodule-config: \"respip iterator\"\ninclude: \"DIR/unbound.conf\"\n",
	base: `# What an administrator writes.
server:
    verbosity: 1
    interface: 10.0.0.53
    interface: 10.0.1.53@5353
    port: 53
    do-ip4: yes
    do-ip6: no
    access-control: 10.0.0.0/16 allow
    access-control: fd00::/64 refuse
    private-address: 10.0.0.0/8
    private-domain: "neo4j.io"
    num-threads: 2
    msg-cache-size: 64m
    msg-cache-slabs: 4
    cache-max-ttl: 3600
    hide-identity: yes
    local-zone: "production-orch-0001.neo4j.io" redirect
    local-data: "production-orch-0001.neo4j.io 45 IN SOA production-orch-0001.neo4j.io. hostmaster.production-orch-0001.neo4j.io. 1 3600 600 86400 45"
    local-data: "production-orch-0001.neo4j.io 45 IN A 10.0.0.10" # east
    local-data: "production-orch-0001.neo4j.io 45 IN A 10.0.1.10" # east
    local-zone: endpoints.neo4j.io. transparent
    local-data: 'e-1.endpoints.neo4j.io. 45 IN A 10.0.0.10'
    local-data: "w-1.endpoints.neo4j.io. 45 IN AAAA fd00::20" # west
    local-data-ptr: "10.0.0.10 e-1.endpoints.neo4j.io"
forward-zone:
    name: "corp.example."
    forward-addr: 10.0.0.2@53
    forward-addr: 10.0.0.3@853#dns.corp.example
    forward-tls-upstream: no
stub-zone:
    name: "lab.example"
    stub-addr: 10.0.0.4
    stub-prime: no
remote-control:
    control-enable: no
    control-port: 8953
`,
	texts: append(publicExamples, inServer(
		"do-ip4: no", "do-ip4: No", "do-ip4: true", "do-ip4:", "do-ip4: yes yes", "DO-IP4: yes", "do-ip4 yes", "do-ipv4: yes", "do-ip4 : yes", "do-ip4:yes", "do-ip4: \"yes\"", "do-ip4: 'yes'", "do-ip4: \"yes", "do-ip4: yes'", "do-ip4: yes # no", "do-ip4: yes#no",
		"port: 53", "port: 0", "port: x", "port: 53x", "port: -1", "port: \"\"", "num-threads: 1 2", "num-threads: 0", "num-threads:\n 2",
		"msg-cache-size: 4m", "msg-cache-size: 4M", "msg-cache-size: 4mb", "msg-cache-size: 4 mb", "msg-cache-size: \"4 mb\"", "msg-cache-size: 4x", "msg-cache-size: m", "msg-cache-size: 1.5g", "msg-cache-size: \"\"",
		"msg-cache-slabs: 8", "msg-cache-slabs: 6", "msg-cache-slabs: x", "so-rcvbuf: 4m", "so-rcvbuf: m4", "ip-dscp: 64", "ip-dscp: 63",
		"access-control: 10.0.0.0/8 allow", "access-control: 10.0.0.0/8 alow", "access-control: 10.0.0.0/33 allow", "access-control: 10.0.0/8 allow", "access-control: 10.0.0.0/8", "access-control: 10.0.0.1 allow", "access-control: 10.0.0.0/8 allow allow", "access-control: foo allow", "access-control: 10.0.0.0/8 Allow", "access-control: 10.0.0.1/8 deny_non_local", "access-control: fd00::/129 allow", "access-control: fd00::/64 allow", "access-control: 10.0.0.0/x allow",
		"interface: 10.0.0.1", "interface: 10.0.0.1@53", "interface: 10.0.0", "interface: 10.0.0.1@x", "interface: 0.0.0.0", "interface: ::0", "interface: \"\"", "interface: 10.0.0.1\n interface: 10.0.0.1", "interface: 300.0.0.1",
		"outgoing-interface: 10.0.0.1", "outgoing-interface: 10.0.0", "outgoing-interface: fd00::/64", "private-address: 10.0.0.0/8", "private-address: 10.0.0", "private-domain: a.b", "private-domain: a..b", "domain-insecure: a", "domain-insecure: \".\"", "do-not-query-address: 10.0.0", "caps-exempt: a..b",
		"local-zone: a static", "local-zone: a statc", "local-zone: a Static", "local-zone: a", "local-zone: a..b static", "local-zone: \"a\" \"static\"", "local-zone: a static b", "local-zone: a nodefault", "local-zone: a always_null", "local-zone: \"\" static", "local-zone: "+"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa static",
		"local-data: \"a A 10.0.0.1\"", "local-data: \"a A 10.0.0\"", "local-data: \"a 60 IN A 10.0.0.1\"", "local-data: \"a IN 60 A 10.0.0.1\"", "local-data: \"a foo A 10.0.0.1\"", "local-data: \"a AA 10.0.0.1\"", "local-data: \"a A\"", "local-data: \"a\"", "local-data: \"\"", "local-data: \"a A 10.0.0.1 10.0.0.2\"", "local-data: a A 10.0.0.1", "local-data: \"a AAAA 10.0.0.1\"", "local-data: \"a AAAA fd00::1\"", "local-data: \"a..b A 10.0.0.1\"",
		"local-data: 'a TXT \"b c\"'", "local-data: 'a TXT \"b'", "local-data: 'a TXT b'", "local-data: \"a MX 10 b\"", "local-data: \"a MX b\"", "local-data: \"a CNAME b.c.\"", "local-data: \"a CNAME\"", "local-data: \"a SRV 1 2 3 b\"", "local-data: \"a SRV 1 2 b\"", "local-data: \"a TYPE731 \\\\# 1 00\"", "local-data: \"a SOA b. c. 1 2 3 4 5\"", "local-data: \"a SOA b. c. 1 2 3 4\"", "local-data: \"a SOA b. c. 1 2 3 4 x\"", "local-data: \"a SOA b. c. 1 2 3 4 5 6\"", "local-data: \"a SOA b. c. 1 1h 2m 3d 4w\"", "local-data: \"a NS b.\"", "local-data: \"a 99999999999 A 10.0.0.1\"", "local-data: \"a CH A 10.0.0.1\"", "local-data: \"a CAA 0 issue \\\"b\\\"\"", "local-data: 'a HTTPS 1 . alpn=h2'", "local-data: 'a PTR b'", "local-data: 'a A 10.0.0.1 ; b'", "local-data: '* A 10.0.0.1'", "local-data: '@ A 10.0.0.1'",
		"local-data-ptr: \"10.0.0.1 a\"", "local-data-ptr: \"10.0.0 a\"", "local-data-ptr: \"10.0.0.1\"", "local-data-ptr: \"10.0.0.1 60 a\"", "local-data-ptr: \"10.0.0.1 a b\"", "forward-zone:\n  name: a\n  forward-addr: \"10.0.0.1@853#a..b\"", "local-data-ptr: \"10.0.0.1 1h a\"", "local-data-ptr: \"10.0.0.1 60 IN a\"", "local-data-ptr: \"10.0.0.1 -1 a\"", "local-data-ptr: \"10.0.0.1 60 b a\"", "local-data-ptr: \"fd00::1 a\"", "local-data-ptr: \"10.0.0.1 a..b\"", "local-data-ptr: 10.0.0.1 a",
		"define-tag: \"a b\"", "module-config: \"iterator\"", "module-config: \"validtor iterator\"", "module-config: \"respip validator iterator\"", "module-config: \"iterator validator\"", "module-config: \"\"",
		"module-config: \"dns64 validator iterator\"", "do-ip4: no\n do-ip6: no", "do-udp: no\n do-tcp: no", "do-udp: no", "outgoing-port-permit: 1024-65535", "outgoing-port-permit: x", "outgoing-port-avoid: 53-", "tcp-connection-limit: 10.0.0.0/8 5", "tcp-connection-limit: 10.0.0.0/8 x", "ratelimit-for-domain: a 5", "ratelimit-for-domain: a x", "edns-buffer-size: 1232", "edns-buffer-size: 10", "msg-buffer-size: 10", "val-override-date: 20260101000000", "val-override-date: x", "val-override-date: \"\"", "val-override-date: -1", "dns64-prefix: 64:ff9b::/96", "dns64-prefix: 10.0.0.0/8", "nsid: ascii_a", "nsid: zz", "nsid: 0a", "tls-cert-bundle: \"\"", "target-fetch-policy: \"3 2 1 0 0\"", "target-fetch-policy: \"x\"", "root-hints: \"\"",
		"num-queries-per-thread: 0", "outgoing-range: 0", "num-threads: 10001", "num-threads: 10000", "verbosity: -1", "cache-max-ttl: 4294967296", "edns-client-string-opcode: 65536", "edns-client-string-opcode: 65001",
		"outgoing-port-permit: 9-5", "outgoing-port-permit: 70000", "outgoing-interface: 10.0.0.1@53", "outgoing-interface: 10.0.0.1\n outgoing-interface: 10.0.0.1", "interface-automatic-ports: \"53 853\"", "interface-automatic-ports: x", "val-nsec3-keysize-iterations: \"1024 150\"", "val-nsec3-keysize-iterations: 5",
		"trust-anchor: \". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\"", "trust-anchor: \"a. A 10.0.0.1\"", "trust-anchor: \"a. DS x\"",
		"define-tag: x\n local-zone-tag: a x", "define-tag: x\n local-zone: a static\n local-zone-tag: a x", "local-zone: a static\n local-zone-override: b 10.0.0.0/8 static", "local-zone-override: a 10.0.0.0/8 static\n local-zone: a static", "local-zone-override: 10.in-addr.arpa 10.0.0.0/8 static", "define-tag: x\n response-ip-tag: 10.0.0.0/8 y", "define-tag: x\n interface-tag: 10.0.0.1 y",
		"view:\n name: v\n local-data: x", "view:\n name: v\n local-data: \"a A 10.0.0\"", "view:\n name: v\n local-data: \"a A 10.0.0.1\"", "view:\n name: v\nview:\n name: v", "auth-zone:\n name: a\n name: b", "rpz:\n name: a\n name: b", "forward-zone:\n name: a\n forward-host: b@x", "forward-zone:\n name: a\n forward-host: b@53#c", "auth-zone:\n name: a\n zonefile: z\n zonefile: nosuch", "auth-zone:\n name: a\n zonefile: nosuch\n zonefile: z",
		"response-ip: 10.0.0.0/8 redirect", "response-ip: 10.0.0.0/8 foo", "response-ip: foo redirect",
		"server:", "server: do-ip4: yes", "server", "view:\n name: a", "view:\n name: a\n name: b", "view:", "view:\n name: a\n do-ip4: yes", "forward-zone:\n name: a\n forward-addr: 10.0.0.1", "forward-zone:\n forward-addr: 10.0.0.1", "forward-zone:\n name: a\n name: b", "forward-zone:\n name: a\n forward-addr: 10.0.0", "forward-zone:\n name: a\n forward-addr: 10.0.0.1@53#b", "forward-zone:\n name: a\n forward-addr: 10.0.0.1@x", "forward-zone:\n name: a\n forward-addr: dns.x", "forward-zone:\n name: a\n forward-host: dns.x", "forward-zone:\n name: a\n forward-host: dns..x", "forward-zone:\n name: a..b\n forward-addr: 10.0.0.1", "forward-zone:\n name: a\n stub-addr: 10.0.0.1", "forward-zone:\n name: \".\"\n forward-addr: 10.0.0.1", "forward-zone:\n name: a\n forward-first: maybe", "stub-zone:\n name: a\n stub-addr: 10.0.0", "stub-zone:\n name: a\n stub-addr: 10.0.0.1\n stub-prime: yes", "auth-zone:\n name: a\n for-upstream: yes", "auth-zone:\n name: a\n for-upstream: maybe", "auth-zone:\n name: a\n fo-downstream: yes", "auth-zone:\n for-upstream: yes", "module-config: \"respip iterator\"\nrpz:\n name: a\n rpz-action-override: nxdomain", "rpz:\n name: a\n rpz-action-override: foo", "remote-control:\n control-enable: no", "remote-control:\n control-port: x", "remote-control:\n verbosity: 1", "python:\n python-script: a", "include: nosuchfile", "include:", "frobnicate: yes", "frobnicate yes", "west", "\"do-ip4: yes\"", "}", "\\", ";", "=", "//",
	)...),
}

// publicExamples are written as tutorials of Pi-hole and firewalls have them, and must stay right.
var publicExamples = []string{
	"server:\n    verbosity: 0\n    interface: 127.0.0.1\n    port: 5335\n    do-ip4: yes\n    do-udp: yes\n    do-tcp: yes\n    do-ip6: no\n    prefer-ip6: no\n    harden-glue: yes\n    harden-dnssec-stripped: yes\n    use-caps-for-id: no\n    edns-buffer-size: 1232\n    prefetch: yes\n    num-threads: 1\n    so-rcvbuf: 1m\n    private-address: 192.168.0.0/16\n    private-address: fe80::/10\n",
	"server:\nusername: \"\"\nuse-syslog: yes\nport: 53\nverbosity: 1\nhide-identity: yes\nhide-version: yes\nharden-glue: yes\ndo-ip4: yes\ndo-ip6: yes\ndo-udp: yes\ndo-tcp: yes\ndo-daemonize: yes\nmodule-config: \"validator iterator\"\nunwanted-reply-threshold: 0\nnum-queries-per-thread: 512\njostle-timeout: 200\ninfra-keep-probing: yes\ninfra-host-ttl: 900\ninfra-cache-numhosts: 10000\noutgoing-num-tcp: 10\nincoming-num-tcp: 10\nedns-buffer-size: 1432\ncache-max-ttl: 86400\ncache-min-ttl: 0\nharden-dnssec-stripped: yes\nserve-expired: no\naggressive-nsec: no\nqname-minimisation: no\nso-reuseport: no\nnum-threads: 4\nmsg-cache-slabs: 4\nrrset-cache-slabs: 4\ninfra-cache-slabs: 4\nkey-cache-slabs: 4\noutgoing-range: 4096\nmsg-cache-size: 4m\nrrset-cache-size: 8m\nstatistics-interval: 0\nextended-statistics: yes\nstatistics-cumulative: yes\ninterface-automatic: no\ninterface: 10.0.0.1\ninterface: ::1\noutgoing-interface: 10.0.0.1\nprivate-address: 127.0.0.0/8\nprivate-address: ::ffff:a00:0/104\naccess-control: 127.0.0.1/32 allow_snoop\naccess-control: ::1 allow_snoop\nlocal-zone: \"corp.example\" transparent\nlocal-data-ptr: \"10.0.0.1 fw.corp.example\"\nlocal-data: \"fw.corp.example A 10.0.0.1\"\nremote-control:\n    control-enable: no\n    control-interface: 127.0.0.1\n    control-port: 953\nforward-zone:\n    name: \".\"\n    forward-tls-upstream: yes\n    forward-addr: 1.1.1.1@853#one.one.one.one\n",
	"server:\n    interface: 0.0.0.0@53\n    interface: ::0@53\n    chroot: \"\"\n    logfile: \"\"\n    log-queries: no\n    access-control: 0.0.0.0/0 refuse\n    access-control: ::/0 allow\n    do-not-query-localhost: no\n    send-client-subnet: 0.0.0.0/0\n    max-client-subnet-ipv4: 24\n    serve-expired-ttl: 86400\n    neg-cache-size: 64m\n    max-udp-size: 4096\n    infra-lame-ttl: 120\n    tls-cert-bundle: \"\"\n    private-domain: \"lan.\"\n    local-zone: 'lan.' static\n    local-data: 'nas.lan. IN A 10.0.0.9'\n",
}

// inServer has options in the clause of the server.
func inServer(options ...string) []string {
	var texts []string
	for _, o := range options {
		texts = append(texts, "server:\n "+o)
	}
	return texts
}
