package records_test

const bindConfig = `// BIND, with a comment
options {
  directory "DIR";
  listen-on port PORT { ADDR; };	/* another
  one */
  listen-on-v6 { none; };
  reuseport no;
  allow-recursion { any; }; allow-query { any; };
  forward only;
  forwarders port UPPORT { UPADDR; };
  empty-zones-enable no; dnssec-validation no;
  pid-file none; session-keyfile none; lock-file none;
  response-policy { zone "rpz.test"; zone "second.test" policy nxdomain; zone "third.test" policy disabled; } qname-wait-recurse no;
};
controls {};
include "sub/zones.conf";
zone "rpz.test" { type primary; file "rpz.db"; };
zone "second.test" IN { type master; file "second.db"; };
zone "third.test" { type primary; file "second.db"; };
zone "returns.org" { type primary; file "returns.db"; };
`

// bindFiles are the files of a BIND, of which the first names the others.
var bindFiles = map[string]string{
	"named.conf": bindConfig,
	"sub/zones.conf": "zone \"zone.org\" { type primary; file \"zone.db\"; };\n# more\ninclude \"sub/more.conf\";\n" +
		"zone \"fwd.zone.org\" { type forward; forward only; forwarders port UPPORT { UPADDR; }; };\n",
	"sub/more.conf": "zone child.zone.org { type primary; file \"child.db\"; };\nzone \"kept.org\" { type forward; forward only; forwarders port UPPORT { UPADDR; }; };\n",
	"zone.db":       includedZone + "ruled A 10.0.0.8\nx.fwd A 10.0.0.9\nfree A 10.0.0.10\nx.wild A 10.0.0.11\nchild NS ns.child\n",
	"more.inc":      includedPart,
	"returns.db":    returnedZone,
	"child.db":      "$TTL 30\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\nhost A 10.0.0.12\n",
	"rpz.db": "$TTL 30\n$ORIGIN rpz.test.\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\n" +
		"ruled.zone.org A 10.0.0.31\nonly.org A 10.0.0.32\n*.wild.zone.org A 10.0.0.34\nfree.zone.org CNAME rpz-passthru.\n",
	"second.db": "$TTL 30\n$ORIGIN @\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\nonly.org A 10.0.0.41\nmine.org A 10.0.0.43\nfree.zone.org A 10.0.0.44\n",
}

const nsdConfig = `# NSD
server:
  ip-address: ADDR@PORT
  username: ""
  chroot: ""
  database: ""
  zonesdir: "zones"
  zonelistfile: "zone.list"
  xfrdfile: ""
  xfrdir: "."
  pidfile: ""
  rrl-ratelimit: 0
remote-control: control-enable: no
pattern:
  name: "by-name"
  zonefile: "%z/%s.zone"
zone:
  name: "named.org"
  include-pattern: "by-name"
zone: name: zone.org
  zonefile: zone.db
zone: name: returns.org
  zonefile: returns.db
include: "more/*.conf"
`

const knotConfig = `# Knot
server:
    listen: ADDR@PORT
    rundir: "."
    background-workers: 1
database:
    storage: "."
template:
  - id: default
    storage: zones
    zonefile-load: whole
    journal-content: none
  - id: "other"
    storage: other   # where it is
    file: "%s.z"
zone:
  - domain: zone.org
    file: zone.db
  - domain: named.org.
  - domain: "other.org"
    template: other
  - domain: parts.co.org
    file: "%l[0]/%l[1]/%c[0]%c[1-3]%c[99]%l[9]-%c[12]%%.zone"
include: more/*.conf
`

// knotLate has the template for all zones behind them, where it counts as well.
const knotLate = `server:
    listen: ADDR@PORT
    rundir: "."
    background-workers: 1
database:
    storage: "."
template:
  - id: "whole"
    storage: other
    file: "%s.z"
zone:
  - domain: named.org
  - domain: other.org
    template: whole
template:
  - id: default
    storage: zones
    file: "%s.late"
    journal-content: none
`

const pdnsConfig = `# PowerDNS
launch=bind
bind-config=zones/named.conf
local-address=ADDR
local-port=PORT
include-dir=more
daemon=no
guardian=no
disable-syslog=yes
setuid=
setgid=
socket-dir=.
security-poll-suffix=
write-pid=no
cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
`

const recursorConfig = `# PowerDNS Recursor
local-address=ADDR
local-port=PORT
forward-zones-recurse=.=UPADDR:UPPORT
auth-zones=zone.org=zone.db,named.org=named.db
auth-zones += red.zone.org=red.db,zone.over.org=red.db,zone.exempt.org=red.db,zone.none.org=red.db
forward-zones=fwd.zone.org=UPADDR:UPPORT
forward-zones-file=forwards
export-etc-hosts=on
etc-hosts-file=names
export-etc-hosts-search-suffix=suffix.org
lua-config-file=recursor.lua
dont-query=
dnssec=off
daemon=no
disable-syslog=yes
security-poll-suffix=
setuid=
setgid=
socket-dir=.
threads=1
pdns-distributes-queries=no
write-pid=no
`

const plainZone = "$TTL 30\n@ SOA ns.a. root.a. 1 900 300 86400 30\n@ NS ns.a.\nhost A 10.0.0.12\n"

// returnedZone has lines that end with a carriage return alone, also in parentheses and behind a comment. It has names with
// nothing but what signs, and hashes that are no names.
const returnedZone = "$TTL 30\r@ SOA ns.a. root.a. (\r1 900 300\r86400 30 )\r@ NS ns.a.\r\rhost A 10.0.0.12\r A 10.0.0.13\rbeside A 10.0.0.14 ; words\rlost A 10.0.0.15\r\nlast A 10.0.0.16\r" +
	"* A 10.0.0.17\rsigned RRSIG A 13 2 300 20301231000000 20201231000000 1 returns.org. ZZZZ\rhashing NSEC3PARAM 1 0 0 -\rnext NSEC x.returns.org. A\r" +
	"2t7b4g4vsa5smi47k61mv5bv1a22bojr NSEC3 1 0 0 - 2vptu5timamqttgl4luu9kg21e0aor3s SOA\r" +
	"2t7b4g4vsa5smi47k61mv5bv1a22bojr RRSIG NSEC3 13 3 300 20301231000000 20201231000000 1 returns.org. ZZZZ\r"

// returnedNames are names of which it has something to say, or nothing.
var returnedNames = []string{"returns.org", "host.returns.org", "beside.returns.org", "lost.returns.org", "last.returns.org", "x.returns.org", "signed.returns.org", "hashing.returns.org", "next.returns.org", "2t7b4g4vsa5smi47k61mv5bv1a22bojr.returns.org"}
