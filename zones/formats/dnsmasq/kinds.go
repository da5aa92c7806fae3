package dnsmasq

import (
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/pattern"
)

// kinds are the kinds of fields that the table of options names. A number may be missing, as
// dnsmasq has it.
var kinds = map[string]func(string) bool{
	"any":    func(string) bool { return true },
	"number": isNumber,
	"positive": func(field string) bool {
		n, err := strconv.Atoi(field)
		return isNumber(field) && err == nil && n > 0 && n <= math.MaxInt32
	},
	"retry": func(field string) bool {
		n, err := strconv.Atoi(field)
		return isNumber(field) && err == nil && n >= 50 && n <= math.MaxInt32
	},
	"port":     func(field string) bool { return atMost(field, 65535) },
	"byte":     func(field string) bool { return atMost(field, 255) },
	"hex":      matching(`([0-9a-fA-F*]{1,2}[:-]?)*`),
	"some":     func(field string) bool { return field != "" },
	"hexid":    matching(`([0-9a-fA-F*]*)([:-][0-9a-fA-F*]*)*`),
	"hardware": isHardware,
	"ip":       address.Is,
	"ipv4":     isIPv4,
	"range4":   func(field string) bool { return !slices.ContainsFunc(strings.Split(field, "-"), not(isIPv4)) },
	"network":  func(field string) bool { return isNetwork(field, true) },
	"subnet": func(field string) bool {
		return isNumber(field) || strings.Contains(field, "/") && isNetwork(field, false)
	},
	"authnet":   matching(`[^/]*(/[0-9]*)?`),
	"name":      isName,
	"device":    matching(`[^/]*(/[46])?`),
	"interface": matching(`[^/]+(/[46])?`),
	"rrtype":    func(field string) bool { return isNumber(field) || dns.StringToType[strings.ToUpper(field)] != 0 },
	"umbrella":  matching(`deviceid:[0-9a-fA-F]{16}|(orgid|assetid):[0-9]*`),
	"upstream":  func(field string) bool { return serverFault(field) == "" },
	"dhcphost":  isDHCPHost,
}

// wholes are kinds that a value is as a whole.
var wholes = map[string]func(setting, []string) bool{
	"present": func(s setting, _ []string) bool { return !s.bare && isNumber(s.value) },
	"address": func(s setting, _ []string) bool {
		last, right := domains(s.value)
		return right && (last == "" || last == "#" || address.Is(last))
	},
	"server": func(s setting, _ []string) bool {
		last, right := domains(s.value)
		return right && serverFault(last) == ""
	},
	"sets": func(s setting, _ []string) bool { last, right := domains(s.value); return right && last != "" },
	"cname": func(_ setting, fields []string) bool {
		return len(fields) > 1 && !slices.ContainsFunc(fields, not(isName))
	},
	"delay": func(_ setting, fields []string) bool {
		last := len(fields) - 1
		return isNumber(fields[last]) && !slices.ContainsFunc(fields[:last], not(matching(`(tag|net):.*`)))
	},
	"facility": func(s setting, _ []string) bool { return isFacility(s.value) },
	"tagif": func(_ setting, fields []string) bool {
		return !slices.ContainsFunc(fields, not(matching(`(set|tag):.+`))) && slices.ContainsFunc(fields, matching(`set:.+`))
	},
	"hostrecord": func(_ setting, fields []string) bool {
		return len(fields) > 1 && !slices.ContainsFunc(fields, not(isName))
	},
	"suffix":     func(_ setting, fields []string) bool { return isSuffix(fields, "local") },
	"synth":      func(_ setting, fields []string) bool { return len(fields) > 1 && isSuffix(fields, "") },
	"anchor":     isAnchor,
	"dhcpoption": isDHCPOption,
	"dhcpmatch":  isDHCPMatch,
	"vendorclass": func(_ setting, fields []string) bool {
		return len(fields) == 2 || len(fields) > 2 && strings.HasPrefix(fields[1], "enterprise:")
	},
	"relay": isRelay,
	"ra":    isRA,
	"boot": func(_ setting, fields []string) bool {
		return slices.ContainsFunc(fields, not(matching(`(tag|net):.*`)))
	},
	"dhcprange": isDHCPRange,
	"pxe":       isPXE,
}

// matching returns what says whether an expression matches a whole field.
func matching(expression string) func(string) bool {
	return pattern.Matching(`^(?:` + expression + `)$`)
}

func not(is func(string) bool) func(string) bool {
	return func(field string) bool { return !is(field) }
}

// isFacility matches to what the log is written: a file has a slash in its name.
var isFacility = matching(`-|.*/.*|(?i:auth|authpriv|cron|daemon|ftp|kern|lpr|mail|news|security|syslog|user|uucp|local[0-7])`)

var isNumber = matching(`[0-9]*`)

// atMost reports whether a field is a number up to another one. As dnsmasq reads it, nothing counts
// beyond 32 bits.
func atMost(field string, most int) bool {
	n, _ := strconv.ParseInt(field, 10, 64) // the largest one where there are more digits
	low := uint32(n & math.MaxUint32)
	return field == "" || isNumber(field) && uint64(low) <= uint64(most)
}

func isIPv4(field string) bool { addr, err := netip.ParseAddr(field); return err == nil && addr.Is4() }

// isNetwork reports whether a field is an address, and maybe a length behind a slash that fits
// it if need be.
func isNetwork(field string, fits bool) bool {
	text, bits, _ := strings.Cut(field, "/")
	addr, err := netip.ParseAddr(text)
	return err == nil && isNumber(bits) && (!fits || atMost(bits, addr.BitLen()))
}

// isName reports whether dnsmasq takes a field for a name: only its labels' length counts.
func isName(field string) bool {
	return len(field) <= 1024 && !slices.ContainsFunc(strings.Split(field, "."), func(label string) bool { return len(label) > 63 })
}

// domains returns what stands behind the domains of a value, and whether these are right.
func domains(value string) (last string, right bool) {
	if !strings.HasPrefix(value, "/") {
		return value, true
	}
	parts := strings.Split(value[1:], "/")
	last = parts[len(parts)-1]
	return last, !slices.ContainsFunc(parts[:len(parts)-1], not(isName))
}

// serverOf matches a server: its address, interface and port, and from where it is asked.
var serverOf = regexp.MustCompile(`^([^@#%]*)(?:%([^@#]*))?(?:#([0-9]*))?(?:@([^#]*)(?:#([0-9]*))?)?$`)

// isHost matches what the machine may find an address of: the name of a host, or an address
// as it was written once.
var isHost = matching(`[A-Za-z0-9._-]+`)

// serverFault returns why a text is no server; "" if it is one, or may be a host's name.
func serverFault(text string) string {
	if text == "" || text == "#" {
		return ""
	}
	m := serverOf.FindStringSubmatch(text)
	switch {
	case m == nil || !atMost(m[3], 65535) || !atMost(m[5], 65535):
		return "bad port"
	case address.Is(m[1]) && address.Is(m[4]) && isIPv4(m[1]) != isIPv4(m[4]):
		return "the families of both addresses differ"
	case !address.Is(m[1]) && !isHost(m[1]):
		return "bad address"
	default:
		return ""
	}
}

// addressed reports whether a server, if there is one, is an address.
func addressed(text string) bool {
	m := serverOf.FindStringSubmatch(text)
	return text == "" || text == "#" || m != nil && address.Is(m[1])
}

// isSuffix reports whether fields are a domain, and maybe a network or a range of addresses.
// Behind a network there may be a further word: that one, or any if it is "".
func isSuffix(fields []string, word string) bool {
	if !isName(fields[0]) || len(fields) == 1 {
		return isName(fields[0])
	}
	if strings.Contains(fields[1], "/") {
		return isNetwork(fields[1], true) && (len(fields) == 2 || word == "" || fields[2] == word)
	}
	if !address.Is(fields[1]) {
		return word != "" // the name of an interface
	}
	return len(fields) == 2 || address.Is(fields[2]) && isIPv4(fields[1]) == isIPv4(fields[2])
}

// isAnchor reports whether fields are a trust anchor: a name, maybe a class, and the fields
// of a DS record.
func isAnchor(_ setting, fields []string) bool {
	if len(fields) > 3 && slices.Contains([]string{"IN", "CH", "HS"}, fields[1]) {
		fields = slices.Delete(slices.Clone(fields), 1, 2)
	}
	if len(fields) == 1 {
		return isName(fields[0])
	}
	return len(fields) == 5 && atMost(fields[1], 65535) && atMost(fields[2], 255) && atMost(fields[3], 255) &&
		kinds["hex"](strings.ReplaceAll(fields[4], " ", ""))
}
