package records_test

import "strings"

// startablePDNS has settings that the authoritative server of PowerDNS knows, and others.
var startablePDNS = startableServer{
	file: "pdns.conf", format: "pdns", check: []string{"pdns_server", "--config-dir=.", "--config=check"}, beyond: `="`,
	base: `# What an administrator writes.
launch=bind
bind-config=named.conf
bind-check-interval=60
local-address=10.0.0.53, fd00::53
local-port=53
cache-ttl=20
negquery-cache-ttl=60
allow-axfr-ips=127.0.0.0/8,::1
api=no
daemon=no
guardian=no
disable-axfr=yes
`,
	texts: allBehind("launch=\n", settingsOf("cache-ttl")...),
}

// startableRecursor has settings that the Recursor of PowerDNS knows, and others.
var startableRecursor = startableServer{
	file: "recursor.conf", format: "pdns-recursor", check: []string{"pdns_recursor", "--config-dir=.", "--config=check"}, beyond: `="`,
	base: `# What an administrator writes.
local-address=10.0.0.53, fd00::53
local-port=53
allow-from=10.0.0.0/8, fd00::/64
forward-zones=corp.example=10.0.0.2, lab.example=10.0.0.3
forward-zones-recurse=.=10.0.0.4
quiet=yes
threads=2
dnssec=process
max-cache-ttl=86400
webserver=no
`,
	texts: allBehind("", settingsOf("max-cache-ttl")...),
}

// settingsOf is one setting, written well and badly, and what is none.
func settingsOf(key string) []string {
	return []string{
		key + "=5", key + " = 5", key + "= 5 # seconds", key + "=5#6", key, key + ": 5", key + " 5", strings.ToUpper(key) + "=5", "--" + key + "=5", key + "x=5", key[1:] + "=5",
		key + "=5\n" + key + "=6", key + "=\\\n5", "\"" + key + "=5\"", "\"" + key + "\"=5", "frobnicate=yes", "frobnicate", "frobnicate yes", "ignore-unknown-settings=frobnicate\nfrobnicate=yes", "}", ";", "; " + key + "=5", "// " + key + "=5", " " + key + "=5", "\t" + key + "=5", "west",
	}
}

// allBehind has texts behind another one.
func allBehind(begin string, texts ...string) []string {
	all := make([]string, 0, len(texts))
	for _, text := range texts {
		all = append(all, begin+text)
	}
	return all
}
