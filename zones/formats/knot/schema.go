package knot

// schema is the items of knot.conf(5), as the versions of the last five years have them: in
// each line the sections, the kind of the values, a colon, and the items. Those of a kind
// "id" tell apart the blocks of a section that has several.
const schema = `
server text: identity version rundir user pidfile cert-file key-file ca-file comment
server hex: nsid
server int(1,255): udp-workers tcp-workers
server int(1,512): background-workers
server bool: async-start tcp-reuseport socket-affinity edns-client-subnet answer-rotation automatic-acl tcp-fastopen
server time(1,2147483647): tcp-idle-timeout quic-idle-close-timeout remote-pool-timeout
server int(0,2147483647): tcp-io-timeout tcp-remote-io-timeout tcp-max-clients remote-pool-limit remote-retry-delay
server int(128,2147483647): quic-max-clients
server size(1048576,max): quic-outbuf-max-size
server size(1220,4096): udp-max-payload udp-max-payload-ipv4 udp-max-payload-ipv6
server network: proxy-allowlist
server one-of(none,running,zone-updated,external-verify,keys-updated,ksk-submission,dnssec-invalid): dbus-event
server time(0,2147483647): dbus-init-delay
server address: listen listen-quic listen-tls
xdp address: listen
xdp bool: udp tcp quic route-check zero-copy
xdp int(1,65535): quic-port busypoll-timeout
xdp int(1024,2147483647): tcp-max-clients
xdp size(1048576,max): tcp-inbuf-max-size tcp-outbuf-max-size
xdp time(1,2147483647): tcp-idle-close-timeout tcp-idle-reset-timeout tcp-resend-timeout
xdp int(4,32768): ring-size
xdp int(0,65535): busypoll-budget
xdp text: comment
control text: listen comment
control int(0,65535): backlog
control time(0,2147483): timeout
log id: target
log text: comment
log one-of(critical,error,warning,notice,info,debug): server control zone quic any
statistics time(1,4294967295): timer
statistics text: file comment
statistics bool: append
database text: storage journal-db kasp-db timer-db timer-db-sync catalog-db zone-db-cert-hostname comment
database one-of(robust,asynchronous): journal-db-mode
database size(1048576,109951162777600): journal-db-max-size
database size(5242880,107374182400): kasp-db-max-size catalog-db-max-size
database size(1048576,107374182400): timer-db-max-size
database address: zone-db-listen
database bool: zone-db-tls
database base64: zone-db-cert-key
keystore id: id
keystore text: config comment
keystore one-of(pem,pkcs11): backend
keystore bool: ksk-only key-label
key id: id
key one-of(hmac-md5,hmac-sha1,hmac-sha224,hmac-sha256,hmac-sha384,hmac-sha512): algorithm
key base64: secret
key text: comment
remote id: id
remote text: cert-hostname comment
remote address: address via
remote bool: quic tls block-notify-after-transfer no-edns automatic-acl
remote ref(key): key
remote base64: cert-key
remotes id: id
remotes text: comment
remotes ref(remote): remote
acl id: id
acl text: cert-hostname update-owner-name comment
acl rrtype: update-type
acl network: address
acl ref(key): key
acl ref(remote,remotes): remote
acl one-of(query,notify,transfer,update): action
acl one-of(udp,tcp,tls,quic): protocol
acl bool: deny
acl one-of(key,zone,name): update-owner
acl one-of(sub-or-equal,equal,sub,pattern): update-owner-match
acl base64: cert-key
submission id: id
submission text: comment
submission ref(remote,remotes): parent
submission time(1,4294967295): check-interval
submission time(0,4294967295): timeout parent-delay
dnskey-sync id: id
dnskey-sync ref(remote,remotes): remote
dnskey-sync time(1,4294967295): check-interval
policy id: id
policy text: keytag-modulo comment
policy ref(keystore): keystore
policy bool: manual single-type-signing ksk-shared deleg-adt reproducible-signing nsec3 nsec3-opt-out offline-ksk
policy one-of(rsasha1,rsasha1-nsec3-sha1,rsasha256,rsasha512,ecdsap256sha256,ecdsap384sha384,ed25519,ed448): algorithm
policy size(0,65535): ksk-size zsk-size
policy time(0,2147483647): dnskey-ttl zone-max-ttl propagation-delay rrsig-pre-refresh
policy percent(0,4294967295): dnssec-jitter
policy time(0,4294967295): ksk-lifetime zsk-lifetime delete-delay trash-delay
policy time(1,2147483647): rrsig-lifetime rrsig-refresh
policy int(0,65535): nsec3-iterations
policy int(0,255): nsec3-salt-length
policy time(-1,4294967295): nsec3-salt-lifetime
policy int(1,65535): signing-threads
policy ref(submission): ksk-submission
policy ref(remote,remotes): ds-push
policy ref(dnskey-sync): dnskey-sync
policy one-of(none,delete-dnssec,rollover,always,double-ds): cds-cdnskey-publish
policy one-of(sha256,sha384): cds-digest-type
policy one-of(full,incremental): dnskey-management
policy one-of(none,no-check-keyset,no-update-dnskey,no-update-nsec,no-update-expired): unsafe-operation
external id: id
external text: dump-new-zone dump-removals dump-additions
external time(0,4294967295): timeout
template id: id
template module: global-module
zone id: domain
zone ref(template): template
template,zone text: storage file serial-modulo catalog-group comment zonefile-skip
template,zone int(-1,8): zone-db-input zone-db-output
template,zone ref(remote,remotes): master notify ds-push
template,zone ref(remote): ddns-master
template,zone time(0,4294967295): notify-delay update-delay master-pin-tolerance
template,zone ref(acl): acl
template,zone bool: provide-ixfr ixfr-benevolent ixfr-by-one ixfr-from-axfr dnssec-signing dnssec-validation zonemd-verify disable-any
template,zone one-of(auto,off,false,on,true): deleg-aware
template,zone one-of(off,false,on,true,soft): semantic-checks
template,zone time(1,2147483647): default-ttl
template,zone time(-1,2147483647): zonefile-sync
template,zone one-of(none,difference,difference-no-serial,whole): zonefile-load
template,zone one-of(none,changes,all): journal-content
template,zone size(40960,max): journal-max-usage
template,zone int(2,max): journal-max-depth
template,zone size(0,max): zone-max-size
template,zone int(1,65535): adjust-threads
template,zone ref(external): external-validation
template,zone ref(policy): dnssec-policy
template,zone one-of(kasp,timer): dnssec-metadata-db
template,zone name: reverse-generate include-from catalog-zone
template,zone one-of(increment,unixtime,dateserial): serial-policy
template,zone one-of(none,zonemd-sha384,zonemd-sha512,remove): zonemd-generate
template,zone percent(0,4294967295): refresh-jitter
template,zone time(2,4294967295): refresh-min-interval refresh-max-interval
template,zone time(1,4294967295): retry-min-interval retry-max-interval
template,zone time(3,4294967295): expire-min-interval expire-max-interval
template,zone one-of(none,interpret,generate,member): catalog-role
template,zone ref(template): catalog-template
template,zone module: module
mod-cookies,mod-dnsproxy,mod-dnstap,mod-geoip,mod-noudp,mod-onlinesign,mod-probe,mod-queryacl,mod-rrl,mod-stats,mod-synthrecord,mod-whoami,mod-authsignal id: id
mod-cookies,mod-dnsproxy,mod-dnstap,mod-geoip,mod-noudp,mod-onlinesign,mod-probe,mod-queryacl,mod-rrl,mod-stats,mod-synthrecord,mod-whoami,mod-authsignal text: comment
mod-cookies time(1,3110400): secret-lifetime
mod-cookies int(1,2147483647): badcookie-slip
mod-cookies hex: secret
mod-dnsproxy ref(remote): remote
mod-dnsproxy int(0,2147483647): timeout
mod-dnsproxy network: address
mod-dnsproxy bool: fallback tcp-fastopen catch-nxdomain
mod-dnstap text: sink identity version
mod-dnstap bool: log-queries log-responses responses-with-queries
mod-geoip text: config-file geodb-file geodb-key
mod-geoip time(0,4294967295): ttl
mod-geoip text: mode
mod-geoip bool: dnssec
mod-geoip ref(policy): policy
mod-noudp int(0,4294967295): udp-allow-rate
mod-noudp int(1,4294967295): udp-truncate-rate
mod-onlinesign ref(policy): policy
mod-onlinesign text: nsec-bitmap
mod-probe text: path
mod-probe int(1,65535): channels
mod-probe int(0,4294967295): max-rate
mod-queryacl network: address interface
mod-rrl int(0,max): rate-limit instant-limit time-rate-limit time-instant-limit slip table-size log-period
mod-rrl network: whitelist
mod-rrl bool: dry-run
mod-stats bool: request-protocol server-operation request-bytes response-bytes edns-presence flag-presence response-code
mod-stats bool: request-edns-option response-edns-option reply-nodata query-type query-size reply-size
mod-synthrecord one-of(forward,reverse): type
mod-synthrecord text: prefix network
mod-synthrecord name: origin
mod-synthrecord time(0,4294967295): ttl
mod-synthrecord bool: reverse-short
module id: id
module text: file comment
server text: listen-xdp
server size(0,max): max-ipv4-udp-payload max-ipv6-udp-payload max-udp-payload
server int(0,2147483647): max-tcp-clients
server time(0,2147483647): tcp-handshake-timeout tcp-reply-timeout
template text: journal-db kasp-db timer-db
template one-of(robust,asynchronous): journal-db-mode
template size(0,max): max-journal-db-size max-kasp-db-size max-timer-db-size
template,zone int(0,2147483647): max-journal-depth
template,zone size(0,max): max-journal-usage max-zone-size
template,zone time(0,4294967295): max-refresh-interval min-refresh-interval
xdp bool: quic-log
`
