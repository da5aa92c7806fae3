package knot

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
)

// kinds say why a value is none of a kind, or "", by what Knot says of it. A kind may have
// words in brackets behind it.
var kinds = map[string]func(value string, words []string) string{
	"text": func(string, []string) string { return "" },
	"id": func(value string, _ []string) string {
		if value == "" {
			return "missing value"
		}
		return ""
	},
	"rrtype": func(value string, _ []string) string {
		return invalidIf(dns.StringToType[strings.ToUpper(value)] == 0 && !isGenericType(value))
	},
	"ref": func(string, []string) string { return "" }, // looked for in the blocks
	"bool": func(value string, _ []string) string {
		// The beginning of a word is enough for Knot.
		return invalidIf(!slices.ContainsFunc([]string{"on", "off", "true", "false"}, func(word string) bool {
			return strings.HasPrefix(word, strings.ToLower(value))
		}))
	},
	"name": func(value string, _ []string) string {
		_, err := holdings.CanonicalName(value)
		return invalidIf(err != nil)
	},
	"hex": func(value string, _ []string) string {
		digits, is := strings.CutPrefix(value, "0x")
		_, err := hex.DecodeString(digits)
		return invalidIf(is && err != nil)
	},
	"base64": func(value string, _ []string) string {
		_, err := base64.StdEncoding.DecodeString(value)
		return invalidIf(err != nil)
	},
	"one-of": oneOf,
	"module": func(value string, _ []string) string {
		return invalidIf(!strings.HasPrefix(value, "mod-") && !strings.HasPrefix("mod-", value))
	},
	"address": func(value string, _ []string) string { return socket(value) },
	"network": func(value string, _ []string) string { return network(value) },
	"int":     func(value string, words []string) string { return number(value, words, "") },
	"time":    func(value string, words []string) string { return number(value, words, "smhdwMy") },
	"size":    func(value string, words []string) string { return number(value, words, "BKMG") },
	"percent": func(value string, words []string) string { return number(value, words, "%smhdwMy") },
}

// What Knot says of a value.
const (
	invalid    = "invalid parameter"
	outOfRange = "value is out of range"
)

func invalidIf(is bool) string {
	if is {
		return invalid
	}
	return ""
}

func oneOf(value string, words []string) string {
	return invalidIf(!slices.Contains(words, strings.ToLower(value)))
}

// factors are what units stand for.
var factors = map[string]int{
	"": 1, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "%": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365 * 86400,
}

// numeral is a number with a unit.
var numeral = regexp.MustCompile(`^\s*([+-]?\d+)(.?)$`)

// number judges a number with one of some units, which is not too small and not too large.
func number(value string, bounds []string, units string) string {
	match := numeral.FindStringSubmatch(value)
	if match == nil || !strings.Contains(units, match[2]) {
		return invalid
	}
	n, err := strconv.Atoi(match[1])
	if err != nil {
		return outOfRange
	}
	factor := factors[match[2]]
	if match[2] == "M" && strings.Contains(units, "y") {
		factor = 30 * 86400 // months
	}
	low, _ := strconv.Atoi(bounds[0]) // the schema has numbers
	high, err := strconv.Atoi(bounds[1])
	if err != nil {
		high = math.MaxInt
	}
	if n > high/factor || n*factor < low || n*factor > high {
		return outOfRange
	}
	return ""
}

var isGenericType = pattern.Matching(`^(?i)type[0-9]{1,5}$`)

var notDigits = regexp.MustCompile(`[^0-9]`)

// socket judges an address with a port behind @. What looks like no address is the path of a
// socket.
func socket(value string) string {
	addr, port, some := strings.Cut(value, "@")
	colons, dots := strings.Count(addr, ":"), strings.Count(addr, ".")
	digits := len(notDigits.ReplaceAllString(addr, ""))
	if colons == 0 && (strings.Contains(addr, "/") || dots != 3 || digits < 3) {
		return "" // a path
	}
	if _, err := netip.ParseAddr(addr); err != nil {
		return invalid
	}
	if n, err := strconv.Atoi(port); some && (err != nil || n < 0 || n > 65535) {
		return invalid
	}
	return ""
}

// network judges an address or a range of addresses.
func network(value string) string {
	if low, high, both := strings.Cut(value, "-"); both {
		_, err := netip.ParseAddr(low)
		_, other := netip.ParseAddr(high)
		return invalidIf(err != nil || other != nil)
	}
	_, err := address.ParseRanges(value)
	return invalidIf(err != nil)
}
