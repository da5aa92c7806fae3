package coredns

import (
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/hosts"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/upstream"
)

// hostsPlugin is the plugin hosts.
type hostsPlugin struct {
	zones []string
	addrs map[string][]netip.Addr
	fall  []string
	file  string
	whole bool // the file is read
	usual bool // it is that of the machine, which has no names but the machine's
	place holdings.Place
	// addresses says that other types than those of addresses are left to the next plugin.
	addresses bool
}

// noHosts is a file that has no names.
const noHosts = "/dev/null"

func hostsOf(b *holdings.Builder, in formats.Input, d directive, s server) hostsPlugin {
	h := hostsPlugin{zones: s.zones, addrs: make(map[string][]netip.Addr), file: "/etc/hosts", place: d.place}
	if h.usual = len(d.args) == 0; !h.usual {
		h.file, h.zones = d.args[0], zonesOr(d.args[1:], s.zones)
	}
	if h.file != noHosts {
		h.whole = in.Follow(b, formats.Mention{What: "the hosts file", Path: h.file, Dir: s.root(), Usual: len(d.args) == 0, Place: d.place},
			func(b *holdings.Builder, r io.Reader, in formats.Input) error {
				return hosts.EachBy(b, r, in, hostAddress, func(name string, addr netip.Addr, _ holdings.Place) {
					name = strings.TrimPrefix(name, `\\`) // a wildcard is one here
					h.addrs[name] = append(h.addrs[name], addr)
				})
			})
	}
	for _, option := range d.block {
		switch option[0] {
		case "fallthrough":
			h.fall = zonesOr(option[1:], []string{"."})
			continue
		case "fallthrough_unsupported":
			h.addresses = true
		}
		addr, err := hostAddress(option[0])
		if err != nil {
			continue // another option
		}
		for _, word := range option[1:] {
			name, err := holdings.CanonicalName(word)
			if err != nil {
				b.Note(d.place, "the name is not read: %s is not a domain name", lines.Shown(word))
				continue
			}
			h.addrs[name] = append(h.addrs[name], addr.Unmap())
		}
	}
	return h
}

// hostAddress returns the address of a line of the plugin hosts, which takes one of any family with
// a zone, and leaves that out.
func hostAddress(text string) (netip.Addr, error) {
	text, _, _ = strings.Cut(text, "%")
	return netip.ParseAddr(text)
}

// names implements responder.
func (h hostsPlugin) names() []string {
	var names []string
	for name := range h.addrs {
		names = append(names, strings.TrimPrefix(name, "*."))
	}
	return slices.Concat(names, h.zones, h.fall)
}

// answer implements responder. A wildcard is for one label.
func (h hostsPlugin) answer(name string, qtype uint16) (answer, bool) {
	if !inZones(name, h.zones) {
		return answer{}, false
	}
	addrs, there := h.addrs[name]
	a := answer{place: h.place}
	if _, parent, found := strings.Cut(name, "."); !there && found {
		addrs, there = h.addrs["*."+parent]
		a.oneLabel = there
	}
	switch {
	case !there, h.addresses && qtype != dns.TypeA && qtype != dns.TypeAAAA && inZones(name, h.fall):
		return h.missing(name)
	case qtype == dns.TypeA:
		a.addrs = slices.DeleteFunc(slices.Clone(addrs), netip.Addr.Is6)
	case qtype == dns.TypeAAAA:
		a.addrs = slices.DeleteFunc(slices.Clone(addrs), netip.Addr.Is4)
	}
	return a, true
}

// missing returns what becomes of what it does not have.
func (h hostsPlugin) missing(name string) (answer, bool) {
	switch {
	case inZones(name, h.fall):
		return answer{}, false
	case h.file != noHosts && !h.whole && !h.usual:
		return answer{action: holdings.Refer, referral: holdings.Referral{File: h.file}, place: h.place}, true
	default:
		return answer{action: holdings.Drop, place: h.place}, true // SERVFAIL
	}
}

// forwardPlugin is the plugin forward.
type forwardPlugin struct {
	zones  []string
	except []string
	to     answer
}

func forwardOf(d directive) forwardPlugin {
	f := forwardPlugin{zones: []string{"."}}
	if len(d.args) > 0 {
		f.zones = zonesOr(d.args[:1], nil)
		servers := slices.DeleteFunc(slices.Clone(d.args[1:]), func(to string) bool { return strings.HasPrefix(to, "/") })
		f.to.action, f.to.referral = upstream.Asked(servers, slices.Contains(f.zones, "."))
	}
	for _, option := range d.block {
		if option[0] == "except" {
			f.except = append(f.except, zonesOr(option[1:], nil)...)
		}
	}
	f.to.place = d.place
	return f
}

// topologyOf returns what our own plugin answers, which its topology says: what that is for
// any name is not read here. It comes ahead of all that answers.
func topologyOf(d directive) forwardPlugin {
	f := forwardPlugin{zones: []string{"."}, to: answer{action: holdings.Refer, place: d.place}}
	f.to.referral.Topology = "the topology of the plugin auralink"
	if len(d.args) > 0 {
		f.to.referral.Topology = d.args[0]
	}
	return f
}

// names implements responder.
func (f forwardPlugin) names() []string { return slices.Concat(f.zones, f.except) }

// answer implements responder.
func (f forwardPlugin) answer(name string, _ uint16) (answer, bool) {
	return f.to, inZones(name, f.zones) && !inZones(name, f.except)
}

// detect knows a Corefile by a server block, or a snippet, whose first line is a plugin.
// Blocks without anything are passed by.
func detect(head formats.Head) formats.Certainty {
	if isMap(head) {
		return formats.Surely
	}
	if head.Document() {
		return formats.No
	}
	all, _ := tokens(strings.NewReader(string(head)), "")
	if isBare(all) {
		return formats.Likely
	}
	for at, i := 0, 0; i < len(all) && i-at <= maxKeys; i++ {
		if all[i].text != "{" {
			continue
		}
		if i == at || i+1 == len(all) {
			return formats.No
		}
		switch first := all[i+1].text; {
		case first == "}":
			at = i + 2
			i++
		case standard[first] && !semicolon(all[i+1:]):
			return formats.Surely
		case withPort(all[at:i]), areZones(all[at:i]) && hasPlugin(all[i:]):
			return formats.Likely
		default:
			return formats.No
		}
	}
	return formats.No
}

// semicolon reports whether a word up to the end of a block ends with a semicolon, as those of
// other configurations do. Texts may.
func semicolon(words []token) bool {
	depth := 1
	for _, t := range words {
		if strings.HasSuffix(t.text, ";") && !strings.Contains(t.text, " ") {
			return true
		}
		if depth += nesting(t.text); depth == 0 {
			return false
		}
	}
	return false
}

// withPort reports whether words are zones, and the first has a port, as no other
// configuration has them before a brace.
func withPort(keys []token) bool { return areZones(keys) && portOf.MatchString(keys[0].text) }

// areZones reports whether words can be the zones of a server block.
func areZones(keys []token) bool {
	return !slices.ContainsFunc(keys, func(key token) bool {
		_, ok := zoneOf(key.text)
		return !ok || strings.HasSuffix(key.text, ";")
	})
}

// hasPlugin reports whether a block has a line that begins with a plugin which other
// configurations have no option of the name of.
func hasPlugin(block []token) bool {
	depth := 0
	for _, t := range block {
		if depth += nesting(t.text); depth == 0 {
			return false
		}
		if depth == 1 && t.first && (t.text == "forward" || t.text == "template" || t.text == "errors" || t.text == "hosts" || t.text == "rewrite" || t.text == "fallthrough") {
			return true
		}
	}
	return false
}

// portOf matches the key of a server block that has a port.
var portOf = regexp.MustCompile(`^([a-z0-9]+://)?[A-Za-z0-9._*-]*\.?:[0-9]{1,5},?$`)

// isBare reports whether words begin with a zone in a line, and a plugin in the next, as
// a Corefile with one server can do without braces.
func isBare(all []token) bool {
	keys := 0
	for _, t := range all {
		if keys > 0 && t.first {
			return standard[t.text] && all[keys-1].text != "{"
		}
		if _, ok := zoneOf(t.text); !ok || !strings.ContainsAny(t.text, ".:") {
			return false
		}
		keys++
	}
	return false
}

// maxKeys is how many words may stand before a server block, which are zones.
const maxKeys = 200
