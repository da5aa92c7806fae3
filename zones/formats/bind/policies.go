package bind

import (
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// algorithms are the numbers of those of DNSSEC that have a name.
var algorithms = map[string]uint64{
	"rsamd5": 1, "dh": 2, "dsa": 3, "rsasha1": 5, "nsec3dsa": 6, "nsec3rsasha1": 7, "rsasha256": 8, "rsasha512": 10, "eccgost": 12,
	"ecdsap256sha256": 13, "ecdsa256": 13, "ecdsap384sha384": 14, "ecdsa384": 14, "ed25519": 15, "ed448": 16,
	"indirect": 252, "privatedns": 253, "privateoid": 254,
}

// withoutNSEC3 are the algorithms that are older than NSEC3 (RFC 5155, section 2), rsa those whose keys may
// have several lengths, and signing those by which BIND signs.
var (
	withoutNSEC3 = []uint64{1, 2, 3, 5}
	rsa          = []uint64{5, 7, 8, 10}
	signing      = []uint64{5, 7, 8, 10, 13, 14, 15, 16, 252, 253, 254}
)

const day = 24 * 60 * 60

// usualTimes are those of a dnssec-policy, in seconds.
var usualTimes = map[string]uint64{
	"signatures-jitter": day / 2, "signatures-refresh": 5 * day, "signatures-validity": 14 * day, "signatures-validity-dnskey": 14 * day,
	"max-zone-ttl": day, "zone-propagation-delay": 300, "parent-ds-ttl": day, "parent-propagation-delay": 3600,
	"dnskey-ttl": 3600, "publish-safety": 3600, "retire-safety": 3600,
}

// timeOf returns a time of a dnssec-policy, in seconds.
func timeOf(policy []statement, key string) uint64 {
	s, there := find(policy, key)
	if !there || len(s.words) < 2 {
		return usualTimes[key]
	}
	seconds, _ := duration(s.words[1])
	return seconds
}

// policy says with what of a dnssec-policy BIND does not start.
func (k *checker) policy(w within, s statement, of string) {
	validity, keys := k.signatures(w.block, s, of), k.keysOf(w.block)
	k.roles(keys, of)
	ksk, zsk := rollovers(w.block, validity)
	for _, key := range keys {
		k.lives(key, ksk, zsk, of)
		k.sized(key, of)
		if !slices.Contains(signing, key.algorithm) {
			k.c.b.Unread(key.place(), "BIND 9.20 and later do not start with algorithm %d, by which they cannot sign%s", key.algorithm, of)
		}
	}
	k.hashed(w.block, keys, of)
}

// signatures looks at how long the signatures of a policy hold, and returns that in seconds.
func (k *checker) signatures(policy []statement, s statement, of string) uint64 {
	jitter, refresh := timeOf(policy, "signatures-jitter"), timeOf(policy, "signatures-refresh")
	for _, key := range []string{"signatures-validity", "signatures-validity-dnskey"} {
		validity := timeOf(policy, key)
		if 10*refresh >= 9*validity {
			k.c.b.Unread(s.place(), "BIND 9.18 and later do not start with signatures-refresh of %d s, which is not less than 90%% of %s, %d s%s", refresh, key, validity, of)
		}
		if jitter > validity {
			k.c.b.Unread(s.place(), "BIND 9.18 and later do not start with signatures-jitter of %d s, which is more than %s, %d s%s", jitter, key, validity, of)
		}
	}
	return timeOf(policy, "signatures-validity")
}

// policyKey is a key of a policy: it signs keys, zones, or both.
type policyKey struct {
	statement
	algorithm            uint64
	signsKeys, signsZone bool
}

// keysOf returns the keys of a policy.
func (k *checker) keysOf(policy []statement) []policyKey {
	s, _ := find(policy, "keys")
	var keys []policyKey
	for _, key := range s.block {
		name := strings.ToLower(behind(key, "algorithm").text)
		if name == "" { // which is no key, and is told as such
			continue
		}
		number, known := algorithms[name]
		if !known {
			number, _ = strconv.ParseUint(name, 10, 8)
		}
		keys = append(keys, policyKey{key, number, key.key() != "zsk", key.key() != "ksk"})
	}
	return keys
}

// behind returns the word of a statement behind another one.
func behind(s statement, before string) word {
	for i, w := range s.words[:max(len(s.words)-1, 0)] {
		if w.is(before) {
			return s.words[i+1]
		}
	}
	return word{}
}

// sized says of a key of RSA that it is too short or too long. The length stands behind the algorithm.
func (k *checker) sized(key policyKey, of string) {
	last := len(key.words) - 1
	n, err := strconv.ParseUint(key.arg(last), 0, 32)
	if err == nil && key.arg(last-1) != "algorithm" && slices.Contains(rsa, key.algorithm) && (n < 1024 || n > 4096) {
		k.c.stop(key.statement, "a key of RSA has 1024 to 4096 bits, and not %d%s", n, of)
	}
}

// roles says of which algorithm a policy has keys for one of the two roles alone.
func (k *checker) roles(keys []policyKey, of string) {
	keyed, signed := make(map[uint64]bool), make(map[uint64]bool)
	for _, key := range keys {
		keyed[key.algorithm] = keyed[key.algorithm] || key.signsKeys
		signed[key.algorithm] = signed[key.algorithm] || key.signsZone
	}
	for _, key := range keys {
		if !keyed[key.algorithm] || !signed[key.algorithm] {
			k.c.stop(key.statement, "algorithm %d needs keys of both roles, ksk and zsk%s", key.algorithm, of)
		}
	}
}

// rollovers returns how many seconds it takes to replace keys of each role.
func rollovers(policy []statement, validity uint64) (ksk, zsk uint64) {
	at := func(key string) uint64 { return timeOf(policy, key) }
	publish := at("dnskey-ttl") + at("publish-safety") + at("zone-propagation-delay")
	ksk = at("parent-ds-ttl") + at("retire-safety") + at("parent-propagation-delay")
	zsk = validity - min(validity, at("signatures-refresh")) + at("max-zone-ttl") + at("retire-safety") + at("zone-propagation-delay")
	return max(ksk, publish), max(zsk, publish)
}

// lives says of a key that it is to be replaced before that can be done.
func (k *checker) lives(key policyKey, ksk, zsk uint64, of string) {
	life, _ := duration(behind(key.statement, "lifetime"))
	if life > 0 && (key.signsKeys && life <= ksk || key.signsZone && life <= zsk) {
		k.c.b.Unread(key.place(), "BIND 9.18 and later do not start with a lifetime of a key of %d s, in which it cannot be replaced%s", life, of)
	}
}

// hashed looks at a policy by which the names of zones are hashed (RFC 5155).
func (k *checker) hashed(policy []statement, keys []policyKey, of string) {
	s, there := find(policy, "nsec3param")
	if !there {
		return
	}
	for _, key := range keys {
		if slices.Contains(withoutNSEC3, key.algorithm) {
			k.c.stop(s, "nsec3param does not go with algorithm %d%s", key.algorithm, of)
		}
	}
	if n, _ := strconv.ParseUint(behind(s, "iterations").text, 0, 32); n > 0 {
		k.c.b.Unread(s.place(), "BIND 9.20 and later do not start with nsec3param iterations %d%s, and take 0 alone", n, of)
	}
}

// beside says with which older statements about signatures a dnssec-policy does not go, in the
// same block or in a zone that has one from elsewhere.
func (k *checker) beside(w within, of string) {
	if _, there := find(w.block, "dnssec-policy"); there {
		k.replaced(w.block, of, "sig-validity-interval", "dnskey-sig-validity")
	}
	if policy, _ := k.inherited(w.block, "dnssec-policy"); w.table == "zone" && isPolicy(policy) {
		k.replaced(w.block, of, "dnssec-dnskey-kskonly", "dnssec-secure-to-insecure", "update-check-ksk", "dnssec-update-mode")
	}
}

// replaced says which statements a block has that a dnssec-policy replaces.
func (k *checker) replaced(block []statement, of string, keys ...string) {
	for _, key := range keys {
		if s, there := find(block, key); there {
			k.c.b.Unread(s.place(), "BIND 9.18 does not start with %s and dnssec-policy%s; later versions do", key, of)
		}
	}
}

// resigned says that signatures are to be made anew before they were made: of more than seven days
// in days, else in hours.
func (k *checker) resigned(block []statement, of string) {
	s, there := find(block, "sig-validity-interval")
	validity, _ := strconv.ParseUint(s.arg(1), 0, 32)
	resign, _ := strconv.ParseUint(s.arg(2), 0, 32)
	if validity <= 7 {
		validity *= 24
	}
	if there && validity < resign {
		k.c.b.Unread(s.place(), "BIND before 9.20 does not start with sig-validity-interval %s, whose second time is longer%s", lines.Shown(s.arg(1)+" "+s.arg(2)), of)
	}
}
