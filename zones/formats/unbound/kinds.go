package unbound

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
)

// kinds are the kinds of values that options have.
var kinds = map[string]clauses.Kind{
	"text":            func(string) string { return "" },
	"yes-no":          oneOf("yes", "no"),
	"number":          number,
	"positive":        positive,
	"seconds":         clauses.Matching(`^([+-]?\d+)?$`, "number expected"),
	"memory":          clauses.Matching(`^(\d+ *|\d+ *[kmgKMG]?[bB]? *)$`, "memory size expected"),
	"power-of-2":      powerOf2,
	"dscp":            between(0, 63),
	"ports":           ports,
	"count":           between(1, math.MaxInt32),
	"threads":         between(1, 10000),
	"opcode":          between(0, math.MaxUint16),
	"outgoing":        network,
	"anchor":          anchor,
	"numbers":         clauses.Matching(`^[\d ]*$`, "port numbers expected"),
	"range":           network,
	"name":            domain,
	"host":            host,
	"natural":         between(0, math.MaxInt32),
	"rdata":           rdata,
	"iterations":      clauses.Matching(`^\s*\d+\s+\d+(\s+\d+\s+\d+)*\s*$`, "expected pairs of numbers"),
	"server":          server,
	"interface":       listening,
	"source":          source,
	"prefix6":         network,
	"pointer":         pointer,
	"secret":          clauses.Matching(`^[0-9a-fA-F]{32}$`, "expected 128 bit hex string"),
	"nsid":            clauses.Matching(`^([aA][sS][cC][iI][iI]_.*|([0-9a-fA-F]{2})*)$`, "the NSID must be hex, or text behind ascii_"),
	"modules":         moduleNames,
	"policy":          clauses.Matching(`^\s*-?\d+(\s+-?\d+)*\s*$`, "cannot parse target fetch policy"),
	"edns-size":       atLeast(12),
	"message-size":    atLeast(4096),
	"action":          oneOf("deny", "refuse", "deny_non_local", "refuse_non_local", "allow", "allow_setrd", "allow_snoop", "allow_cookie"),
	"zone-type":       zoneType,
	"rpz-action":      oneOf("nxdomain", "nodata", "passthru", "drop", "cname", "disabled"),
	"response-action": oneOf("deny", "redirect", "inform", "inform_deny", "always_transparent", "always_refuse", "always_nxdomain"),
}

// oneOf is a kind of which all values are known.
func oneOf(values ...string) clauses.Kind {
	return func(value string) string {
		if slices.Contains(values, value) {
			return ""
		}
		return "expected " + strings.Join(values[:len(values)-1], ", ") + " or " + values[len(values)-1]
	}
}

// between is a number that is not too small and not too large.
func between(low, high int) clauses.Kind {
	return func(value string) string {
		if why := number(value); why != "" {
			return why
		}
		if n := leading(value); n < low || n > high {
			return "expected " + strconv.Itoa(low) + " to " + strconv.Itoa(high)
		}
		return ""
	}
}

// ports is a port, or a range of some.
func ports(value string) string {
	first, last, some := strings.Cut(value, "-")
	low, err := strconv.ParseUint(first, 10, 16)
	high, errLast := low, error(nil)
	if some {
		high, errLast = strconv.ParseUint(last, 10, 16)
	}
	if err != nil || errLast != nil || high < low {
		return "port number or range expected"
	}
	return ""
}

// anchor is a record of the key of a zone, or of its digest.
func anchor(value string) string {
	rr, err := dns.NewRR(value)
	if err != nil || rr == nil {
		return "expected a record of type DS or DNSKEY"
	}
	if t := rr.Header().Rrtype; t != dns.TypeDS && t != dns.TypeDNSKEY {
		return "expected a record of type DS or DNSKEY"
	}
	return ""
}

// digits are what Unbound takes for a number: what stands behind it does not count.
var digits = regexp.MustCompile(`^\s*[+-]?\d+`)

// leading returns the number that a value begins with, or 0.
func leading(value string) int {
	n, _ := strconv.ParseInt(strings.TrimSpace(digits.FindString(value)), 10, 64) // 0 where there is none
	return int(int32(n))
}

func number(value string) string {
	if leading(value) == 0 && value != "0" {
		return "number expected"
	}
	return ""
}

// positive is a number other than zero.
func positive(value string) string {
	if leading(value) == 0 {
		return "number expected"
	}
	return ""
}

// atLeast is a number that is not too small.
func atLeast(low int) clauses.Kind { return between(low, math.MaxInt) }

// device matches the names of network interfaces.
var device = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)

// listening is an address to listen at, and perhaps a port behind @. What does not look like one
// is the name of an interface.
func listening(value string) string {
	addr, port, some := strings.Cut(value, "@")
	if _, err := netip.ParseAddr(addr); err != nil && !device.MatchString(addr) {
		return "cannot parse interface"
	}
	if n := leading(port); some && (n <= 0 || n > 65535) {
		return "cannot parse interface: a port behind @"
	}
	return ""
}

func powerOf2(value string) string {
	switch n := leading(value); {
	case n == 0:
		return "number expected"
	case n&(n-1) != 0:
		return "must be a power of 2"
	default:
		return ""
	}
}

// network is an address, or one with the length of a prefix, which may be negative; a prefix may
// have bits behind it.
func network(value string) string {
	addr, bits, some := strings.Cut(value, "/")
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return "expected an address or a range of addresses"
	}
	if n := leading(bits); some && (number(bits) != "" || n > a.BitLen()) {
		return "bad length of a prefix"
	}
	return ""
}

func domain(value string) string {
	if _, valid := dns.IsDomainName(value); !valid {
		return "expected a domain name"
	}
	return ""
}

// server is a server that is asked: an address, and perhaps a port behind @, and a name behind #.
func server(value string) string {
	value, _, _ = strings.Cut(value, "#") // behind it is any name for TLS
	addr, port, some := strings.Cut(value, "@")
	if _, err := netip.ParseAddr(addr); err != nil {
		return "expected an address"
	}
	if some && number(port) != "" {
		return "expected a port behind @"
	}
	return ""
}

// host is a server by its name, and perhaps a port behind @, and a name behind #.
func host(value string) string {
	value, _, _ = strings.Cut(value, "#")
	value, port, some := strings.Cut(value, "@")
	if some && number(port) != "" {
		return "expected a port behind @"
	}
	return domain(value)
}

// rdata is the type of a record, and its data.
func rdata(value string) string {
	if rr, err := dns.NewRR(". 60 IN " + strings.Trim(value, `"'`)); err != nil || rr == nil {
		return "expected a type and data"
	}
	return ""
}

func source(value string) string {
	if strings.Contains(value, "/") {
		return network(value)
	}
	return server(value)
}

// beforePointer matches what may stand between an address and its name: a TTL, of which
// Unbound reads the digits, and a class.
var beforePointer = pattern.Matching(`^([0-9]{1,9}([^0-9].*)?|(?i:IN|CH|HS))$`)

// pointer is an address and a name.
func pointer(value string) string {
	fields := strings.Fields(value)
	if len(fields) < 2 {
		return "expected an address and a name"
	}
	if _, err := netip.ParseAddr(fields[0]); err != nil {
		return "local-data-ptr could not be reversed"
	}
	last := len(fields) - 1
	if i := slices.IndexFunc(fields[1:last], func(word string) bool { return !beforePointer(word) }); i >= 0 {
		return fmt.Sprintf("%q is neither a TTL nor a class", fields[1+i])
	}
	return domain(fields[last])
}

func zoneType(value string) string {
	if !localZoneTypes[value] {
		return "expected static, deny, refuse, redirect, transparent and the like"
	}
	return ""
}
