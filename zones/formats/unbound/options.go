package unbound

import "github.com/auralink/auralink/zones/formats/internal/clauses"

// options are the options of unbound.conf(5), as the versions of the last five years have them.
const options = `
server natural: verbosity
server number: tcp-mss outgoing-tcp-mss tcp-idle-timeout edns-tcp-keepalive-timeout sock-queue-timeout
server number: outgoing-num-tcp infra-host-ttl val-bogus-ttl incoming-num-tcp cache-max-ttl
server number: statistics-interval jostle-timeout unwanted-reply-threshold val-sig-skew-min val-sig-skew-max val-max-restart cache-min-ttl
server number: val-log-level add-holddown del-holddown keep-missing http-max-streams delay-close infra-cache-min-rtt infra-cache-max-rtt ip-ratelimit
server number: ratelimit ratelimit-factor ip-ratelimit-factor outbound-msg-retry max-sent-count max-query-restarts cache-max-negative-ttl
server number: cache-min-negative-ttl serve-expired-ttl serve-expired-reply-ttl
server number: serve-expired-client-timeout shm-key ipsecmod-max-ttl low-rtt-pct low-rtt-permil fast-server-permil ip-ratelimit-cookie
server number: max-reuse-tcp-queries tcp-reuse-timeout tcp-auth-query-timeout iter-scrub-cname max-global-quota iter-scrub-rrsig
server number: max-client-subnet-ipv4 min-client-subnet-ipv4 max-client-subnet-ipv6
server number: min-client-subnet-ipv6 max-ecs-tree-size-ipv4 max-ecs-tree-size-ipv6 iter-scrub-ns
server yes-no: do-ip4 do-ip6 do-nat64 prefer-ip4 prefer-ip6 do-udp do-tcp edns-tcp-keepalive harden-short-bufsize harden-large-queries hide-identity
server yes-no: hide-version hide-http-user-agent harden-glue val-clean-additional val-permissive-mode do-not-query-localhost harden-dnssec-stripped
server yes-no: interface-automatic do-daemonize use-caps-for-id statistics-cumulative harden-referral-path extended-statistics log-time-ascii prefetch
server yes-no: prefetch-key harden-below-nxdomain ignore-cd-flag log-queries log-replies tcp-upstream ssl-upstream tls-upstream log-local-actions
server yes-no: log-thread-id http-nodelay http-notls-downstream minimal-responses rrset-roundrobin so-reuseport udp-connect unblock-lan-zones
server yes-no: insecure-lan-zones dns64-synthall harden-algo-downgrade ip-transparent infra-keep-probing ratelimit-backoff ip-ratelimit-backoff
server yes-no: client-subnet-always-forward permit-small-holddown qname-minimisation ip-freebind disable-dnssec-lame-check qname-minimisation-strict
server yes-no: pad-responses pad-queries serve-expired serve-expired-ttl-reset ede-serve-expired serve-original-ttl fake-dsa use-systemd shm-enable
server yes-no: fake-sha1 hide-trustanchor trust-anchor-signaling root-key-sentinel ipsecmod-enabled ipsecmod-ignore-bogus ipsecmod-strict
server yes-no: udp-upstream-without-downstream aggressive-nsec tls-win-cert tls-system-cert log-servfail deny-any log-tag-queryreply answer-cookie
server yes-no: tls-use-sni zonemd-permissive-mode ede dns-error-reporting statistics-inhibit-zero harden-unknown-additional disable-edns-do
server yes-no: log-destaddr harden-unverified-glue log-time-iso iter-scrub-promiscuous use-syslog
server interface: interface ip-address
server text: chroot username directory logfile pidfile infra-lame-ttl infra-cache-lame-size identity version http-user-agent
server text: trust-anchor-file trusted-keys-file root-hints local-data dlv-anchor-file dlv-anchor
server text: auto-trust-anchor-file ssl-service-key tls-service-key ssl-service-pem tls-service-pem http-endpoint client-subnet-opcode log-identity
server text: ipsecmod-hook ipsecmod-whitelist ipsecmod-allow ssl-cert-bundle tls-cert-bundle additional-ssl-port additional-tls-port
server text: tls-additional-ports tls-additional-port low-rtt tls-ciphers tls-ciphersuites tls-session-ticket-keys
server text: proxy-protocol-port cookie-secret-file max-udp-size unknown-server-time-limit discard-timeout wait-limit
server text: wait-limit-cookie define-tag tls-protocols
server range: do-not-query-address private-address send-client-subnet
server modules: module-config
server name: private-domain domain-insecure dns64-ignore-aaaa client-subnet-zone caps-whitelist caps-exempt
server prefix6: dns64-prefix nat64-prefix
server memory: msg-cache-size rrset-cache-size key-cache-size neg-cache-size http-query-buffer-size http-response-buffer-size ip-ratelimit-size
server memory: ratelimit-size stream-wait-size quic-size so-rcvbuf so-sndbuf
server power-of-2: msg-cache-slabs rrset-cache-slabs infra-cache-slabs key-cache-slabs ip-ratelimit-slabs ratelimit-slabs
server range action: access-control
server range rdata: response-ip-data
server range text: access-control-view edns-client-string access-control-tag response-ip-tag
server interface action: interface-action
server interface text: interface-view interface-tag
server range response-action: response-ip
server name zone-type: local-zone
server ports: outgoing-port-permit outgoing-port-avoid
server pointer: local-data-ptr
server dscp: ip-dscp
server name number: ratelimit-for-domain ratelimit-below-domain
server range number: wait-limit-netblock wait-limit-cookie-netblock
server name text: local-zone-tag
server name range zone-type: local-zone-override
server range text zone-type: access-control-tag-action
server range text text: access-control-tag-data
server interface text zone-type: interface-tag-action
server interface text text: interface-tag-data
server secret: cookie-secret
server nsid: nsid
stub-zone name: name
stub-zone host: stub-host
stub-zone server: stub-addr
stub-zone yes-no: stub-prime stub-first stub-no-cache stub-ssl-upstream stub-tls-upstream stub-tcp-upstream
forward-zone name: name
forward-zone host: forward-host
forward-zone server: forward-addr
forward-zone yes-no: forward-first forward-no-cache forward-ssl-upstream forward-tls-upstream forward-tcp-upstream
view text: name local-data
view name zone-type: local-zone
view yes-no: view-first
view range response-action: response-ip
view range rdata: response-ip-data
view pointer: local-data-ptr
auth-zone name: name
auth-zone text: zonefile master primary url allow-notify
auth-zone yes-no: for-downstream for-upstream fallback-enabled zonemd-check zonemd-reject-absence
auth-zone memory: max-transfer-size
auth-zone number: max-transfer-time
rpz name: name
rpz text: zonefile master primary url allow-notify rpz-cname-override rpz-log-name tags
rpz rpz-action: rpz-action-override
rpz yes-no: rpz-log rpz-signal-nxdomain-ra for-downstream
rpz memory: max-transfer-size
rpz number: max-transfer-time
remote-control yes-no: control-enable control-use-cert
remote-control text: control-interface server-key-file server-cert-file control-key-file control-cert-file
dnstap yes-no: dnstap-enable dnstap-bidirectional dnstap-tls dnstap-send-identity dnstap-send-version dnstap-log-resolver-query-messages
dnstap yes-no: dnstap-log-resolver-response-messages dnstap-log-client-query-messages dnstap-log-client-response-messages
dnstap yes-no: dnstap-log-forwarder-query-messages dnstap-log-forwarder-response-messages
dnstap text: dnstap-socket-path dnstap-ip dnstap-tls-server-name dnstap-tls-cert-bundle dnstap-tls-client-key-file dnstap-tls-client-cert-file
dnstap text: dnstap-identity dnstap-version
dnstap number: dnstap-sample-rate
python text: python-script
dynlib text: dynlib-file
dnscrypt yes-no: dnscrypt-enable
dnscrypt text: dnscrypt-provider dnscrypt-secret-key dnscrypt-provider-cert dnscrypt-provider-cert-rotated
dnscrypt memory: dnscrypt-shared-secret-cache-size dnscrypt-nonce-cache-size
dnscrypt power-of-2: dnscrypt-shared-secret-cache-slabs dnscrypt-nonce-cache-slabs
cachedb text: backend secret-seed redis-server-host redis-replica-server-host redis-server-path redis-replica-server-path redis-server-password
cachedb text: redis-replica-server-password
cachedb number: redis-server-port redis-replica-server-port redis-timeout redis-replica-timeout redis-command-timeout redis-replica-command-timeout
cachedb number: redis-connect-timeout redis-replica-connect-timeout redis-logical-db redis-replica-logical-db
cachedb yes-no: cachedb-no-store redis-expire-records cachedb-check-when-serve-expired
ipset text: name-v4 name-v6
server text: tls-use-system-policy-versions edns-client-tag-opcode
server range text: edns-client-tag
server positive: port ssl-port tls-port https-port quic-port
remote-control positive: control-port
server range text: tcp-connection-limit
server edns-size: edns-buffer-size
server message-size: msg-buffer-size
server seconds: val-override-date
server positive: num-queries-per-thread outgoing-range pad-responses-block-size pad-queries-block-size infra-cache-numhosts
server count: fast-server-num
server threads: num-threads
server opcode: edns-client-string-opcode
server outgoing: outgoing-interface
dnscrypt positive: dnscrypt-port
server anchor: trust-anchor
server numbers: interface-automatic-ports
server iterations: val-nsec3-keysize-iterations
server policy: target-fetch-policy
`

// dialect is what Unbound's configuration has.
var dialect = clauses.Dialect{
	Server: "Unbound",
	Kinds: map[string]bool{
		"server": true, "view": true, "auth-zone": true, "forward-zone": true, "stub-zone": true, "rpz": true, "remote-control": true,
		"python": true, "dynlib": true, "dnscrypt": true, "cachedb": true, "dnstap": true, "ipset": true,
	},
	Grammar: clauses.NewGrammar(options, kinds),
	Quotes:  `"'`,
	Counted: true,
	Once:    map[string][]string{"name": {"view", "forward-zone", "stub-zone"}},
	AtMost:  map[string][]string{"name": {"auth-zone", "rpz"}},
	Single:  true,
}
