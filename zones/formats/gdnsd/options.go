package gdnsd

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// options are those of gdnsd.config(5) for all versions 3, by what they stand in: each line has the
// kind of the values, the least and the greatest of a number, a colon, and the options.
const options = `
options old: username weaker_security include_optional_ns realtime_stats zones_strict_startup zones_rfc1035_auto any_mitigation priority
options old: log_stats max_response max_cname_depth max_addtl_rrsets zones_rfc1035_auto_interval zones_rfc1035_quiesce http_listen
options old: max_http_clients http_timeout http_port plugin_search_path
options true-false: lock_mem disable_text_autosplit edns_client_subnet zones_strict_data disable_cookies experimental_no_chain disable_tcp_dso
options number 1 2147483647: zones_default_ttl
options number 0 86400: min_ttl
options number 3600 268435455: max_ttl
options number 10 86400: max_ncache_ttl
options number 512 16384: max_edns_response max_edns_response_v6
options number 60 3600: acme_challenge_ttl
options number 0 3600: acme_challenge_dns_ttl
options number 1 1024: zones_rfc1035_threads
options number 0 1024: max_nocookie_response
options number 1 65535: dns_port
options text: cookie_key_file chaos_response nsid nsid_ascii run_dir state_dir
options listen: listen
options control: tcp_control
options,listen old: udp_recv_width
options,listen number 4096 1048576: udp_rcvbuf udp_sndbuf
options,listen number 1 1024: udp_threads tcp_threads
options,listen number 5 1800: tcp_timeout
options,listen number 0 1048576: tcp_fastopen
options,listen number 16 65535: tcp_clients_per_thread
options,listen number 0 65535: tcp_backlog
listen true-false: tcp_proxy tcp_pad
tcp_control true-false: chal_ok ctl_ok
`

// option is the kind of values that one has.
type option struct {
	kind        string
	least, most uint64
}

// known are the options by what they stand in.
var known = sync.OnceValue(func() map[string]map[string]option {
	all := make(map[string]map[string]option)
	for line := range strings.Lines(options) {
		head, names, _ := strings.Cut(line, ":")
		fields := strings.Fields(head)
		if len(fields) == 0 {
			continue
		}
		its := option{kind: fields[1]}
		if len(fields) == 4 {
			its.least, _ = strconv.ParseUint(fields[2], 10, 64)
			its.most, _ = strconv.ParseUint(fields[3], 10, 64)
		}
		for where := range strings.SplitSeq(fields[0], ",") {
			if all[where] == nil {
				all[where] = make(map[string]option)
			}
			for _, name := range strings.Fields(names) {
				all[where][name] = its
			}
		}
	}
	return all
})

// checker says with what of a configuration gdnsd does not start.
type checker struct {
	b *holdings.Builder
}

func (c checker) stop(at holdings.Place, format string, args ...any) {
	c.b.NotStarted("gdnsd", at, format, args...)
}

// stranger notes what is not known here, and may be a newer version's.
func (c checker) stranger(at holdings.Place, what, name string) {
	c.b.Unread(at, "%s %s is not read: gdnsd has no such one as far as is known here, and does not start with one that it does not have", what, lines.Shown(name))
}

// isHash says that a value is to be a hash, and reports whether it is one.
func (c checker) isHash(e entry, what string) bool {
	if e.value.kind != hash && e.value.kind != unknown {
		c.stop(e.place, "%s: expected { and options", what)
	}
	return e.value.kind == hash
}

// options looks at those of a hash.
func (c checker) options(where string, of *value) {
	for _, e := range of.items {
		its, is := known()[where][e.key]
		if !is {
			c.stranger(e.place, "option", e.key)
			continue
		}
		switch its.kind {
		case "old":
		case "listen":
			c.addresses(e, "listen")
		case "control":
			c.addresses(e, "tcp_control")
		default:
			if why := its.wrong(e.value); why != "" {
				c.stop(e.place, "%s: %s", e.key, why)
			}
		}
	}
}

// wrong says why a value is none of its kind, or "".
func (o option) wrong(v *value) string {
	switch {
	case v.kind == unknown:
	case v.kind != simple:
		return "expected one value"
	case o.kind == "true-false":
		if !strings.EqualFold(v.text, "true") && !strings.EqualFold(v.text, "false") {
			return lines.Shown(v.text) + ": expected true or false"
		}
	case o.kind == "number":
		n, is := number(v.text)
		if !is {
			return lines.Shown(v.text) + ": expected a number"
		}
		if n < o.least || n > o.most {
			return fmt.Sprintf("%s: expected a number from %d to %d", lines.Shown(v.text), o.least, o.most)
		}
	}
	return ""
}

// number reads one as strtoul(3) does.
func number(text string) (n uint64, is bool) {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	minus := strings.HasPrefix(text, "-")
	if minus || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	base := 10
	if digits, is := strings.CutPrefix(strings.ToLower(text), "0x"); is && digits != "" {
		text, base = digits, 16
	} else if strings.HasPrefix(text, "0") {
		base = 8
	}
	n, err := strconv.ParseUint(text, base, 64)
	if minus {
		n = -n
	}
	return n, err == nil
}

// together looks at options that say something of each other.
func (c checker) together(of *value) {
	least := numberOf(of, "min_ttl", 5)
	if !of.partial && min(numberOf(of, "max_ttl", 3600000), numberOf(of, "max_ncache_ttl", 10800)) < least {
		c.stop(of.place, "max_ttl or max_ncache_ttl is smaller than min_ttl, %d", least)
	}
	if n := numberOf(of, "max_nocookie_response", 0); n > 0 && n < 128 {
		c.stop(of.get("max_nocookie_response").place, "max_nocookie_response: expected 0, or a number from 128")
	}
	if v := of.get("chaos_response"); v != nil && len(v.text) > 254 {
		c.stop(v.place, "chaos_response is longer than 254 characters")
	}
	c.identity(of.get("nsid"), of.get("nsid_ascii"))
}

// identity looks at what the server calls itself, in hex or as a text.
func (c checker) identity(id, text *value) {
	if id != nil && text != nil {
		c.stop(text.place, "nsid and nsid_ascii stand both")
	}
	if id != nil && id.kind == simple && (id.text == "" || len(id.text) > 256 || len(id.text)%2 > 0 || strings.Trim(id.text, "0123456789abcdefABCDEF") != "") {
		c.stop(id.place, "nsid: expected hex digits, of up to 128 octets")
	}
	if text != nil && text.kind == simple && (text.text == "" || len(text.text) > 128 || strings.ContainsFunc(text.text, func(r rune) bool { return r < ' ' || r > '~' })) {
		c.stop(text.place, "nsid_ascii: expected up to 128 printable characters")
	}
}

// numberOf is what an option has, or otherwise.
func numberOf(of *value, key string, otherwise uint64) uint64 {
	v := of.get(key)
	if v == nil || v.kind != simple {
		return otherwise
	}
	if n, is := number(v.text); is && n <= math.MaxUint32 {
		return n
	}
	return otherwise
}

// addresses looks at where the server listens, for questions or for its control.
func (c checker) addresses(e entry, where string) {
	v, control := e.value, where == "tcp_control"
	var all []string
	switch {
	case v.kind == unknown || !control && v.kind == simple && v.text == "any":
		return
	case v.kind == simple:
		all = []string{v.text}
		c.address(e.place, where, v.text)
	}
	for _, item := range v.items {
		text := item.key
		if v.kind == array {
			text = item.value.text
		}
		if c.listens(item, v.kind, where) {
			all = append(all, text)
			c.address(item.place, where, text)
		}
	}
	switch {
	case len(v.items) == 0 && v.kind != simple && !v.partial && !control:
		c.stop(e.place, "listen: there is no address")
	case !control && !v.partial:
		c.b.Listens(e.place, "gdnsd", all...)
	}
}

// listens looks at an address in an array, or at the options of one in a hash, and reports whether
// the address is known.
func (c checker) listens(e entry, in kind, where string) bool {
	switch {
	case in == hash:
		if c.isHash(e, where+": "+e.key) {
			c.options(where, e.value)
			c.proxy(e.value)
		}
		return true
	case e.value.kind != simple && e.value.kind != unknown:
		c.stop(e.place, "%s: expected addresses", where)
	}
	return e.value.kind == simple
}

// proxy looks at the options of an address behind a proxy, which has no UDP.
func (c checker) proxy(of *value) {
	if v := of.get("tcp_proxy"); v == nil || !strings.EqualFold(v.text, "true") {
		return
	}
	for _, key := range []string{"udp_threads", "udp_rcvbuf", "udp_sndbuf"} {
		if v := of.get(key); v != nil {
			c.stop(v.place, "listen: %s beside tcp_proxy", key)
		}
	}
}

// address looks at an address, and perhaps its port.
func (c checker) address(at holdings.Place, where, text string) {
	addr, port := split(text)
	if !isAddress(addr) || port != "" && strings.Trim(port, "0123456789") != "" {
		c.stop(at, "%s: %s: expected an address", where, lines.Shown(text))
	} else if where == "tcp_control" && strings.Trim(port, "0") == "" {
		c.stop(at, "%s: %s: expected a port behind the address", where, lines.Shown(text))
	}
}

// split returns an address and the port behind it, if there is one.
func split(text string) (addr, port string) {
	if rest, is := strings.CutPrefix(text, "["); is {
		if addr, port, is = strings.Cut(rest, "]"); !is {
			return text, ""
		}
		if port, is = strings.CutPrefix(port, ":"); !is {
			port = ""
		}
		return addr, port
	}
	if strings.Count(text, ":") != 1 {
		return text, ""
	}
	addr, port, _ = strings.Cut(text, ":")
	return addr, port
}

// isAddress reports whether getaddrinfo(3) takes a text for an address, or may do so: an IPv4
// address may have fewer parts than four, and in other bases.
func isAddress(text string) bool {
	if bare, zone, zoned := strings.Cut(text, "%"); zoned && zone != "" {
		text = bare
	}
	if address.Is(text) {
		return true
	}
	parts := strings.Split(text, ".")
	for i, part := range parts {
		most := uint64(math.MaxUint8)
		if i == len(parts)-1 {
			most = math.MaxUint32 >> (8 * i)
		}
		if n, is := number(part); !is || part[0] < '0' || part[0] > '9' || n > most {
			return false
		}
	}
	return len(parts) <= 4
}
