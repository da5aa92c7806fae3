package pdns

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// valueKind says why a value is none of its kind, or "".
type valueKind func(value string) (why string)

// kindsOf returns the names of the kinds of the settings of a table, whose lines are a kind, a colon,
// and the settings that have such values.
func kindsOf(table string) map[string]string {
	kinds := make(map[string]string)
	for line := range strings.Lines(table) {
		kind, names, _ := strings.Cut(strings.TrimSpace(line), ":")
		for _, name := range strings.Fields(names) {
			kinds[name] = kind
		}
	}
	return kinds
}

// serverKinds are the kinds of values with which the authoritative server ends that are none of
// them. What it reads only when it is asked for something is not here.
const serverKinds = `
number: cache-ttl default-ksk-size logging-facility loglevel lua-health-checks-expire-delay lua-health-checks-interval lua-records-exec-limit
number: max-queue-length max-tcp-connection-duration max-tcp-connections-per-client max-tcp-transactions-per-conn negquery-cache-ttl
number: overload-queue-length proxy-protocol-maximum-size query-cache-ttl tcp-fast-open tcp-idle-timeout udp-truncation-threshold
number: zone-cache-refresh-interval queue-limit bind-check-interval domain-metadata-cache-ttl max-ent-entries max-generate-steps
number: max-include-depth zone-metadata-cache-ttl
natural: max-cache-entries max-packet-cache-entries max-tcp-connections
count: distributor-threads receiver-threads
port: local-port
ranges: allow-axfr-ips proxy-protocol-from trusted-notification-proxy
addresses: forward-notify query-local-address tcp-control-address
listening: local-address
resolver: resolver
`

// recursorKinds are those of the Recursor.
const recursorKinds = `
number: aggressive-cache-max-nsec3-hash-cost aggressive-nsec-cache-size carbon-interval client-tcp-timeout distribution-load-factor
number: distribution-pipe-buffer-size ecs-cache-limit-ttl ecs-ipv4-bits ecs-ipv4-cache-bits ecs-ipv6-bits ecs-ipv6-cache-bits
number: ecs-minimum-ttl-override edns-outgoing-bufsize edns-padding-tag latency-statistic-size logging-facility loglevel
number: lua-maintenance-interval max-busy-dot-probes max-cache-bogus-ttl max-cache-entries max-cache-ttl
number: max-concurrent-requests-per-tcp-connection max-dnskeys max-ds-per-zone max-generate-steps max-include-depth max-mthreads
number: max-negative-ttl max-ns-address-qperq max-ns-per-resolve max-nsec3-hash-computations-per-query max-nsec3s-per-record
number: max-packetcache-entries max-qperq max-recursion-depth max-rrset-size max-rrsigs-per-record max-signature-validations-per-query
number: max-tcp-clients max-tcp-per-client max-tcp-queries-per-connection max-total-msec max-udp-queries-per-round minimum-ttl-override
number: network-timeout non-resolving-ns-max-fails non-resolving-ns-throttle-time nsec3-max-iterations packetcache-servfail-ttl
number: packetcache-ttl proxy-protocol-maximum-size record-cache-locked-ttl-perc refresh-on-ttl-perc server-down-max-fails
number: server-down-throttle-time statistics-interval tcp-fast-open tcp-out-max-idle-ms tcp-out-max-idle-per-auth
number: tcp-out-max-idle-per-thread tcp-out-max-queries udp-truncation-threshold
natural: record-cache-shards serve-stale-extensions signature-inception-skew stats-ringbuffer-entries threads processes
port: local-port
ranges: allow-from allow-notify-from dont-query dont-throttle-netmasks ecs-add-for edns-padding-from proxy-protocol-from
addresses: query-local-address
listening: local-address
dnssec: dnssec
padding: edns-padding-mode
nxdomain: nothing-below-nxdomain
prefix: dns64-prefix
forwards: forward-zones forward-zones-recurse
zones: auth-zones
`

// valueKinds are the kinds by their names.
var valueKinds = map[string]valueKind{
	"number":    number,
	"natural":   numberFrom(0),
	"count":     numberFrom(1),
	"port":      port,
	"ranges":    eachOf(rangeOf),
	"addresses": eachOf(endpoint),
	"listening": listening,
	"resolver": func(value string) string {
		if value == "no" {
			return ""
		}
		return endpoint(value)
	},
	"dnssec":   oneOf("off", "process-no-validate", "process", "log-fail", "validate"),
	"padding":  oneOf("always", "padded-queries-only"),
	"nxdomain": oneOf("no", "dnssec", "yes"),
	"prefix":   prefix96,
	"forwards": eachOf(forwardFault),
	"zones": eachOf(func(item string) string {
		if !strings.Contains(item, "=") {
			return "there is no = behind " + lines.Shown(item)
		}
		return ""
	}),
}

// beginsNumber matches what is taken for a number: what stands behind it does not count.
var beginsNumber = pattern.Matching(`^\s*[+-]?[0-9].*$`)

func number(value string) string {
	if value != "" && !beginsNumber(value) {
		return "it is not a valid number"
	}
	return ""
}

// numberFrom is the kind of numbers that are not too small, nor beyond 31 bits.
func numberFrom(least int64) valueKind {
	return func(value string) string {
		digits := value[:len(value)-len(strings.TrimLeft(value, "+-0123456789"))]
		n, err := strconv.ParseInt(digits, 10, 32)
		if value != "" && (err != nil || n < least) {
			return "it is not a number from " + strconv.FormatInt(least, 10)
		}
		return ""
	}
}

// port is a port: where that is none the server listens elsewhere, or nowhere.
func port(value string) string {
	if n, err := strconv.ParseUint(value, 10, 16); err != nil || n == 0 {
		return "it is not a port"
	}
	return ""
}

// oneOf is a kind of which all values are known.
func oneOf(values ...string) valueKind {
	return func(value string) string {
		if value != "" && !slices.Contains(values, value) {
			return "it is none of " + strings.Join(values, ", ")
		}
		return ""
	}
}

// separators stand between the items of lists.
const separators = ", \t"

// eachOf is a kind of lists.
func eachOf(kind valueKind) valueKind {
	return func(value string) string {
		for _, item := range split(value, separators) {
			if why := kind(item); why != "" {
				return why
			}
		}
		return ""
	}
}

// rangeOf is an address, or a range of addresses.
func rangeOf(item string) string {
	if _, err := address.ParseRange(strings.TrimPrefix(item, "!")); err != nil {
		return lines.Shown(item) + " is not a range of addresses"
	}
	return ""
}

// endpoint is an address, and maybe a port behind it.
func endpoint(item string) string {
	_, err := netip.ParseAddr(strings.Trim(item, "[]"))
	if at, errPort := netip.ParseAddrPort(item); err != nil && (errPort != nil || !at.IsValid()) {
		return lines.Shown(item) + " is not an address, nor one with a port"
	}
	return ""
}

// listening are addresses to listen at, each of them once.
func listening(value string) string {
	seen := make(map[string]bool)
	if len(split(value, separators)) == 0 {
		return "there is no address to listen at"
	}
	for _, item := range split(value, separators) {
		if why := endpoint(item); why != "" {
			return why
		}
		if seen[item] {
			return lines.Shown(item) + " stands twice, and cannot be bound twice"
		}
		seen[item] = true
	}
	return ""
}

func prefix96(value string) string {
	if p, err := netip.ParsePrefix(value); value != "" && (err != nil || p.Bits() != 96 || p.Addr().Is4()) {
		return "it is not an IPv6 prefix of 96 bits"
	}
	return ""
}

// forwardFault is a zone and its servers.
func forwardFault(item string) string {
	_, servers, found := strings.Cut(item, "=")
	if !found {
		return "there is no = behind " + lines.Shown(item)
	}
	for _, server := range split(servers, ";") {
		if why := endpoint(server); why != "" {
			return why
		}
	}
	return ""
}

// lenient are the kinds of which the server takes values that it means otherwise than they look.
var lenient = []string{"ranges", "port"}

// checkValues notes the values with which the server does not start, or that it takes for others.
func (p *parser) checkValues(table string) {
	kinds := kindsOf(table)
	for _, key := range slices.Sorted(maps.Keys(p.all)) {
		its := p.all[key]
		kind := valueKinds[kinds[key]]
		if _, resolves := p.all["system-resolver-ttl"]; kind == nil || p.bare[key] || resolves && kinds[key] == "forwards" {
			continue
		}
		switch why := kind(its.value); {
		case why == "":
		case slices.Contains(lenient, kinds[key]):
			p.b.Unread(its.place, "%s=%s: %s, and %s does not start with it, or takes it for another one", key, lines.Shown(its.value), why, p.what)
		default:
			p.b.NotStarted(p.what, its.place, "%s=%s: %s", key, lines.Shown(its.value), why)
		}
	}
}
