package records_test

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

// gdnsdSound is a zone that gdnsd loads.
const gdnsdSound = "$TTL 60\n@ SOA ns.example.net. host.example.net. 1 3600 600 86400 300\n@ NS ns.example.net.\n"

// startableGDNSD has values of every kind, right ones and wrong ones.
var startableGDNSD = startableServer{
	file: "config", format: "gdnsd", check: []string{"gdnsd", "-c", ".", "checkconf"},
	beside: map[string]string{
		"zones/a.example": gdnsdSound, "inc/one": "zones_default_ttl => 60\n", "inc/.two": "}", "list": "[ 127.0.0.1 ]\n", "loop": "$include{loop}\n",
		"broken": "listen => {\n", "empty/.keep": "", "sections/a": "plugins => {}\n", "sections/b": "service_types => {}\n", "twin": "listen => any\n",
	},
	base: `# What an administrator writes.
options => {
  listen => [ 127.0.0.1, "::1", 10.0.0.53:5353 ]  ; here
  zones_default_ttl => 3600
  min_ttl => 5
  max_ttl = 86400,
  udp_threads => 2
  tcp_timeout => 37
  zones_strict_data => false
  chaos_response => "some \"name\""
  nsid => 00ff
}
service_types => {
  web => { plugin => tcp_connect, port => 80 }
}
plugins => {
  null => {}
  static => { east => 10.0.0.10, alias => east.example.net. }
  simplefo => {
    both => { primary => 10.0.0.10, secondary => 10.0.1.10 }
  }
}
`,
	texts: append(append(inOptions(
		"", "lock_mem => true", "lock_mem => TRUE", "lock_mem => yes", "lock_mem => 1", "lock_mem => [ true ]", "lock_mem => \"true\"", "lock_mem => tr\\117e", "lock_mem => tr\\117", "lock_mem => tru\\e", "lock_mem => \\999",
		"zones_default_ttl => 0", "zones_default_ttl => 1", "zones_default_ttl => 2147483647", "zones_default_ttl => 2147483648", "zones_default_ttl => abc", "zones_default_ttl => 0x10", "zones_default_ttl => 0x", "zones_default_ttl => 010", "zones_default_ttl => 08", "zones_default_ttl => -1", "zones_default_ttl => +5", "zones_default_ttl => \" 5\"", "zones_default_ttl => \"5 \"", "zones_default_ttl => \"\"", "zones_default_ttl => 1_0", "zones_default_ttl => 0b1", "zones_default_ttl => 99999999999999999999", "zones_default_ttl => 5m",
		"zones_default_ttl => { }", "zones_default_ttl => [ 5, ]", "zones_default_ttl =>", "zones_default_ttl 5", "zones_default_ttl = 5", "zones_default_ttl = > 5", "zones_default_ttl => => 5", "zones_default_ttl=5", "zones_default_ttl=>5", "\"zones_default_ttl\" => 5", "Zones_default_ttl => 5", "zones_default_ttl => 5;", "zones_default_ttl => 5; words", "zones_default_ttl => 5,", "zones_default_ttl => 5,,", ", zones_default_ttl => 5", "zones_default_ttl => 5 lock_mem => true", "zones_default_ttl => 5 zones_default_ttl => 5", "zones_default_ttl => 5 : 6",
		"min_ttl => 86400", "min_ttl => 86401", "min_ttl => 10800", "min_ttl => 10801", "min_ttl => 20000 max_ncache_ttl => 20000", "min_ttl => 5000 max_ttl => 3600", "max_ttl => 3599", "max_ttl => 268435455", "max_ttl => 268435456", "max_ncache_ttl => 9", "max_ncache_ttl => 86401", "max_edns_response => 511", "max_edns_response => 16384", "max_edns_response_v6 => 16385", "acme_challenge_ttl => 59", "acme_challenge_dns_ttl => 0", "acme_challenge_dns_ttl => 3601", "zones_rfc1035_threads => 0", "zones_rfc1035_threads => 1024", "max_nocookie_response => 0", "max_nocookie_response => 127", "max_nocookie_response => 128", "max_nocookie_response => 1025",
		"chaos_response => "+strings.Repeat("a", 254), "chaos_response => "+strings.Repeat("a", 255), "chaos_response => [ a ]", "nsid => 0aFF", "nsid => 0", "nsid => zz", "nsid => \"\"", "nsid_ascii => a", "nsid_ascii => \"\"", "nsid_ascii => \"\\009\"", "nsid_ascii => a nsid => 00", "nsid_ascii => "+strings.Repeat("a", 129), "username => a", "priority => [ ]", "any_mitigation => { a => b }", "http_listen => any", "plugin_search_path => x",
		"lissten => any", "zones_dir => x", "zones_strict_startup => x", "dns_port => 0", "dns_port => 65535", "dns_port => 65536", "udp_rcvbuf => 4095", "udp_sndbuf => 1048576", "udp_threads => 0", "udp_threads => 1025", "tcp_threads => 0", "tcp_timeout => 4", "tcp_timeout => 1801", "tcp_fastopen => 0", "tcp_fastopen => 1048577", "tcp_clients_per_thread => 15", "tcp_backlog => 65536", "udp_recv_width => x", "run_dir => [ ]",
		"listen => any", "listen => [ any ]", "listen => ANY", "listen => [ ]", "listen => { }", "listen => 127.0.0.1", "listen => 127.0.0.300", "listen => 127.1", "listen => 1", "listen => 0x7f.1", "listen => 1.2.3.4.5", "listen => 127.0.0.08", "listen => 127.0.65535", "listen => 127.0.65536", "listen => 1..2", "listen => localhost", "listen => \"\"", "listen => ::1", "listen => [ ::1 ]", "listen => \"[::1]\"", "listen => \"[::1]:53\"", "listen => \"[::1]:\"", "listen => \"[::1\"", "listen => \"[::1]53\"", "listen => :53", "listen => 127.0.0.1:", "listen => 127.0.0.1:5353", "listen => 127.0.0.1:x", "listen => 127.0.0.1:99999", "listen => 127.0.0.1@53", "listen => ::g", "listen => eth0", "listen => [ 127.0.0.1 [ ] ]", "listen => [ 127.0.0.1 127.0.0.1 ]", "listen => [\"127.0.0.1\"\"::1\"]",
		"listen => { 127.0.0.1 => { } }", "listen => { 127.0.0.1 => { udp_threads => 1 tcp_pad => true } }", "listen => { 127.0.0.1 => { udp_threads => 0 } }", "listen => { 127.0.0.1 => { dns_port => 53 } }", "listen => { 127.0.0.1 => x }", "listen => { x => { } }", "listen => { 127.0.0.1:5353 => { tcp_proxy => true } }", "listen => { 127.0.0.1:5353 => { tcp_proxy => true udp_threads => 1 } }", "listen => { any => { } }",
		"tcp_control => 127.0.0.1", "tcp_control => 127.0.0.1:885", "tcp_control => any", "tcp_control => [ ]", "tcp_control => { 127.0.0.1:885 => { chal_ok => true } }", "tcp_control => { 127.0.0.1:885 => { chal_ok => x } }", "tcp_control => { 127.0.0.1:885 => { other => x } }", "tcp_control => 127.0.0.1:0",
		"$include{inc/one}", "$include{ inc/one }", "$include{\"inc/one\"}", "$include {inc/one}", "$include{inc/one} zones_default_ttl => 5", "$include{inc}", "$include{inc/*}", "$include{nothere}", "$include{no*}", "$include{list}", "listen => $include{list}", "listen => $include{nothere}", "listen => $include{twin}", "$include{loop}", "$include{broken}", "$include{empty}", "listen => $include{empty}", "$include{inc/one", "$include{}", "$inc{list}", "$include{twin} listen => any", "listen => $include{sections}",
	), inPlugins(
		"", "null => {}", "null => {} null => {}", "null => x", "null => []", "nosuch => {}", "Null => {}", "reflect => {}", "reflect => { a => b }", "static => {}", "static => { a => 10.0.0.1 }", "static => { a => 10.0.0 }", "static => { a => x. }", "static => { a => x }", "static => { a => [ 10.0.0.1 ] }", "static => { a => { } }", "static => { a => x..y. }", "static => { a => ::1 }", "static => { a => \"\" }",
		"weighted => {}", "weighted => { a => 10.0.0.1 }", "weighted => { a => { b => [ 10.0.0.1, 1 ] } }", "weighted => { up_thresh => 0.5, multi => true, a => { b => [ 10.0.0.1, 1 ] } }", "weighted => { a => { b => [ x., 1 ] } }", "weighted => { a => { addrs_v4 => { b => [ 10.0.0.1, 1 ] } } }", "weighted => { a => { b => { c => [ 10.0.0.1, 1 ] } } }",
		"simplefo => {}", "simplefo => { a => { } }", "simplefo => { a => { primary => 10.0.0.1 secondary => 10.0.0.2 } }", "simplefo => { a => { primary => 10.0.0.1 } }", "simplefo => { a => { primary => x secondary => 10.0.0.2 } }", "simplefo => { a => { addrs_v4 => { primary => 10.0.0.1 secondary => 10.0.0.2 } } }", "simplefo => { service_types => up a => { primary => 10.0.0.1 secondary => 10.0.0.2 } }",
		"multifo => {}", "multifo => { a => [ 10.0.0.1, 10.0.0.2 ] }", "multifo => { a => { b => 10.0.0.1 } }", "multifo => { a => 10.0.0.1 }", "multifo => { up_thresh => 0.5 a => [ 10.0.0.1 ] }",
		"geoip => {}", "geoip => { resources => { r => { map => m, dcmap => { } } } }", "geoip => { maps => { m => { datacenters => [ a ] } } resources => { r => { map => m, dcmap => { a => 10.0.0.1 } } } }", "geoip => { maps => { m => { } } resources => { } }",
		"metafo => {}", "metafo => { resources => { r => { datacenters => [ a ], dcmap => { a => 10.0.0.1 } } } }",
		"weighted => { a => { b => [ 10.0.0.1, 0 ] } }", "weighted => { a => { b => [ 10.0.0.1, x ] } }", "weighted => { a => { b => [ 10.0.0.1, 1048576 ] } }", "weighted => { a => { b => [ 10.0.0.300, 1 ] } }", "weighted => { a => { } }", "weighted => { a => { b => [ x., 1 ], c => [ 10.0.0.1, 1 ] } }", "weighted => { up_thresh => 2.0 a => { b => [ 10.0.0.1, 1 ] } }", "weighted => { multi => x a => { b => [ 10.0.0.1, 1 ] } }", "weighted => { a => { multi => x b => [ 10.0.0.1, 1 ] } }", "weighted => { service_types => nosuch a => { b => [ 10.0.0.1, 1 ] } }", "weighted => { a => { b => [ 10.0.0.1, 1 ], c => [ ::1, 1 ] } }",
		"simplefo => { a => { primary => 10.0.0.1 secondary => 10.0.0.2 third => 10.0.0.3 } }", "simplefo => { a => { primary => 10.0.0.1 secondary => ::1 } }", "simplefo => { a => { service_types => nosuch primary => 10.0.0.1 secondary => 10.0.0.2 } }",
		"multifo => { a => { b => x } }", "multifo => { a => { } }", "multifo => { up_thresh => 0 a => { b => 10.0.0.1 } }", "multifo => { ignore_health => maybe a => { b => 10.0.0.1 } }", "multifo => { a => { ignore_health => true b => 10.0.0.1 } }", "multifo => { a => { addrs_v4 => [ 10.0.0.1 ] } }", "multifo => { a => [ 10.0.0.1, ::1 ] }",
		"geoip => { maps => { m => { datacenters => [ a ] } } resources => { r => { map => n, dcmap => { a => 10.0.0.1 } } } }", "geoip => { maps => { m => { datacenters => [ a ] } } resources => { r => { map => m, dcmap => { a => 10.0.0.1, b => 10.0.0.2 } } } }", "geoip => { maps => { m => { datacenters => [ a b ] } } resources => { r => { map => m, dcmap => { a => 10.0.0.1 } } } }", "geoip => { undefined_datacenters_ok => true maps => { m => { datacenters => [ a b ] } } resources => { r => { map => m, dcmap => { a => 10.0.0.1 } } } }",
		"metafo => { resources => { r => { datacenters => [ a, b ], dcmap => { a => 10.0.0.1 } } } }", "static => { s => 10.0.0.1 } metafo => { resources => { r => { datacenters => [ a ], dcmap => { a => %static!s } } } }", "metafo => { resources => { r => { datacenters => [ a ], plugin => weighted, dcmap => { a => { b => [ 10.0.0.1, 1 ] } } } } }",
		"http_status => {}", "tcp_connect => { a => b }", "extmon => {}", "extfile => {}",
	)...),
		"", "# words", "options => { } # words", "options => x", "options => [ ]", "options => { }", "options { }", "options => { } options => { }", "option => { }", "[ ]", "[ a, b ] c", "options => {", "options => { } }", "options => { ]", "{ options => { } }", "listen => any", "\"options\" => { }", "options => { \"listen\" => \"any }", "options => { listen => any }\r", "\\111ptions => { }", "plugins => { } service_types => { }", "plugins => x", "service_types => [ ]", "$include{sections}", "$include{sections/*} plugins => { }", "$include{list}", "options => $include{twin}", "options => $include{list}",
		"service_types => { a => { } }", "service_types => { a => x }", "service_types => { up => { plugin => null } }", "service_types => { a => { plugin => nosuch } }", "service_types => { a => { plugin => weighted } }", "service_types => { a => { plugin => null } }", "service_types => { a => { plugin => static } }", "service_types => { a => { plugin => static } } plugins => { static => { } }", "service_types => { a => { plugin => http_status } }", "service_types => { a => { plugin => [ null ] } }", "service_types => { a => { plugin => \"\" } }", "service_types => { a => { plugin => tcp_connect } }", "service_types => { a => { plugin => tcp_connect, interval => 1 } }",
		"service_types => { a => { plugin => tcp_connect } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => tcp_connect port => 80 } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => tcp_connect port => x } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => extmon } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => extmon cmd => [ /bin/true ] } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => extmon cmd => [ ] } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => extfile } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => http_status interval => 0 } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => http_status timeout => 9999 } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => http_status ok_codes => [ 9 ] } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => http_status ok_codes => [ 200 301 ] } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => http_status url_path => /x vhost => y } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => http_status up_thresh => 0 } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }", "service_types => { a => { plugin => http_status nosuch => 1 } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }",
		"service_types => { a => { plugin => tcp_connect port => 80 interval => 8 timeout => 3 up_thresh => 20 ok_thresh => 10 down_thresh => 10 } } plugins => { multifo => { service_types => a r => [ 10.0.0.1 ] } }",
	),
}

// inOptions are configurations with an option each.
func inOptions(all ...string) []string { return within("options => {\n", "\n}", all) }

// inPlugins are configurations with a plugin each.
func inPlugins(all ...string) []string { return within("plugins => {\n", "\n}", all) }

func within(before, after string, all []string) []string {
	texts := make([]string, 0, len(all))
	for _, text := range all {
		texts = append(texts, before+text+after)
	}
	return texts
}

// gdnsdPlugins has resources of plugins.
const gdnsdPlugins = "plugins => { weighted => { multi => true, w => { a => [ 10.0.0.1, 1 ] } } static => { s => 10.0.0.1, n => host.example.org. own => x.b.example. } simplefo => { f => { primary => 10.0.0.1 secondary => 10.0.0.2 } } multifo => { m => [ 10.0.0.1 ] } }\n"

// TestStartableGDNSDZones: with which zones gdnsd does not start, as its own check says.
func TestStartableGDNSDZones(t *testing.T) {
	need(t, "gdnsd")
	tests := map[string]map[string]string{
		"nothing else":      {},
		"a backup":          {"zones/b.example~": gdnsdSound},
		"absolute backup":   {"zones/b.example.bak": "$ORIGIN b.example.\n" + gdnsdSound},
		"hidden":            {"zones/.b.example.swp": "nothing"},
		"a directory":       {"zones/sub/b.example": "nothing"},
		"letters":           {"zones/A.EXAMPLE": gdnsdSound},
		"below":             {"zones/x.a.example": gdnsdSound},
		"far below":         {"zones/x.y.a.example": gdnsdSound},
		"the root":          {"zones/ROOT_ZONE": gdnsdSound},
		"a slash":           {"zones/0@25.b.example": gdnsdSound},
		"a wildcard":        {"zones/*.b.example": gdnsdSound},
		"an empty label":    {"zones/b..example": gdnsdSound},
		"a dot at the end":  {"zones/b.example.": gdnsdSound},
		"twice by a dot":    {"zones/a.example.": gdnsdSound},
		"no zone":           {"zones/README": "These are our zones.\n"},
		"an empty file":     {"zones/b.example": ""},
		"an origin":         {"zones/b.example": gdnsdSound + "$ORIGIN x.b.example.\nh A 10.0.0.1\n"},
		"an origin outside": {"zones/b.example": gdnsdSound + "$ORIGIN x.org.\n"},
		"an origin above":   {"zones/b.example": gdnsdSound + "$ORIGIN example.\n"},
	}
	for name, records := range map[string]string{
		"an address outside": "x.org. A 10.0.0.1", "an IPv6 address outside": "x.org. AAAA fd00::1", "an alias outside": "x.org. CNAME y.org.", "a text outside": "x.org. TXT a", "a server outside": "x.org. NS y.org.", "a plugin outside": "x.org. DYNA null", "an unknown type outside": "x.org. TYPE731 \\# 1 00",
		"null": "x DYNA null", "null with a resource": "x DYNA null!x", "null for a name": "x DYNC null", "no plugin": "x DYNA nosuch!x", "capitals": "x DYNA Weighted!w", "no resolver": "x DYNA http_status", "a resolver that is not configured": "x DYNA metafo!x", "reflect": "x DYNA reflect", "reflect both": "x DYNA reflect!BOTH", "reflect nothing": "x DYNA reflect!x",
		"weighted": "x DYNA weighted!w", "weighted for a name": "x DYNC weighted!w", "weighted alone": "x DYNA weighted", "weighted otherwise": "x DYNA weighted!x", "a setting": "x DYNA weighted!multi", "static": "x DYNA static!s", "static otherwise": "x DYNA static!x", "static name": "x DYNC static!n", "static name for an address": "x DYNA static!n", "static name in the zone": "y DYNC static!own", "simplefo": "x 300/30 DYNA simplefo!f", "simplefo otherwise": "x 300/30 DYNA simplefo!g", "multifo": "x DYNA multifo!m", "multifo for v4": "x DYNA multifo!m/v4",
		"a plugin beside an address": "x DYNA null\nx A 10.0.0.1", "a plugin twice": "x DYNA null\nx DYNA null", "a name beside an address": "x DYNC null\nx A 10.0.0.1", "no data": "x DYNA", "a plugin and a text": "x DYNA null\nx TXT a", "a name at the apex": "@ DYNC null", "a text beside a name": "x DYNC null\nx TXT a", "a plugin beside an alias": "x DYNA null\nx CNAME y", "an alias and a name": "x CNAME y\nx DYNC null", "a plugin at the apex": "@ DYNA null",
	} {
		tests[name] = map[string]string{"zones/b.example": gdnsdSound + records + "\n"}
	}
	for name, files := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startableGDNSD
			server.beside = maps.Clone(files)
			server.beside[filepath.Join("zones", "a.example")] = gdnsdSound
			refused, said, out := server.judge(t, t.TempDir(), "options => { listen => 127.0.0.1 }\n"+gdnsdPlugins)
			server.compare(t, name, refused, said, out)
		})
	}
}
