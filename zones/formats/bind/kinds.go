package bind

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/pattern"
)

// kind is a kind of value: what BIND calls it, and which words are one.
type kind struct {
	what string
	is   func(word) bool
}

// kinds are those that the grammar names and does not make of others. A value in quotes is
// nothing but a text or a word.
var kinds = map[string]kind{
	"word":      {"a string", func(word) bool { return true }},
	"text":      {"a quoted string", func(w word) bool { return w.quoted }},
	"filled":    {"a quoted string that is not empty", func(w word) bool { return w.quoted && w.text != "" }},
	"given":     {"a string that is not empty", func(w word) bool { return w.text != "" }},
	"bool":      {"a boolean", plainly(`yes|no|true|false|[01]`)},
	"number":    {"a number", number},
	"port":      {"a port", port},
	"fraction":  {"a fixed point number", plainly(`[0-9]{1,5}(\.[0-9]{1,2})?`)},
	"percent":   {"a percentage", plainly(`[0-9]+%`)},
	"ratio":     {"a percentage above zero", plainly(`0*[1-9][0-9]*%`)},
	"qname":     {"a domain name in quotes", func(w word) bool { return w.quoted && isName(w.text) }},
	"size":      {"an integer and an optional unit", plainly(`[0-9]+[kmg]?|unlimited|default`)},
	"time":      {"an ISO 8601 duration or a TTL", func(w word) bool { _, is := duration(w); return is }},
	"class":     {"a class", func(w word) bool { return plainly(`in|ch|chaos|hs|hesiod|any|none|class[0-9]+`)(word{text: w.text}) }},
	"ipv4":      {"an IPv4 address", func(w word) bool { return isAddress(w, netip.Addr.Is4) }},
	"ipv6":      {"an IPv6 address", func(w word) bool { return isAddress(w, netip.Addr.Is6) }},
	"network":   {"an address or prefix", network},
	"digest":    {"an algorithm", func(w word) bool { return digest(w.text) }},
	"base64":    {"a secret in base64", func(w word) bool { return isBase64(w.text) }},
	"tls":       {"the name of a tls block", func(word) bool { return true }},
	"http":      {"the name of an http block", func(word) bool { return true }},
	"list":      {"the name of an acl", isListName},
	"name":      {"a domain name", func(w word) bool { return isName(w.text) }},
	"bytes":     {"an integer and an optional unit", isBytes},
	"hexsecret": {"a secret of hexadecimal digits", func(w word) bool { return isHexSecret(word{text: w.text}) }},
	"hexdata":   {"a quoted string of hexadecimal digits", func(w word) bool { _, err := hex.DecodeString(joined(w.text)); return w.quoted && err == nil }},
	"keydata":   {"a quoted string in base64", func(w word) bool { return w.quoted && isBase64(w.text) }},
	"mapsize":   {"a size from 1 MiB to 1 TiB", mapSize},
	"path":      {"an absolute HTTP path", func(w word) bool { return w.quoted && isPath(word{text: w.text}) }},
	"rrtype":    {"a type", func(w word) bool { return dns.StringToType[strings.ToUpper(w.text)] != 0 || isGenericType(w) }},
	"algorithm": {"an algorithm of DNSSEC", func(w word) bool { return isAlgorithm(word{text: w.text}) }},
	"keyalg":    {"an algorithm of DNSSEC", func(w word) bool { return isAlgorithm(word{text: w.text}) }},
	"dsdigest":  {"a digest of DNSSEC", func(w word) bool { return isDSDigest(word{text: w.text}) }},
	"category":  {"a category of the log", func(w word) bool { return slices.Contains(categories, w.text) }},
	"channel":   {"the name of a channel", func(word) bool { return true }},
	"key":       {"the name of a key", func(w word) bool { return isName(w.text) }},
	"keyname":   {"the name of a key", func(word) bool { return true }},
	"behind":    {"the name of a key or a tls block", func(word) bool { return true }},
	"ciphers":   {"a list of ciphers", func(w word) bool { return isCiphers(w.text) }},
	"policy":    {"the name of a dnssec-policy", func(word) bool { return true }},
	"servers":   {"a list of servers", func(w word) bool { return w.quoted || !plainly(`[0-9.]+|.*:.*`)(w) }},
}

// kindOf returns a kind by its name, which may be the least and the most that a number is.
func kindOf(name string) kind {
	least, most, is := strings.Cut(name, "..")
	if !is {
		return kinds[name]
	}
	to, _ := strconv.ParseUint(most, 10, 32)
	if least, isTime := strings.CutPrefix(least, "time"); isTime {
		from, _ := strconv.ParseUint(least, 10, 32)
		return kind{"a time from " + least + " to " + most + " seconds", func(w word) bool {
			n, is := duration(w)
			return is && from <= n && n <= to
		}}
	}
	from, _ := strconv.ParseUint(least, 10, 32)
	return kind{"a number from " + least + " to " + most, func(w word) bool {
		n, err := strconv.ParseUint(w.text, 0, 32)
		return isNumber(w) && err == nil && from <= n && n <= to
	}}
}

// plainly returns what says whether a word without quotes matches an expression.
func plainly(expression string) func(word) bool {
	matches := pattern.Matching(`^(?i:` + expression + `)$`)
	return func(w word) bool { return !w.quoted && matches(w.text) }
}

var (
	isNumber      = plainly(`[0-9]+|0x[0-9a-f]+`)
	isISO         = plainly(`p([0-9]*w|([0-9]*y)?([0-9]*m)?([0-9]*d)?(t([0-9]*h)?([0-9]*m)?([0-9]*s)?)?)`)
	isTTL         = plainly(`[0-9]+|([0-9]+[smhdw])+`)
	isDigest      = plainly(`hmac-md5(\.sig-alg\.reg\.int|-[0-9]+)?|hmac-sha(1|224|256|384|512)(-[0-9]+)?`)
	isHexSecret   = plainly(`[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}`)
	isGenericType = plainly(`type[0-9]{1,5}|any`)
	isAlgorithm   = plainly(`([0-9]|[0-9]{2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])|rsamd5|dh|dsa|rsasha1|nsec3dsa|nsec3rsasha1|rsasha256|rsasha512|eccgost|ecdsap(256sha256|384sha384)|ecdsa(256|384)|ed25519|ed448|indirect|privatedns|privateoid`)
	isDSDigest    = plainly(`([0-9]|[0-9]{2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])|sha-?1|sha-?256|sha-?384|gost`)
	isPath        = plainly(`/(` + pathChar + `+(/` + pathChar + `*)*)?`)
	isBytes       = plainly(`[0-9]+[kmg]?`)
	isEscaped     = pattern.Matching(`^(?s:[^\\]|\\([^0-9]|[01][0-9]{2}|2[0-4][0-9]|25[0-5]))*$`)
)

// pathChar is what the segments of an HTTP path are made of: BIND lets the digits of an octet be
// missing at the end alone.
const pathChar = `([-a-z0-9._~!$&'()*+,;=:@]|%([0-9a-f]{2}|[0-9a-f]?$))`

// mapSize reports whether a database of new zones can be as large.
func mapSize(w word) bool {
	digits := strings.TrimRight(strings.ToLower(w.text), "kmg")
	n, err := strconv.ParseUint(digits, 10, 32+10)
	n <<= map[string]int{"k": 10, "m": 20, "g": 30}[strings.ToLower(w.text[len(digits):])]
	return isBytes(w) && err == nil && n >= 1<<20 && n <= 1<<40
}

// number reports whether a word is a number of 32 bits.
func number(w word) bool {
	_, err := strconv.ParseUint(w.text, 0, 32)
	return isNumber(w) && err == nil
}

func port(w word) bool {
	n, _ := strconv.ParseUint(w.text, 0, 32)
	return number(w) && n <= 65535
}

// units are those of times, in seconds: of zone files, and of ISO 8601 before and behind the T.
var (
	units     = map[byte]uint64{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}
	dateUnits = map[byte]uint64{'d': 86400, 'w': 604800, 'm': 31 * 86400, 'y': 365 * 86400}
)

// duration returns the seconds of a word that is a time as ISO 8601 or zone files have it.
func duration(w word) (seconds uint64, is bool) {
	text, of := strings.ToLower(w.text), units
	switch {
	case isISO(w):
		text, of = text[1:], dateUnits
	case !isTTL(w):
		return 0, false
	case isNumber(w):
		seconds, err := strconv.ParseUint(text, 10, 32)
		return seconds, err == nil
	}
	var n uint64
	for i := range len(text) {
		switch c := text[i]; {
		case c == 't':
			of = units
		case c >= '0' && c <= '9':
			if n = n*10 + uint64(c-'0'); n > math.MaxUint32 {
				return 0, false
			}
		default:
			seconds, n = seconds+n*of[c], 0
		}
	}
	if isISO(w) { // whose sum may be of any size
		return min(seconds, math.MaxUint32), true
	}
	return seconds, seconds <= math.MaxUint32
}

// digest reports whether a text is an algorithm of a key, and maybe to how many bits its digests
// are cut.
func digest(text string) bool {
	if !isDigest(word{text: text}) {
		return false
	}
	name, bits, cut := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(text), ".sig-alg.reg.int"), "hmac-"), "-")
	n, err := strconv.Atoi(bits)
	return !cut || err == nil && n%8 == 0 && n <= digestBits[name]
}

// digestBits is how many bits digests have.
var digestBits = map[string]int{"md5": 128, "sha1": 160, "sha224": 224, "sha256": 256, "sha384": 384, "sha512": 512}

// joined returns a text without its blanks.
func joined(text string) string { return strings.Join(strings.Fields(text), "") }

func isBase64(text string) bool {
	_, err := base64.StdEncoding.DecodeString(joined(text))
	return err == nil
}

// isName reports whether a text is a domain name.
func isName(text string) bool {
	_, is := dns.IsDomainName(text)
	return is && text != "" && isEscaped(text)
}

func isAddress(w word, family func(netip.Addr) bool) bool {
	addr, err := netip.ParseAddr(w.text)
	return !w.quoted && err == nil && family(addr)
}

// network reports whether a word is an address, or a prefix with no bits beyond its length.
func network(w word) bool {
	_, is := networkOf(w)
	return is
}

// networkOf returns the range that a word is: an address, or a prefix. An IPv4 prefix may leave octets
// out that are zero. What stands in quotes is a name.
func networkOf(w word) (netip.Prefix, bool) {
	text, bits, isPrefix := strings.Cut(w.text, "/")
	if isPrefix {
		text = whole(text)
	}
	addr, err := netip.ParseAddr(text)
	if w.quoted || err != nil {
		return netip.Prefix{}, false
	}
	addr = addr.WithZone("") // which the index of an interface is
	n := addr.BitLen()
	if isPrefix {
		if n, err = strconv.Atoi(bits); err != nil || !isNumber(word{text: bits}) {
			return netip.Prefix{}, false
		}
	}
	prefix, err := addr.Prefix(n)
	return prefix, err == nil && prefix.Addr() == addr
}

// isListName reports whether a word names a list of clients: it is no network, and no part of one.
func isListName(w word) bool {
	_, err := netip.ParseAddr(whole(w.text))
	return w.quoted || err != nil && !strings.ContainsAny(w.text, "/!")
}

// whole returns the address of a prefix with the octets that it leaves out.
func whole(text string) string {
	if strings.Contains(text, ":") {
		return text
	}
	return text + strings.Repeat(".0", max(3-strings.Count(text, "."), 0))
}
