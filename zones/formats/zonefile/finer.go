package zonefile

import (
	"encoding/base32"
	"encoding/base64"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// What BIND, NSD and Knot alone refuse of a record's data, as their own checks say. The others
// were not asked.
var (
	toBIND     = []Server{BIND}
	toNSD      = []Server{NSD}
	toKnot     = []Server{Knot}
	toBINDNSD  = []Server{BIND, NSD}
	toBINDKnot = []Server{BIND, Knot}
	toNSDKnot  = []Server{NSD, Knot}
)

// finer are the kinds of fields in which only some servers see a fault.
var finer = map[string]func(text string) []error{
	"name": func(text string) []error { return badEscapes(text, true) },
	"text": func(text string) []error { return badEscapes(text, false) },
	"tag":  tag,
	"x121": unless(toBIND, `^\d{4,}$`, "%s is no address of X.25"),
	"location": func(text string) []error {
		return append(strictLocation(text), altitudes(text)...)
	},
	"eui48": func(text string) []error {
		return append(eui48Ends(text), eui48Digits(text)...)
	},
	"eui64": func(text string) []error {
		return append(eui64Ends(text), eui64Digits(text)...)
	},
	"node": func(text string) []error {
		return append(nodeEnds(text), nodeDigits(text)...)
	},
	"nsap": func(text string) []error {
		digits := strings.NewReplacer(".", "", "+", "").Replace(text[min(2, len(text)):])
		switch {
		case len(digits)%2 != 0:
			return []error{unsoundTo(toBINDNSD, "%s has not two digits for each octet", shown(text))}
		case digits == "":
			return []error{unsoundTo(toBIND, "%s has no digits", shown(text))}
		}
		return nil
	},
	"hex": func(text string) []error {
		if text == "0" {
			return []error{unsoundTo(toBINDKnot, "%s has not two digits for each octet", shown(text))}
		}
		return nil
	},
	"base64": padded, "base64word": padded,
	"time": calendar,
	"type": func(text string) []error {
		if integral(text) {
			return []error{unsoundTo(toNSD, "%s is not a type", shown(text))}
		}
		return lackedTypes(text)
	},
	"types":   lackedTypes,
	"gateway": noGateway,
	"base32": func(text string) []error {
		if len(text)%8 != 0 {
			return []error{unsoundTo(toKnot, "%s has not 8 letters for each 5 octets", shown(text))}
		}
		return nil
	},
}

var (
	strictLocation = unless(toBINDKnot, `^([0-8]?\d|90)`+minutes+` [NnSs] 0*(\d?\d|1[0-7]\d|180)`+minutes+` [EeWw]( -?\d+(\.\d{0,2})?[Mm]?){1,4}$`, "%s is no place on earth")
	eui48Ends      = unless(toNSDKnot, `^[0-9A-Fa-f]{1,2}(-[0-9A-Fa-f]{1,2}){5}$`, "%s has more than an EUI48 has")
	eui48Digits    = unless(toKnot, `^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){4}-[0-9A-Fa-f]{2}`, "%s has not two digits for each octet")
	eui64Ends      = unless(toNSDKnot, `^[0-9A-Fa-f]{1,2}(-[0-9A-Fa-f]{1,2}){7}$`, "%s has more than an EUI64 has")
	eui64Digits    = unless(toKnot, `^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){6}-[0-9A-Fa-f]{2}`, "%s has not two digits for each octet")
	nodeEnds       = unless(toNSDKnot, `[0-9A-Fa-f]$`, "%s ends with a colon")
	nodeDigits     = unless(toKnot, `^[0-9A-Fa-f]{4}(:[0-9A-Fa-f]{4}){3}:?$`, "%s has not four digits in each part")
)

// unless returns what some servers see in a text that is not as an expression has it.
func unless(by []Server, expression, format string) func(text string) []error {
	matches := matching(expression)
	return func(text string) []error {
		if matches(text) == nil {
			return nil
		}
		return []error{unsoundTo(by, format, shown(text))}
	}
}

// altitudes looks at the metres of a LOC: from 100 km below to 42849672.95 m above (RFC 1876,
// section 2).
func altitudes(text string) []error {
	_, metres, _ := strings.Cut(strings.ToUpper(text), " E ")
	if _, west, is := strings.Cut(strings.ToUpper(text), " W "); is {
		metres = west
	}
	for i, word := range strings.Fields(metres) {
		const deepest, highest, largest = -100000, 42849672.95, 90000000
		value, err := strconv.ParseFloat(strings.TrimSuffix(word, "M"), 64)
		if i == 0 && err == nil && (value < deepest || value > highest) || i > 0 && err == nil && int64(value) > largest {
			return []error{unsoundTo(toBINDKnot, "%s m is more than a place has", shown(word))}
		}
	}
	return nil
}

// badEscapes looks for a backslash and a digit in a text or a name that are no octet in three
// digits (RFC 1035, section 5.1).
func badEscapes(word string, isName bool) []error {
	for i := 0; i < len(word); i++ {
		if word[i] != '\\' {
			continue
		}
		if i++; i >= len(word) || word[i] < '0' || word[i] > '9' {
			continue
		}
		value, err := strconv.ParseUint(word[i:min(i+3, len(word))], 10, 16)
		switch short := err != nil || i+3 > len(word); {
		case short:
			return []error{unsoundTo(toBINDKnot, "%s has an escape without three digits", shown(word))}
		case value > 255 && isName:
			return []error{unsoundTo(toBIND, "%s has an escape that is no octet", shown(word))}
		case value > 255:
			return []error{unsoundTo(toBINDKnot, "%s has an escape that is no octet", shown(word))}
		}
		i += 2
	}
	return nil
}

// tag looks at a CAA's tag, of letters and digits (RFC 8659, section 4.1). NSD wants small ones.
func tag(text string) []error {
	switch {
	case !tagText.MatchString(text):
		return []error{unsoundTo(toBINDNSD, "%s is not a tag of letters and digits", shown(text))}
	case len(text) > 15 || strings.ToLower(text) != text:
		return []error{unsoundTo(toNSD, "%s is not a tag of 15 small letters at most", shown(text))}
	}
	return nil
}

var tagText = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// padded looks whether base64 ends where its octets end (RFC 4648, section 3.5).
func padded(text string) []error {
	if _, err := base64.StdEncoding.Strict().DecodeString(text); err != nil {
		return []error{unsoundTo(toBINDNSD, "%s does not end as base64 does", shown(text))}
	}
	return nil
}

const dateAndTime = "YYYYMMDDHHMMSS"

// moment looks at a time of a signature: a date and a time of day, or seconds (RFC 4034, section
// 3.2). BIND takes a leap second.
func moment(text string) error {
	digits := strings.TrimSuffix(text, "Z")
	if !hexadecimal(digits) || strings.ContainsAny(digits, "abcdefABCDEF") {
		return errData
	}
	if len(digits) != len(dateAndTime) {
		return wrongIf(number(text, 32) != nil && (len(digits) > len(dateAndTime) || !nsdTime(text)))
	}
	month, day, hour, second := digits[4:6], digits[6:8], digits[8:10], digits[12:14]
	return wrongIf(month < "01" || month > "12" || day < "01" || day > "31" || hour > "23" || second > "61")
}

// calendar looks whether there is such a time, and whether NSD reads it.
func calendar(text string) []error {
	if !nsdTime(text) {
		return []error{unsoundTo(toNSD, "%s is no date and time", shown(text))}
	}
	if len(text) < len(dateAndTime) {
		if number(text, 32) != nil {
			return []error{unsoundTo(toBINDKnot, "%s is no date and time", shown(text))}
		}
		return nil
	}
	var all []error
	if !isDay(text[:8]) || text[10:12] > "59" || text[12:14] > "60" || len(text) > len(dateAndTime) {
		all = append(all, unsoundTo(toBINDKnot, "there is no time %s", shown(text)))
	}
	if text[12:14] == "60" || text[:4] < "1970" || text[:4] > "2105" && text[:4] != "2106" {
		all = append(all, unsoundTo(toKnot, "there is no time %s", shown(text)))
	}
	return all
}

// isDay reports whether there is a day, which is written as YYYYMMDD.
func isDay(digits string) bool {
	year, _ := strconv.Atoi(digits[:4])
	month, _ := strconv.Atoi(digits[4:6])
	day, _ := strconv.Atoi(digits[6:8])
	days := 31
	switch month {
	case 4, 6, 9, 11:
		days = 30
	case 2:
		if days = 28; year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			days = 29
		}
	}
	return day <= days
}

// nsdTime reports whether NSD reads a text as a date and a time: by as many digits as a number of
// each kind may have, whatever stands behind.
func nsdTime(text string) bool {
	for _, part := range []struct{ from, to, digits int }{{0, 9999, 4}, {1, 12, 2}, {1, 31, 2}, {0, 23, 2}, {0, 59, 2}, {0, 61, 2}} {
		value, n := 0, 0
		for n < part.digits && n < len(text) && '0' <= text[n] && text[n] <= '9' && (n == 0 || value*10 <= part.to) {
			value = value*10 + int(text[n]-'0')
			n++
		}
		if n == 0 || value < part.from || value > part.to {
			return false
		}
		text = text[n:]
	}
	return true
}

// noGateway looks at an IPSECKEY without a gateway or without a key.
func noGateway(text string) []error {
	words := strings.Fields(text)
	switch {
	case len(words) > 2 && words[0] == "0" && words[2] != ".":
		return []error{unsoundTo(toBINDKnot, "it has a gateway, and says that it has none")}
	case len(words) == 3:
		return []error{unsoundTo(toBIND, "it has no key")}
	}
	return nil
}

// param looks at a parameter of a service (RFC 9460, section 2.1).
func param(text string) error {
	key, value, _ := strings.Cut(strings.ToLower(text), "=")
	value = strings.Trim(value, `"`)
	switch key {
	case "port":
		return wrongIf(number(value, 16) != nil)
	case "alpn", "no-default-alpn", "ech", "mandatory", "dohpath", "ohttp", "tls-supported-groups", "docpath", "pvd":
		return nil
	case "ipv4hint", "ipv6hint":
		for text := range strings.SplitSeq(value, ",") {
			addr, err := netip.ParseAddr(text)
			if err != nil || addr.Is4() != (key == "ipv4hint") {
				return errData
			}
		}
		return nil
	default:
		digits, is := strings.CutPrefix(key, "key")
		return wrongIf(!is || number(digits, 16) != nil)
	}
}

// agreeing looks at the parameters of a service: each stands once, and those that are mandatory do.
func agreeing(params []string) error {
	has := make(map[string]bool)
	mandatory := ""
	for _, param := range params {
		key, value, _ := strings.Cut(strings.ToLower(param), "=")
		if has[key] {
			return errData
		}
		if has[key] = true; key == "mandatory" {
			mandatory = strings.Trim(value, `"`)
		}
	}
	for key := range strings.SplitSeq(mandatory, ",") {
		if mandatory != "" && !has[key] {
			return errData
		}
	}
	return nil
}

// fingerprints are how many octets the fingerprint of a key has by its kind (RFC 4255, 6594).
var fingerprints = map[string]int{"1": 20, "2": 32}

// together say for some types what their fields, of which there are all, say of each other for some
// servers.
var together = map[string]func(f fields) (by []Server, why string){
	"SSHFP": func(f fields) ([]Server, string) {
		const kind, digest = 1, 2
		wanted, is := fingerprints[f.data[kind]], len(strings.Join(f.data[digest:], ""))/2
		return toBIND, text(wanted > 0 && is != wanted, "its fingerprint has not "+strconv.Itoa(wanted)+" octets")
	},
	"ZONEMD": func(f fields) ([]Server, string) {
		const digest, least = 3, 12
		return toBIND, text(len(strings.Join(f.data[digest:], "")) < 2*least, "its digest has not 12 octets")
	},
	"NSEC": func(f fields) ([]Server, string) { return toBIND, text(len(f.data) == 1, "it has no types") },
	"NSEC3": func(f fields) ([]Server, string) {
		const hash, sha1 = 4, 20
		octets, err := base32.HexEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(f.data[hash]))
		return toBIND, text(err == nil && f.data[0] == "1" && len(octets) != sha1, "its hash has not 20 octets")
	},
	"KEY": func(f fields) ([]Server, string) { return toNSDKnot, text(len(f.data) == 3, "it has no key") },
	"CAA": func(f fields) ([]Server, string) {
		return toBIND, text(len(f.quoted) > 1 && f.quoted[1], "its tag stands in quotes")
	},
	"URI": func(f fields) ([]Server, string) {
		return toBIND, text(len(f.quoted) == len(f.data) && !f.quoted[2], "its target does not stand in quotes")
	},
	"NAPTR": func(f fields) ([]Server, string) {
		const expression = 4
		return toBIND, text(!substitutes(unescaped(f.data[expression])), shown(f.data[expression])+" is no substitution")
	},
}

// text returns a text if something is so, and "" otherwise.
func text(so bool, its string) string {
	if so {
		return its
	}
	return ""
}

// agreesFor is what the fields of a record say of each other, for some servers.
func (f fields) agreesFor() []error {
	look := together[f.kind]
	if look == nil {
		return nil
	}
	if by, why := look(f); why != "" {
		return []error{unsoundTo(by, "%s", why)}
	}
	return nil
}

// unescaped returns the octets of a text.
func unescaped(word string) string {
	var b strings.Builder
	for i := 0; i < len(word); i++ {
		if word[i] == '\\' && i+1 < len(word) {
			i++
			if value, err := strconv.ParseUint(word[i:min(i+3, len(word))], 10, 8); err == nil && i+3 <= len(word) {
				b.WriteByte(byte(value))
				i += 2
				continue
			}
		}
		b.WriteByte(word[i])
	}
	return b.String()
}

// substitutes reports whether BIND takes a text for a substitution of a NAPTR: an expression, what
// is put in its place and flags, each behind the letter with which the text begins (RFC 3402,
// section 3.2).
func substitutes(text string) bool {
	if text == "" {
		return true
	}
	if strings.ContainsAny(text[:1], "0123456789\\i\x00") || strings.Contains(text, "\x00") {
		return false
	}
	parts := splitUnescaped(text[1:], text[0])
	if len(parts) > 3 || len(parts) == 3 && strings.Trim(parts[2], "i") != "" {
		return false
	}
	if len(parts) < 3 {
		return false
	}
	groups := strings.Count(strings.NewReplacer(`\\`, "", `\(`, "").Replace(parts[0]), "(")
	for i := 0; i+1 < len(parts[1]); i++ {
		if parts[1][i] != '\\' {
			continue
		}
		if i++; parts[1][i] == '0' || '1' <= parts[1][i] && parts[1][i] <= '9' && int(parts[1][i]-'0') > groups {
			return false
		}
	}
	_, err := regexp.CompilePOSIX(parts[0])
	return err == nil || !strings.ContainsAny(parts[0], "()")
}

// splitUnescaped splits a text at a letter that no backslash stands before.
func splitUnescaped(text string, at byte) []string {
	var parts []string
	from := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case at:
			parts, from = append(parts, text[from:i]), i+1
		}
	}
	return append(parts, text[from:])
}
