package pdns

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// serverNames are the settings of the authoritative server, as the versions of the last five
// years have them.
//
//nolint:misspell // These are names of settings.
const serverNames = `
8bit-dns allow-axfr-ips allow-dnsupdate-from allow-notify-from allow-unsigned-autoprimary allow-unsigned-notify allow-unsigned-supermaster also-notify
any-to-tcp api api-key autosecondary axfr-fetch-timeout axfr-lower-serial cache-ttl carbon-instance carbon-interval carbon-namespace carbon-ourname
carbon-server chroot config config-dir config-name consistent-backends control-console daemon default-api-rectify default-catalog-zone
default-ksk-algorithm default-ksk-size default-publish-cdnskey default-publish-cds default-soa-content default-soa-edit default-soa-edit-api
default-soa-edit-signed default-ttl default-zsk-algorithm default-zsk-size delay-notifications direct-dnskey direct-dnskey-signature disable-axfr
disable-axfr-rectify disable-syslog distributor-threads dname-processing dnsproxy-udp-port-range dnssec-key-cache-ttl dnsupdate dnsupdate-require-tsig
domain-metadata-cache-ttl edns-cookie-secret edns-subnet-processing enable-gss-tsig enable-lua-record-updates enable-lua-records entropy-source
expand-alias forward-dnsupdate forward-notify gss-max-contexts guardian help ignore-unknown-settings include-dir launch list-modules load-modules
local-address local-address-nonexist-fail local-ipv6 local-port log-dns-details log-dns-queries log-timestamp logging-facility logging-structured
loglevel loglevel-show lua-axfr-script lua-consistent-hashes-cleanup-interval lua-consistent-hashes-expire-delay lua-dnsupdate-policy-script
lua-global-include-dir lua-health-checks-expire-delay lua-health-checks-interval lua-prequery-script lua-records-exec-limit
lua-records-insert-whitespace master max-cache-entries max-ent-entries max-generate-steps max-include-depth max-nsec3-iterations
max-packet-cache-entries max-queue-length max-signature-cache-entries max-tcp-connection-duration max-tcp-connections max-tcp-connections-per-client
max-tcp-transactions-per-conn member-catalog-group module-dir naptr-additional-processing negquery-cache-ttl no-config no-shuffle non-local-bind
only-notify outgoing-axfr-expand-alias overload-queue-length prevent-self-notification primary protobuf-servers proxy-protocol-from
proxy-protocol-maximum-size query-cache-ttl query-local-address query-local-address6 query-logging queue-limit receiver-threads resolve-across-zones
resolver retrieval-threads reuseport rng rrsig-expiry-extend secondary secondary-check-signature-freshness secondary-do-renotify security-poll-suffix
send-signed-notify server-id setgid setuid signing-threads slave slave-cycle-interval slave-renotify soa-edit-spread socket-dir superslave
svc-autohints tcp-control-address tcp-control-port tcp-control-range tcp-control-secret tcp-fast-open tcp-idle-timeout traceback-handler
trusted-notification-proxy udp-truncation-threshold upgrade-unknown-types version version-string views webserver webserver-address
webserver-allow-from webserver-connection-timeout webserver-cross-origin-request-header webserver-hash-plaintext-credentials webserver-loglevel
webserver-max-bodysize webserver-max-concurrent-connections webserver-password webserver-port webserver-print-arguments workaround-11804 write-pid
xfr-cycle-interval xfr-max-received-mbytes zone-cache-refresh-interval zone-metadata-cache-ttl
`

// bindNames are those of the bind backend, behind its name.
//
//nolint:misspell // These are names of settings.
const bindNames = `
autoprimaries autoprimary-config autoprimary-destdir check-interval config dnssec-db dnssec-db-journal-mode hybrid ignore-broken-records
supermaster-config supermaster-destdir supermasters
`

// recursorNames are the settings of the Recursor.
const recursorNames = `
add-for address agent aggressive-cache-max-nsec3-hash-cost aggressive-cache-min-nsec3-hit-ratio aggressive-nsec-cache-size allow-from allow-from-file
allow-no-rd allow-notify-for allow-notify-for-file allow-notify-from allow-notify-from-file allow-trust-anchor-query allowed-additional-qtypes
any-to-tcp api-config-dir api-dir api-key auth-zones bypass-server-throttling-probability cache-limit-ttl carbon-instance carbon-interval
carbon-namespace carbon-ourname carbon-server chroot client-tcp-timeout common-errors config config-dir config-name cookies cookies-unsupported
cpu-map cross-origin-request-header daemon daemon-socket db-size db-snapshot-interval delegation-only devonly-regression-test-mode disable
disable-packetcache disable-syslog disabled-algorithms distribution-load-factor distribution-pipe-buffer-size distributor-threads dns64-prefix dnssec
dnssec-disabled-algorithms dnssec-log-bogus dnstap-framestream-servers dnstap-nod-framestream-servers dont-query dont-throttle-names
dont-throttle-netmasks dot-to-auth-names dot-to-port-853 ecs-add-for ecs-cache-limit-ttl ecs-ipv4-bits ecs-ipv4-cache-bits ecs-ipv4-never-cache
ecs-ipv6-bits ecs-ipv6-cache-bits ecs-ipv6-never-cache ecs-minimum-ttl-override ecs-scope-zero-address edns-bufsize edns-outgoing-bufsize edns-padding
edns-padding-from edns-padding-mode edns-padding-out edns-padding-tag edns-subnet-allow-list edns-subnet-harden edns-subnet-whitelist
enable-old-settings entropy-source etc-hosts-file event-trace-enabled export-etc-hosts export-etc-hosts-search-suffix extended-resolution-errors
facility forward-zones forward-zones-file forward-zones-recurse forwarding-catalog-zones gettag-needs-edns-options hash-plaintext-credentials help
hint-file history-dir ignore-list ignore-list-file ignore-unknown-settings include-dir instance interval ipv4-bits ipv4-cache-bits ipv4-never-cache
ipv6-bits ipv6-cache-bits ipv6-never-cache keepwarm latency-statistic-size limit-qtype-any listen local-address local-port locked-ttl-perc log
log-bogus log-common-errors log-rpz-changes log-timestamp logging-facility loglevel lookup lowercase lowercase-outgoing lua-config-file lua-dns-script
lua-global-include-dir lua-maintenance-interval lua-start-stop-script max-busy-dot-probes max-bytesperq max-cache-bogus-ttl max-cache-entries
max-cache-ttl max-chain-length max-cnames-followed max-concurrent-requests-per-tcp-connection max-dnskeys max-ds-per-zone max-entries max-entry-size
max-generate-steps max-include-depth max-mthreads max-negative-ttl max-ns-address-qperq max-ns-per-resolve max-nsec3-hash-computations-per-query
max-nsec3s-per-record max-packetcache-entries max-packetcache-entry-size max-qperq max-recordcache-entry-size max-recursion-depth max-request-size
max-rrset-size max-rrsigs-per-record max-signature-validations-per-query max-tcp-clients max-tcp-per-client max-tcp-queries-per-connection
max-total-msec max-ttl max-udp-queries-per-round minimum-ttl-override negative-trustanchors negative-ttl network-timeout new-domain-db-size
new-domain-db-snapshot-interval new-domain-history-dir new-domain-ignore-list new-domain-ignore-list-file new-domain-log new-domain-lookup
new-domain-pb-tag new-domain-tracking new-domain-whitelist no-shuffle non-local-bind non-resolving-ns-max-fails non-resolving-ns-throttle-time
nothing-below-nxdomain ns nsec3-max-iterations nta-extended-error opentelemetry-trace-conditions ourname out-any-to-tcp outgoing-cookies
outgoing-cookies-unsupported outgoing-protobuf-servers packetcache-negative-ttl packetcache-servfail-ttl packetcache-shards packetcache-ttl password
pb-tag pdns-distributes-queries port processes protobuf-mask-v4 protobuf-mask-v6 protobuf-servers protobuf-use-kernel-timestamp
proxy-protocol-exceptions proxy-protocol-from proxy-protocol-maximum-size proxymappings public-suffix-list-file qname-max-minimize-count
qname-minimization qname-minimize-one-label query-local-address query-local-address6 quiet record-cache-locked-ttl-perc record-cache-shards
refresh-on-ttl-perc reuseport rng root-nx-trust rpz-changes rpzs save-parent-ns-set scope-zero-address security-poll-suffix serve-rfc1918
serve-rfc6303 serve-stale-extensions server server-down-max-fails server-down-throttle-time server-id servfail-ttl setgid setuid shards
signature-inception-skew single-socket snmp-agent snmp-daemon-socket snmp-master-socket soa-minimum-ttl socket-dir socket-group socket-mode
socket-owner sortlists source-address spoof-nearmiss-max stack-cache-size stack-size statistics-interval stats-api-blacklist stats-api-disabled-list
stats-carbon-blacklist stats-carbon-disabled-list stats-rec-control-blacklist stats-rec-control-disabled-list stats-ringbuffer-entries
stats-snmp-blacklist stats-snmp-disabled-list structured-logging structured-logging-backend system-resolver-interval
system-resolver-self-resolve-check system-resolver-ttl taskthreads tcp-fast-open tcp-fast-open-connect tcp-max-idle-ms tcp-max-idle-per-auth
tcp-max-idle-per-thread tcp-max-queries tcp-out-max-idle-ms tcp-out-max-idle-per-auth tcp-out-max-idle-per-thread tcp-out-max-queries tcp-threads
tcp-timeout threads timestamp tls-configurations trace tracking trustanchorfile trustanchorfile-interval trustanchors ttl udp-source-port-avoid
udp-source-port-max udp-source-port-min udp-truncation-threshold unique-response-db-size unique-response-history-dir unique-response-ignore-list
unique-response-ignore-list-file unique-response-log unique-response-pb-tag unique-response-tracking use-incoming-edns-subnet validation version
version-string webserver webserver-address webserver-allow-from webserver-hash-plaintext-credentials webserver-loglevel webserver-max-request-size
webserver-password webserver-port write-pid x-dnssec-names xpf-allow-from xpf-rr-code zonetocaches
`

// nameOf matches what the names of settings look like.
var nameOf = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check notes the settings with which the server does not start, and those that are not known
// here, which may be a newer version's.
func (p *parser) check(known func(key string) bool) {
	ignored := p.all.list("ignore-unknown-settings")
	for _, key := range slices.Sorted(maps.Keys(p.all)) {
		switch {
		case known(key) || key == "" || slices.Contains(ignored, key):
		case !nameOf.MatchString(key):
			p.b.NotStarted(p.what, p.all[key].place, "trying to set unknown setting %s", lines.Shown(key))
		default:
			p.b.Unread(p.all[key].place, "%s is not read: %s has no such setting as far as is known here, and does not start with one that it does not have", key, p.what)
		}
	}
}

// serverHas returns what says whether the authoritative server has a setting. Each backend that
// it launches has its own.
func serverHas(launched []string) func(key string) bool {
	names, own := strings.Fields(serverNames), strings.Fields(bindNames)
	return func(key string) bool {
		if slices.Contains(names, key) {
			return true
		}
		return slices.ContainsFunc(launched, func(backend string) bool {
			kind, name, named := strings.Cut(backend, ":")
			prefix := kind + "-"
			if named {
				prefix += name + "-"
			}
			rest, its := strings.CutPrefix(key, prefix)
			return its && (kind != "bind" || slices.Contains(own, rest))
		})
	}
}

// recursorHas reports whether the Recursor has a setting.
func recursorHas(key string) bool { return slices.Contains(strings.Fields(recursorNames), key) }
