package kresd

import (
	_ "embed" // of the table of calls
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/zones/formats/internal/lua"
)

//go:embed calls.txt
var callsText string

// call is a function that can be called, or a variable that can be set, without any word about names.
type call struct {
	after string // what must be there before, or "-"
	kinds []string
}

// calls are those of the table, by their names; a variable's has an equals sign behind it.
var calls = sync.OnceValue(func() map[string]call {
	all := make(map[string]call)
	for line := range strings.Lines(callsText) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] != "#" {
			all[fields[1]] = call{after: fields[0], kinds: fields[2:]}
		}
	}
	return all
})

// values and functions are those names of Knot Resolver's, and of Lua's, that programs have use for.
var (
	values = map[string]lua.Value{
		"MB": number("1048576"), "GB": number("1073741824"),
		"sec": number("1000"), "second": number("1000"), "minute": number("60000"), "min": number("60000"),
		"hour": number("3600000"), "day": number("86400000"), "inf": number("1e300"),
		"env.HOME": {Kinds: lua.Nil | lua.String},
	}
	functions = map[string]lua.Function{
		"os.getenv": {Takes: []lua.Kinds{lua.String}, Returns: lua.Nil | lua.String},
		"os.time":   {Returns: lua.Number}, "os.clock": {Returns: lua.Number},
		"tostring": {Takes: []lua.Kinds{anything}, Returns: lua.String}, "tonumber": {Takes: []lua.Kinds{anything}, Returns: lua.Nil | lua.Number},
		"type": {Takes: []lua.Kinds{anything}, Returns: lua.String}, "assert": {Takes: []lua.Kinds{lua.Number | lua.String | lua.Table}, Returns: lua.Number | lua.String | lua.Table},
		"math.floor": {Takes: []lua.Kinds{lua.Number}, Returns: lua.Number}, "math.ceil": {Takes: []lua.Kinds{lua.Number}, Returns: lua.Number},
		"hostname": {Returns: lua.String}, "cache.fssize": {Returns: lua.Number},
	}
)

const anything = lua.Nil | lua.Boolean | lua.Number | lua.String | lua.Table | lua.Func

func number(text string) lua.Value { return lua.Value{Kinds: lua.Number, Known: true, Text: text} }

// reserved are the names of Knot Resolver's and of Lua's that configurations use.
var reserved = sync.OnceValue(func() map[string]bool {
	return lua.Reserved(`policy view hints kres modules net cache trust_anchors worker event todname stats http predict
		prefill nsid daf dns64 renumber rebinding watchdog priming option mode user env help resolve map fromjson tojson
		log log_level log_target log_groups log_fmt verbose hostname package_version
		sec second minute min hour day KB MB GB inf`)
})

// harmless reports whether a statement says nothing of names, and Knot Resolver takes it.
func (c *config) harmless(scope *lua.Scope, text string) bool {
	if sandboxed, is := strings.CutPrefix(text, "net.listen("); is { // interfaces stand for their addresses
		text = "net.listen(" + interfaces.ReplaceAllString(sandboxed, `${1}"`+anyAddress+`"`)
	}
	name, args, is := scope.Call(text)
	if !is {
		var v lua.Value
		if name, v, is = scope.Set(text); !is {
			return false
		}
		name, args = name+"=", []lua.Value{v}
	}
	its, known := calls()[name]
	if !known || its.after == "cache" && !c.cached || its.after != "-" && its.after != "cache" && !c.loaded[its.after] {
		return false
	}
	if !lua.Fit(its.kinds, args, fit) {
		return false
	}
	c.cached = c.cached || name == "cache.open" || name == "cache.size=" || name == "cache.storage="
	return true
}

// interfaces finds those of the machine, whose addresses are not known here.
var interfaces = regexp.MustCompile(`(^|[{,])net\.[A-Za-z_]\w*`)

// anyAddress stands for the addresses of an interface.
const anyAddress = "0.0.0.0"

// fit reports whether a value is of a kind, or nil for one that may be left out.
func fit(kind string, optional bool, v lua.Value) bool {
	return isKind[kind](v) || optional && v.Is(lua.Nil)
}

// isKind are the kinds that the table of calls names.
var isKind = map[string]func(v lua.Value) bool{
	"any":     func(lua.Value) bool { return true },
	"text":    func(v lua.Value) bool { return v.Is(lua.String) },
	"printed": func(v lua.Value) bool { return v.Is(lua.String | lua.Number) },
	"number":  func(v lua.Value) bool { return v.Is(lua.Number) },
	"boolean": func(v lua.Value) bool { return v.Is(lua.Boolean) },
	"table":   func(v lua.Value) bool { return v.Is(lua.Table) },
	"texts":   func(v lua.Value) bool { return v.Is(lua.Table) && all(v, lua.String, nil) },
	"listen": func(v lua.Value) bool {
		return isOf(v, isListened) || v.Is(lua.Table) && all(v, lua.String, isListened)
	},
	"port":    between(0, 65535),
	"bufsize": between(512, 65535),
	"padding": func(v lua.Value) bool { return v.Is(lua.Boolean) || between(0, 512)(v) },
	"size":    between(minCache, 1<<50),
	"storage": func(v lua.Value) bool {
		return isOf(v, func(text string) bool { return strings.HasPrefix(text, "lmdb://") })
	},
	"ipv4":       func(v lua.Value) bool { return isOf(v, func(text string) bool { return isAddress(text, true) }) },
	"ipv6":       func(v lua.Value) bool { return isOf(v, func(text string) bool { return isAddress(text, false) }) },
	"ranges":     func(v lua.Value) bool { return isOf(v, isRange) || v.Is(lua.Table) && all(v, lua.String, isRange) },
	"anchor":     func(v lua.Value) bool { return isOf(v, isAnchor) },
	"level":      oneOf("crit err warning notice info debug"),
	"target":     oneOf("syslog stderr stdout"),
	"mode":       oneOf("strict normal permissive"),
	"option":     oneOf("NO_MINIMIZE NO_IPV6 NO_IPV4 TCP ALWAYS_CUT NO_EDNS NO_0X20 SAFEMODE PERMISSIVE STRICT REORDER_RR TRACE"),
	"listening":  isListening,
	"nodata":     func(v lua.Value) bool { return v.Known && v.Text == "true" && v.Is(lua.Boolean) },
	"prediction": func(v lua.Value) bool { return v.Is(lua.Table) && all(v, lua.Number, nil) },
	"prefilled": func(v lua.Value) bool {
		return v.Is(lua.Table) && len(v.Items) == 1 && v.Items[0].Key == "." && v.Items[0].Is(lua.Table)
	},
}

// minCache is the smallest cache that Knot Resolver opens, in octets.
const minCache = 100 << 10

// all reports whether all that is in a table is of some kinds, and of a text what is asked for.
func all(v lua.Value, kinds lua.Kinds, is func(text string) bool) bool {
	return !slices.ContainsFunc(v.Items, func(item lua.Item) bool {
		return !item.Is(kinds) || is != nil && !is(item.Text)
	})
}

// isOf reports whether a value is a text of which something is so, or one that is not known.
func isOf(v lua.Value, is func(text string) bool) bool {
	return v.Is(lua.String) && (!v.Known || is(v.Text))
}

func oneOf(words string) func(v lua.Value) bool {
	return func(v lua.Value) bool {
		return isOf(v, func(text string) bool { return slices.Contains(strings.Fields(words), text) })
	}
}

// between returns whether a number is from one to another, or not known.
func between(least, most float64) func(v lua.Value) bool {
	return func(v lua.Value) bool {
		n, known := v.Number()
		return v.Is(lua.Number) && (!known || least <= n && n <= most)
	}
}

func isAddress(text string, v4 bool) bool {
	addr, err := netip.ParseAddr(text)
	return err == nil && addr.Is4() == v4
}

// isListened reports whether Knot Resolver can listen at a text: an address, or the path of a socket.
func isListened(text string) bool {
	_, err := netip.ParseAddr(text)
	return strings.Contains(text, "/") || err == nil
}

func isRange(text string) bool {
	_, err := address.ParseRange(text)
	return err == nil
}

// isAnchor reports whether a text is a trust anchor.
func isAnchor(text string) bool {
	rr, err := dns.NewRR(text)
	if err != nil || rr == nil {
		return false
	}
	return rr.Header().Rrtype == dns.TypeDS || rr.Header().Rrtype == dns.TypeDNSKEY
}

// isListening reports whether a table is of what net.listen takes.
func isListening(v lua.Value) bool {
	return v.Is(lua.Table) && !slices.ContainsFunc(v.Items, func(item lua.Item) bool {
		switch item.Key {
		case "kind":
			return !oneOf("dns tls doh2 doh_legacy webmgmt control xdp")(item.Value)
		case "freebind", "tls", "proxy":
			return !item.Is(lua.Boolean)
		default:
			return item.Key != "nic" && item.Key != "nic_queue"
		}
	})
}

// isTarget reports whether a policy can ask a server: an address, perhaps with a port.
func isTarget(text string) bool {
	host, port, ported := strings.Cut(text, "@")
	_, err := netip.ParseAddr(host)
	return err == nil && (!ported || between(1, 65535)(number(port)) && strings.Trim(port, "0123456789") == "")
}

// pinLength is the length of a SHA-256 digest in base64.
const pinLength = 44

// asksRightly reports whether Knot Resolver takes the servers that a policy asks.
func asksRightly(action string, v lua.Value) bool {
	if action != "policy.TLS_FORWARD" {
		return isOf(v, isTarget) || v.Is(lua.Table) && len(v.Items) > 0 && all(v, lua.String, isTarget)
	}
	return v.Is(lua.Table) && len(v.Items) > 0 && !slices.ContainsFunc(v.Items, func(server lua.Item) bool {
		return !server.Is(lua.Table) || !isAuthenticated(server.Value)
	})
}

// isAuthenticated reports whether a table is a server that is asked by TLS: its address, and by
// what it is known.
func isAuthenticated(server lua.Value) bool {
	known := false
	for i, item := range server.Items {
		switch item.Key {
		case "":
			if i > 0 || !isOf(item.Value, isTarget) {
				return false
			}
		case "pin_sha256":
			if isOf(item.Value, func(text string) bool { return len(text) != pinLength }) {
				return false
			}
			known = true
		case "hostname", "insecure":
			known = true
		case "ca_file":
		default:
			return false
		}
	}
	return known
}
