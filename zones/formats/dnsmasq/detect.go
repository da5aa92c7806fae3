package dnsmasq

import (
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// options are all options that dnsmasq knows in a configuration, as of version 2.91.
var options = map[string]bool{
	"add-cpe-id": true, "add-mac": true, "add-subnet": true, "addn-hosts": true, "address": true, "alias": true,
	"all-servers": true, "auth-peer": true, "auth-sec-servers": true, "auth-server": true, "auth-soa": true,
	"auth-ttl": true, "auth-zone": true, "bind-dynamic": true, "bind-interfaces": true, "bogus-nxdomain": true,
	"bogus-priv": true, "bootp-dynamic": true, "bridge-interface": true, "caa-record": true, "cache-rr": true,
	"cache-size": true, "clear-on-reload": true, "cname": true, "conf-dir": true, "conf-file": true, "conf-script": true,
	"connmark-allowlist": true, "connmark-allowlist-enable": true, "conntrack": true, "dhcp-alternate-port": true,
	"dhcp-authoritative": true, "dhcp-boot": true, "dhcp-broadcast": true, "dhcp-circuitid": true,
	"dhcp-client-update": true, "dhcp-duid": true, "dhcp-fqdn": true, "dhcp-generate-names": true, "dhcp-host": true,
	"dhcp-hostsdir": true, "dhcp-hostsfile": true, "dhcp-ignore": true, "dhcp-ignore-clid": true,
	"dhcp-ignore-names": true, "dhcp-lease-max": true, "dhcp-leasefile": true, "dhcp-luascript": true, "dhcp-mac": true,
	"dhcp-match": true, "dhcp-name-match": true, "dhcp-no-override": true, "dhcp-option": true, "dhcp-option-force": true,
	"dhcp-optsdir": true, "dhcp-optsfile": true, "dhcp-proxy": true, "dhcp-pxe-vendor": true, "dhcp-range": true,
	"dhcp-rapid-commit": true, "dhcp-relay": true, "dhcp-remoteid": true, "dhcp-reply-delay": true, "dhcp-script": true,
	"dhcp-scriptuser": true, "dhcp-sequential-ip": true, "dhcp-split-relay": true, "dhcp-subscrid": true,
	"dhcp-ttl": true, "dhcp-userclass": true, "dhcp-vendorclass": true, "dns-forward-max": true, "dns-loop-detect": true,
	"dns-rr": true, "dnssec": true, "dnssec-check-unsigned": true, "dnssec-debug": true, "dnssec-limits": true,
	"dnssec-no-timecheck": true, "dnssec-timestamp": true, "do-0x20-encode": true, "domain": true, "domain-needed": true,
	"dumpfile": true, "dumpmask": true, "dynamic-host": true, "edns-packet-max": true, "enable-dbus": true,
	"enable-ra": true, "enable-tftp": true, "enable-ubus": true, "except-interface": true, "expand-hosts": true,
	"fast-dns-retry": true, "filter-A": true, "filter-AAAA": true, "filter-rr": true, "filterwin2k": true, "group": true,
	"host-record": true, "hostsdir": true, "ignore-address": true, "interface": true, "interface-name": true,
	"ipset": true, "keep-in-foreground": true, "leasefile-ro": true, "leasequery": true, "listen-address": true,
	"local": true, "local-service": true, "local-ttl": true, "localise-queries": true, "localmx": true, "log-async": true,
	"log-debug": true, "log-dhcp": true, "log-facility": true, "log-malloc": true, "log-queries": true,
	"max-cache-ttl": true, "max-port": true, "max-tcp-connections": true, "max-ttl": true, "min-cache-ttl": true,
	"min-port": true, "mx-host": true, "mx-target": true, "naptr-record": true, "neg-ttl": true, "nftset": true,
	"no-0x20-encode": true, "no-daemon": true, "no-dhcp-interface": true, "no-dhcpv4-interface": true,
	"no-dhcpv6-interface": true, "no-hosts": true, "no-ident": true, "no-negcache": true, "no-ping": true,
	"no-poll": true, "no-resolv": true, "no-round-robin": true, "pid-file": true, "port": true, "port-limit": true,
	"proxy-dnssec": true, "ptr-record": true, "pxe-prompt": true, "pxe-service": true, "query-port": true,
	"quiet-dhcp": true, "quiet-dhcp6": true, "quiet-ra": true, "quiet-tftp": true, "ra-param": true, "read-ethers": true,
	"rebind-domain-ok": true, "rebind-localhost-ok": true, "resolv-file": true, "rev-server": true, "script-arp": true,
	"script-on-renewal": true, "selfmx": true, "server": true, "servers-file": true, "shared-network": true,
	"srv-host": true, "stop-dns-rebind": true, "strict-order": true, "strip-mac": true, "strip-subnet": true,
	"synth-domain": true, "tag-if": true, "tftp-lowercase": true, "tftp-max": true, "tftp-mtu": true,
	"tftp-no-blocksize": true, "tftp-no-fail": true, "tftp-port-range": true, "tftp-root": true, "tftp-secure": true,
	"tftp-single-port": true, "tftp-unique-root": true, "trust-anchor": true, "txt-record": true, "umbrella": true,
	"use-stale-cache": true, "user": true,
}

// telling are options that have a slash or a name behind them, so that words are none.
var telling = []string{"address=/", "local=/", "server=/", "server=", "host-record=", "cname=", "conf-dir=/", "conf-file=/", "resolv-file=/", "listen-address=", "local-ttl="}

// detect knows a configuration by its options: most lines have one, and one at the
// least has a value, or a name that no other file has in a line.
func detect(head formats.Head) formats.Certainty {
	good, bad, sure := 0, 0, 0
	for line := range head.Lines() {
		line = plainLine(line)
		option, value, hasValue := strings.Cut(line, "=")
		option = strings.TrimSpace(option)
		switch {
		case !options[option] || hasValue && strings.TrimSpace(value) == "":
			bad++
			continue
		case hasValue || strings.Contains(option, "-"):
			sure++
		}
		good++
		for _, begin := range telling {
			if strings.HasPrefix(line, begin) {
				return formats.Surely
			}
		}
	}
	if sure > 0 && good > bad {
		return formats.Likely
	}
	return formats.No
}
