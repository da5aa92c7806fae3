package nsd

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
)

// options are the options of nsd.conf(5), as the versions of the last five years have them.
const options = `
server where socket*: ip-address interface
server positive: server-count tcp-count rrl-size
server port: port
server number: send-buffer-size receive-buffer-size tcp-query-count tcp-timeout tcp-mss outgoing-tcp-mss ipv4-edns-size ipv6-edns-size
server number: statistics xfrd-reload-timeout verbosity rrl-ratelimit rrl-slip rrl-whitelist-ratelimit zonefiles-write tls-port tls-auth-port
server number: proxy-protocol-port xfrd-tcp-max xfrd-tcp-pipeline metrics-port
server length32: rrl-ipv4-prefix-length
server length64: rrl-ipv6-prefix-length
server yes-no: ip-transparent ip-freebind debug-mode use-systemd hide-version hide-identity drop-updates ip4-only ip6-only do-ip4 do-ip6
server yes-no: log-only-syslog tcp-reject-overflow reuseport reload-config zonefiles-check log-time-ascii log-time-iso round-robin
server yes-no: minimal-responses confine-to-zone refuse-any tls-auth-xfr-only answer-cookie xdp-program-load xdp-force-copy metrics-enable
server text: database identity version logfile tcp-listen-queue pidfile chroot username zonesdir zonelistfile difffile xfrdfile xfrdir
server text: tls-service-key tls-service-ocsp tls-service-pem tls-cert-bundle allow-proxy cookie-secret-file
server text: xdp-interface xdp-program-path xdp-bpffs-path metrics-interface metrics-path
server nsid: nsid
server text: cookie-secret cookie-staging-secret
server number number*: cpu-affinity xfrd-cpu-affinity
server number: server-N-cpu-affinity
dnstap yes-no: dnstap-enable dnstap-tls dnstap-send-identity dnstap-send-version dnstap-log-auth-query-messages dnstap-log-auth-response-messages
dnstap text: dnstap-socket-path dnstap-ip dnstap-tls-server-name dnstap-tls-cert-bundle dnstap-tls-client-key-file dnstap-tls-client-cert-file
dnstap text: dnstap-identity dnstap-version
remote-control yes-no: control-enable
remote-control positive: control-port
remote-control text: control-interface server-key-file server-cert-file control-key-file control-cert-file
tls-auth name: name
tls-auth text: auth-domain-name client-cert client-key client-key-pw
key name: name
key algorithm: algorithm
key base64: secret
zone text: name rrl-whitelist zonefile zonestats include-pattern catalog-member-pattern
pattern,zone positive: size-limit-xfr
pattern,zone yes-no: multi-master-check multi-primary-check allow-axfr-fallback store-ixfr create-ixfr verify-zone verifier-feed-zone
pattern,zone number: notify-retry max-refresh-time min-refresh-time max-retry-time min-retry-time ixfr-size ixfr-number verifier-timeout
pattern,zone expire: min-expire-time
pattern,zone text text text? text?: request-xfr
pattern,zone client key: allow-notify allow-query
pattern,zone peer key: notify
pattern,zone client key text?: provide-xfr
pattern,zone client: outgoing-interface
pattern,zone text text*: verifier
pattern,zone role: catalog
pattern word: name
pattern text: rrl-whitelist zonefile zonestats include-pattern catalog-member-pattern catalog-producer-zone
verify yes-no: enable verify-zones verifier-feed-zone
verify text text*: verifier
verify text: ip-address
verify number: port verifier-count verifier-timeout
`

// dialect is what NSD's configuration has.
var dialect = clauses.Dialect{
	Server: "NSD",
	Kinds: map[string]bool{
		"server": true, "zone": true, "pattern": true, "key": true, "remote-control": true, "tls-auth": true, "dnstap": true, "verify": true,
	},
	Grammar: clauses.NewGrammar(options, kinds),
	Quotes:  `"`,
	AnyCase: true,
	Once:    map[string][]string{"name": {"zone", "pattern", "key", "tls-auth"}, "secret": {"key"}, "auth-domain-name": {"tls-auth"}},
}

// kinds are the kinds of values that options have.
var kinds = map[string]clauses.Kind{
	"text":      func(string) string { return "" },
	"yes-no":    clauses.Matching(`^(yes|no)$`, "expected yes or no"),
	"number":    clauses.Matching(`^\d+$`, "expected a number"),
	"positive":  isPositive,
	"port":      port,
	"word":      clauses.Matching(`^[^ ]*$`, "space is not allowed in a pattern's name"),
	"nsid":      clauses.Matching(`^([aA][sS][cC][iI][iI]_.*|([0-9a-fA-F]{2})*)$`, "the NSID must be hex, or text behind ascii_"),
	"length32":  clauses.Matching(`^([0-9]|[12][0-9]|3[0-2])$`, "invalid IPv4 prefix length"),
	"length64":  clauses.Matching(`^([0-9]|[1-5][0-9]|6[0-4])$`, "invalid IPv6 prefix length"),
	"where":     clauses.Matching(`.`, "an address expected"),
	"socket":    clauses.Matching(`^(servers|bindtodevice|setfib)=`, "syntax error"),
	"expire":    clauses.Matching(`^(\d+|refresh\+retry\+1)$`, `expected an expire time in seconds or "refresh+retry+1"`),
	"algorithm": clauses.Matching(`^(?i)(hmac-)?(md5|sha1|sha224|sha256|sha384|sha512)(\.sig-alg\.reg\.int)?\.?$`, "bad tsig key algorithm"),
	"role":      clauses.Matching(`^(consumer|producer)$`, "expected consumer or producer"),
	"name":      name,
	"base64":    secret,
	"client":    client,
	"peer":      peer,
	"key":       clauses.Matching(`^[^ ]+$`, "expected NOKEY, BLOCKED or a key"),
}

var isPositive = clauses.Matching(`^0*[1-9]\d*$`, "expected a number greater than zero")

// port is a number other than zero, also in its last 32 bits, which alone count.
func port(value string) string {
	if n, err := strconv.ParseUint(value, 10, 64); err == nil && n&math.MaxUint32 == 0 {
		return "expected a number greater than zero"
	}
	return isPositive(value)
}

func name(value string) string {
	if _, err := holdings.CanonicalName(value); err != nil {
		return "expected a domain name"
	}
	return ""
}

func secret(value string) string {
	if _, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(value, " ", "")); err != nil {
		return "cannot base64 decode tsig secret"
	}
	return ""
}

// peer is one address, and perhaps a port behind @.
func peer(value string) string {
	if strings.ContainsAny(value, "/-&") {
		return "address range used"
	}
	return client(value)
}

// client is an address or a range of addresses, and perhaps a port behind @.
func client(value string) string {
	value, port, _ := strings.Cut(value, "@")
	if addr, mask, masked := strings.Cut(value, "&"); masked {
		if _, err := address.ParseRanges(mask); err != nil {
			return "expected a mask behind &"
		}
		value = addr
	}
	if _, err := address.ParseRanges(value); err != nil && !reversed(value) {
		return "expected an address or a range of addresses"
	}
	if port != "" && (strings.Trim(port, "0123456789") != "" || strings.Trim(port, "0") == "") {
		return "expected a port behind @"
	}
	return ""
}

// reversed reports whether a value is a range of addresses that has none, as its end stands before
// its start.
func reversed(value string) bool {
	first, last, _ := strings.Cut(value, "-")
	return address.Is(first) && address.Is(last)
}
