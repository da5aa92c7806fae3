package all_test

import "testing"

// TestPowerDNS reads configurations of PowerDNS, without the files that they name; test
// package records has these, and the servers.
func TestPowerDNS(t *testing.T) {
	check(t, []odd{
		{
			name: "a backend with a database", kind: "pdns", text: "launch=gmysql,bind\nbind-config=named.conf\nlua-prequery-script=/etc/pdns/a.lua\n", want: "",
			notes: []string{
				"not read: f:1: the backend gmysql is not read: its zones are where it has them, and not in files; pdnsutil list-zone prints one, and the API's JSON is read",
				`not read: f:2: bind-config "named.conf" is not read: give that file as well`,
				"not read: f:3: lua-prequery-script is not read: it answers by a program",
			},
		},
		{
			name: "a part of another file", kind: "pdns", text: "launch+=bind\nbind-config=named.conf\n", want: "",
			notes: []string{
				"not read: f:1: launch+= adds to what the file that includes this one says, which is not read: give that file as well, as the first one",
				`not read: f:2: bind-config "named.conf" is not read: give that file as well`,
			},
		},
		{
			name: "the Recursor", kind: "pdns-recursor",
			text: "forward-zones=a.example=10.0.0.2;10.0.0.3, b.example=10.0.0.4 \\\n  ,c..d=10.0.0.1 # words\nauth-zones=b.example=b.db, c.example=c.db\nforward-zones-recurse=.=1.1.1.1\nlua-dns-script=a.lua\n",
			want: `claim . else passthru, f:4
claim a.example. else refer, f:1
claim b.example. else refer, f:1
claim c.example. else refer, f:3
`,
			notes: []string{
				`not read: f:1: the zone is not read: "c..d" is not a domain name`,
				"not read: f:5: lua-dns-script is not read: it answers by a program",
				`not read: f:3: auth-zone c.example: its file "c.db" is not read: give that file as well`,
			},
		},
		{
			name: "the Recursor in YAML", kind: "pdns-recursor",
			text: `incoming:
  listen: [127.0.0.1]
recursor:
  auth_zones:
  - zone: c.example
    file: c.db
  forward_zones:
  - zone: a.example
    forwarders: [10.0.0.2, '10.0.0.3:5300']
  forward_zones_recurse:
  - zone: .
    forwarders:
    - 9.9.9.9
  export_etc_hosts: true
  include_dir: /etc/powerdns/recursor.d
  forward_zones_file: more
  lua_dns_script: a.lua
`,
			want: `claim . else passthru, f:10
claim a.example. else refer, f:7
claim c.example. else refer, f:4
`,
			notes: []string{
				"not read: f:16: forward_zones_file \"more\" is not read: give that file as well",
				"not read: f:17: lua_dns_script is not read: it answers by a program",
				`not read: f:15: include_dir "/etc/powerdns/recursor.d" is not read: give those files as well`,
				`not read: f:14: hosts file "/etc/hosts" is not read: give that file as well`,
				`not read: f:4: auth-zone c.example: its file "c.db" is not read: give that file as well`,
			},
		},
	})
}

// TestServersZones: zones that a configuration has and does not name are told.
func TestServersZones(t *testing.T) {
	check(t, []odd{
		{
			name: "Debian's layout of PowerDNS", kind: "pdns", text: "include-dir=/etc/powerdns/pdns.d\nlaunch=\nsecurity-poll-suffix=\n", want: "",
			notes: []string{`not read: f:1: include-dir "/etc/powerdns/pdns.d" is not read: give those files as well`},
		},
		{
			name: "Knot's catalogs, modules and journal", kind: "knot",
			text: "remote:\n  - id: r\n    address: 10.0.0.1\nmod-dnsproxy:\n  - id: up\n    remote: r\ntemplate:\n  - id: default\n    global-module: mod-dnsproxy/up\n    storage: /z\nzone:\n  - domain: cat.example\n    catalog-role: interpret\n    file: c\n  - domain: neo4j.io\n    zonefile-load: none\n",
			want: "claim cat.example. else refer, f:12\nclaim neo4j.io. else refer, f:15\n",
			notes: []string{
				"not read: f:8: global-module is not read: what the modules mod-dnsproxy/up change is not known here",
				"not read: f:12: catalog zone cat.example is not read: the zones that it lists are the server's as well",
				`not read: f:12: zone cat.example: its file "c" is not read: give that file as well`,
				"not read: f:15: zone neo4j.io: its file is not loaded (zonefile-load: none): its records are in the journal",
			},
		},
		{
			name: "NSD's catalogs", kind: "nsd",
			text: "server:\n  zonesdir: /z\n  zonelistfile: zone.list\nzone:\n  name: cat.example\n  catalog: consumer\n",
			want: "claim cat.example. else refer, f:4\n",
			notes: []string{
				`f:3: zonelistfile "zone.list" may have zones that nsd-control has added: none are known here`,
				"not read: f:4: catalog zone cat.example is not read: the zones that it lists are the server's as well",
				"not read: f:4: zone cat.example has no zonefile, and no request-xfr: there is nowhere that its records can come from",
			},
		},
		{
			name: "the Recursor in YAML, with comments", kind: "pdns-recursor",
			text: "recursor: # of the inside\n  rpzs:\n    - name: rpz.example\n      addresses: [10.0.0.2]\n", want: "",
			notes: []string{"not read: f:2: policy zone rpz.example is not read: it is transferred from 10.0.0.2; give its file as well, with --as rpz"},
		},
	})
}
