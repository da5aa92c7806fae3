package records_test

// startableKnot has values of every kind, right ones and wrong ones.
var startableKnot = startableServer{
	file: "knot.conf", format: "knot", check: []string{"knotc", "-c", "knot.conf", "conf-check"},
	base: `# What an administrator writes.
server:
    rundir: "/run/knot"
    user: knot:knot
    listen: [ 10.0.0.53@53, "fd00::53@53" ]
    udp-workers: 2

log:
  - target: syslog
    any: info

database:
    storage: "/var/lib/knot"

key:
  - id: transfer.
    algorithm: hmac-sha256
    secret: 6KM6qiKfwfEpamEq72HQdA==

remote:
  - id: secondary
    address: 10.0.0.2@53
    key: transfer.

acl:
  - id: acl_secondary
    address: [10.0.0.2, 10.0.1.0/24]
    action: transfer

mod-queryacl:
  - id: inside
    address: 10.0.0.0/8

template:
  - id: default
    storage: "."
    file: "z"
    semantic-checks: on

zone:
  - domain: production-orch-0001.neo4j.io
    file: "z" # east
    module: mod-queryacl/inside
    notify: secondary
    acl: acl_secondary
    zonefile-sync: 1h
  - domain: endpoints.neo4j.io.
    template: default
`,
	texts: []string{
		"acl:\n  - id: \"\"", "acl:\n  - id: a\n    address: /tmp/x", "acl:\n  - id: a\n    address: 10.0.0.1\n    action: update\n    update-type: A", "acl:\n  - id: a\n    address: 10.0.0.1\n    action: update\n    update-type: x", "remotes:\n  - id: x", "remote:\n  - id: r\n    address: 10.0.0.1\nremotes:\n  - id: x\n    remote: r", "template:\n  - id: t\n    global-module: mod-stats", "template:\n  - id: default\n    global-module: mod-stats", "server:\n    max-tcp-clients: x", "server:\n    max-tcp-clients: 5", "server:\n    tcp-reply-timeout: x", "zone:\n  - domain: a\n    max-journal-depth: x", "zone:\n  - domain: a\n    max-zone-size: 5M",
		"zone:\n  - domain: a\n  - domain: a", "zone:\n  - domain: a\n  - domain: A.", "zone:\n  - domain: a\n    file: z\n    file: y", "zone:\n  - domain: a\n    file:", "zone:\n  - domain: a\n    file: [x, z]", "zone:\n  - domain: a\n    file:\"z\"", "zone:\n  - domain: a\n    FILE: z", "zone:\n  - domain: a\n    fil: z", "zone:\n  - domain: a\n     file: z", "zone:\n  - domain: a\n    file: z\n   storage: x", "zone:\n  - domain: a\n    file : z", "zone:\n  - domain: a\n    file z", "zone:\n  - domain: a\n    file: z y", "zone:\n  - domain: a\n    file: z,y", "zone:\n  - domain: a\n    file: \"z", "zone:\n  - domain: a\n    file: z\"", "zone:\n  - domain: a\n    file: \"z\"y", "zone:\n  - domain: a\n    file: 'z'", "zone:\n  - domain: a\n    file: z # c", "zone:\n  - domain: a\n    file: z#c", "zone:\n  - domain: a\n    file: \"z\" #c", "zone:\n  - domain: a\n    file: \"z\"#c", "zone:\n  - domain: a\n\tfile: z", "zone:\n  - domain: a\n    file:\tz", "zone:\n  - domain: a\n    file: z\t", "zone:\n  - domain: a\n    # \tc", "zone:\n  - domain: a\n    file: \"z\\\"\"", "zone:\n  - domain: a\n    file: z\\\\", "zone:\n  - domain: a\n    file: {z}", "zone:\n  - domain: a\n    file: [z", "zone:\n  - domain: a\n    file: z]",
		"zone:\n  - domain: [a]", "zone:\n  - domain:", "zone:\n  - domain: \"a\"", "zone:\n  - domain:a", "zone:\n  -domain: a", "zone:\n  -  domain: a\n     file: z", "zone:\n- domain: a\n  file: z", "zone:\n- domain: a\n   file: z\n   storage: x", "zone:\n  - domain: a\n - domain: b", "zone:\n  domain: a", "zone:\n  - file: a", "zone:\n    file: a", "zone:\n  - domain: a..b", "zone:\n  - domain: a\nzone:\n  - domain: b", "zone:\n  - domain: a\nzone:\n    file: z", "zone:\"", "zone: x", "zone", "zone :", "Zone:\n  - domain: a", "zone:\n  - domain: a\n    domain: b", "zone:\n  - domain: *.a", "zone:\n  - domain: a_b",
		"zone:\n  - domain: a\n    template: t", "template:\n  - id: t\nzone:\n  - domain: a\n    template: t", "zone:\n  - domain: a\n    template: t\ntemplate:\n  - id: t", "zone:\n  - domain: a\n    template: default", "template:\n  - id: t\n  - id: t", "zone:\n  - domain: a\n    master: m", "zone:\n  - domain: a\n    notify:", "remote:\n  - id: m\n    address: 10.0.0.1\nzone:\n  - domain: a\n    master: m", "zone:\n  - domain: a\n    acl: x", "zone:\n  - domain: a\n    acl: []", "zone:\n  - domain: a\n    dnssec-policy: default", "zone:\n  - domain: a\n    dnssec-policy: p", "zone:\n  - domain: a\n    dnssec-signing: on", "zone:\n  - domain: a\n    dnssec-signing: yes", "zone:\n  - domain: a\n    dnssec-signing: ON", "zone:\n  - domain: a\n    dnssec-signing: true", "zone:\n  - domain: a\n    dnssec-signing:", "zone:\n  - domain: a\n    zonefile-sync: -1", "zone:\n  - domain: a\n    zonefile-sync: 1h", "zone:\n  - domain: a\n    zonefile-sync: 1x", "zone:\n  - domain: a\n    zonefile-sync: -2", "zone:\n  - domain: a\n    zonefile-sync: 1K", "zone:\n  - domain: a\n    zonefile-load: whole", "zone:\n  - domain: a\n    zonefile-load: hole", "zone:\n  - domain: a\n    journal-content: none", "zone:\n  - domain: a\n    journal-content: nothing", "zone:\n  - domain: a\n    semantic-checks: soft", "zone:\n  - domain: a\n    serial-policy: unixtime", "zone:\n  - domain: a\n    catalog-role: foo", "zone:\n  - domain: a\n    journal-max-usage: 1M", "zone:\n  - domain: a\n    journal-max-usage: 1K", "zone:\n  - domain: a\n    journal-max-usage: 1MB",
		"zone:\n  - domain: a\n    module: mod-foo", "zone:\n  - domain: a\n    module: mod-rrl", "zone:\n  - domain: a\n    module: mod-rrl/x", "zone:\n  - domain: a\n    module: rrl", "mod-rrl:\n  - id: x\n    frob: 1", "mod-rrl:\n  - id: x\n    rate-limit: 5\nzone:\n  - domain: a\n    module: mod-rrl/x", "mod-foo:\n  - id: x", "mod-queryacl:\n  - id: x\n    address: 10.0.0.0/33",
		"server:\n    listen: 10.0.0.1", "server:\n    listen: 10.0.0", "server:\n    listen: 10.0.0.1@x", "server:\n    listen: 10.0.0.1@70000", "server:\n    listen: 10.0.0.300", "server:\n    listen: ::1@53", "server:\n    listen: [10.0.0.1, 10.0.0.2@54]", "server:\n    listen: fd00::g", "server:\n    listen: \":10.0.0.1@53\"", "server:\n    listen: \"fd00:1@53\"", "server:\n    listen: \"/run:x\"", "server:\n    listen: /run/x", "server:\n    udp-workers: 0", "server:\n    udp-workers: 4", "server:\n    udp-workers: four", "server:\n    udp-workers: 4 4", "server:\n    tcp-idle-timeout: 10s", "server:\n    tcp-idle-timeout: 10 s", "server:\n    nsid: 0x00", "server:\n    nsid: 0x0", "server:\n    nsid: a", "server:\n  - version: a", "server:\n  version: a\nserver:\n  version: b", "server:\nversion: a", "  version: a", "server:\n    version: \"Knot DNS\"", "server:\n    version: Knot DNS", "server:\n    udp-max-payload: 4096", "server:\n    udp-max-payload: 100", "server:\n    automatic-acl: on",
		"log:\n  - target: syslog\n    any: info", "log:\n  - target: syslog\n    any: inf", "log:\n    any: info", "remote:\n  - id: x\n    address: 10.0.0.1", "remote:\n  - id: x", "remote:\n  - id: x\n    address: 10.0.0.1\n    key: k", "key:\n  - id: k\n    algorithm: hmac-sha256\n    secret: c2VjcmV0", "key:\n  - id: k\n    algorithm: hmac-sha25\n    secret: c2VjcmV0", "key:\n  - id: k\n    algorithm: hmac-sha256\n    secret: c2Vjcm", "key:\n  - id: k\n    algorithm: hmac-sha256", "key:\n  - id: k\n    secret: c2VjcmV0", "acl:\n  - id: x\n    address: 10.0.0.0/8\n    action: transfer", "acl:\n  - id: x\n    address: 10.0.0.0/33", "acl:\n  - id: x\n    address: 10.0.0.0/08", "acl:\n  - id: x\n    address: 10.0.0.0/+8", "acl:\n  - id: x\n    address: 10.0.0.1/032", "acl:\n  - id: x\n    address: 10.0.0.0/8x", "acl:\n  - id: x\n    address: 0.0.0.0/00", "acl:\n  - id: x\n    address: 10.0.0.1-10.0.0.9", "acl:\n  - id: x\n    address: 10.0.0.9-10.0.0.1", "acl:\n  - id: x\n    address: 10.0.0", "acl:\n  - id: x\n    action: [transfer, update]", "acl:\n  - id: x\n    action: [transfer, foo]", "acl:\n  - id: x\n    deny: on", "policy:\n  - id: p\n    algorithm: ecdsap256sha256\nzone:\n  - domain: a\n    dnssec-policy: p", "policy:\n  - id: p\n    algorithm: foo", "submission:\n  - id: s\n    check-interval: 1m", "statistics:\n    timer: 60", "control:\n    listen: knot.sock\n    timeout: 5", "control:\n    timeout: x", "database:\n    storage: x\n    journal-db-mode: robust", "database:\n    journal-db-mode: fast", "include: nosuch", "include:", "clear: foo", "foo:", "foo: x", "- domain: a", ":", "zone:\n  - domain: a\nfrobnicate yes", "zone:\n  - domain: a\n    frobnicate: yes", "zone:\n  - domain: a\n    }", "zone:\n  - domain: a\n    file: z;", "xdp:\n    listen: eth0", "keystore:\n  - id: k\n    backend: pem", "keystore:\n  - id: k\n    backend: foo",
	},
}
