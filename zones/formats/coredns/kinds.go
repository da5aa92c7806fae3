package coredns

import (
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	gotemplate "text/template"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// kinds are the kinds of words that the table of plugins names.
var kinds = map[string]func(word string) bool{
	"any":     func(string) bool { return true },
	"name":    func(string) bool { return true }, // others are no zones, and are left out
	"number":  func(word string) bool { return between(word, 0, math.MaxInt) },
	"integer": func(word string) bool { _, err := strconv.Atoi(word); return err == nil },
	"percent": func(word string) bool {
		rest, is := strings.CutSuffix(word, "%")
		return is && between(rest, 10, 90)
	},
	"anyduration": func(word string) bool { _, is := seconds(word); return is },
	"duration":    func(word string) bool { d, is := seconds(word); return is && d >= 0 },
	"interval":    func(word string) bool { d, is := seconds(word); return is && d >= 2 },
	"jitter":      func(word string) bool { d, is := seconds(word); return is && (d == 0 || d >= 1) },
	"ip":          func(word string) bool { _, err := netip.ParseAddr(word); return err == nil },
	"cidr":        func(word string) bool { _, err := netip.ParsePrefix(word); return err == nil },
	"hostport":    func(word string) bool { _, _, is := splitHost(word); return is },
	"class":       func(word string) bool { _, is := dns.StringToClass[word]; return is },
	"type":        func(word string) bool { _, is := dns.StringToType[word]; return is },
	"rcode":       func(word string) bool { _, is := dns.StringToRcode[word]; return is },
	"anyrcode":    func(word string) bool { _, is := dns.StringToRcode[strings.ToUpper(word)]; return is },
	"regexp":      func(word string) bool { _, err := regexp.Compile(word); return err == nil },
	"template":    isTemplate,
	"word":        func(word string) bool { _, err := strconv.Atoi(word); return err != nil },
	"positive":    func(word string) bool { n, err := strconv.Atoi(word); return err == nil && n > 0 },
	"servfail":    func(word string) bool { d, is := seconds(word); return is && d >= 0 && d <= 300 },
	"bound":       func(word string) bool { return !likeAddress(word) || address.Is(word) },
	"anyclass":    func(word string) bool { _, is := dns.StringToClass[strings.ToUpper(word)]; return is },
	"anytype":     func(word string) bool { _, is := dns.StringToType[strings.ToUpper(word)]; return is },
	"opcode":      func(word string) bool { _, is := dns.StringToOpcode[word]; return is },
	"status": func(word string) bool {
		_, is := dns.StringToRcode[strings.ToUpper(word)]
		return is || between(word, 0, 23)
	},
	"lasting":    func(word string) bool { d, is := seconds(word); return is && d > 0 },
	"refresh":    func(word string) bool { d, is := secondsOr(word); return is && d > 0 },
	"lease":      func(word string) bool { d, is := secondsOr(word); return is && d >= 0 && d <= math.MaxUint32 },
	"wait":       func(word string) bool { d, is := secondsOr(word); return is && d >= 1 && d <= 24*60*60 },
	"ttls":       isTTLs,
	"bool":       func(word string) bool { _, err := strconv.ParseBool(word); return err == nil },
	"rate":       func(word string) bool { f, err := strconv.ParseFloat(word, 64); return err == nil && f >= 0 && f <= 1 },
	"ip4":        func(word string) bool { addr, err := netip.ParseAddr(word); return err == nil && addr.Unmap().Is4() },
	"ip6":        func(word string) bool { addr, err := netip.ParseAddr(word); return err == nil && !addr.Unmap().Is4() },
	"prefix64":   func(word string) bool { _, is := prefix64(word); return is },
	"prefixsiit": func(word string) bool { prefix, is := prefix64(word); return is && prefix.Addr().As16()[8] == 0 },
	"groups":     func(word string) bool { re, err := regexp.Compile(word); return err == nil && re.NumSubexp() > 0 },
	"pair":       func(word string) bool { return parted(word, 2) },
	"triple":     func(word string) bool { return parted(word, 3) },
	"azurecloud": func(word string) bool { return azureClouds[strings.ToUpper(word)] },
	"option":     func(word string) bool { _, err := strconv.ParseUint(word, 0, 16); return err == nil },
	"local":      isLocalOption,
	"tap":        isTap,
	"updated":    isUpdated,
	"upstream":   isUpstream,
	"origin":     func(word string) bool { _, is := dns.IsDomainName(word); return is && word != "" },
}

// between reports whether a word is a number, and neither too small nor too large.
func between(word string, least, most int) bool {
	n, err := strconv.Atoi(word)
	return err == nil && least <= n && n <= most
}

var (
	isDuration = pattern.Matching(`^[-+]?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`)
	durations  = pattern.Lazily(`([0-9.]+)(ns|us|µs|μs|ms|s|m|h)`)
	units      = map[string]float64{"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
)

// seconds returns how long a time is that has units, as Go has them.
func seconds(word string) (total float64, is bool) {
	for _, part := range durations().FindAllStringSubmatch(word, -1) {
		n, _ := strconv.ParseFloat(part[1], 64) // which matches
		total += n * units[part[2]]
	}
	if strings.HasPrefix(word, "-") {
		total = -total
	}
	const longest = math.MaxInt64 / 1e9 // a time is counted in nanoseconds
	return total, isDuration(word) && math.Abs(total) < longest
}

// secondsOr is seconds for a time whose number may be one of seconds by itself.
func secondsOr(word string) (float64, bool) {
	if _, err := strconv.Atoi(word); err == nil {
		word += "s"
	}
	return seconds(word)
}

// splitHost returns a host and a port that have a colon between them.
func splitHost(word string) (host, port string, is bool) {
	at := strings.LastIndexByte(word, ':')
	if at < 0 {
		return "", "", false
	}
	host, port = word[:at], word[at+1:]
	bare, closed := strings.CutSuffix(host, "]")
	inside, opened := strings.CutPrefix(bare, "[")
	return inside, port, opened == closed && (opened || !strings.Contains(host, ":"))
}

// isTemplate reports whether a word is a template.
func isTemplate(word string) bool {
	_, err := gotemplate.New("").Funcs(gotemplate.FuncMap{"parseInt": strconv.ParseUint}).Parse(word)
	return err == nil
}

// likeAddress matches what can be nothing but an IPv4 address.
var likeAddress = pattern.Matching(`^[0-9.]*[0-9][0-9.]*$`)

// hostOf returns the host of a server, which may have a transport and a port.
func hostOf(word string) string {
	if transport, rest, is := strings.Cut(word, "://"); is {
		if ports[transport] == "" {
			return transport
		}
		word = rest
	}
	if host, _, is := splitHost(word); is {
		word = host
	}
	word, _, _ = strings.Cut(strings.Trim(word, "[]"), "%")
	return word
}

// isHost reports whether a server is named by a host, and neither by an address nor by a file.
func isHost(word string) bool {
	host := hostOf(word)
	if strings.Contains(word, "{$") {
		return false
	}
	file := strings.HasPrefix(host, "/") && !address.Is(host[1:]) // a slash may be one too many
	return !file && !address.Is(host)
}

// isUpstream reports whether a word may be a server: an address, or a file or a host that has
// one.
func isUpstream(word string) bool {
	host := hostOf(word)
	return !isHost(word) || strings.Contains(host, "/") || hostName(host) && !likeAddress(host)
}

// hostName matches what can be the name of a host.
var hostName = pattern.Matching(`^[A-Za-z0-9._-]+$`)

// aclFault returns why words are not what an action of acl is for, or "": types of questions
// and networks, each behind the word that says so.
func aclFault(words []string) string {
	section, some := "", true
	for _, word := range words {
		switch lower := strings.ToLower(word); {
		case (lower == "type" || lower == "net") && some:
			section, some = lower, false
			continue
		case section == "":
			return lines.Shown(word) + " is neither type nor net"
		case word == "*" || section == "type" && kinds["type"](word):
		case section == "type" || lower == "type" || lower == "net":
			return lines.Shown(word) + " is wrong"
		}
		some = true
	}
	if !some {
		return "nothing stands behind " + section
	}
	return ""
}
