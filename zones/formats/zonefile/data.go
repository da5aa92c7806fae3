package zonefile

import (
	"encoding/base32"
	"encoding/hex"
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/pattern"
)

// grammars are the fields of a type's data in master files, by the documents of these types.
// Behind a field "?" says that it may be left out, and "*" that it may stand several times, or
// not at all. The last field of some types takes all words that are left. What BIND, NSD or
// Knot takes beyond the documents is right as well.
var grammars = map[string]string{
	"MX": "u16 name", "KX": "u16 name", "RT": "u16 name", "AFSDB": "u16 name", "LP": "u16 name", // RFC 1035, 2230, 1183, 6742
	"PTR": "name", "MB": "name", "MG": "name", "MR": "name", "RP": "name name", "MINFO": "name name", // RFC 1035, 1183
	"SRV": "u16 u16 u16 name", "NAPTR": "u16 u16 text text text name", "URI": "u16 u16 text", // RFC 2782, 3403, 7553
	"TXT": "text text*", "SPF": "text text*", "HINFO": "text text", "X25": "x121", "ISDN": "text text?", // RFC 1035, 1183
	"CAA": "u8 tag text", "LOC": "location", "APL": "prefix*", // RFC 8659, 1876, 3123
	"NID": "u16 node", "L64": "u16 node", "L32": "u16 ip4", "EUI48": "eui48", "EUI64": "eui64", // RFC 6742, 7043
	"CERT": "certificate u16 algorithm base64", "DHCID": "base64", "OPENPGPKEY": "base64", // RFC 4398, 4701, 7929
	"IPSECKEY": "u8 gateway", "HIP": "u8 hexword base64word name*", // RFC 4025, 8005
	"RRSIG": "type algorithm u8 ttl time time u16 name base64", "SIG": "type algorithm u8 ttl time time u16 name base64", // RFC 4034
	"DNSKEY": "u16 u8 algorithm base64", "CDNSKEY": "u16 u8 algorithm base64", "KEY": "u16 u8 algorithm base64?", // RFC 4034, 7344, 2535
	"DS": "u16 algorithm u8 hex", "CDS": "u16 algorithm u8 hex", "DLV": "u16 algorithm u8 hex", // RFC 4034, 7344, 4431
	"NSEC": "name types?", "NSEC3": "u8 u8 u16 salt base32 types?", "NSEC3PARAM": "u8 u8 u16 salt", // RFC 4034, 5155
	"SSHFP": "u8 u8 hex", "TLSA": "u8 u8 u8 hex", "SMIMEA": "u8 u8 u8 hex", // RFC 4255, 6698, 8162
	"CSYNC": "u32 u16 types?", "ZONEMD": "u32 u8 u8 hex", // RFC 7477, 8976
	"NINFO": "text text*", "RESINFO": "text text*", "AVC": "text text*", "TALINK": "name name", "NSAP-PTR": "name", // by BIND
	"PX": "u16 name name", "EID": "hex", "NIMLOC": "hex", "SINK": "u8 u8 u8 base64", "RKEY": "u16 u8 algorithm base64", "TA": "u16 algorithm u8 hex",
	"NSAP": "nsap", "SVCB": "u16 name param*", "HTTPS": "u16 name param*", // RFC 1706, 9460
}

// wholes are the fields that take all words that are left, with what these are joined by.
var wholes = map[string]string{"base64": "", "hex": "", "types": " ", "location": " ", "gateway": " "}

var errData = errors.New("its data is not what its type has")

// keepsTo returns what is wrong with the words of a record's data by its grammar, or nil; and in
// which of the fields only some servers see a fault.
func keepsTo(grammar string, words []string) (some []error, err error) {
	look := func(kind, text string) error {
		if finer := finer[kind]; finer != nil {
			some = append(some, finer(text)...)
		}
		err := kinds[kind](text)
		if its := (*unsoundError)(nil); errors.As(err, &its) && its.why == outOfRange { // which NSD takes
			some, err = append(some, err), nil
		}
		return err
	}
	for field := range strings.FieldsSeq(grammar) {
		kind := strings.TrimRight(field, "?*")
		joint, whole := wholes[kind]
		switch {
		case len(words) == 0 && kind != field:
			continue
		case len(words) == 0:
			return some, errData
		case whole:
			err := look(kind, strings.Join(words, joint))
			return some, err
		}
		for {
			if err := look(kind, words[0]); err != nil {
				return some, err
			}
			if words = words[1:]; len(words) == 0 || !strings.HasSuffix(field, "*") {
				break
			}
		}
	}
	if len(words) > 0 {
		return some, unsound(behind, "%s stands behind its data", shown(words[0]))
	}
	return some, nil
}

// kinds are the kinds of fields: each returns what is wrong with a text, or nil.
var kinds = map[string]func(text string) error{
	"u8":  func(text string) error { return number(text, 8) },
	"u16": func(text string) error { return number(text, 16) },
	"u32": func(text string) error { return number(text, 32) },
	"name": func(text string) error {
		_, err := absolute(text, ".")
		return wrongIf(err != nil)
	},
	"text":        func(text string) error { return tooLong(text) },
	"tag":         func(string) error { return nil }, // of which Knot takes any
	"x121":        func(text string) error { return tooLong(text) },
	"algorithm":   func(text string) error { return numberOr(text, 8, isAlgorithm) },
	"certificate": func(text string) error { return numberOr(text, 16, isCertificate) },
	"location":    matching(`^(\d?\d|1[0-7]\d|180)` + looseMinutes + ` [NnSs] 0*(\d?\d|1[0-7]\d|180)` + looseMinutes + ` [EeWw] -?` + metres + `(( ` + metres + `){0,2}|( ` + metres + `){3}( .*)?)$`),
	"node":        matching(`^[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4}){3}:?$`),
	"eui48":       matching(`^[0-9A-Fa-f]{1,2}(-[0-9A-Fa-f]{1,2}){4}-[0-9A-Fa-f]`),
	"eui64":       matching(`^[0-9A-Fa-f]{1,2}(-[0-9A-Fa-f]{1,2}){6}-[0-9A-Fa-f]`),
	"nsap":        matching(`^0[xX][0-9A-Fa-f.+]*$`),
	"param":       param,
	"gateway":     func(text string) error { return gateway(strings.Fields(text)) },
	"prefix": func(text string) error {
		family, prefix, ok := strings.Cut(strings.TrimPrefix(text, "!"), ":")
		if strings.HasSuffix(prefix, "/") {
			prefix += "0"
		}
		p, err := netip.ParsePrefix(prefix)
		return wrongIf(!ok || err != nil || family != map[bool]string{true: "1", false: "2"}[p.Addr().Is4()])
	},
	"ip4": func(text string) error {
		addr, err := netip.ParseAddr(text)
		return wrongIf(err != nil || !addr.Is4())
	},
	"ttl": func(text string) error {
		_, ok := ParseTTL(text)
		return wrongIf(!ok)
	},
	"time": moment,
	"type": func(text string) error { return numberOr(text, 16, isType) },
	"types": func(text string) error {
		for word := range strings.FieldsSeq(text) {
			if !isType(word) {
				return errData
			}
		}
		return nil
	},
	"salt": func(text string) error {
		_, err := hex.DecodeString(text)
		return wrongIf(text != "-" && err != nil)
	},
	"hex": inHex, "hexword": inHex,
	"base64": inBase64, "base64word": inBase64,
	"base32": func(text string) error {
		_, err := base32.HexEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(text))
		return wrongIf(err != nil)
	},
}

func wrongIf(wrong bool) error {
	if wrong {
		return errData
	}
	return nil
}

func matching(expression string) func(text string) error {
	matches := pattern.Matching(expression)
	return func(text string) error { return wrongIf(!matches(text)) }
}

// What a LOC has: minutes and seconds, which may be left out, and metres. NSD takes whatever
// stands behind.
const (
	minutes      = `( 0*[0-5]?\d( 0*[0-5]?\d(\.\d{0,3})?)?)?`
	looseMinutes = `( 0*([0-5]?\d|60)( 0*([0-5]?\d|60)(\.\d*)?)?)?`
	metres       = `\d+(\.\d*)?[Mm]?`
)

var (
	integral    = pattern.Matching(`^-?[0-9]+$`)
	hexadecimal = pattern.Matching(`^[0-9A-Fa-f]*$`)
)

// number returns what is wrong with a number of so many bits. Some servers take the last bits
// of one that is too large.
func number(text string, bits int) error {
	switch _, err := strconv.ParseUint(text, 10, bits); {
	case err == nil:
		return nil
	case integral(text) && bits < 32:
		return unsound(outOfRange, "the number %s in it is too large", shown(text))
	default:
		return errData
	}
}

// numberOr is for numbers that may stand by a name.
func numberOr(text string, bits int, named func(text string) bool) error {
	if named(text) {
		return nil
	}
	return number(text, bits)
}

func isAlgorithm(word string) bool {
	upper := strings.ToUpper(word)
	_, known := dns.StringToAlgorithm[upper]
	return known || furtherAlgorithms[upper]
}

// furtherAlgorithms are those that servers know by other names than the library.
var furtherAlgorithms = map[string]bool{
	"ECC": true, "NSEC3DSA": true, "NSEC3RSASHA1": true, "ECCGOST": true, "PRIVATE": true, "DSA-NSEC3-SHA1": true, "RSASHA1-NSEC3-SHA1": true,
}

func isCertificate(word string) bool {
	upper := strings.ToUpper(word)
	_, known := dns.StringToCertType[upper]
	return known
}

// gateway looks at an IPSECKEY's fields behind its precedence: the kind of its gateway, the
// algorithm, the gateway and the key (RFC 4025, section 3.1).
func gateway(words []string) error {
	const before = 3 // fields
	if len(words) < before {
		return errData
	}
	addr, err := netip.ParseAddr(words[2])
	_, nameErr := absolute(words[2], ".")
	is := map[string]bool{"1": err == nil && addr.Is4(), "2": err == nil && addr.Is6(), "3": nameErr == nil}
	if right, known := is[words[0]]; known && !right || !known && words[0] != "0" {
		return errData
	}
	if err := number(words[1], 8); err != nil {
		return err
	}
	if key := strings.Join(words[before:], ""); key != "" {
		return inBase64(key)
	}
	return nil
}

// generic looks at data in the form for unknown types: how many octets there are, and these
// (RFC 3597, section 5).
func generic(words []string) error {
	if len(words) < 2 || words[0] != `\#` {
		return errData
	}
	text := strings.Join(words[2:], "")
	if !hexadecimal(text) || len(text)%2 != 0 {
		return errData
	}
	if n, err := strconv.ParseUint(words[1], 10, 16); err != nil || int(n)*2 != len(text) {
		return unsound(miscounted, "there are not %s octets of data", shown(words[1]))
	}
	return nil
}

func isType(word string) bool {
	upper := strings.ToUpper(word)
	_, known := dns.StringToType[upper]
	return known || obsolete[upper] || rfc3597.MatchString(upper) && number(upper[len("TYPE"):], 16) == nil
}

func inHex(text string) error {
	_, err := hex.DecodeString(text)
	return wrongIf(text == "" || err != nil && text != "0") // as in a CDS that removes all
}

// inBase64 looks at a key or the like. Knot takes several behind one another.
var inBase64 = matching(`^([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)+$`)

// tooLong looks at a text of a record, a character-string of RFC 1035.
func tooLong(text string) error {
	if octets(text) > 255 {
		return unsound(longText, "a text of it has more than 255 octets")
	}
	return nil
}
